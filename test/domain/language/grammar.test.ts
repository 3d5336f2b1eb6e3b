/** Parts in any order; what is not understood is pointed at. */
import { describe, expect, it } from "vitest";
import { meaningOf, refusalOf } from "./tables.ts";

describe("the recurring grammar", () => {
  it.each([
    ["7pm every Thursday", "cron 0 19 * * THU"],
    ["PLEASE run every day at 9 AM.", "cron 0 9 * * *"],
    ["Monday at 9am, every week", "cron 0 9 * * MON"],
    ["every hour of every day", "cron 0 * * * *"],
  ])("any order, any case, polite words: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["9am every Monday and", "refused not_understood"],
    ["every day at", "refused not_understood"],
  ])("an open end is refused: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it("points at the first word that it does not know", () => {
    expect(refusalOf("every day at 9am blah")).toMatchObject({ position: 17, length: 4 });
    expect(refusalOf("every blah")).toMatchObject({ position: 6, length: 4 });
  });
});
