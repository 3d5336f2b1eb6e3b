import { describe, expect, it } from "vitest";
import { authorsFrames } from "../../../src/domain/code/stack.ts";

const MODULES = new Set(["index.js", "lib/a.js"]);

describe("a stack trace", () => {
  it("is cut to the author's own frames", () => {
    const stack = `TypeError: no (index.js:1:1)
    at index.js:1:46
    at Array.map (<anonymous>)
    at new Promise (<anonymous>)
    at K.load (lib/a.js:12:9)
    at async Module.dailyReport (index.js:3:29)
    at async index.js:4:1
    at Module.work [as handler] (index.js:5:2)
    at setTimeout (node-internal:internal_timers:104:12)
    at async Session.call (__carillon.js:7:61)
    at evil (other.js:1:1)`;
    expect(authorsFrames(stack, MODULES).split("\n".replace("\\\n", "\n"))).toEqual(
      [
        [
          "index.js:1:46",
          "K.load (lib/a.js:12:9)",
          "dailyReport (index.js:3:29)",
          "index.js:4:1",
          "work (index.js:5:2)",
        ].join("\n"),
      ].flatMap((text) => text.split("\n")),
    );
  });

  it("without any of them, or none at all, is empty", () => {
    expect(authorsFrames("Error: x\n    at Session.call (__carillon.js:7:61)", MODULES)).toBe("");
    expect(authorsFrames("", MODULES)).toBe("");
  });

  it("has twenty frames at most, and no endless names", () => {
    const stack = Array.from({ length: 500 }, () => `    at ${"x".repeat(5_000)} (index.js:1:1)`).join("\n");
    expect(authorsFrames(stack, MODULES).split("\n")).toHaveLength(20);
    expect(authorsFrames(stack, MODULES).length).toBeLessThan(3_000);
  });
});
