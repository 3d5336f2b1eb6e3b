/** An independent reading of the zone data, by luxon: offsets, and where they change. */
import { IANAZone } from "luxon";

export interface ClockChange {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

const DAY = 86_400_000;
/** Shorter than the week that Noronha once kept its summer for. */
const PROBE_DAYS = 6;

/** Milliseconds ahead of UTC. */
export function luxonOffset(zone: string, instant: number): number {
  return Math.round(IANAZone.create(zone).offset(instant) * 60) * 1000;
}

/** Every change of offset in (from, to]. */
export function luxonChanges(zone: string, from: number, to: number): ClockChange[] {
  const changes: ClockChange[] = [];
  let before = luxonOffset(zone, from);
  for (let low = from; low < to; ) {
    const high = Math.min(low + PROBE_DAYS * DAY, to);
    if (luxonOffset(zone, high) === before) {
      low = high;
      continue;
    }
    let [same, changed] = [low, high];
    while (changed - same > 1000) {
      const middle = Math.floor((same + changed) / 2000) * 1000;
      if (luxonOffset(zone, middle) === before) same = middle;
      else changed = middle;
    }
    const after = luxonOffset(zone, changed);
    changes.push({ at: changed, before, after });
    before = after;
    low = changed;
  }
  return changes;
}
