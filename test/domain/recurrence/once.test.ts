import { expect, it } from "vitest";
import { onceSeries } from "../../../src/domain/recurrence/once.ts";

const series = onceSeries({ kind: "once", at: 1_000 });

it("comes once: before it there is a next, after it a previous one", () => {
  expect([series.next(999), series.next(1_000), series.previous(1_001), series.previous(1_000)]).toEqual([
    1_000,
    null,
    1_000,
    null,
  ]);
});

it("is counted where it lies later than the start and not later than the end", () => {
  expect([
    series.count(0, 1_000, 9),
    series.count(1_000, 2_000, 9),
    series.count(0, 999, 9),
    series.count(0, 9_999, 0),
  ]).toEqual([1, 0, 0, 0]);
});
