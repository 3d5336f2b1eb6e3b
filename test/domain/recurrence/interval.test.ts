import { describe, expect, it } from "vitest";
import { compile } from "../../../src/domain/recurrence/compile.ts";
import { elapsedSeries } from "../../../src/domain/recurrence/interval.ts";
import type { CivilInterval } from "../../../src/domain/recurrence/recurrence.ts";
import { LAST_INSTANT } from "../../../src/domain/time/instant.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("an elapsed grid", () => {
  const anchor = Date.UTC(2026, 2, 8, 5, 20, 0, 500);
  const series = elapsedSeries({ kind: "interval", grid: "elapsed", every: 45 * MINUTE, anchor });

  it("begins one step after its anchor", () => {
    expect(series.next(anchor - 100 * HOUR)).toBe(anchor + 45 * MINUTE);
    expect(series.previous(anchor + 45 * MINUTE)).toBeNull();
  });

  it("keeps its steps whatever the clock does, milliseconds included", () => {
    for (let step = 1; step < 100; step++) {
      const at = anchor + step * 45 * MINUTE;
      expect([series.next(at - 1), series.next(at), series.previous(at + 1)]).toEqual([at, at + 45 * MINUTE, at]);
    }
  });

  it("counts by arithmetic, however many there are", () => {
    expect(series.count(anchor, anchor + 10 * 45 * MINUTE, 100)).toBe(10);
    expect(series.count(anchor + 45 * MINUTE, anchor + 10 * 45 * MINUTE, 100)).toBe(9);
    expect(series.count(anchor, LAST_INSTANT, 1e12)).toBe(Math.floor((LAST_INSTANT - anchor) / (45 * MINUTE)));
    expect(series.count(anchor, LAST_INSTANT, 7)).toBe(7);
    expect(series.count(anchor + HOUR, anchor, 7)).toBe(0);
  });

  it("ends with the year 9999", () => {
    expect(series.next(LAST_INSTANT)).toBeNull();
    expect(series.previous(LAST_INSTANT + 1_000 * HOUR)).toBeGreaterThan(LAST_INSTANT - HOUR);
  });
});

describe("a civil grid", () => {
  const grid = (parts: Partial<CivilInterval>): CivilInterval => ({
    kind: "interval",
    grid: "civil",
    unit: "day",
    every: 3,
    anchor: "2026-03-02",
    weekdays: [],
    times: [9 * 3600],
    ...parts,
  });
  const upcoming = (interval: CivilInterval, zone: string, from: string, count: number): string[] =>
    compile(interval, zone)
      .upcoming(Date.parse(from), count)
      .map((at) => new Date(at).toISOString().slice(0, 16));

  it("of days counts from the anchor, the first one included, through the clock change", () => {
    expect(upcoming(grid({}), "America/New_York", "2026-01-01T00:00Z", 4)).toEqual([
      "2026-03-02T14:00",
      "2026-03-05T14:00",
      "2026-03-08T13:00",
      "2026-03-11T13:00",
    ]);
  });

  it("of weeks runs on its weekdays in every n-th week, Sunday last", () => {
    const interval = grid({ unit: "week", every: 2, weekdays: [0, 1, 4] });
    expect(upcoming(interval, "UTC", "2026-03-02T10:00Z", 5)).toEqual([
      "2026-03-05T09:00",
      "2026-03-08T09:00",
      "2026-03-16T09:00",
      "2026-03-19T09:00",
      "2026-03-22T09:00",
    ]);
  });

  it("runs at each of its times", () => {
    const interval = grid({ every: 2, times: [9 * 3600 + 900, 17 * 3600 + 1_800] });
    expect(upcoming(interval, "UTC", "2026-03-02T09:15Z", 3)).toEqual([
      "2026-03-02T17:30",
      "2026-03-04T09:15",
      "2026-03-04T17:30",
    ]);
  });

  it("follows the rule of fixed times at a clock change", () => {
    const interval = grid({ every: 2, anchor: "2026-03-08", times: [2 * 3600 + 1_800] });
    expect(upcoming(interval, "America/New_York", "2026-03-08T00:00Z", 2)).toEqual([
      "2026-03-08T07:00",
      "2026-03-10T06:30",
    ]);
  });

  it("is the same backwards as forwards", () => {
    const compiled = compile(
      grid({ unit: "week", every: 3, weekdays: [2, 6], times: [0, 7_200, 86_399] }),
      "Africa/Casablanca",
    );
    const forward = compiled.upcoming(0, 400);
    const back: number[] = [];
    for (let at = compiled.previous((forward.at(-1) ?? 0) + 1); at !== null; at = compiled.previous(at)) back.push(at);
    expect(back.reverse()).toEqual(forward);
  });

  it("has nothing before its anchor and nothing after 9999", () => {
    const compiled = compile(grid({}), "UTC");
    expect([compiled.previous(Date.UTC(2026, 2, 2, 9)), compiled.next(LAST_INSTANT - HOUR)]).toEqual([null, null]);
  });

  it("with an anchor that is no date is an error", () => {
    expect(() => compile(grid({ anchor: "2026-02-30" }), "UTC")).toThrow("no date");
  });
});
