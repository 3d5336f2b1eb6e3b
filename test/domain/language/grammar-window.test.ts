/** Which hours a window covers. */
import { describe, expect, it } from "vitest";
import { meaningOf, notesOf } from "./tables.ts";

describe("windows of the day", () => {
  it.each([
    ["every hour from 9 to 5", "cron 0 9-17 * * *"],
    ["every 15 minutes 9am-5pm", "cron */15 9-16 * * *"],
    ["every hour 9-17", "cron 0 9-17 * * *"],
    ["every hour from 22 to 2", "cron 0 0-2,22-23 * * *"],
  ])("both ends are read: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([["every hour from 1 to 5pm", "refused ambiguous"]])(
    "an unclear start is refused: %s is %s",
    (text, expected) => {
      expect(meaningOf(text)).toBe(expected);
    },
  );

  it.each([["on weekdays from 9 to 5", "refused not_understood"]])(
    "a window needs a frequency: %s is %s",
    (text, expected) => {
      expect(meaningOf(text)).toBe(expected);
    },
  );

  it("says how an end without am or pm was read", () => {
    expect(notesOf("every hour from 9 to 5").join()).toContain("17:00");
  });
});
