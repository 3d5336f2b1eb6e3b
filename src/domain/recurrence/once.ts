/** A recurrence of one instant. Pure. */
import type { Instant } from "../time/instant.ts";
import type { Once } from "./recurrence.ts";
import type { InstantSeries } from "./series.ts";

/** The series of one instant. */
export function onceSeries(once: Once): InstantSeries {
  const at: Instant = once.at;
  return {
    next: (after) => (after < at ? at : null),
    previous: (before) => (before > at ? at : null),
    count: (from, to, cap) => (from < at && at <= to ? Math.min(1, cap) : 0),
  };
}
