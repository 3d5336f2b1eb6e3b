import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDuration } from "../../../src/domain/language/duration.ts";
import { durationText } from "../../../src/domain/language/duration-text.ts";
import { DAY_MS } from "../../../src/domain/time/instant.ts";

describe("the text of a length of time", () => {
  it("says it in as few units as it takes", () => {
    expect([1_000, 90_000, 5_400_000, DAY_MS].map(durationText)).toEqual([
      "1 second",
      "1 minute 30 seconds",
      "1 hour 30 minutes",
      "1 day",
    ]);
  });

  it("is read back as the same length", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 365 * DAY_MS }), (length) => {
        expect(readDuration(durationText(length), { now: 0, timezone: "UTC" })).toEqual({ ok: true, value: length });
      }),
    );
  });
});
