import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_RETRY_LIMITS } from "../../src/domain/policy/retry.ts";
import type { Recurrence } from "../../src/domain/recurrence/recurrence.ts";
import { occurrencesOf, type ScheduleSpec } from "../../src/domain/schedule.ts";
import { specify } from "../../src/domain/schedule-input.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../../src/domain/time/instant.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");

const spec = makeSpec();
const EVERY_TEN_MINUTES: Recurrence = { kind: "calendar", lines: ["*/10 * * * *"] };

function makeSpec(): ScheduleSpec {
  const made = specify({ schedule: "*/10 * * * *" }, { now: NINE, timezone: "UTC", retryLimits: DEFAULT_RETRY_LIMITS });
  if (!made.ok) throw new Error("The example is refused");
  return made.value;
}

const bounded = (startsAt: Instant | null, endsAt: Instant | null, recurrence: Recurrence = EVERY_TEN_MINUTES) =>
  occurrencesOf({ ...spec, recurrence, startsAt, endsAt });

const recurrences = fc.oneof(
  fc.constantFrom("*/10 * * * *", "0 9 * * *", "5 */2 * * 1-5").map((line): Recurrence => {
    return { kind: "calendar", lines: [line] };
  }),
  fc.integer({ min: 1, max: 20 }).map((hours): Recurrence => {
    return { kind: "interval", grid: "elapsed", every: hours * HOUR_MS, anchor: NINE - DAY_MS };
  }),
  fc.integer({ min: NINE - 2 * DAY_MS, max: NINE + 2 * DAY_MS }).map((at): Recurrence => ({ kind: "once", at })),
);
const bound = fc.option(fc.integer({ min: NINE - 2 * DAY_MS, max: NINE + 2 * DAY_MS }));
const anywhere = fc.integer({ min: NINE - 3 * DAY_MS, max: NINE + 3 * DAY_MS });

describe("the bounds of a schedule", () => {
  it("let the occurrence at the start in and keep the one at the end out", () => {
    expect(bounded(NINE, NINE + 20 * MINUTE_MS).upcoming(NINE - DAY_MS, 9)).toEqual([NINE, NINE + 10 * MINUTE_MS]);
  });

  it("hold backwards as well", () => {
    const occurrences = bounded(NINE, NINE + 20 * MINUTE_MS);
    expect(occurrences.previous(NINE + DAY_MS)).toBe(NINE + 10 * MINUTE_MS);
    expect(occurrences.previous(NINE)).toBeNull();
  });

  it("change nothing when there are none", () => {
    expect(bounded(null, null).upcoming(NINE, 2)).toEqual([NINE + 10 * MINUTE_MS, NINE + 20 * MINUTE_MS]);
  });

  it("name exactly the occurrences of the unbounded schedule that lie inside", () => {
    fc.assert(
      fc.property(recurrences, bound, bound, anywhere, (recurrence, startsAt, endsAt, after) => {
        const all = bounded(null, null, recurrence).upcoming(after, 50);
        const inside = all.filter((at) => at >= (startsAt ?? -Infinity) && at < (endsAt ?? Infinity));
        const named = bounded(startsAt, endsAt, recurrence).upcoming(after, 50);
        expect(named.slice(0, inside.length)).toEqual(inside);
        const horizon = all.length < 50 ? Infinity : (all.at(-1) ?? 0);
        expect(named.filter((at) => at <= horizon)).toEqual(inside);
      }),
    );
  });

  it("agree in next, previous, upcoming and count", () => {
    fc.assert(
      fc.property(recurrences, bound, bound, anywhere, (recurrence, startsAt, endsAt, after) => {
        const occurrences = bounded(startsAt, endsAt, recurrence);
        const upcoming = occurrences.upcoming(after, 8);
        expect(upcoming[0] ?? null).toBe(occurrences.next(after));
        for (const [index, at] of upcoming.entries()) {
          expect(occurrences.count(after, at, 100)).toBe(index + 1);
          expect(occurrences.next(at - 1)).toBe(at);
          expect(occurrences.previous(at + 1)).toBe(at);
          expect(occurrences.previous(at)).toBe(occurrences.previous(at));
          const before = occurrences.previous(at);
          if (index > 0) expect(before).toBe(upcoming[index - 1]);
          else expect(before === null || before <= after).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("are compiled once for a spec, and anew for another one", () => {
    const one = { ...spec };
    expect(occurrencesOf(one)).toBe(occurrencesOf(one));
    expect(occurrencesOf({ ...one, endsAt: NINE + 1 }).next(NINE)).toBeNull();
  });
});
