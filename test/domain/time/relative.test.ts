import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../src/domain/time/instant.ts";
import { relativeTo } from "../../../src/domain/time/relative.ts";

const NOW = Date.parse("2027-01-15T09:00:00.000Z");

describe("an instant beside the present", () => {
  it.each([
    [0, "now"],
    [4 * SECOND_MS, "now"],
    [-4 * SECOND_MS, "now"],
    [30 * SECOND_MS, "in less than a minute"],
    [-30 * SECOND_MS, "less than a minute ago"],
    [5 * MINUTE_MS, "in 5 min"],
    [-3 * HOUR_MS, "3 h ago"],
    [-3 * DAY_MS, "3 days ago"],
    [60 * DAY_MS, "in 60 days"],
    [61 * DAY_MS, null],
    [-61 * DAY_MS, null],
  ])("that is %i ms away is said as %s", (away, said) => {
    expect(relativeTo(NOW, NOW + away)).toBe(said);
  });
});
