/**
 * A stable, positive offset inside a window, so that not everything starts at :00. Pure. The nominal time stays the
 * occurrence's identity; only the start moves. The same schedule always sits at the same place in its window, so a
 * preview is exact.
 */
import { stableFraction } from "../ids.ts";
import type { CompiledRecurrence } from "../recurrence/compile.ts";
import type { Instant, Milliseconds } from "../time/instant.ts";

/** When an occurrence is to start. It never reaches `following`, the next nominal occurrence. */
export function effectiveAt(
  scheduleId: string,
  window: Milliseconds,
  nominal: Instant,
  following: Instant | null,
): Instant {
  return window === 0 ? nominal : placedAt(stableFraction(scheduleId), window, nominal, following);
}

/** The same for who knows where in its window the schedule sits: `stableFraction` of its id. */
export function placedAt(fraction: number, window: Milliseconds, nominal: Instant, following: Instant | null): Instant {
  const room = following === null ? window : Math.min(window, following - nominal);
  return nominal + Math.floor(fraction * room);
}

/** The two questions about occurrences that spreading asks. */
type Occurrences = Pick<CompiledRecurrence, "next" | "previous">;

/** The instant up to which every occurrence had started at `at`: with a spread, the newest one may be still to come. */
export function startedUpTo(scheduleId: string, window: Milliseconds, occurrences: Occurrences, at: Instant): Instant {
  const newest = window === 0 ? null : occurrences.previous(at + 1);
  if (newest === null) return at;
  return effectiveAt(scheduleId, window, newest, occurrences.next(newest)) > at ? newest - 1 : at;
}
