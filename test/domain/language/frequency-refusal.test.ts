/** Refused frequencies say what would be right. */
import { describe, expect, it } from "vitest";
import { refusalOf } from "./tables.ts";

describe("a refused frequency", () => {
  it.each([
    ["every 0 minutes", ["every minute", "every 5 minutes"]],
    ["every -5 minutes", ["every 5 minutes", "every minute"]],
    ["every 4M", ["every 4 minutes", "every 4 months"]],
    ["every second day", ["every other day", "on the 2nd of every month"]],
    ["every other weekday", ["every Monday, Wednesday and Friday", "every other week on weekdays"]],
  ])("%s offers %s", (text, suggestions) => {
    expect(refusalOf(text).suggestions).toEqual(suggestions);
  });

  it("points at the letter that has two meanings", () => {
    expect(refusalOf("every 4M")).toMatchObject({ position: 7, length: 1 });
  });
});
