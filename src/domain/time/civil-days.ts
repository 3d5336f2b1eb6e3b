/** Stretches of the wall clock of a zone, as instants: its days, and its full hours. Pure. */
import { addDays, civilDate, formatCivilDate, readCivilDate } from "./civil.ts";
import { DAY_MS, HOUR_MS, type Instant } from "./instant.ts";
import { zoneOf } from "./zone.ts";

/** A day of the wall clock; 23 or 25 hours where the clock changes, and none where a zone left a day out. */
export interface CivilDay {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly from: Instant;
  /** Where the next day begins. */
  readonly to: Instant;
}

/** So many days up to the one that it is at `now`, oldest first. */
export function daysUpTo(now: Instant, timezone: string, count: number): readonly CivilDay[] {
  const today = Math.floor((now + zoneOf(timezone).offsetAt(now)) / DAY_MS);
  return Array.from({ length: count }, (_, index) => civilDay(today - count + 1 + index, timezone));
}

/** The date after one that `daysUpTo` gave. */
export function nextDate(date: string): string {
  const read = readCivilDate(date);
  if (read === undefined) throw new TypeError(`Not a date: ${JSON.stringify(date)}`);
  return formatCivilDate(addDays(read, 1));
}

const civilDay = (day: number, timezone: string): CivilDay => ({
  date: formatCivilDate(civilDate(day)),
  from: startOf(day, timezone),
  to: startOf(day + 1, timezone),
});

/** Where the clock skips midnight, the first instant after it; where it shows midnight twice, the first time. */
function startOf(day: number, timezone: string): Instant {
  const midnight = zoneOf(timezone).resolve(day * DAY_MS);
  return midnight.kind === "fold" ? midnight.first : midnight.instant;
}

/** Where the full hour begins that the wall clock is in. */
export function hourOf(instant: Instant, timezone: string): Instant {
  const offset = zoneOf(timezone).offsetAt(instant);
  return Math.floor((instant + offset) / HOUR_MS) * HOUR_MS - offset;
}
