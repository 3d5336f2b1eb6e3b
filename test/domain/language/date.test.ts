/** chrono-node is believed only for the whole text, in the zone, in the future. */
import { describe, expect, it } from "vitest";
import { meaningOf, NEW_YORK, notesOf, refusalOf } from "./tables.ts";

describe("one-time dates", () => {
  it.each([
    ["tomorrow at 9am", "once 2026-11-22T09:00:00.000Z"],
    ["this Friday at 5pm", "once 2026-11-27T17:00:00.000Z"],
    ["this Saturday at 9am", "once 2026-11-28T09:00:00.000Z"],
    ["this Saturday at noon", "once 2026-11-21T12:00:00.000Z"],
    ["March 5 at noon", "once 2027-03-05T12:00:00.000Z"],
    ["February 29 at 9am", "once 2028-02-29T09:00:00.000Z"],
    ["day after tomorrow at 9am", "once 2026-11-23T09:00:00.000Z"],
  ])("dates and days: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["next Friday at 5pm", "once 2026-11-27T17:00:00.000Z"],
    ["next Sunday at noon", "refused ambiguous"],
  ])("next is accepted when its readings agree: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["3 days from today at 9am", "refused not_understood"],
    ["tomorrow at 9am and 5pm", "refused not_understood"],
    ["midnight tonight", "refused ambiguous"],
  ])("half understood is not understood: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["next month", "refused ambiguous"],
    ["tonight", "refused ambiguous"],
    ["January", "refused ambiguous"],
  ])("no day or no time: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["yesterday", "refused past"],
    ["today at 9am", "refused past"],
    ["now", "refused past"],
    ["20 minutes ago", "refused past"],
  ])("what is over: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([["Monday, December 25, 2026 at 9am", "refused contradiction"]])(
    "a weekday that is not that date's: %s is %s",
    (text, expected) => {
      expect(meaningOf(text)).toBe(expected);
    },
  );

  it("puts wall-clock parts into the zone at the date, not at the reference", () => {
    expect(meaningOf("March 20 at 9am", NEW_YORK)).toBe("once 2027-03-20T13:00:00.000Z");
    expect(meaningOf("December 20 at 9am", NEW_YORK)).toBe("once 2026-12-20T14:00:00.000Z");
  });

  it("offers both dates of an ambiguous next", () => {
    expect(refusalOf("next Sunday at noon").suggestions).toEqual(["2026-11-22 at 12:00 PM", "2026-11-29 at 12:00 PM"]);
  });

  it("notes that no time was given", () => {
    expect(notesOf("tomorrow")).toEqual(["No time was given: it runs at 00:00."]);
  });
});
