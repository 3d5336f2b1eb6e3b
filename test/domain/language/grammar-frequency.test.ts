/** How often, in numbers, words and adverbs. */
import { describe, expect, it } from "vitest";
import { meaningOf } from "./tables.ts";

describe("frequencies", () => {
  it.each([
    ["every 15 seconds", "cron */15 * * * * *"],
    ["every five minutes", "cron */5 * * * *"],
    ["every 12h", "cron 0 */12 * * *"],
    ["every other hour", "cron 0 */2 * * *"],
    ["every second hour", "cron 0 */2 * * *"],
    ["every half hour", "cron */30 * * * *"],
  ])("what divides its unit is a step: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["every 45 minutes", "every 2700 s"],
    ["every hour and a half", "every 5400 s"],
    ["every 1h 30m", "every 5400 s"],
    ["every 24 hours", "every 86400 s"],
  ])("what does not divide it is an interval: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["every 60 minutes", "cron 0 * * * *"],
    ["every 60 seconds", "cron * * * * *"],
    ["every 12 months", "cron 0 0 1 1 *"],
  ])("a whole unit is that unit: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["hourly", "cron 0 * * * *"],
    ["nightly", "cron 0 0 * * *"],
    ["quarterly", "cron 0 0 1 */3 *"],
    ["everyday at noon", "cron 0 12 * * *"],
    ["once a week on Monday", "cron 0 0 * * MON"],
  ])("adverbs are frequencies: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["every 2nd day", "refused ambiguous"],
    ["every second day", "refused ambiguous"],
    ["every second of the month", "refused ambiguous"],
    ["every 4M", "refused ambiguous"],
  ])("n-th is refused where it may be a date: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["every 0 minutes", "refused out_of_range"],
    ["every -5 minutes", "refused out_of_range"],
    ["every 1.5 days", "refused out_of_range"],
    ["every 100000 hours", "refused out_of_range"],
  ])("a count must be positive: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });
});
