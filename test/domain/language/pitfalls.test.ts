/** Each names what was said and offers what is accepted. */
import { describe, expect, it } from "vitest";
import { meaningOf, refusalOf } from "./tables.ts";

describe("phrases refused on purpose", () => {
  it.each([
    ["biweekly", "refused ambiguous"],
    ["bimonthly", "refused ambiguous"],
    ["twice a week", "refused ambiguous"],
    ["every business day", "refused ambiguous"],
    ["1/2/2024", "refused ambiguous"],
  ])("two meanings: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["every day until Friday", "refused unsupported"],
    ["every day starting tomorrow", "refused unsupported"],
    ["every hour for 3 days", "refused unsupported"],
    ["every day except Monday", "refused unsupported"],
  ])("fields of the schedule, not words: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it("quotes the part and its place", () => {
    expect(refusalOf("every hour during business hours")).toMatchObject({ position: 18, length: 14 });
  });
});
