import { describe, expect, it } from "vitest";
import { readCron } from "../../../src/domain/recurrence/cron.ts";
import { MINUTE, WEEKDAY } from "../../../src/domain/recurrence/cron-field.ts";
import { canonicalItems, fieldText, numericText } from "../../../src/domain/recurrence/cron-text.ts";

const canonical = (text: string): string => {
  const line = readCron(text);
  return line.ok ? line.value.text : expect.fail(line.error.message);
};

describe("in the fields of the clock", () => {
  it.each([
    ["1,2,3 9 * * *", "1,2,3 9 * * *", "a list stays a list"],
    ["1-3 9 * * *", "1-3 9 * * *", "a range stays a range"],
    ["0,0-0 9 * * *", "0-0 9 * * *", "and wins over a number in it"],
    ["*/15,30,*/30 9 * * *", "*/15 9 * * *", "what a step covers is left out"],
    ["0-59 9 * * *", "* 9 * * *", "the whole range is a star"],
    ["30,10,20-25 9 * * *", "10,20-25,30 9 * * *", "items are in order"],
  ])("%s is %s: %s", (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });
});

describe("in the fields of days", () => {
  it.each([
    ["0 9 1,2,3,10 * *", "0 9 1-3,10 * *", "three in a row are a range"],
    ["0 9 * * 6,5", "0 9 * * FRI,SAT", "two are a list"],
    ["0 9 1-31 * MON", "0 9 1-31 * MON", "all days still restrict, as written"],
    ["0 9 * 1-12 *", "0 9 * 1-12 *", "all months too"],
  ])("%s is %s: %s", (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });
});

it("items that say the same are written once", () => {
  const nth = { kind: "nth-weekday", weekday: 1, nth: 1 } as const;
  expect(fieldText(canonicalItems([nth, { ...nth }], WEEKDAY), WEEKDAY)).toBe("MON#1");
});

it("cron-parser is given numbers, each once", () => {
  expect(
    numericText(
      canonicalItems(
        [
          { kind: "range", from: 0, to: 4, step: 2 },
          { kind: "range", from: 0, to: 6, step: 3 },
        ],
        MINUTE,
      ),
    ),
  ).toBe("0,2,3,4,6");
});
