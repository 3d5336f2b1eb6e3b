/** Our own pattern: parts must exist. */
import { describe, expect, it } from "vitest";
import { BERLIN, meaningOf, notesOf } from "./tables.ts";

describe("ISO 8601", () => {
  it.each([
    ["2027-01-15T10:30:00Z", "once 2027-01-15T10:30:00.000Z"],
    ["2027-01-15T10:30:00+05:30", "once 2027-01-15T05:00:00.000Z"],
    ["2027-01-15T10:30:00.123456789Z", "once 2027-01-15T10:30:00.123Z"],
    ["2027-01-15T10:30-14:00", "once 2027-01-16T00:30:00.000Z"],
  ])("instants: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["2027-02-29T10:00:00Z", "refused impossible"],
    ["2027-04-31", "refused impossible"],
    ["2027-01-15T24:00:00Z", "refused out_of_range"],
    ["2027-01-15T10:30:00+14:01", "refused out_of_range"],
    ["2027-01-15T10:30:00.1234567890Z", "refused not_understood"],
    ["2027-1-5", "refused not_understood"],
  ])("parts that do not exist: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["2024-01-15T10:30:00Z", "refused past"],
    ["2026-11-21T10:07:13.250Z", "refused past"],
    ["2026-11-21T10:07:13.251Z", "once 2026-11-21T10:07:13.251Z"],
  ])("what is over: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it("resolves a local datetime in the zone, with a note in a gap and in a fold", () => {
    expect(meaningOf("2027-07-15 10:30", BERLIN)).toBe("once 2027-07-15T08:30:00.000Z");
    expect(meaningOf("2027-03-28T02:30", BERLIN)).toBe("once 2027-03-28T01:00:00.000Z");
    expect(notesOf("2027-03-28T02:30", BERLIN).join()).toContain("skipped");
    expect(meaningOf("2027-10-31T02:30", BERLIN)).toBe("once 2027-10-31T00:30:00.000Z");
    expect(notesOf("2027-10-31T02:30", BERLIN).join()).toContain("twice");
  });

  it("reads a zone after a local datetime", () => {
    expect(meaningOf("2027-01-15 10:30 Europe/Berlin")).toBe("once 2027-01-15T09:30:00.000Z");
  });
});
