import { describe, expect, it } from "vitest";
import { BUFFER_ALL_LIMIT, decideOverlap, OVERLAPS } from "../../../src/domain/policy/overlap.ts";

const words = (policy: (typeof OVERLAPS)[number], active: number, held: number): string => {
  const decision = decideOverlap(policy, { active, held });
  return decision.do === "skip" ? `skip ${decision.reason}` : decision.do;
};

describe("an occurrence that is due", () => {
  it.each(OVERLAPS)("starts under %s when nothing of its schedule is alive", (policy) => {
    expect(words(policy, 0, 0)).toBe("start");
  });

  const FULL = BUFFER_ALL_LIMIT;
  it.each([
    ["skip", 1, 0, "skip overlap"],
    ["skip", 0, 1, "skip overlap"],
    ["buffer_one", 1, 0, "hold"],
    ["buffer_one", 3, 0, "hold"],
    ["buffer_one", 1, 1, "skip buffer_full"],
    ["buffer_all", 1, 0, "hold"],
    ["buffer_all", 1, FULL - 1, "hold"],
    ["buffer_all", 1, FULL, "skip buffer_full"],
    ["cancel_other", 1, 0, "cancel_then_start"],
    ["cancel_other", 0, 1, "cancel_then_start"],
    ["allow_all", 1, 0, "start"],
    ["allow_all", 500, 500, "start"],
  ] as const)("under %s beside %i active and %i held: %s", (policy, active, held, expected) => {
    expect(words(policy, active, held)).toBe(expected);
  });
});
