/** What goes together and what contradicts. */
import { describe, expect, it } from "vitest";
import { meaningOf } from "./tables.ts";

describe("composing", () => {
  it.each([
    ["every day at 18:15 and 20:45", "cron 15 18 * * * | 45 20 * * *"],
    ["every day at 9:00 and 9:30", "cron 0,30 9 * * *"],
  ])("several lines say what one cannot: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["every day at 9am every hour", "refused contradiction"],
    ["every 5 minutes at 9am", "refused contradiction"],
  ])("two frequencies contradict: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([["every 10 minutes every day", "cron */10 * * * *"]])(
    "a redundant every day is let pass: %s is %s",
    (text, expected) => {
      expect(meaningOf(text)).toBe(expected);
    },
  );
});
