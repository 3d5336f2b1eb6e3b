import { describe, expect, it } from "vitest";
import { compareFunctions, compareModules } from "../../../src/domain/code/comparison.ts";
import type { FunctionSpec } from "../../../src/domain/function.ts";

const fn = (name: string, more: Partial<FunctionSpec> = {}): FunctionSpec => ({
  name,
  kind: "code",
  export: name,
  ...more,
});

describe("the functions of two versions", () => {
  it("are told apart as added, removed and changed by their fields", () => {
    const from = [fn("a"), fn("b", { schedule: "hourly", retry: 3 }), fn("c")];
    const to = [fn("b", { schedule: "daily", retry: { attempts: 3 } }), fn("c"), fn("d")];
    expect(compareFunctions(from, to)).toEqual({
      added: ["d"],
      removed: ["a"],
      changed: [{ name: "b", fields: ["schedule", "retry"] }],
      reordered: false,
    });
  });

  it("may be the same in another order", () => {
    expect(compareFunctions([fn("a"), fn("b"), fn("c")], [fn("c"), fn("a"), fn("b")])).toMatchObject({
      changed: [],
      reordered: true,
    });
  });
});

describe("the modules of two versions", () => {
  it("are told apart by their lines", () => {
    const from = { "a.js": "one\ntwo\nthree\n", "b.js": "same", "c.js": "gone" };
    const { added, removed, changed } = compareModules(from, {
      "a.js": "one\n2\nthree\n",
      "b.js": "same",
      "d.js": "new",
    });
    expect([added, removed]).toEqual([["d.js"], ["c.js"]]);
    expect(changed).toEqual([{ name: "a.js", diff: expect.stringContaining("-two\n+2\n") }]);
    expect(changed[0]?.diff).toContain("--- a/a.js");
  });

  it("that have little in common get no diff, and soon", () => {
    const lines = (seed: string) => Array.from({ length: 50_000 }, (_, index) => `${seed}${index}`).join("\n");
    const begun = performance.now();
    expect(compareModules({ "a.js": lines("x") }, { "a.js": lines("y") }).changed).toEqual([
      { name: "a.js", diff: null },
    ]);
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  it("have no diff that is longer than anybody reads", () => {
    const { changed } = compareModules({ "a.js": "x" }, { "a.js": "y".repeat(500_000) });
    expect(changed).toEqual([{ name: "a.js", diff: null }]);
  });
});
