/** The small steps of the grammar. */
import { describe, expect, it } from "vitest";
import { isListedName } from "../../../src/domain/language/lexicon.ts";
import { follow, readNumber, readOrdinal, readPieces, skip, skipJoins } from "../../../src/domain/language/scan.ts";
import { tokenize } from "../../../src/domain/language/tokens.ts";

const tokens = (text: string) => tokenize(text, isListedName);

describe("scanning", () => {
  it("skips a word only when it stands there", () => {
    expect(skip(tokens("on monday"), 0, "on", "at")).toBe(1);
    expect(skip(tokens("monday"), 0, "on", "at")).toBe(0);
    expect(skip([], 4, "on")).toBe(4);
  });

  it("follows several words or none", () => {
    expect(follow(tokens("of every month"), 0, "of|in the|every month")).toBe(3);
    expect(follow(tokens("of every week"), 0, "of|in the|every month")).toBeUndefined();
  });

  it("reads numbers and ordinals in digits and words", () => {
    expect(readNumber(tokens("1.5"), 0)?.value).toBe(1.5);
    expect(readNumber(tokens("twelve"), 0)?.value).toBe(12);
    expect(readOrdinal(tokens("22nd"), 0)?.value).toBe(22);
    expect(readOrdinal(tokens("third"), 0)?.value).toBe(3);
    expect(readNumber(tokens("1st"), 0)).toBeUndefined();
  });

  it("leaves a join alone that no further item follows", () => {
    const list = readPieces(tokens("1st, 5th to 7th and monday"), 0, readOrdinal);
    expect(list).toEqual({
      value: [
        { from: 1, to: 1 },
        { from: 5, to: 7 },
      ],
      next: 5,
    });
    expect(skipJoins(tokens(", and x"), 0)).toBe(2);
  });
});
