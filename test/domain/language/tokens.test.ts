/** Tokens keep their place in the text. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isListedName } from "../../../src/domain/language/lexicon.ts";
import { tokenize } from "../../../src/domain/language/tokens.ts";

const kinds = (text: string): string[] =>
  tokenize(text, isListedName).map(({ kind, text: typed }) => `${kind} ${typed}`);

describe("tokens", () => {
  it("tell words, numbers, ordinals, clocks, zones and marks apart", () => {
    expect(kinds("Every 15th, 9:30 p.m. 1.5h Europe/Berlin")).toEqual([
      "word every",
      "ordinal 15th",
      "mark ,",
      "clock 9:30",
      "word pm",
      "number 1.5",
      "word h",
      "zone Europe/Berlin",
    ]);
  });

  it("take a slash between weekdays for a list", () => {
    expect(kinds("Mon/Wed")).toEqual(["word mon", "mark /", "word wed"]);
  });

  it("are in order, do not overlap and stay inside any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
        let end = 0;
        for (const token of tokenize(text, isListedName)) {
          expect(token.start).toBeGreaterThanOrEqual(end);
          expect(token.end).toBeGreaterThan(token.start);
          end = token.end;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
