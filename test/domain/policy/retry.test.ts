import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BACKOFFS,
  DEFAULT_RETRY_LIMITS,
  nextRetryAt,
  type RetryPolicy,
  readRetry,
  retryDelay,
} from "../../../src/domain/policy/retry.ts";
import type { Outcome } from "../../../src/domain/run.ts";

const LIMITS = DEFAULT_RETRY_LIMITS;
const NOW = Date.parse("2027-01-15T09:00:00.000Z");
type Failed = Extract<Outcome, { kind: "failed" }>;
const FAILED: Failed = {
  kind: "failed",
  at: NOW,
  error: { reason: "http_status", message: "The function answered 500." },
};

const policies: fc.Arbitrary<RetryPolicy> = fc.record({
  attempts: fc.integer({ min: 0, max: LIMITS.maxAttempts }),
  delay: fc.integer({ min: 0, max: LIMITS.maxDelay }),
  backoff: fc.constantFrom(...BACKOFFS),
});
const wishes: fc.Arbitrary<Failed["retry"]> = fc.oneof(
  fc.constant(undefined),
  fc.record({ after: fc.integer({ min: 0, max: 10 * LIMITS.maxDelay }) }),
);

describe("reading a retry policy", () => {
  it("takes a number as the attempts and fills in the rest", () => {
    expect(readRetry(3, LIMITS)).toEqual({ policy: { attempts: 3, delay: 1_000, backoff: "fixed" }, clamped: [] });
  });

  it("takes nothing as no attempts", () => {
    expect(readRetry(undefined, LIMITS).policy.attempts).toBe(0);
  });

  it("means the same by a number and by its parts", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (attempts) => {
        expect(readRetry({ attempts }, LIMITS)).toEqual(readRetry(attempts, LIMITS));
      }),
    );
  });

  it("never goes over a limit, and says a sentence for exactly each value that it lowered", () => {
    const input = fc.record({ attempts: fc.nat(100), delay: fc.nat(10 * LIMITS.maxDelay) });
    fc.assert(
      fc.property(input, ({ attempts, delay }) => {
        const { policy, clamped } = readRetry({ attempts, delay }, LIMITS);
        expect(policy.attempts).toBe(Math.min(attempts, LIMITS.maxAttempts));
        expect(policy.delay).toBe(Math.min(delay, LIMITS.maxDelay));
        expect(clamped.map((sentence) => sentence.split(" ")[0])).toEqual([
          ...(attempts > LIMITS.maxAttempts ? ["retry.attempts"] : []),
          ...(delay > LIMITS.maxDelay ? ["retry.delay"] : []),
        ]);
      }),
    );
  });

  it("names both the value and the limit", () => {
    expect(readRetry({ attempts: 11, delay: 7_200_000 }, LIMITS).clamped).toEqual([
      "retry.attempts was lowered from 11 to the limit of 10.",
      "retry.delay was lowered from 7200000 ms to the limit of 3600000 ms.",
    ]);
  });
});

describe("the wait before a retry", () => {
  it("is always the delay when it is fixed", () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 10 }), (policy, attempt) => {
        expect(retryDelay({ ...policy, backoff: "fixed" }, attempt, LIMITS)).toBe(policy.delay);
      }),
    );
  });

  it("doubles each time when it grows", () => {
    const policy: RetryPolicy = { attempts: 10, delay: 1_000, backoff: "exponential" };
    expect([1, 2, 3, 4].map((attempt) => retryDelay(policy, attempt, LIMITS))).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  it("is none when the delay is none, however often it has doubled", () => {
    const policy: RetryPolicy = { attempts: 10, delay: 0, backoff: "exponential" };
    expect([1, 1_024, 2_000].map((attempt) => retryDelay(policy, attempt, LIMITS))).toEqual([0, 0, 0]);
  });

  it("stays between the delay and the limit and never shrinks", () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 2_000 }), (policy, attempt) => {
        const wait = retryDelay(policy, attempt, LIMITS);
        expect(wait).toBeGreaterThanOrEqual(policy.delay);
        expect(wait).toBeLessThanOrEqual(LIMITS.maxDelay);
        expect(retryDelay(policy, attempt + 1, LIMITS)).toBeGreaterThanOrEqual(wait);
      }),
    );
  });
});

describe("the next retry", () => {
  const THREE: RetryPolicy = { attempts: 3, delay: 5_000, backoff: "fixed" };

  it("is due the delay after the failure", () => {
    expect(nextRetryAt(THREE, 0, FAILED, LIMITS)).toBe(NOW + 5_000);
  });

  it.each([
    [0, true],
    [2, true],
    [3, false],
    [4, false],
  ])("after attempt %i of three: %s", (attempt, isDue) => {
    expect(nextRetryAt(THREE, attempt, FAILED, LIMITS) !== null).toBe(isDue);
  });

  it("is not made when the function asks for none, however many are left", () => {
    expect(nextRetryAt(THREE, 0, { ...FAILED, retry: "never" }, LIMITS)).toBeNull();
  });

  it("is at a whole millisecond, whatever part of one is asked for", () => {
    expect(nextRetryAt(THREE, 0, { ...FAILED, retry: { after: 9_000.25 } }, LIMITS)).toBe(NOW + 9_001);
  });

  it("waits longer when asked to, and not shorter", () => {
    expect(nextRetryAt(THREE, 0, { ...FAILED, retry: { after: 9_000 } }, LIMITS)).toBe(NOW + 9_000);
    expect(nextRetryAt(THREE, 0, { ...FAILED, retry: { after: 1 } }, LIMITS)).toBe(NOW + 5_000);
  });

  it("stays in its band: from the policy's own wait up to the limit, whatever is asked for", () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 0, max: 9 }), wishes, (policy, attempt, retry) => {
        fc.pre(attempt < policy.attempts);
        const outcome: Failed = retry === undefined ? FAILED : { ...FAILED, retry };
        const at = nextRetryAt(policy, attempt, outcome, LIMITS);
        expect(at).not.toBeNull();
        expect(at).toBeGreaterThanOrEqual(NOW + retryDelay(policy, attempt + 1, LIMITS));
        expect(at).toBeLessThanOrEqual(NOW + LIMITS.maxDelay);
      }),
    );
  });
});
