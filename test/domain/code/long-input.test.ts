/**
 * Reading what is uploaded takes no longer than it is long: what grows with the square of its length would hold up every
 * tenant of the isolate. Each input here would take minutes if it did, and the test would be ended before.
 */
import { expect, it } from "vitest";
import { compareModules } from "../../../src/domain/code/comparison.ts";
import { exportsInOrder } from "../../../src/domain/code/exports.ts";
import { importIssues } from "../../../src/domain/code/imports.ts";
import { lex, withoutAttributes } from "../../../src/domain/code/lexing.ts";
import { functionNameOf } from "../../../src/domain/code/names.ts";

const MANY = 150_000;

const lexed = (text: string) => {
  const read = lex("index.js", text);
  if (!read.ok) throw new Error("It is no module.");
  return read.value;
};

it("finds the places of very many exports", () => {
  const text = Array.from({ length: MANY }, (_, index) => `export const a${index} = 1;\n`).join("");
  const found = exportsInOrder("index.js", { "index.js": text }, new Map([["index.js", lexed(text)]]));
  expect(found.at(-1)).toEqual({
    name: `a${MANY - 1}`,
    place: { module: "index.js", line: MANY, column: "export const ".length + 1 },
  });
});

it("tells of the first of very many imports that lead nowhere", () => {
  const text = Array.from({ length: MANY }, () => 'import "./nowhere.js";\n').join("");
  const issues = importIssues("index.js", { "index.js": text }, lexed(text));
  expect(issues).toHaveLength(50);
  expect(issues.at(-1)?.message).toContain("index.js:50:");
});

it("blanks very many import attributes, and nothing else", () => {
  const clause = 'import "./a.json" with { type: "json" };\n';
  const blank = `import "./a.json"${" ".repeat(' with { type: "json" }'.length)};\n`;
  expect(withoutAttributes(clause.repeat(20_000))).toBe(blank.repeat(20_000));
});

it("makes a name of very many capitals", () => {
  expect(functionNameOf(`${"A".repeat(2_000_000)}b`)).toBe(`${"a".repeat(1_999_999)}-ab`);
});

it("gives up the differences of modules that have nothing in common", () => {
  const text = (word: string) => Array.from({ length: 20_000 }, (_, index) => `${word} ${index}`).join("\n");
  const modules = (word: string) => Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`m${n}.js`, text(word)]));
  const { changed } = compareModules(modules("old"), modules("new"));
  expect(changed.every(({ diff }) => diff === null)).toBe(true);
});
