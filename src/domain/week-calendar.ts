/** The coming days by the wall clock of a zone, day by day and hour by hour, for a calendar of what starts when. Pure. */
import { civilDate, dayNumber, formatCivilDate, weekdayOf } from "./time/civil.ts";
import { HOUR_MS, type Instant } from "./time/instant.ts";
import { resolveWallTime, wallTimeAt } from "./time/local-time.ts";

const HOURS_IN_DAY = 24;

/** Starts in one full hour. */
export interface HourCount {
  /** Where the hour begins. */
  readonly at: Instant;
  readonly count: number;
}

export interface CalendarHour {
  /** 0 to 23, as the clock shows it. An hour that it shows twice is one, with what starts in both. */
  readonly hour: number;
  readonly count: number;
  /** `left_out`: the clock does not show it on this day, since it is set forward. */
  readonly kind: "past" | "coming" | "left_out";
}

export interface CalendarDay {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** 0 = Sunday. */
  readonly weekday: number;
  readonly hours: readonly CalendarHour[];
}

/** So many days from the one that it is at `now`, with what starts in each of their hours. */
export function calendarOf(
  starts: readonly HourCount[],
  { now, timezone, days }: { readonly now: Instant; readonly timezone: string; readonly days: number },
): readonly CalendarDay[] {
  const counts = new Map<string, number>();
  for (const { at, count } of starts) {
    // By its last moment: where the clock is set by half an hour, it shows an earlier hour at the first one.
    const { year, month, day, hour } = wallTimeAt(at + HOUR_MS - 1, timezone);
    const key = keyOf(formatCivilDate({ year, month, day }), hour);
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  const today = dayNumber(wallTimeAt(now, timezone));
  return Array.from({ length: days }, (_, index) => {
    const day = civilDate(today + index);
    const date = formatCivilDate(day);
    const hours = Array.from({ length: HOURS_IN_DAY }, (_hour, hour): CalendarHour => {
      const count = counts.get(keyOf(date, hour)) ?? 0;
      const end = endOf({ ...day, hour }, timezone);
      return { hour, count, kind: end === null ? "left_out" : end <= now ? "past" : "coming" };
    });
    return { date, weekday: weekdayOf(today + index), hours };
  });
}

const keyOf = (date: string, hour: number): string => `${date} ${hour}`;

/** The last moment at which the clock shows the hour; null: it never does. */
function endOf(
  hour: { readonly year: number; readonly month: number; readonly day: number; readonly hour: number },
  timezone: string,
): Instant | null {
  const last = resolveWallTime({ ...hour, minute: 59, second: 59, millisecond: 999 }, timezone);
  if (last.kind === "unique") return last.instant;
  if (last.kind === "fold") return last.last;
  const first = resolveWallTime({ ...hour, minute: 0, second: 0, millisecond: 0 }, timezone);
  return first.kind === "gap" ? null : last.instant;
}
