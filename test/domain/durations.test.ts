/** How long runs took: the middle one, and how tall its bar is. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { barShare, longestDuration, median, medianDuration } from "../../src/domain/durations.ts";

describe("the median", () => {
  it("is the middle one, of an even number half way between the two in the middle, and of nothing none", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 9])).toBe(3);
    expect(median([])).toBeNull();
  });

  it("has as many below as above it", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), (values) => {
        const middle = median(values) ?? Number.NaN;
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });

  it("of runs leaves out what was cut short, and what never ran", () => {
    const runs = [
      { status: "succeeded", duration: 100 },
      { status: "failed", duration: 300 },
      { status: "timed_out", duration: 60_000 },
      { status: "skipped", duration: null },
    ] as const;
    expect(medianDuration(runs)).toBe(200);
    expect(longestDuration(runs)).toBe(60_000);
  });
});

describe("a bar", () => {
  it("is never higher than its room nor too low to be seen, and never lower for a longer run", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (one, other, longest) => {
        const [lower, higher] = [barShare(Math.min(one, other), longest), barShare(Math.max(one, other), longest)];
        expect(lower).toBeLessThanOrEqual(higher);
        for (const share of [lower, higher]) expect(share > 0.1 && share <= 1).toBe(true);
      }),
    );
  });
});
