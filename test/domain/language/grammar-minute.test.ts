/** Marks inside the hour. */
import { describe, expect, it } from "vitest";
import { meaningOf } from "./tables.ts";

describe("minutes past the hour", () => {
  it.each([
    ["at minute 5", "cron 5 * * * *"],
    ["at 5 and 35 minutes past every hour", "cron 5,35 * * * *"],
    ["on the half hour", "cron 30 * * * *"],
    ["at quarter past every hour", "cron 15 * * * *"],
    ["at quarter to the hour", "cron 45 * * * *"],
    ["at 10 minutes before the hour", "cron 50 * * * *"],
    ["at the top of every hour", "cron 0 * * * *"],
    ["every hour at half past", "cron 30 * * * *"],
  ])("marks are minutes of every hour: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["every 2 hours at minute 30", "cron 30 */2 * * *"],
    ["every 5 minutes at minute 3", "refused contradiction"],
    ["every day at 9am at minute 5", "refused contradiction"],
    ["at minute 60", "refused out_of_range"],
  ])("marks go with whole hours only: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });
});
