/** Messages quote little of what was typed. */
import { describe, expect, it } from "vitest";
import { cover, QUOTE_MAX_LENGTH, quote } from "../../../src/domain/language/refusal.ts";

describe("a quotation", () => {
  it("is flat and short", () => {
    expect(quote(" a\n\tb ")).toBe('"a b"');
    expect(quote("x".repeat(300)).length).toBe(QUOTE_MAX_LENGTH + 2);
  });
});

describe("a span", () => {
  it("covers two others in any order", () => {
    expect(cover({ start: 5, end: 9 }, { start: 1, end: 2 })).toEqual({ start: 1, end: 9 });
  });
});
