import { describe, expect, it } from "vitest";
import { importIssues } from "../../../src/domain/code/imports.ts";
import { lex } from "../../../src/domain/code/lexing.ts";

const OTHERS = { "b.js": "", "lib/c.js": "", "data.json": "{}", "lib/index.js": "" };

function issuesOf(text: string, module = "index.js") {
  const lexed = lex(module, text);
  if (!lexed.ok) throw new Error("Not a module");
  return importIssues(module, { ...OTHERS, [module]: text }, lexed.value);
}

describe("an import", () => {
  it.each([
    'import { fn } from "carillon";',
    'import "./b.js";',
    'export * from "./lib/c.js";',
    'import data from "./data.json" with { type: "json" };',
    'import { readFile } from "node:fs/promises";',
    'await import("./b.js");',
    `const name = "./x.js"; await import(name); await import("./" + name);`,
    "console.log(import.meta.url); // import 'no.js'",
  ])("is fine: %s", (text) => {
    expect(issuesOf(text)).toEqual([]);
  });

  it("is looked up beside the module that it stands in", () => {
    expect(issuesOf('import "../b.js"; import "./c.js";', "lib/d.js")).toEqual([]);
    expect(issuesOf('import "./b.js";', "lib/d.js")).toHaveLength(1);
    expect(issuesOf('import "../../b.js";', "lib/d.js")).toHaveLength(1);
  });

  it.each([
    ['import "./nope.js";', /no such module/, undefined],
    ['import "./b";', /no such module/, "./b.js"],
    ['import "./lib";', /no such module/, "./lib/index.js"],
    ['import "b.js";', /relative path/, "./b.js"],
    ['import fs from "fs";', /prefix/, "node:fs"],
    ['import { connect } from "cloudflare:sockets";', /no bindings/, undefined],
    ['import { env } from "cloudflare:workers";', /no bindings/, undefined],
    ['import _ from "lodash";', /not installed/, undefined],
    ['import "https://example.com/x.js";', /not installed/, undefined],
    ['import "/b.js";', /not installed/, undefined],
    ['await import("cloudflare:sockets");', /no bindings/, undefined],
  ])("is refused: %s", (text, message, suggestion) => {
    const [issue] = issuesOf(text);
    expect(issue?.message).toMatch(message);
    expect(issue?.suggestion).toBe(suggestion);
  });

  it("is refused with its module, line and column, and its offset", () => {
    expect(issuesOf('\n\nimport "./nope.js";')).toMatchObject([
      {
        path: "/modules/index.js",
        position: 10,
        message: expect.stringMatching(/^index\.js:3:9 imports ".\/nope\.js"/),
      },
    ]);
  });
});
