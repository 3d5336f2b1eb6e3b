/** When an endpoint is given up, and when not. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { WebhookHealth } from "../../../src/domain/news/webhook.ts";
import {
  ENABLED,
  FAILING_MAX_MS,
  healthAfter,
  WEBHOOK_OUTCOMES,
  type WebhookOutcome,
} from "../../../src/domain/news/webhook-health.ts";
import { DAY_MS, HOUR_MS, type Instant } from "../../../src/domain/time/instant.ts";

const START = Date.UTC(2027, 0, 15);

interface Ended {
  readonly outcome: WebhookOutcome;
  readonly at: Instant;
}

/** Messages that end one after the other, up to two days apart. */
const history = fc
  .array(fc.record({ outcome: fc.constantFrom(...WEBHOOK_OUTCOMES), gap: fc.integer({ min: 0, max: 2 * DAY_MS }) }))
  .map((ends) => {
    let at = START;
    return ends.map(({ outcome, gap }): Ended => {
      at += gap;
      return { outcome, at };
    });
  });

const healthOf = (ends: readonly Ended[]): WebhookHealth =>
  ends.reduce((health, { outcome, at }) => healthAfter(health, outcome, at), ENABLED);

describe("an endpoint", () => {
  it("is disabled by the first message that fails for good five days after the first one did", () => {
    const first = healthAfter(ENABLED, "exhausted", START);
    expect(first).toEqual({ ...ENABLED, failingSince: START });
    expect(healthAfter(first, "exhausted", START + FAILING_MAX_MS - 1)).toEqual(first);
    expect(healthAfter(first, "exhausted", START + FAILING_MAX_MS)).toEqual({
      state: "disabled",
      disabledReason: "failing",
      disabledAt: START + FAILING_MAX_MS,
      failingSince: START,
    });
  });

  it("begins anew with every message that arrives", () => {
    const failing = healthAfter(ENABLED, "exhausted", START);
    const well = healthAfter(failing, "sent", START + 4 * DAY_MS);
    expect(well).toEqual(ENABLED);
    expect(healthAfter(well, "exhausted", START + 6 * DAY_MS).state).toBe("enabled");
  });

  it("that is gone is disabled at once", () => {
    expect(healthAfter(ENABLED, "gone", START)).toMatchObject({ state: "disabled", disabledReason: "gone" });
  });

  it("is never disabled by a message that arrived, and never enabled by any", () => {
    fc.assert(
      fc.property(history, (ends) => {
        let health = ENABLED;
        for (const { outcome, at } of ends) {
          const next = healthAfter(health, outcome, at);
          if (outcome === "sent") expect(next.state).toBe(health.state);
          if (health.state === "disabled") expect(next.state).toBe("disabled");
          health = next;
        }
      }),
    );
  });

  it("is disabled for failing exactly when all that ended in at least five days failed for good", () => {
    fc.assert(
      fc.property(history, (ends) => {
        const { disabledReason, disabledAt } = healthOf(ends.filter(({ outcome }) => outcome !== "gone"));
        const told = ends.filter(({ outcome }) => outcome !== "gone");
        const runs: Ended[][] = [[]];
        for (const end of told) {
          if (end.outcome === "sent") runs.push([]);
          else runs.at(-1)?.push(end);
        }
        const given = runs.flatMap((run) => run.find(({ at }) => at - (run[0]?.at ?? at) >= FAILING_MAX_MS) ?? []);
        expect(disabledReason).toBe(given.length > 0 ? "failing" : null);
        expect(disabledAt).toBe(given[0]?.at ?? null);
      }),
    );
  });

  it("is consistent: disabled, with a reason and a time, or enabled without them", () => {
    fc.assert(
      fc.property(history, (ends) => {
        const { state, disabledReason, disabledAt } = healthOf(ends);
        expect([disabledReason === null, disabledAt === null]).toEqual([state === "enabled", state === "enabled"]);
      }),
    );
  });

  it("does not fail since later than it did, whatever the clock does", () => {
    const failing = healthAfter(ENABLED, "exhausted", START);
    expect(healthAfter(failing, "exhausted", START - HOUR_MS).failingSince).toBe(START - HOUR_MS);
  });
});
