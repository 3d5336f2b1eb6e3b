/** Steps where they divide, intervals where they do not. */
import { describe, expect, it } from "vitest";
import { readExpression } from "../../../src/domain/language/read.ts";
import { meaningOf, NOW, refusalOf, UTC } from "./tables.ts";

describe("seconds, minutes and hours", () => {
  it.each([
    ["every 10 minutes on Mondays", "cron */10 * * * MON"],
    ["every 45 minutes on Mondays", "refused unsupported"],
    ["every 7 hours in June", "refused unsupported"],
  ])("limits need a step: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it("offers the even frequencies on both sides with the same limit", () => {
    expect(refusalOf("every 45 minutes on weekdays").suggestions).toEqual([
      "every 30 minutes on weekdays",
      "every hour on weekdays",
    ]);
  });

  it("counts an interval from the anchor, or else from now", () => {
    const anchored = readExpression("every 45 minutes", { ...UTC, anchor: 1_000 });
    expect(anchored.ok && anchored.value.recurrence).toMatchObject({
      grid: "elapsed",
      every: 2_700_000,
      anchor: 1_000,
    });
    const unanchored = readExpression("every 45 minutes", UTC);
    expect(unanchored.ok && unanchored.value.recurrence).toMatchObject({ anchor: NOW });
  });
});
