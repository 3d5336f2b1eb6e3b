/** The end is left out, unless it is a run of an hourly frequency. */
import { describe, expect, it } from "vitest";
import { meaningOf, notesOf } from "./tables.ts";

describe("a frequency inside a window", () => {
  it.each([
    ["every 10 minutes between 9am and 5pm", "cron */10 9-16 * * *"],
    ["Every 30 minutes, between 09:00 AM and 05:59 PM", "cron */30 9-17 * * *"],
    ["every 10 minutes from noon to midnight", "cron */10 12-23 * * *"],
  ])("minutes leave the end out: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["every hour from 9:30 to 17:30", "cron 30 9-17 * * *"],
    ["every 2 hours from 8am to 8pm", "cron 0 8-20/2 * * *"],
    ["every hour from 9 to 17:20", "cron 0 9-17 * * *"],
  ])("hours keep an end that is a run: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([["every 10 minutes between 9:30 and 17:00", "cron 30-50/10 9 * * * | */10 10-16 * * *"]])(
    "hours that the window cuts have lines of their own: %s is %s",
    (text, expected) => {
      expect(meaningOf(text)).toBe(expected);
    },
  );

  it.each([
    ["every 10 minutes from 9:05 to 17:00", "refused unsupported"],
    ["every 10 minutes from 9am to 9am", "refused unsupported"],
    ["every hour from 22 to 2 on Friday", "refused ambiguous"],
  ])("what does not fit is refused: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it("names the last run of the day", () => {
    expect(notesOf("every 10 minutes between 9am and 5pm")).toEqual(["The last run of the day is at 4:50 PM."]);
    expect(notesOf("every hour from 22 to 2").at(-1)).toBe("The last run of the day is at 2:00 AM.");
  });
});
