/** Fractions in the last part only. */
import { describe, expect, it } from "vitest";
import { meaningOf } from "./tables.ts";

describe("ISO 8601 durations", () => {
  it.each([
    ["PT1H30M", "once 2026-11-21T11:37:13.250Z"],
    ["P1M", "once 2026-12-21T10:07:13.250Z"],
    ["PT0.5H", "once 2026-11-21T10:37:13.250Z"],
    ["pt90s", "once 2026-11-21T10:08:43.250Z"],
  ])("parts add up: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["P1.5DT1H", "refused not_understood"],
    ["PT", "refused not_understood"],
    ["P1DT", "refused not_understood"],
    ["P1.5M", "refused not_understood"],
    ["P20Y", "refused out_of_range"],
  ])("other shapes are refused: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });
});
