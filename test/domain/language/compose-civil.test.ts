/** Counted on the calendar of the zone from the first one after now. */
import { describe, expect, it } from "vitest";
import { BERLIN, meaningOf, notesOf, UTC } from "./tables.ts";

describe("every n days or weeks", () => {
  it.each([
    ["every other day at 9am", "every 2 days from 2026-11-22 at 32400"],
    ["every other day at noon", "every 2 days from 2026-11-21 at 43200"],
    ["every 2 days at 9am and 5pm", "every 2 days from 2026-11-21 at 32400,61200"],
  ])("the first is today while a time is left: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["every 2 weeks on Monday", "every 2 weeks from 2026-11-23 on 1 at 0"],
    ["every other week", "every 2 weeks from 2026-11-16 on 0 at 0"],
    ["fortnightly on Saturday at noon", "every 2 weeks from 2026-11-16 on 6 at 43200"],
  ])("weeks begin on Monday: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["every other day in June", "refused unsupported"],
    ["every 3 days on Monday", "refused unsupported"],
    ["every 2 weeks on the 1st", "refused unsupported"],
    ["every 9999 days", "refused out_of_range"],
  ])("limits are refused: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it("names the first one", () => {
    expect(notesOf("every 2 weeks on Monday at 9am")).toEqual([
      "The first one is Monday, 2026-11-23, at 9:00 AM; every 2 weeks are counted from it.",
    ]);
  });

  it("counts from the anchor when there is one, in the zone", () => {
    const anchor = Date.UTC(2027, 0, 31, 23, 30);
    expect(meaningOf("every 3 days at noon", { ...BERLIN, anchor })).toBe("every 3 days from 2027-02-01 at 43200");
    expect(meaningOf("every 3 days at noon", { ...UTC, anchor })).toBe("every 3 days from 2027-02-01 at 43200");
    expect(meaningOf("every 3 days at 23:45", { ...UTC, anchor })).toBe("every 3 days from 2027-01-31 at 85500");
  });
});
