/** When a delivery is tried again, and when no more. Pure. */
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, type Milliseconds, SECOND_MS } from "../time/instant.ts";
import type { Channel } from "./delivery.ts";
import { type DeliveryReason, faultOf } from "./delivery-failure.ts";

/**
 * The waits after each failed attempt, the first entry after the first one.
 * - `webhook`: the plan of Standard Webhooks 1.0.0, which ends after about 75 hours.
 * - `email`, `slack`: news of this morning is worth little tomorrow.
 */
export const RETRY_PLANS: Readonly<Record<Channel, readonly Milliseconds[]>> = {
  webhook: [
    5 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    14 * HOUR_MS,
    20 * HOUR_MS,
    24 * HOUR_MS,
  ],
  email: [30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS],
  slack: [5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 4 * HOUR_MS],
};

/** What waits for an admin is held so long, and looked at so often; connecting Slack again sends it at once. */
export const HELD_FOR_MS: Milliseconds = 3 * DAY_MS;
const HELD_LOOK_EVERY_MS: Milliseconds = 6 * HOUR_MS;

/** A mail that the other side refuses without saying for how long is refused the next time too, but for a few times. */
const REFUSED_MAIL_ATTEMPTS = 3;

/** Each wait is drawn from ± a fifth around the plan, so that what failed together does not come back together. */
const JITTER = 0.2;

/** An endpoint that is slow or asks for patience is left alone for at least so long. */
const PATIENCE_MS: Milliseconds = MINUTE_MS;

export interface FailedAttempt {
  readonly channel: Channel;
  /** With the one that just failed. */
  readonly attempts: number;
  readonly reason: DeliveryReason;
  /** The time that the other side named. */
  readonly after?: Milliseconds | undefined;
  readonly begunAt: Instant;
}

/** The instant of the next attempt; null: none follows. `die` is chance in [0, 1). */
export function nextAttemptAt(failed: FailedAttempt, now: Instant, die: number): Instant | null {
  if (failed.reason === "mail_limit") return afterMidnight(failed, now, die);
  if (failed.reason === "mail_refused" && failed.attempts >= REFUSED_MAIL_ATTEMPTS) return null;
  if (faultOf(failed.reason) === "connection") return whileHeld(failed, now, die);
  const planned = RETRY_PLANS[failed.channel][failed.attempts - 1];
  if (planned === undefined) return null;
  return now + Math.round(patient(failed, planned * (1 - JITTER + 2 * JITTER * die)));
}

/** A webhook's Retry-After counts up to twice the plan (else one endpoint would set ours); Slack's counts as it is. */
function patient({ channel, reason, after = 0 }: FailedAttempt, wait: Milliseconds): Milliseconds {
  const least = reason === "no_answer" || reason === "rate_limited" ? Math.max(wait, after, PATIENCE_MS) : wait;
  if (channel !== "webhook") return Math.max(wait, after);
  return Math.min(Math.max(least, after), Math.max(2 * wait, PATIENCE_MS));
}

/** The mail service counts by UTC days. */
function afterMidnight({ begunAt }: FailedAttempt, now: Instant, die: number): Instant | null {
  const midnight = (Math.floor(now / DAY_MS) + 1) * DAY_MS;
  return midnight > begunAt + HELD_FOR_MS ? null : midnight + Math.round(die * HOUR_MS);
}

function whileHeld({ begunAt }: FailedAttempt, now: Instant, die: number): Instant | null {
  const next = now + Math.round(HELD_LOOK_EVERY_MS * (1 - JITTER * die));
  return next > begunAt + HELD_FOR_MS ? null : next;
}

/**
 * Whether a sending may be made once more although its answer was lost. A webhook is told apart by its id. Of mail and Slack
 * nobody can know: a failure that is told twice is cheaper than one that is not told, and a report that comes twice is not.
 */
export const mayRepeatUnknown = (
  { channel, attempts }: { readonly channel: Channel; readonly attempts: number },
  isUrgent: boolean,
): boolean => channel === "webhook" || (isUrgent && attempts < 2);
