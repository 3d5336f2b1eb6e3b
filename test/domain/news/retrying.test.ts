import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHANNELS } from "../../../src/domain/news/delivery.ts";
import { DELIVERY_REASONS, type DeliveryReason, isDeliveryReason } from "../../../src/domain/news/delivery-failure.ts";
import { HELD_FOR_MS, mayRepeatUnknown, nextAttemptAt, RETRY_PLANS } from "../../../src/domain/news/retrying.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../src/domain/time/instant.ts";

const NOW = Date.parse("2027-01-15T09:00:00.000Z");
const HALF = 0.5;
const REASONS = Object.keys(DELIVERY_REASONS).filter(isDeliveryReason);

const webhook = { channel: "webhook", attempts: 1, reason: "endpoint_refused", begunAt: NOW } as const;

describe("a webhook", () => {
  it("is tried ten times over about three days, as Standard Webhooks plans it", () => {
    const waits: number[] = [];
    for (let attempts = 1; ; attempts += 1) {
      const next = nextAttemptAt({ ...webhook, attempts }, NOW, HALF);
      if (next === null) break;
      waits.push(next - NOW);
    }
    expect(waits).toEqual(RETRY_PLANS.webhook);
    const total = waits.reduce((sum, wait) => sum + wait, 0) / HOUR_MS;
    expect(total).toBeGreaterThan(75);
    expect(total).toBeLessThan(76);
  });

  it.each(["no_answer", "rate_limited"] as const)("that has %s is left alone for a minute at least", (reason) => {
    expect(nextAttemptAt({ ...webhook, reason }, NOW, HALF)).toBe(NOW + MINUTE_MS);
  });

  it("that names its own time is heard, up to twice the plan", () => {
    const later = { ...webhook, attempts: 2 };
    expect(nextAttemptAt({ ...later, after: 8 * MINUTE_MS }, NOW, HALF)).toBe(NOW + 8 * MINUTE_MS);
    expect(nextAttemptAt({ ...later, after: 5 * DAY_MS }, NOW, HALF)).toBe(NOW + 10 * MINUTE_MS);
    expect(nextAttemptAt({ ...later, after: SECOND_MS }, NOW, HALF)).toBe(NOW + 5 * MINUTE_MS);
  });
});

describe("mail and Slack", () => {
  it.each(["email", "slack"] as const)("are given up within a day and a half: %s", (channel) => {
    const total = RETRY_PLANS[channel].reduce((sum, wait) => sum + wait, 0);
    expect(total).toBeLessThan(1.5 * DAY_MS);
  });

  it("wait as long as Slack says", () => {
    const limited = { channel: "slack", attempts: 1, reason: "rate_limited", begunAt: NOW, after: 95_000 } as const;
    expect(nextAttemptAt(limited, NOW, HALF)).toBe(NOW + 95_000);
  });

  it("go on after midnight UTC where the day's mail is used up", () => {
    const used = { channel: "email", attempts: 1, reason: "mail_limit", begunAt: NOW } as const;
    const next = nextAttemptAt(used, NOW, 0);
    expect(next).toBe(Date.parse("2027-01-16T00:00:00.000Z"));
    expect(nextAttemptAt({ ...used, begunAt: NOW - HELD_FOR_MS }, NOW, 0)).toBeNull();
  });

  it("are given up after three tries where the other side refuses the mail and says no more", () => {
    const refused = { channel: "email", reason: "mail_refused", begunAt: NOW } as const;
    const next = [1, 2, 3].map((attempts) => nextAttemptAt({ ...refused, attempts }, NOW, HALF));
    expect(next.map((instant) => instant === null)).toEqual([false, false, true]);
  });

  it("are held for an admin to mend the connection, and not for ever", () => {
    const held = { channel: "slack", attempts: 50, reason: "slack_disconnected", begunAt: NOW } as const;
    expect(nextAttemptAt(held, NOW, 0)).toBe(NOW + 6 * HOUR_MS);
    expect(nextAttemptAt(held, NOW + HELD_FOR_MS, 0)).toBeNull();
  });
});

describe("whatever fails, on whichever channel", () => {
  it("is tried again later and never earlier than now, a bounded number of times", () => {
    const reasons = fc.constantFrom<DeliveryReason>(...REASONS);
    const die = fc.double({ min: 0, max: 0.999, noNaN: true });
    const after = fc.option(fc.integer({ min: 0, max: 10 * DAY_MS }), { nil: undefined });
    fc.assert(
      fc.property(fc.constantFrom(...CHANNELS), reasons, die, after, (channel, reason, chance, named) => {
        let at = NOW;
        for (let attempts = 1; ; attempts += 1) {
          const next = nextAttemptAt({ channel, attempts, reason, after: named, begunAt: NOW }, at, chance);
          if (next === null) return;
          expect(next).toBeGreaterThan(at);
          expect(attempts).toBeLessThan(200);
          at = next;
        }
      }),
    );
  });
});

describe("a sending whose answer was lost", () => {
  it.each([
    ["webhook", 9, false, true],
    ["email", 1, false, false],
    ["email", 1, true, true],
    ["email", 2, true, false],
    ["slack", 1, false, false],
    ["slack", 1, true, true],
  ] as const)("on %s after %i attempts, urgent: %s, may be repeated: %s", (channel, attempts, isUrgent, expected) => {
    expect(mayRepeatUnknown({ channel, attempts }, isUrgent)).toBe(expected);
  });
});
