import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectiveAt } from "../../../src/domain/policy/spread.ts";
import { DAY_MS, MINUTE_MS } from "../../../src/domain/time/instant.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");
const windows = fc.integer({ min: 1, max: DAY_MS });

describe("a spread occurrence", () => {
  it("starts at its nominal time when there is no window", () => {
    expect(effectiveAt("a schedule", 0, NINE, NINE + 1)).toBe(NINE);
  });

  it("starts inside its window, never before its nominal time", () => {
    fc.assert(
      fc.property(fc.string(), windows, (schedule, window) => {
        const at = effectiveAt(schedule, window, NINE, null);
        expect(at >= NINE && at < NINE + window && Number.isInteger(at)).toBe(true);
      }),
    );
  });

  it("never reaches the next occurrence, however wide the window", () => {
    fc.assert(
      fc.property(fc.string(), windows, fc.integer({ min: 1, max: DAY_MS }), (schedule, window, distance) => {
        expect(effectiveAt(schedule, window, NINE, NINE + distance)).toBeLessThan(NINE + distance);
      }),
    );
  });

  it("keeps its place from day to day and differs between schedules", () => {
    const offset = (schedule: string, nominal: number) =>
      effectiveAt(schedule, 10 * MINUTE_MS, nominal, nominal + DAY_MS) - nominal;
    expect(offset("one", NINE)).toBe(offset("one", NINE + DAY_MS));
    expect(offset("one", NINE)).not.toBe(offset("other", NINE));
  });

  it("keeps the order of a schedule's occurrences, also where one distance is shorter", () => {
    fc.assert(
      fc.property(
        fc.string(),
        windows,
        fc.array(fc.integer({ min: 1, max: DAY_MS }), { minLength: 2 }),
        (id, window, steps) => {
          const nominals = steps.map((_, index) => steps.slice(0, index + 1).reduce((sum, step) => sum + step, NINE));
          const starts = nominals
            .slice(0, -1)
            .map((at, index) => effectiveAt(id, window, at, nominals[index + 1] ?? null));
          expect(starts).toEqual([...starts].sort((a, b) => a - b));
        },
      ),
    );
  });
});
