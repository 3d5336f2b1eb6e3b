/** Both parts are quoted. */
import { describe, expect, it } from "vitest";
import { meaningOf, refusalOf } from "./tables.ts";

describe("parts that do not go together", () => {
  it.each([
    ["every evening at 6", "refused ambiguous"],
    ["every night at 9am", "refused contradiction"],
    ["every morning at 8", "cron 0 8 * * *"],
    ["every morning", "refused ambiguous"],
  ])("a part of the day and a time outside it: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["9am", "refused ambiguous"],
    ["noon", "refused ambiguous"],
  ])("a lone time may be once or daily: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it("quotes both parts, and covers them", () => {
    const refusal = refusalOf("every day at 9am every hour");
    expect(refusal.message).toBe('"every day" and "every hour" contradict each other.');
    expect(refusal).toMatchObject({ position: 0, length: 27 });
  });
});
