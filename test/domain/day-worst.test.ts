import { expect, it } from "vitest";
import { totalOf, worstOf } from "../../src/domain/day-worst.ts";

const NOTHING = { succeeded: 0, failed: 0, timed_out: 0, cancelled: 0, skipped: 0, missed: 0 };

it("says what people must know first of a day, and how much there was", () => {
  expect(worstOf(NOTHING)).toBeNull();
  expect(worstOf({ ...NOTHING, succeeded: 9, skipped: 1 })).toBe("skipped");
  expect(worstOf({ ...NOTHING, missed: 4, timed_out: 1 })).toBe("timed_out");
  expect(worstOf({ ...NOTHING, failed: 1, timed_out: 8 })).toBe("failed");
  expect(totalOf({ ...NOTHING, failed: 1, timed_out: 8 })).toBe(9);
});
