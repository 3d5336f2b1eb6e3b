import { describe, expect, it } from "vitest";
import { MODULES_MAX, MODULES_MAX_BYTES, readModules } from "../../../src/domain/code/modules.ts";

const FINE = { "index.js": "export {};" };
const pathsOf = (texts: Record<string, string>, main?: string) => {
  const read = readModules(texts, main);
  return read.ok ? read.value.main : read.error.map(({ path }) => path);
};

describe("the main module", () => {
  it("is the one that is named, else index.js, else the only one", () => {
    expect(pathsOf({ ...FINE, "b.js": "" }, "b.js")).toBe("b.js");
    expect(pathsOf({ ...FINE, "b.js": "" })).toBe("index.js");
    expect(pathsOf({ "lib/jobs.mjs": "" })).toBe("lib/jobs.mjs");
  });

  it("is refused when it is not there, or has no exports", () => {
    expect(pathsOf({ "a.js": "", "b.js": "" })).toEqual(["/main"]);
    expect(pathsOf(FINE, "b.js")).toEqual(["/main"]);
    expect(pathsOf({ "a.json": "{}" })).toEqual(["/main"]);
  });
});

describe("a module's name", () => {
  it.each(["a.js", "lib/a.mjs", "a/b/c.json", "some.thing.txt", "@scope/x_y-z.js", "..a.js"])("may be %s", (name) => {
    expect(pathsOf({ ...FINE, [name]: "{}" })).toBe("index.js");
  });

  it.each([
    "",
    "a",
    "a.ts",
    "/a.js",
    "./a.js",
    "../a.js",
    "a/../b.js",
    "a//b.js",
    "a/",
    "a b.js",
    "é.js",
    "a\\b.js",
    ".js/x",
    "x".repeat(300),
  ])("may not be %j", (name) => {
    expect(pathsOf({ ...FINE, [name]: "" })).toHaveLength(1);
  });

  it.each(["__carillon.js", "lib/__carillon.js", "__carillon_x.mjs"])("%s is the platform's", (name) => {
    expect(pathsOf({ ...FINE, [name]: "" })).toEqual([`/modules/${name.replace("/", "~1")}`]);
  });
});

describe("modules all together", () => {
  it("are at least one, and no more than so many", () => {
    expect(pathsOf({})).toEqual(["/modules"]);
    const many = Object.fromEntries(Array.from({ length: MODULES_MAX }, (_, index) => [`m${index}.js`, ""]));
    expect(pathsOf(many, "m0.js")).toBe("m0.js");
    expect(pathsOf({ ...many, ...FINE })).toEqual(["/modules"]);
  });

  it("have no more than so many bytes, counted in UTF-8", () => {
    expect(pathsOf({ "index.js": "x".repeat(MODULES_MAX_BYTES) })).toBe("index.js");
    expect(pathsOf({ "index.js": "é".repeat(MODULES_MAX_BYTES / 2 + 1) })).toEqual(["/modules"]);
  });

  it("are JSON where they say so", () => {
    expect(pathsOf({ ...FINE, "a.json": "{ no" })).toEqual(["/modules/a.json"]);
  });
});
