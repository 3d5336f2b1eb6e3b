/** IANA zones are read, abbreviations and offsets are not. */
import { describe, expect, it } from "vitest";
import { meaningOf, refusalOf } from "./tables.ts";

describe("a zone in the text", () => {
  it.each([
    ["9am UTC every day", "cron 0 9 * * *"],
    ["every day at 9am (Europe/Paris)", "cron 0 9 * * *"],
  ])("zones stand anywhere: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["every day at 9am EST", "refused unknown_zone"],
    ["tomorrow at 9am PST", "refused unknown_zone"],
  ])("abbreviations are many zones: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([["every day at 9am GMT+2", "refused unsupported"]])("an offset is no zone: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it("names the zone that an abbreviation is likely meant for", () => {
    expect(refusalOf("every day at 9am CET").suggestions).toEqual(["every day at 9:00 am in Europe/Berlin"]);
  });
});
