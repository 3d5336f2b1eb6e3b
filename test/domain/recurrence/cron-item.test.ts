import { describe, expect, it } from "vitest";
import { HOUR, MINUTE, MONTH, MONTH_DAY, WEEKDAY } from "../../../src/domain/recurrence/cron-field.ts";
import { readItem } from "../../../src/domain/recurrence/cron-item.ts";

const read = (text: string, field = MINUTE) => readItem({ text, position: 0 }, field);
const items = (text: string, field = MINUTE) => {
  const reading = read(text, field);
  return reading.ok ? reading.value : expect.fail(reading.error.message);
};

describe("an item is", () => {
  it.each([
    ["*", MINUTE, [{ kind: "all" }]],
    ["?", MONTH_DAY, [{ kind: "all" }]],
    ["7", MINUTE, [{ kind: "value", value: 7 }]],
    ["7", WEEKDAY, [{ kind: "value", value: 0 }]],
    ["DEC", MONTH, [{ kind: "value", value: 12 }]],
    ["wednesday", WEEKDAY, [{ kind: "value", value: 3 }]],
    ["9-17", HOUR, [{ kind: "range", from: 9, to: 17, step: 1 }]],
    ["L", MONTH_DAY, [{ kind: "last-day" }]],
    ["LW", MONTH_DAY, [{ kind: "last-workday" }]],
    ["15w", MONTH_DAY, [{ kind: "nearest-workday", day: 15 }]],
    ["MON#2", WEEKDAY, [{ kind: "nth-weekday", weekday: 1, nth: 2 }]],
    ["7L", WEEKDAY, [{ kind: "last-weekday", weekday: 0 }]],
  ])("%s", (text, field, expected) => {
    expect(items(text, field)).toEqual(expected);
  });
});

it("names belong to their own field only", () => {
  expect([read("MON", MONTH).ok, read("JAN", WEEKDAY).ok, read("MON", MINUTE).ok]).toEqual([false, false, false]);
});

it("what looks like a special but is none is refused", () => {
  for (const text of ["W", "LL", "0W", "32W", "L-", "15L", "MONW"])
    expect([text, read(text, MONTH_DAY).ok]).toEqual([text, false]);
  for (const text of ["8L", "#2", "MON#", "MON#0", "1#2#3", "XL"])
    expect([text, read(text, WEEKDAY).ok]).toEqual([text, false]);
});
