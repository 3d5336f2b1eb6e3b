/** Whether a failed attempt at a capture is followed by another one, and when. Pure. */
import { type Instant, type Milliseconds, SECOND_MS } from "../time/instant.ts";
import { GIVE_UP_AFTER_MS } from "./capture.ts";
import { attemptsAt, type CaptureFailureReason } from "./failure.ts";

/** The first wait; doubled each time. Short: news waits for a minute. */
const FIRST_WAIT_MS: Milliseconds = 3 * SECOND_MS;

/** How long to wait for a browser when the platform does not say. */
export const BUSY_WAIT_MS: Milliseconds = 5 * SECOND_MS;

export interface Attempted {
  readonly orderedAt: Instant;
  /** Attempts so far, this one included; an attempt that found no browser does not count. */
  readonly attempts: number;
  readonly reason: CaptureFailureReason;
  /** What the platform named. */
  readonly retryAfter?: Milliseconds | undefined;
}

/** The wait before the next attempt; null: this was the last one, as no other would begin in time. */
export function retakeAfter(attempted: Attempted, now: Instant): Milliseconds | null {
  const wait = waitAfter(attempted);
  return wait === null || now + wait >= attempted.orderedAt + GIVE_UP_AFTER_MS ? null : wait;
}

function waitAfter({ attempts, reason, retryAfter }: Attempted): Milliseconds | null {
  if (reason === "browser_busy") return retryAfter ?? BUSY_WAIT_MS;
  return attempts >= attemptsAt(reason) ? null : (retryAfter ?? FIRST_WAIT_MS * 2 ** Math.max(attempts - 1, 0));
}
