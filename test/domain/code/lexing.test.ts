import { describe, expect, it } from "vitest";
import { lex, withoutAttributes } from "../../../src/domain/code/lexing.ts";
import { offsetOf, placeAt } from "../../../src/domain/code/place.ts";

describe("a text that is no module", () => {
  it("is told with the place where it stops being one", () => {
    expect(lex("a.js", "export const a = 1;\nimport { from 'x';")).toMatchObject({
      ok: false,
      error: { module: "a.js", line: 2 },
    });
  });
});

describe("import attributes", () => {
  const CLAUSE = / with \{[^}]*\}(?=;)/;

  it.each([
    'import a from "./a.json" with { type: "json" };\na;',
    'import a from "./a.json" with {\n  type: "json" };',
    'export { default as a } from "./a.json" with { type: "json" };',
    "import a from './a.json' with {type:'json'};",
  ])("are blanked, and every line and column stays: %s", (text) => {
    expect(withoutAttributes(text)).toBe(text.replace(CLAUSE, (clause) => clause.replace(/[^\n]/g, " ")));
  });

  it.each(["const s = 'with { type }'; import b from './b.js';", "with is no module {{{"])(
    "are all that is blanked: %s",
    (text) => {
      expect(withoutAttributes(text)).toBe(text);
    },
  );
});

describe("a place", () => {
  const text = "one\ntwo\n\nfour";
  it.each([
    [0, 1, 1],
    [2, 1, 3],
    [4, 2, 1],
    [8, 3, 1],
    [12, 4, 4],
  ])("of the offset %i is line %i, column %i, and back", (offset, line, column) => {
    expect(placeAt("a.js", text, offset)).toEqual({ module: "a.js", line, column });
    expect(offsetOf(text, { line, column })).toBe(offset);
  });

  it("beyond the text is its end", () => {
    expect(offsetOf(text, { line: 9, column: 9 })).toBe(text.length);
  });
});
