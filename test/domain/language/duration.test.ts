/** Durations as instants: elapsed for weeks and less, the calendar of the zone for months and years. */
import { describe, expect, it } from "vitest";
import { readDuration } from "../../../src/domain/language/duration.ts";
import { toIso } from "../../../src/domain/time/instant.ts";

const at = (text: string, now: string, timezone = "UTC"): string => {
  const reading = readDuration(text, { now: Date.parse(now), timezone });
  return reading.ok ? toIso(reading.value) : reading.error.reason;
};

describe("a duration", () => {
  it("of days is elapsed time across a clock change", () => {
    expect(at("1 day", "2026-03-28T12:00:00Z", "Europe/Berlin")).toBe("2026-03-29T12:00:00.000Z");
  });

  it("of months keeps the wall clock and clamps the day", () => {
    expect(at("1 month", "2027-01-31T10:00:00Z")).toBe("2027-02-28T10:00:00.000Z");
    expect(at("1 year", "2028-02-29T10:00:00Z")).toBe("2029-02-28T10:00:00.000Z");
    expect(at("1 month", "2026-03-15T12:00:00Z", "Europe/Berlin")).toBe("2026-04-15T11:00:00.000Z");
  });

  it("leads forward by at least a moment and at most ten years", () => {
    expect(at("0 minutes", "2026-01-01T00:00:00Z")).toBe("out_of_range");
    expect(at("10 years", "2026-01-01T00:00:00Z")).toBe("2036-01-01T00:00:00.000Z");
    expect(at("10 years 1 second", "2026-01-01T00:00:00Z")).toBe("out_of_range");
    expect(at(`${"9".repeat(200)} years`, "2026-01-01T00:00:00Z")).toBe("out_of_range");
  });

  it("is refused when it is anything else", () => {
    for (const text of ["", "tomorrow", "every day", "*/5 * * * *"])
      expect(at(text, "2026-01-01T00:00:00Z")).toBe("not_understood");
  });
});
