/**
 * Where a zone's clock changes, found by asking `Intl` alone. Pure: the zone data of the engine, no clock.
 *
 * `Intl` answers only "what does the clock show at this instant", so changes are found by probing at a fixed step and
 * halving the interval where two probes differ, down to the second.
 */
import { SECOND_MS } from "./instant.ts";

/** Whole seconds since 1970-01-01T00:00:00Z. */
export type EpochSecond = number;

/** The offset of the wall clock from UTC in seconds, positive to the east. */
export type OffsetLookup = (second: EpochSecond) => number;

/** From this second on, the clock is `offset` seconds ahead of UTC. */
export interface Transition {
  readonly at: EpochSecond;
  readonly offset: number;
}

/**
 * Shorter than the shortest time between two changes of one zone since 1970 (a week: Boa Vista and Noronha, October
 * 2000; Ramadan in Casablanca leaves a month), so no pair of changes can hide between two probes.
 */
const PROBE_STEP_SECONDS = 5 * 24 * 60 * 60;

const CLOCK_PATTERN = /^(\d+)\/(\d+)\/(\d+), (\d+):(\d+):(\d+)$/;

/**
 * The offset lookup of a zone that `Intl` knows; exact to the second, so that the local mean times of old are right too.
 * Throws a `RangeError` for an unknown zone.
 */
export function intlOffsets(timezone: string): OffsetLookup {
  const clock = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (second) => {
    const shown = CLOCK_PATTERN.exec(clock.format(second * SECOND_MS));
    if (!shown) throw new Error(`Intl shows ${timezone} at ${second} s in a form that cannot be read`);
    const [month, day, year, hour, minute, sec] = shown.slice(1).map(Number);
    return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, sec) / SECOND_MS - second;
  };
}

/** The changes in (from, to], in order. */
export function findTransitions(offsetAt: OffsetLookup, from: EpochSecond, to: EpochSecond): Transition[] {
  const found: Transition[] = [];
  let low = from;
  let offset = offsetAt(from);
  while (low < to) {
    const high = Math.min(low + PROBE_STEP_SECONDS, to);
    if (offsetAt(high) === offset) {
      low = high;
      continue;
    }
    // Go on from the change itself, not from the probe: the next one may follow before the probe.
    low = firstChange(offsetAt, low, high, offset);
    offset = offsetAt(low);
    found.push({ at: low, offset });
  }
  return found;
}

/** The first second in (low, high] whose offset is not the one at `low`. */
function firstChange(offsetAt: OffsetLookup, low: EpochSecond, high: EpochSecond, offset: number): EpochSecond {
  let same = low;
  let changed = high;
  while (changed - same > 1) {
    const middle = Math.floor((same + changed) / 2);
    if (offsetAt(middle) === offset) same = middle;
    else changed = middle;
  }
  return changed;
}
