import { describe, expect, it } from "vitest";
import { HOUR, MINUTE, MONTH_DAY, WEEKDAY } from "../../../src/domain/recurrence/cron-field.ts";
import { readItem } from "../../../src/domain/recurrence/cron-item.ts";
import { valuesOf, wraps } from "../../../src/domain/recurrence/cron-step.ts";

const values = (text: string, field = MINUTE): number[] => {
  const reading = readItem({ text, position: 0 }, field);
  return reading.ok ? valuesOf(reading.value) : expect.fail(reading.error.message);
};

describe("ranges and steps name", () => {
  it.each([
    ["0-30/10", MINUTE, [0, 10, 20, 30]],
    ["*/20", MINUTE, [0, 20, 40]],
    ["50/5", MINUTE, [50, 55]],
    ["58-1", MINUTE, [0, 1, 58, 59]],
    ["22-3/2", HOUR, [0, 2, 22]],
    ["21-3/2", HOUR, [1, 3, 21, 23]],
    ["*/10", MONTH_DAY, [1, 11, 21, 31]],
    ["*/2", WEEKDAY, [0, 2, 4, 6]],
    ["FRI-MON", WEEKDAY, [0, 1, 5, 6]],
    ["5-7", WEEKDAY, [0, 5, 6]],
    ["7-2", WEEKDAY, [0, 1, 2]],
    ["0-7", WEEKDAY, [0, 1, 2, 3, 4, 5, 6]],
    ["1/2", WEEKDAY, [1, 3, 5]],
  ])("%s: the values in order", (text, field, expected) => {
    expect(values(text, field)).toEqual(expected);
  });
});

it("a range of the clock over midnight stays a range on both sides", () => {
  const reading = readItem({ text: "23-0", position: 0 }, HOUR);
  expect(reading.ok && reading.value.map(({ kind }) => kind)).toEqual(["range", "range"]);
});

it("a range that ends with Sunday does not run over the end of the week", () => {
  expect([wraps(6, 0, WEEKDAY), wraps(5, 7, WEEKDAY), wraps(5, 1, WEEKDAY), wraps(22, 2, HOUR)]).toEqual([
    false,
    false,
    true,
    true,
  ]);
});
