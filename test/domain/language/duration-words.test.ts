/** Numbers with units, nothing guessed. */
import { describe, expect, it } from "vitest";
import { meaningOf } from "./tables.ts";

describe("durations in words", () => {
  it.each([
    ["1 day 3 hours", "once 2026-11-22T13:07:13.250Z"],
    ["in an hour and a half", "once 2026-11-21T11:37:13.250Z"],
    ["2 hours from now", "once 2026-11-21T12:07:13.250Z"],
    ["500 ms", "once 2026-11-21T10:07:13.750Z"],
    ["1w 2d 3h 4m 5s", "once 2026-11-30T13:11:18.250Z"],
  ])("items add up: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["10", "refused ambiguous"],
    ["2m30", "refused ambiguous"],
    ["1M", "refused ambiguous"],
    ["1,5 hours", "refused ambiguous"],
  ])("what has two readings: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["5 foo", "refused not_understood"],
    ["10 bananas", "refused not_understood"],
    ["1constructor", "refused not_understood"],
  ])("no unit is read by its beginning: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["1h 1h", "refused contradiction"],
    ["in -5 minutes", "refused past"],
    ["in 1.5 months", "refused out_of_range"],
    ["2H", "refused not_understood"],
  ])("repeated units, signs, fractions of months: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });
});
