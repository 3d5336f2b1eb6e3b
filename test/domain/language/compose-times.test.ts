/** Times of day become lines whose product is exactly the list. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { timeLines } from "../../../src/domain/language/compose-times.ts";

describe("times of day", () => {
  it("share a line where they share their minutes", () => {
    expect(timeLines([9 * 3_600 + 900, 17 * 3_600 + 900])).toEqual([{ second: "0", minute: "15", hour: "9,17" }]);
    expect(timeLines([9 * 3_600, 9 * 3_600 + 1_800])).toEqual([{ second: "0", minute: "0,30", hour: "9" }]);
  });

  it("are exactly those of the lines, for any list", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(86_399), { minLength: 1, maxLength: 24 }), (times) => {
        const expanded = timeLines(times).flatMap(({ second, minute, hour }) =>
          hour
            .split(",")
            .flatMap((h) => minute.split(",").map((m) => Number(h) * 3_600 + Number(m) * 60 + Number(second))),
        );
        expect(expanded.sort((a, b) => a - b)).toEqual(times.sort((a, b) => a - b));
      }),
    );
  });
});
