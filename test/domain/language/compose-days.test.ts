/** Defaults, either-or, and what a calendar cannot count. */
import { describe, expect, it } from "vitest";
import { meaningOf, notesOf } from "./tables.ts";

describe("the day fields", () => {
  it.each([
    ["every week", "cron 0 0 * * SUN"],
    ["every month", "cron 0 0 1 * *"],
    ["every year", "cron 0 0 1 1 *"],
    ["every quarter", "cron 0 0 1 */3 *"],
  ])("defaults: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["on the 13th or on Friday", "cron 0 0 13 * FRI"],
    ["every Friday the 13th", "refused unsupported"],
  ])("a weekday and a day of the month: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["every 5 months", "refused unsupported"],
    ["every 2 years", "refused unsupported"],
  ])("months and years that do not divide: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["monthly on Monday", "refused ambiguous"],
    ["every year on the 15th", "refused not_understood"],
  ])("one of a month without saying which: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it("notes that either matches", () => {
    expect(notesOf("on the 13th or on Friday").join()).toContain("either");
  });
});
