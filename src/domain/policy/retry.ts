/**
 * When a failed run is tried again. Pure. Semantics of the seed product: `retry: 3` or `{attempts, delay}`, attempts
 * counted after the first try, values over the limits clamped and reported; ours adds a growing delay, `Retry-After`
 * and "do not retry".
 */
import type { Outcome } from "../run.ts";
import { HOUR_MS, type Instant, type Milliseconds, SECOND_MS } from "../time/instant.ts";

export const BACKOFFS = ["fixed", "exponential"] as const;
export type Backoff = (typeof BACKOFFS)[number];

export interface RetryPolicy {
  /** Tries after the first one; 0 is none. */
  readonly attempts: number;
  readonly delay: Milliseconds;
  readonly backoff: Backoff;
}

/** What the deployment allows; from environment variables, so that an operator can change them. */
export interface RetryLimits {
  readonly maxAttempts: number;
  readonly maxDelay: Milliseconds;
  readonly defaultDelay: Milliseconds;
}

export const DEFAULT_RETRY_LIMITS: RetryLimits = { maxAttempts: 10, maxDelay: HOUR_MS, defaultDelay: SECOND_MS };

/** What a person writes: a number of attempts, or the parts. */
export type RetryInput =
  | number
  | { readonly attempts: number; readonly delay?: number | undefined; readonly backoff?: Backoff | undefined };

/** Fills in the defaults and clamps to the limits; `clamped` holds one sentence for each value that was lowered. */
export function readRetry(
  input: RetryInput | undefined,
  limits: RetryLimits,
): { policy: RetryPolicy; clamped: readonly string[] } {
  const parts = typeof input === "number" ? { attempts: input } : (input ?? { attempts: 0 });
  const delay = parts.delay ?? limits.defaultDelay;
  const policy = {
    attempts: Math.min(parts.attempts, limits.maxAttempts),
    delay: Math.min(delay, limits.maxDelay),
    backoff: parts.backoff ?? "fixed",
  };
  const clamped: string[] = [];
  if (policy.attempts < parts.attempts) {
    clamped.push(`retry.attempts was lowered from ${parts.attempts} to the limit of ${policy.attempts}.`);
  }
  if (policy.delay < delay) {
    clamped.push(`retry.delay was lowered from ${delay} ms to the limit of ${policy.delay} ms.`);
  }
  return { policy, clamped };
}

/** Doubling stops here: a factor past the largest number would turn a delay of 0 into "not a number". */
const MOST_DOUBLINGS = 52;

/** The wait before attempt `attempt` (1 is the first retry): the delay, doubled each time if it grows, never over the limit. */
export function retryDelay(policy: RetryPolicy, attempt: number, limits: RetryLimits): Milliseconds {
  const factor = policy.backoff === "exponential" ? 2 ** Math.min(attempt - 1, MOST_DOUBLINGS) : 1;
  return Math.min(policy.delay * factor, limits.maxDelay);
}

/**
 * When the next attempt is due after `attempt` failed, or null when there is to be none. A wait that the function asked
 * for is honoured when it is longer than ours, up to the limit, in whole milliseconds.
 */
export function nextRetryAt(
  policy: RetryPolicy,
  attempt: number,
  outcome: Extract<Outcome, { kind: "failed" }>,
  limits: RetryLimits,
): Instant | null {
  if (attempt >= policy.attempts || outcome.retry === "never") return null;
  const asked = outcome.retry === undefined ? 0 : Math.min(outcome.retry.after, limits.maxDelay);
  return outcome.at + Math.ceil(Math.max(retryDelay(policy, attempt + 1, limits), asked));
}
