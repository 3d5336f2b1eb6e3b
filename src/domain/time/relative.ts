/** An instant as people say it beside another one: `in 5 min`, `3 h ago`. Pure. */
import { DAY_MS, type Instant, MINUTE_MS, type Milliseconds, SECOND_MS } from "./instant.ts";
import { lengthOf } from "./saying.ts";

/** Nearer than this nobody counts. */
const NOW_WITHIN_MS: Milliseconds = 5 * SECOND_MS;
/** Further away a date says more than a length of time. */
const FAR_MS: Milliseconds = 60 * DAY_MS;

/** How far away the instant is; null where it is so far that only its date says something. */
export function relativeTo(now: Instant, at: Instant): string | null {
  const away = Math.abs(at - now);
  if (away > FAR_MS) return null;
  if (away < NOW_WITHIN_MS) return "now";
  // Seconds would change under the reader's eyes.
  const length = away < MINUTE_MS ? "less than a minute" : lengthOf(away);
  return at > now ? `in ${length}` : `${length} ago`;
}
