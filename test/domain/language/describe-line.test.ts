/** Canonical lines taken apart. */
import { describe, expect, it } from "vitest";
import { listed, parseLine, rangeOf, stepOf } from "../../../src/domain/language/describe-line.ts";

describe("a line", () => {
  it("has seconds of 0 when it has five fields", () => {
    expect(parseLine("0 9 * * MON")).toEqual({
      second: "0",
      minute: "0",
      hour: "9",
      monthDay: "*",
      month: "*",
      weekday: "MON",
    });
    expect(parseLine("15 0 9 * * MON").second).toBe("15");
  });

  it("has fields that are lists, steps or ranges", () => {
    expect([listed("0,30"), listed("*/5"), listed("9-17")]).toEqual([[0, 30], undefined, undefined]);
    expect([stepOf("*"), stepOf("*/5"), stepOf("0")]).toEqual([1, 5, undefined]);
    expect([rangeOf("9-17/2"), rangeOf("9"), rangeOf("9,10")]).toEqual([
      { from: 9, to: 17, step: 2 },
      { from: 9, to: 9, step: 1 },
      undefined,
    ]);
  });
});
