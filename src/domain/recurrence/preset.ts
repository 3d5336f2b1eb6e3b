/** Whether a recurrence means hourly, daily, weekly or monthly, however it was written. Pure. */
import { HOUR_MS } from "../time/instant.ts";
import type { SecondOfDay } from "./clock-times.ts";
import { type CronLine, cronLine } from "./cron.ts";
import { dayMask } from "./month-days.ts";
import { MONTH_SHAPES, type MonthShape } from "./month-shapes.ts";
import type { Recurrence } from "./recurrence.ts";

/** What every plan lets a schedule be. */
export const PRESETS = ["hourly", "daily", "weekly", "monthly"] as const;
export type Preset = (typeof PRESETS)[number];

const HOURS = 24;
const HOUR_SECONDS = 60 * 60;
const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6];
const LONGEST_MONTH = 31;

/**
 * - `hourly`: one minute of every hour, or an hour of elapsed time.
 * - `daily`: one time of day, every day.
 * - `weekly`: one time, on one weekday.
 * - `monthly`: one time, on one day of every month or on its last one; a month that has no such day is left out.
 */
export function presetOf(recurrence: Recurrence): Preset | null {
  switch (recurrence.kind) {
    case "once":
      return null;
    case "interval":
      return recurrence.grid === "elapsed" && recurrence.every === HOUR_MS ? "hourly" : null;
    case "calendar":
      return presetOfLines(recurrence.lines.map(cronLine));
  }
}

/** Lines that differ in their days and in their times alike mean nothing as simple as a preset. */
function presetOfLines(lines: readonly CronLine[]): Preset | null {
  const times = new Set<SecondOfDay>();
  for (const line of lines) {
    // Checked before they are listed: a line may name every second of the day.
    if (line.hours.length * line.minutes.length * line.seconds.length > HOURS) return null;
    for (const time of timesOf(line)) times.add(time);
  }
  const isAtOneTime = lines.every((line) => timesOf(line).length === times.size);
  if (!isAtOneTime) return lines.every((line) => isDaily([line])) && isHourly(times) ? "hourly" : null;
  if (times.size > 1) return isDaily(lines) && isHourly(times) ? "hourly" : null;
  if (isDaily(lines)) return "daily";
  if (isWeekly(lines)) return "weekly";
  return isMonthly(lines) ? "monthly" : null;
}

const timesOf = ({ hours, minutes, seconds }: CronLine): readonly SecondOfDay[] =>
  hours.flatMap((hour) => minutes.flatMap((minute) => seconds.map((second) => (hour * 60 + minute) * 60 + second)));

/** Four and twenty times at the same distance from the hour. */
function isHourly(times: ReadonlySet<SecondOfDay>): boolean {
  return times.size === HOURS && new Set([...times].map((time) => time % HOUR_SECONDS)).size === 1;
}

/** The days of a month that any of the lines names, as bits. */
const daysOf = (lines: readonly CronLine[], { month, length, firstWeekday }: MonthShape): number =>
  lines.reduce((days, line) => days | dayMask(line.days, month, length, firstWeekday), 0);

const isDaily = (lines: readonly CronLine[]): boolean =>
  MONTH_SHAPES.every((shape) => daysOf(lines, shape) === 2 ** shape.length - 1);

const isWeekly = (lines: readonly CronLine[]): boolean =>
  WEEKDAYS.some((weekday) =>
    MONTH_SHAPES.every((shape) => {
      const first = 1 + ((weekday - shape.firstWeekday + 7) % 7);
      let wanted = 0;
      for (let day = first; day <= shape.length; day += 7) wanted |= 1 << (day - 1);
      return daysOf(lines, shape) === wanted;
    }),
  );

function isMonthly(lines: readonly CronLine[]): boolean {
  const isOn = (dayIn: (length: number) => number): boolean =>
    MONTH_SHAPES.every((shape) => {
      const day = dayIn(shape.length);
      return daysOf(lines, shape) === (day <= shape.length ? 1 << (day - 1) : 0);
    });
  if (isOn((length) => length)) return true;
  return Array.from({ length: LONGEST_MONTH }, (_, index) => index + 1).some((day) => isOn(() => day));
}
