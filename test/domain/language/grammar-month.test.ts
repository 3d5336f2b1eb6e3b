/** Months limit, a month with a day comes once a year. */
import { describe, expect, it } from "vitest";
import { meaningOf } from "./tables.ts";

describe("months and days of the year", () => {
  it.each([
    ["every day at 9am in January", "cron 0 9 * 1 *"],
    ["daily from November to February", "cron 0 0 * 1,2,11,12 *"],
    ["every Monday in June", "cron 0 0 * 6 MON"],
  ])("months limit: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["every January", "cron 0 0 1 1 *"],
    ["every March at 9am", "cron 0 9 1 3 *"],
  ])("every month name is its first: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["every year on March 5", "cron 0 0 5 3 *"],
    ["every 4th of July at noon", "cron 0 12 4 7 *"],
    ["every jan 1 and jul 1", "cron 0 0 1 1,7 *"],
    ["on February 29 every year", "cron 0 0 29 2 *"],
    ["every March 5 and April 6", "cron 0 0 5 3 * | 0 0 6 4 *"],
  ])("days of the year: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["every February 30", "refused impossible"],
    ["every 31 April", "refused impossible"],
    ["32 January 2027", "refused out_of_range"],
  ])("days that the month has not: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([["March 5 at noon", "once 2027-03-05T12:00:00.000Z"]])(
    "without every it is a date: %s is %s",
    (text, expected) => {
      expect(meaningOf(text)).toBe(expected);
    },
  );
});
