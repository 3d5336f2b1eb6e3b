/** Days of the month by ordinal, by number, from the end. */
import { describe, expect, it } from "vitest";
import { meaningOf } from "./tables.ts";

describe("days of the month", () => {
  it.each([
    ["on the 1st and 15th", "cron 0 0 1,15 * *"],
    ["every 15th at 9am", "cron 0 9 15 * *"],
    ["day 1 through 5 of the month", "cron 0 0 1-5 * *"],
    ["on days 1, 10 and 20", "cron 0 0 1,10,20 * *"],
    ["on the first of the month", "cron 0 0 1 * *"],
  ])("ordinals and numbers: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["the last day of each month at noon", "cron 0 12 L * *"],
    ["on the 15th and the last day of the month", "cron 0 0 15,L * *"],
  ])("the last day: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["on day 32", "refused out_of_range"],
    ["on the 0th", "refused out_of_range"],
    ["on the 31st in April", "refused impossible"],
  ])("days that no month has: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["on the 1st of every week", "refused unsupported"],
    ["last day of every quarter", "refused unsupported"],
  ])("days of anything but a month: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["15th", "refused ambiguous"],
    ["1st at noon", "refused ambiguous"],
  ])("a bare day: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });
});
