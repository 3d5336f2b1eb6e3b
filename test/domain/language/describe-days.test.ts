/** Day fields in English. */
import { describe, expect, it } from "vitest";
import { sayDays } from "../../../src/domain/language/describe-days.ts";
import { parseLine } from "../../../src/domain/language/describe-line.ts";

const said = (days: string) => {
  const words = sayDays(parseLine(`0 9 ${days}`));
  return words === undefined ? undefined : words.lead + words.tail;
};

describe("days", () => {
  it.each([
    ["* * *", "every day"],
    ["* * MON-FRI", "every weekday"],
    ["* 6 SUN,SAT", "every Sunday and Saturday in June"],
    ["1,15 * *", " on the 1st and 15th of every month"],
    ["5 3 *", "every year on March 5"],
    ["L */3 *", "every 3 months on the last day"],
    ["* * MON#1,FRIL", " on the 1st Monday and last Friday of every month"],
    ["13 * FRI", " on the 13th of every month or on Friday"],
  ])("%s are %s", (days, words) => {
    expect(said(days)).toBe(words);
  });

  it("without exact words are left to cron", () => {
    for (const days of ["15W * *", "*/2 * *", "* */3 *", "* * MON,FRIL"]) expect(said(days)).toBeUndefined();
  });
});
