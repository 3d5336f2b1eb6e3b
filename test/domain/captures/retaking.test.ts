import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ATTEMPTS_MAX, GIVE_UP_AFTER_MS, NEWS_BUDGET_MS } from "../../../src/domain/captures/capture.ts";
import { attemptsAt, CAPTURE_FAILURE_NAMES } from "../../../src/domain/captures/failure.ts";
import { BUSY_WAIT_MS, retakeAfter } from "../../../src/domain/captures/retaking.ts";

const NOW = Date.parse("2027-01-15T09:00:00.000Z");
const first = { orderedAt: NOW, attempts: 1, reason: "load_failed" } as const;

describe("a failed attempt at a capture", () => {
  it("is followed by another one after a short wait that doubles", () => {
    expect(retakeAfter(first, NOW)).toBe(3_000);
    expect(retakeAfter({ ...first, attempts: 2 }, NOW)).toBe(6_000);
    expect(retakeAfter(first, NOW)).toBeLessThan(NEWS_BUDGET_MS);
  });

  it("waits as long as was named", () => {
    expect(retakeAfter({ ...first, reason: "bad_status", retryAfter: 20_000 }, NOW)).toBe(20_000);
    expect(retakeAfter({ ...first, reason: "browser_busy", retryAfter: 20_000 }, NOW)).toBe(20_000);
  });

  it("is the last one after three, and after two where it took long to fail", () => {
    expect(retakeAfter({ ...first, attempts: ATTEMPTS_MAX }, NOW)).toBeNull();
    expect(retakeAfter({ ...first, reason: "not_ready", attempts: 1 }, NOW)).not.toBeNull();
    expect(retakeAfter({ ...first, reason: "not_ready", attempts: 2 }, NOW)).toBeNull();
  });

  it("goes on waiting for a browser, which is no attempt", () => {
    expect(retakeAfter({ ...first, attempts: 50, reason: "browser_busy" }, NOW)).toBe(BUSY_WAIT_MS);
  });

  it("is the last one where waiting mends nothing", () => {
    for (const reason of CAPTURE_FAILURE_NAMES.filter((name) => attemptsAt(name) === 1))
      expect(retakeAfter({ ...first, reason }, NOW), reason).toBeNull();
  });

  it("is never followed by another one that would begin too late", () => {
    const attempts = fc.record({
      orderedAt: fc.constant(NOW),
      attempts: fc.nat(10),
      reason: fc.constantFrom(...CAPTURE_FAILURE_NAMES),
      retryAfter: fc.option(fc.nat(2 * GIVE_UP_AFTER_MS), { nil: undefined }),
    });
    fc.assert(
      fc.property(attempts, fc.nat(2 * GIVE_UP_AFTER_MS), (attempted, later) => {
        const wait = retakeAfter(attempted, NOW + later);
        expect(later + (wait ?? 0) < GIVE_UP_AFTER_MS || wait === null).toBe(true);
      }),
    );
  });
});
