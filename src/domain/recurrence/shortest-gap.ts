/**
 * The least time between two occurrences of a recurrence, as the wall clock shows it: a clock change that brings two of
 * them together makes no daily schedule a frequent one. Pure.
 *
 * The work is bounded whatever was written: the times of a line are a product of three fields, so its least gap lies
 * between neighbours of one field; its days are bits of the few shapes that a month can have.
 */
import { DAY_MS, type Milliseconds, SECOND_MS } from "../time/instant.ts";
import { ClockTimes } from "./clock-times.ts";
import { type CronLine, cronLine } from "./cron.ts";
import { dayMask } from "./month-days.ts";
import { MONTH_SHAPES, shapesAfter } from "./month-shapes.ts";
import type { CivilInterval, Recurrence } from "./recurrence.ts";
import { DAY_SECONDS } from "./wall-rule.ts";

type Seconds = number;

/** Longer gaps than the shortest month are told as this much: no limit asks for more. */
export const LONGEST_GAP_DAYS = 28;

/** Times of one line that are held against another line's. One with more repeats within a minute, which is its own gap. */
const COMPARED_TIMES_MAX = 24 * 60;

const MINUTE_SECONDS: Seconds = 60;
const HOUR_SECONDS: Seconds = 60 * MINUTE_SECONDS;

/** A line with what is asked of it again and again. */
interface Line {
  readonly times: ClockTimes;
  readonly fields: CronLine;
  /** The days of each of `MONTH_SHAPES`, as bits. */
  readonly days: readonly number[];
}

/** Infinite for what happens once. */
export function shortestGap(recurrence: Recurrence): Milliseconds {
  switch (recurrence.kind) {
    case "once":
      return Number.POSITIVE_INFINITY;
    case "interval":
      return recurrence.grid === "elapsed" ? recurrence.every : gapOfGrid(recurrence) * SECOND_MS;
    case "calendar":
      return gapOfLines(recurrence.lines.map((text) => toLine(cronLine(text)))) * SECOND_MS;
  }
}

function gapOfGrid({ unit, every, weekdays, times }: CivilInterval): Seconds {
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? 0;
  // Weeks of the grid begin on Monday, as its anchor does.
  const days = unit === "week" ? weekdays.map((weekday) => (weekday + 6) % 7).sort((a, b) => a - b) : [0];
  const period = unit === "week" ? every * 7 : every;
  const apart = Math.min(leastStep(days), period - (days.at(-1) ?? 0) + (days[0] ?? 0));
  return Math.min(leastStep(times), apart * DAY_SECONDS - last + first);
}

function gapOfLines(lines: readonly Line[]): Seconds {
  let least = (LONGEST_GAP_DAYS * DAY_MS) / SECOND_MS;
  for (const [index, line] of lines.entries()) {
    least = Math.min(least, gapWithinDay(line.fields), gapAcrossDays(line, line));
    for (const other of lines.slice(index + 1)) {
      const sameDay = line.days.some((days, shape) => (days & (other.days[shape] ?? 0)) !== 0);
      if (sameDay) least = Math.min(least, gapOnOneDay(line, other));
      least = Math.min(least, gapAcrossDays(line, other), gapAcrossDays(other, line));
    }
  }
  return least;
}

function toLine(fields: CronLine): Line {
  return {
    fields,
    times: new ClockTimes(fields.hours, fields.minutes, fields.seconds),
    days: MONTH_SHAPES.map(({ month, length, firstWeekday }) => dayMask(fields.days, month, length, firstWeekday)),
  };
}

/** Neighbours differ in the second, or in the minute and then from its last second to its first, or so in the hour. */
function gapWithinDay({ seconds, minutes, hours }: CronLine): Seconds {
  const minuteSpan = spanOf(seconds);
  const hourSpan = spanOf(minutes) * MINUTE_SECONDS + minuteSpan;
  return Math.min(
    leastStep(seconds),
    leastStep(minutes) * MINUTE_SECONDS - minuteSpan,
    leastStep(hours) * HOUR_SECONDS - hourSpan,
  );
}

/** Between times of two lines on a day that both name. A time that both name is one occurrence. */
function gapOnOneDay(one: Line, other: Line): Seconds {
  const [few, many] = sizeOf(one) <= sizeOf(other) ? [one, other] : [other, one];
  let least = Number.POSITIVE_INFINITY;
  let time = few.times.first;
  for (let compared = 0; compared < COMPARED_TIMES_MAX; compared += 1) {
    const later = time + 1 < DAY_SECONDS ? many.times.from(time + 1) : -1;
    const earlier = time > 0 ? many.times.upTo(time - 1) : -1;
    if (later >= 0) least = Math.min(least, later - time);
    if (earlier >= 0) least = Math.min(least, time - earlier);
    const next = time + 1 < DAY_SECONDS ? few.times.from(time + 1) : -1;
    if (next < 0) break;
    time = next;
  }
  return least;
}

/** From the last time of one line to the first of the other (or its own) on the nearest later day. */
const gapAcrossDays = (from: Line, to: Line): Seconds =>
  leastDaysApart(from.days, to.days) * DAY_SECONDS - from.times.last + to.times.first;

function leastDaysApart(from: readonly number[], to: readonly number[]): number {
  let least = LONGEST_GAP_DAYS;
  for (const [index, shape] of MONTH_SHAPES.entries()) {
    const days = from[index] ?? 0;
    if (days === 0) continue;
    for (let apart = 1; apart < least; apart += 1) if (((to[index] ?? 0) & (days << apart)) !== 0) least = apart;
    const rest = shape.length - highestDay(days);
    for (const after of shapesAfter(shape)) {
      const next = to[indexOfShape(after)] ?? 0;
      if (next !== 0) least = Math.min(least, rest + lowestDay(next));
    }
    if (least === 1) return least;
  }
  return least;
}

const shapeKey = ({ month, length, firstWeekday }: (typeof MONTH_SHAPES)[number]): number =>
  (month * 32 + length) * 7 + firstWeekday;
const indexes = new Map(MONTH_SHAPES.map((shape, index) => [shapeKey(shape), index]));
const indexOfShape = (shape: (typeof MONTH_SHAPES)[number]): number => indexes.get(shapeKey(shape)) ?? -1;

/** The least step between neighbours of a sorted list; infinite when it has only one value. */
function leastStep(values: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [index, value] of values.entries())
    if (index > 0) least = Math.min(least, value - (values[index - 1] ?? 0));
  return least;
}

const spanOf = (values: readonly number[]): number => (values.at(-1) ?? 0) - (values[0] ?? 0);
const sizeOf = ({ fields }: Line): number => fields.hours.length * fields.minutes.length * fields.seconds.length;
/** 1 to 31. */
const lowestDay = (bits: number): number => 32 - Math.clz32(bits & -bits);
const highestDay = (bits: number): number => 32 - Math.clz32(bits);
