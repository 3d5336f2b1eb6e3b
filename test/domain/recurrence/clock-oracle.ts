/**
 * What a line of one time grid should do around one clock change, by brute force over every reading that luxon's change
 * implies. It shares no code with the product.
 */
import type { DstPolicy } from "../../../src/domain/recurrence/recurrence.ts";
import type { ClockChange } from "../time/luxon-clock.ts";

/** A daily line, its fields written out. */
export interface SampleLine {
  readonly text: string;
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly spaced: boolean;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Readings are gone through this far from the change, and answers compared a little nearer, where days are whole. */
const SEEN = 54 * HOUR;
export const COMPARED = 20 * HOUR;

/** What the clock shows around a change, with the instants that show it. */
export type Readings = ReadonlyMap<number, readonly number[]>;

/** The occurrences within `COMPARED` of the change, in order. */
export function occurrencesAround(change: ClockChange, shown: Readings, line: SampleLine, dst: DstPolicy): number[] {
  const found = line.spaced ? spaced(shown, line) : fixed(shown, line, dst, change.at);
  const near = [...new Set(found)].filter((at) => Math.abs(at - change.at) <= COMPARED);
  return near.sort((one, other) => one - other);
}

/** Every minute around the change; every half one where offsets have seconds, else full minutes would be missed. */
export function readingsAround({ at, before, after }: ClockChange): Readings {
  const shown = new Map<number, number[]>();
  const step = before % 60_000 === 0 && after % 60_000 === 0 ? 60_000 : 30_000;
  for (let instant = at - SEEN; instant < at + SEEN; instant += step) {
    const reading = instant + (instant < at ? before : after);
    const instants = shown.get(reading);
    if (instants) instants.push(instant);
    else shown.set(reading, [instant]);
  }
  return shown;
}

function spaced(shown: Readings, line: SampleLine): number[] {
  const matches = (reading: number): boolean => {
    const clock = new Date(reading);
    const isFullMinute = clock.getUTCSeconds() === 0;
    return isFullMinute && line.hours.includes(clock.getUTCHours()) && line.minutes.includes(clock.getUTCMinutes());
  };
  return [...shown].flatMap(([reading, instants]) => (matches(reading) ? instants : []));
}

function fixed(shown: Readings, line: SampleLine, dst: DstPolicy, gapEnd: number): number[] {
  const found: number[] = [];
  const days = new Set([...shown.keys()].map((reading) => Math.floor(reading / DAY)));
  // The outermost days are seen in part only: what is missing from them is no gap.
  const whole = [...days].sort((one, other) => one - other).slice(1, -1);
  for (const day of whole) {
    for (const hour of line.hours) {
      for (const minute of line.minutes) {
        const instants = shown.get(day * DAY + hour * HOUR + minute * 60_000) ?? [];
        if (instants.length === 0 && dst.gap === "run_after") found.push(gapEnd);
        const passes = { first: instants.slice(0, 1), last: instants.slice(-1), both: instants };
        found.push(...passes[dst.fold]);
      }
    }
  }
  return found;
}
