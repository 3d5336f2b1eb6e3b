import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CATCH_UP_ALL_LIMIT,
  CATCH_UPS,
  type CatchUpDecision,
  type CatchUpPolicy,
  COUNT_LIMIT,
  decideCatchUp,
  LATE_AFTER_MS,
} from "../../../src/domain/policy/catch-up.ts";
import { compile } from "../../../src/domain/recurrence/compile.ts";
import type { Recurrence } from "../../../src/domain/recurrence/recurrence.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from "../../../src/domain/time/instant.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");

const recurrences: fc.Arbitrary<Recurrence> = fc.oneof(
  fc.integer({ min: 1, max: 3 * 3_600 }).map((seconds): Recurrence => {
    return { kind: "interval", grid: "elapsed", every: seconds * SECOND_MS, anchor: NINE - DAY_MS };
  }),
  fc
    .constantFrom("* * * * *", "*/7 * * * *", "0 9 * * *", "30 2,14 * * 1-5", "15 */3 * * *")
    .map((line): Recurrence => ({ kind: "calendar", lines: [line] })),
  fc.constant<Recurrence>({ kind: "calendar", lines: ["0 * * * *", "*/20 9-17 * * *"] }),
);
const policies: fc.Arbitrary<CatchUpPolicy> = fc.record({
  mode: fc.constantFrom(...CATCH_UPS),
  window: fc.integer({ min: 10 * SECOND_MS, max: 2 * DAY_MS }),
});

/** An outage: what was due, and when somebody woke at last. */
const outages = fc
  .tuple(recurrences, fc.integer({ min: 0, max: 2 * DAY_MS }), policies)
  .map(([recurrence, late, policy]) => {
    const compiled = compile(recurrence, "Europe/Berlin");
    const due = compiled.next(NINE) ?? 0;
    return { recurrence, compiled, due, now: due + late, policy };
  });

const everyOutage = (promise: (outage: typeof outages extends fc.Arbitrary<infer One> ? One : never) => void) =>
  fc.assert(fc.property(outages, promise), { numRuns: 300 });

const total = (decision: CatchUpDecision): number =>
  decision.run.length + decision.missed.reduce((sum, missed) => sum + missed.count, 0);

const decide = (line: string, due: string, now: string, policy: CatchUpPolicy) => {
  const compiled = compile({ kind: "calendar", lines: [line] }, "UTC");
  const { run, missed } = decideCatchUp(compiled, Date.parse(due), Date.parse(now), policy);
  const inWords = (at: Instant) => new Date(at).toISOString().slice(11, 16);
  return [
    ...missed.map((one) => `${inWords(one.scheduledFor)} ${one.reason} x${one.count}`),
    ...run.map((at) => `${inWords(at)} run`),
  ];
};

describe("after an outage", () => {
  it("accounts for every occurrence from the due one to now exactly once", () => {
    everyOutage(({ compiled, due, now, policy }) => {
      const occurrences = compiled.count(due - 1, now, COUNT_LIMIT);
      fc.pre(occurrences < COUNT_LIMIT);
      expect(total(decideCatchUp(compiled, due, now, policy))).toBe(occurrences);
    });
  });

  it("runs sorted and single occurrences, none of them later than now or earlier than the due one", () => {
    everyOutage(({ compiled, due, now, policy }) => {
      const { run } = decideCatchUp(compiled, due, now, policy);
      expect(run).toEqual([...new Set(run)].sort((a, b) => a - b));
      for (const at of run) {
        expect(at >= due && at <= now).toBe(true);
        expect(compiled.next(at - 1)).toBe(at);
      }
    });
  });

  it("runs nothing that is older than the window, and late ones under `none` not at all", () => {
    everyOutage(({ compiled, due, now, policy }) => {
      const oldest = policy.mode === "none" ? LATE_AFTER_MS : Math.max(policy.window, LATE_AFTER_MS);
      for (const at of decideCatchUp(compiled, due, now, policy).run) expect(now - at).toBeLessThanOrEqual(oldest);
    });
  });

  it("goes on with the first occurrence strictly after now", () => {
    everyOutage(({ compiled, due, now, policy }) => {
      const { next } = decideCatchUp(compiled, due, now, policy);
      expect(next).toBe(compiled.next(now));
    });
  });

  it("names each ledger row by an occurrence of its own that does not run", () => {
    everyOutage(({ compiled, due, now, policy }) => {
      const { run, missed } = decideCatchUp(compiled, due, now, policy);
      const named = [...missed.map((one) => one.scheduledFor), ...run];
      expect(new Set(named).size).toBe(named.length);
      for (const at of named) expect(compiled.next(at - 1)).toBe(at);
    });
  });

  it("runs at most one occurrence, and under `all` at most its limit", () => {
    everyOutage(({ compiled, due, now, policy }) => {
      const most = policy.mode === "all" ? CATCH_UP_ALL_LIMIT : 1;
      expect(decideCatchUp(compiled, due, now, policy).run.length).toBeLessThanOrEqual(most);
    });
  });

  const WINDOW = 10 * MINUTE_MS;
  it.each([
    ["latest", "09:00", ["09:00 run"]],
    ["latest", "09:05", ["09:04 superseded x5", "09:05 run"]],
    ["latest", "09:30", ["09:19 catchup_window x20", "09:29 superseded x10", "09:30 run"]],
    ["all", "09:02", ["09:00 run", "09:01 run", "09:02 run"]],
    ["none", "09:05", ["09:03 catchup_window x4", "09:04 superseded x1", "09:05 run"]],
  ] as const)("%s at %s decides about every minute", (mode, now, expected) => {
    const decided = decide("* * * * *", "2027-01-15T09:00:00Z", `2027-01-15T${now}:00Z`, { mode, window: WINDOW });
    expect(decided).toEqual(expected);
  });

  it.each([
    ["latest", "09:10:00", ["09:00 run"]],
    ["latest", "09:10:01", ["09:00 catchup_window x1"]],
    ["none", "09:01:00", ["09:00 run"]],
    ["none", "09:01:01", ["09:00 catchup_window x1"]],
  ] as const)("%s at %s decides about a single one", (mode, now, expected) => {
    const decided = decide("0 9 * * *", "2027-01-15T09:00:00Z", `2027-01-15T${now}Z`, { mode, window: WINDOW });
    expect(decided).toEqual(expected);
  });

  it("runs the newest hundred under `all` and says that a limit kept it from the others", () => {
    const policy: CatchUpPolicy = { mode: "all", window: DAY_MS };
    const decided = decide("* * * * *", "2027-01-15T09:00:00Z", "2027-01-15T12:00:00Z", policy);
    expect(decided[0]).toBe("10:20 limit x81");
    expect(decided).toHaveLength(1 + CATCH_UP_ALL_LIMIT);
  });

  it("stays cheap for a year of seconds and counts at least as far as its limit", () => {
    const compiled = compile({ kind: "calendar", lines: ["* * * * * *"] }, "UTC");
    const decision = decideCatchUp(compiled, NINE, NINE + 365 * DAY_MS, { mode: "latest", window: HOUR_MS });
    expect(decision.missed.map((one) => [one.reason, one.count])).toEqual([
      ["catchup_window", COUNT_LIMIT],
      ["superseded", 3_600],
    ]);
  });
});
