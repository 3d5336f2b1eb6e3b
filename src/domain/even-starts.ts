/**
 * How many of a schedule start between two instants, by arithmetic: for schedules that come too often to be walked. Pure. Only
 * where it is exact: an interval of elapsed time, and a calendar that is the same in every hour.
 */
import { stableFraction } from "./ids.ts";
import { placedAt } from "./policy/spread.ts";
import type { Calendar, ElapsedInterval } from "./recurrence/recurrence.ts";
import { occurrencesOf } from "./schedule.ts";
import { HOUR_MS, type Instant } from "./time/instant.ts";
import { zoneOf } from "./time/zone.ts";
import type { ComingSchedule, Upcoming } from "./upcoming.ts";

/** How many start in [from, to). */
export type StartCounter = (from: Instant, to: Instant) => number;

/** Seconds and minutes of any kind, in every hour of every day. */
const EVERY_HOUR = /^(?:\S+ )?\S+ \* \* \* \*$/;

/** `found`: the first that start, as they were walked. `until`: how far will be asked. Null: only walking is exact. */
export function evenStarts(schedule: ComingSchedule, found: readonly Upcoming[], until: Instant): StartCounter | null {
  const { recurrence, spread, maxRuns, endsAt } = schedule.spec;
  // With an end the last occurrence has another place in its window than all others.
  if (maxRuns !== null || schedule.skips.length > 0 || (spread > 0 && endsAt !== null)) return null;
  switch (recurrence.kind) {
    case "once":
      return null;
    case "interval":
      return recurrence.grid === "elapsed" ? ofInterval(schedule, recurrence, found) : null;
    case "calendar":
      return ofCalendar(schedule, recurrence, found, until);
  }
}

function ofInterval(
  { id, spec }: ComingSchedule,
  { every }: ElapsedInterval,
  found: readonly Upcoming[],
): StartCounter {
  const first = found[0]?.at ?? Number.POSITIVE_INFINITY;
  const moved = spec.spread === 0 ? 0 : placedAt(stableFraction(id), spec.spread, 0, every);
  const { count } = occurrencesOf(spec);
  return (from, to) => count(Math.max(from - moved, first) - 1, to - moved - 1, Number.POSITIVE_INFINITY);
}

/**
 * A line with every hour runs in both passes of a fold, and nothing is made up for a gap: as long as clocks change by whole
 * hours, what starts in one hour starts in each.
 */
function ofCalendar(
  { spec }: ComingSchedule,
  { lines }: Calendar,
  found: readonly Upcoming[],
  until: Instant,
): StartCounter | null {
  const first = found[0]?.startsAt;
  const last = found.at(-1)?.startsAt;
  if (first === undefined || last === undefined || last < first + HOUR_MS) return null;
  if (!lines.every((line) => EVERY_HOUR.test(line)) || !keepsMinutes(spec.timezone, first, until)) return null;
  const hour = found.map(({ startsAt }) => startsAt - first).filter((start) => start < HOUR_MS);
  const end = spec.endsAt ?? Number.POSITIVE_INFINITY;
  const before = (instant: Instant): number => {
    const passed = Math.min(instant, end) - first;
    return passed <= 0 ? 0 : Math.floor(passed / HOUR_MS) * hour.length + lowerThan(passed % HOUR_MS, hour);
  };
  return (from, to) => before(to) - before(from);
}

const keepsMinutes = (timezone: string, from: Instant, until: Instant): boolean => {
  const zone = zoneOf(timezone);
  return (zone.offsetAt(until) - zone.offsetAt(from)) % HOUR_MS === 0;
};

/** How many of the sorted numbers are lower. */
function lowerThan(limit: number, sorted: readonly number[]): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
