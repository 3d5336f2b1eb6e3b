/** Names and lists as people write them. */
import { describe, expect, it } from "vitest";
import { countText, lengthText, listText, ordinalText, timeText } from "../../../src/domain/language/names.ts";

describe("names", () => {
  it("of times have am or pm, and seconds only when there are some", () => {
    expect([0, 43_200, 34_215, 86_399].map(timeText)).toEqual(["12:00 AM", "12:00 PM", "9:30:15 AM", "11:59:59 PM"]);
  });

  it("of ordinals end as they are spoken", () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 31].map(ordinalText).join(" ")).toBe(
      "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 23rd 31st",
    );
    expect(ordinalText("L")).toBe("last");
  });

  it("in lists are joined by commas and one and", () => {
    expect([listText([]), listText(["a"]), listText(["a", "b"]), listText(["a", "b", "c"])]).toEqual([
      "",
      "a",
      "a and b",
      "a, b and c",
    ]);
  });

  it("of lengths are in the largest unit", () => {
    expect([1, 61_000, 86_400_000, 3 * 365 * 86_400_000].map(lengthText)).toEqual([
      "1 millisecond",
      "1 minute",
      "1 day",
      "3 years",
    ]);
    expect(countText(2, "hour")).toBe("2 hours");
  });
});
