/** The tables of words hold what the grammar relies on. */
import { describe, expect, it } from "vitest";
import * as lexicon from "../../../src/domain/language/lexicon.ts";
import { tokenize } from "../../../src/domain/language/tokens.ts";

describe("the lexicon", () => {
  it("has each word in lower case and as one token", () => {
    for (const word of lexicon.KNOWN_WORDS) {
      expect(word).toBe(word.toLowerCase());
      expect(tokenize(word, lexicon.isListedName).map(({ text }) => text)).toEqual([word]);
    }
  });

  it("knows seven weekdays and twelve months", () => {
    expect(new Set(lexicon.WEEKDAYS.values()).size).toBe(7);
    expect(new Set(lexicon.PLURAL_WEEKDAYS.values()).size).toBe(7);
    expect(new Set(lexicon.MONTHS.values()).size).toBe(12);
  });
});
