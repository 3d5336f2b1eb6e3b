/** What every compiled kind of recurrence can do. Pure. */
import type { Instant } from "../time/instant.ts";

/** Occurrences in order: a pure function of the recurrence, the zone, the policy and the instant asked about. */
export interface InstantSeries {
  /** The first occurrence strictly later than `after`; null when there is none up to the year 9999. */
  next(after: Instant): Instant | null;
  /** The last occurrence strictly earlier than `before`; null when there is none since 1970. */
  previous(before: Instant): Instant | null;
  /** How many occurrences lie in (from, to]; counting stops at `cap`. */
  count(from: Instant, to: Instant, cap: number): number;
}
