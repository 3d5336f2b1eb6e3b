/** Near examples for what was not understood. */
import { describe, expect, it } from "vitest";
import { isListedName } from "../../../src/domain/language/lexicon.ts";
import { examplesFor, nearestWord, repair } from "../../../src/domain/language/suggest.ts";
import { tokenize } from "../../../src/domain/language/tokens.ts";
import { meaningOf, refusalOf } from "./tables.ts";

describe("suggestions", () => {
  it("put misspelt words right, one slip or two in a long word", () => {
    expect(nearestWord("evry")).toBe("every");
    expect(nearestWord("dya")).toBe("day");
    expect(nearestWord("wendesday")).toBe("wednesday");
    expect(nearestWord("xyzzy")).toBeUndefined();
    expect(repair("evry mondey at 9am", tokenize("evry mondey at 9am", isListedName))).toBe("every monday at 9am");
  });

  it("offer the repaired text when it is accepted", () => {
    expect(refusalOf("evry dya at 9am").suggestions).toEqual(["every day at 9am"]);
  });

  it("are of the kind that was typed, and accepted", () => {
    for (const text of [
      "foo seconds",
      "foo minutes",
      "hours",
      "fri",
      "month",
      "year",
      "weekly",
      "in foo",
      "tomorrow",
      "foo",
    ])
      for (const example of examplesFor(text)) expect(meaningOf(example)).not.toContain("refused");
  });
});
