/** Days and times in pairs are read clause by clause, never multiplied. */
import { describe, expect, it } from "vitest";
import { meaningOf } from "./tables.ts";

describe("clauses", () => {
  it.each([
    ["Mondays at 9am and Fridays at 5pm", "cron 0 9 * * MON | 0 17 * * FRI"],
    ["on Monday at 9am and on the 1st at 5pm", "cron 0 9 * * MON | 0 17 1 * *"],
  ])("each clause has its own line: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["on Monday at 9am and on Friday", "refused ambiguous"],
    ["at 9am on Mondays and at 5pm", "refused ambiguous"],
    ["every day at 9am and every Monday at 5pm", "refused ambiguous"],
  ])("half a clause is refused: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });
});
