import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../../../src/domain/recurrence/compile.ts";
import type { Recurrence } from "../../../src/domain/recurrence/recurrence.ts";
import { LONGEST_GAP_DAYS, shortestGap } from "../../../src/domain/recurrence/shortest-gap.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../src/domain/time/instant.ts";

const calendar = (...lines: readonly string[]): Recurrence => ({ kind: "calendar", lines });
const YEAR_MS = 366 * DAY_MS;
const NOW = Date.parse("2027-01-01T00:00:00Z");

describe("the least time between two occurrences", () => {
  it.each([
    ["* * * * *", MINUTE_MS],
    ["* * * * * *", SECOND_MS],
    ["0,1 9 * * *", MINUTE_MS],
    ["0,59 * * * *", MINUTE_MS],
    ["0,30 * * * *", 30 * MINUTE_MS],
    ["0 9-17 * * *", HOUR_MS],
    ["50 10 9,10 * * *", HOUR_MS],
    ["0 9,17 * * *", 8 * HOUR_MS],
    ["0 0,23 * * *", HOUR_MS],
    ["59 23 * * *", DAY_MS],
    ["0 9 * * *", DAY_MS],
    ["0 9 * * MON", 7 * DAY_MS],
    ["0 9 * * MON,TUE", DAY_MS],
    ["0 9 1,L * *", DAY_MS],
    ["0 9 1 * *", 28 * DAY_MS],
    ["0 9 31 * *", LONGEST_GAP_DAYS * DAY_MS],
    ["0 0 1 1 *", LONGEST_GAP_DAYS * DAY_MS],
    ["0 9 1,3 2 *", 2 * DAY_MS],
    ["0,20 59 * * * *", 20 * SECOND_MS],
    ["0,50 0-59 * * * *", 10 * SECOND_MS],
  ])("of %s is %i ms", (line, gap) => {
    expect(shortestGap(calendar(line))).toBe(gap);
  });

  it.each([
    [["0 9 * * *", "1 9 * * *"], MINUTE_MS],
    [["0 9 * * *", "1 9 * * MON"], MINUTE_MS],
    [["0 9 * * MON", "1 9 * * TUE"], DAY_MS + MINUTE_MS],
    [["59 23 * * *", "0 0 * * *"], MINUTE_MS],
    [["59 23 31 12 *", "0 0 1 1 *"], MINUTE_MS],
    [["59 23 L * *", "0 0 1 * *"], MINUTE_MS],
    [["15 9 * * *", "30 17 * * *"], 8 * HOUR_MS + 15 * MINUTE_MS],
    [["0 9 * * *", "0 9 * * MON"], DAY_MS],
    [["0 9 1 1 *", "0 9 3 1 *"], 2 * DAY_MS],
    [["10 0 9 * * *", "0,30 * * * * *"], 10 * SECOND_MS],
  ])("of lines together: %j is %i ms", (lines, gap) => {
    expect(shortestGap(calendar(...lines))).toBe(gap);
    expect(shortestGap(calendar(...[...lines].reverse()))).toBe(gap);
  });

  it("of a grid is its step, and of one time there is none", () => {
    expect(shortestGap({ kind: "interval", grid: "elapsed", every: 45_000, anchor: 0 })).toBe(45_000);
    expect(shortestGap({ kind: "once", at: 5 })).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    ["day", 3, [], [9 * 3600], 3 * DAY_MS],
    ["day", 2, [], [0, 86_340], DAY_MS - MINUTE_MS],
    ["day", 2, [], [0, 80_000], 80_000 * SECOND_MS],
    ["day", 2, [], [0, 60], MINUTE_MS],
    ["week", 2, [1, 4], [3600], 3 * DAY_MS],
    ["week", 2, [0, 1], [3600], 6 * DAY_MS],
    ["week", 3, [0], [3600], 21 * DAY_MS],
  ] as const)("of every %s of %i on %j at %j is %i ms", (unit, every, weekdays, times, gap) => {
    const interval = { kind: "interval", grid: "civil", unit, every, anchor: "2027-01-04", weekdays, times } as const;
    expect(shortestGap(interval)).toBe(gap);
  });

  it("takes no notice of clock changes: a daily time inside a fold stays daily", () => {
    const daily = calendar("30 2 * * *");
    expect(compile(daily, "Europe/Berlin", { gap: "run_after", fold: "both" }).count(NOW, NOW + YEAR_MS, 1_000)).toBe(
      366 + 1,
    );
    expect(shortestGap(daily)).toBe(DAY_MS);
  });

  it("is found for lines too heavy to hold every time of theirs against every other", () => {
    const heavy = Array.from({ length: 24 }, (_, index) => `*/2 ${index}-59 * * * *`);
    expect(shortestGap(calendar(...heavy))).toBe(2 * SECOND_MS);
  });
});

describe("of the occurrences that there are", () => {
  const list = (max: number, min = 0) =>
    fc.oneof(
      { weight: 1, arbitrary: fc.constant("*") },
      {
        weight: 3,
        arbitrary: fc
          .uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 })
          .map((values) => values.sort((a, b) => a - b).join(",")),
      },
    );
  const few = fc.integer({ min: 0, max: 59 }).map(String);
  const line = fc
    .tuple(fc.oneof(few, list(59)), fc.oneof(few, list(23)), list(31, 1), list(12, 1), list(6))
    .map((fields) => fields.join(" "))
    .filter((text) => /^\S+ (?:\d|1\d|2[0-3])(?:,\d+)* /.test(text) && isReal(text));

  it("none is shorter", () => {
    fc.assert(
      fc.property(fc.uniqueArray(line, { minLength: 1, maxLength: 3 }), (lines) => {
        const recurrence = calendar(...lines);
        const told = shortestGap(recurrence);
        const all = compile(recurrence, "UTC").upcoming(NOW, 1_500);
        expect(Math.min(gapAmong(all), LONGEST_GAP_DAYS * DAY_MS)).toBeGreaterThanOrEqual(told);
      }),
    );
  });

  it("of lines of every day, one is as short", () => {
    const clock = fc.tuple(list(59), list(23)).map((fields) => `${fields.join(" ")} * * *`);
    fc.assert(
      fc.property(fc.uniqueArray(clock, { minLength: 1, maxLength: 3 }), (lines) => {
        const recurrence = calendar(...lines);
        const all = compile(recurrence, "UTC").upcoming(NOW, 5_000);
        expect(gapAmong(all.filter((at) => at < NOW + 3 * DAY_MS))).toBe(shortestGap(recurrence));
      }),
    );
  });
});

function gapAmong(instants: readonly number[]): number {
  return Math.min(...instants.slice(1).map((at, index) => at - (instants[index] ?? 0)));
}

function isReal(text: string): boolean {
  try {
    return compile(calendar(text), "UTC").next(NOW) !== null;
  } catch {
    return false;
  }
}
