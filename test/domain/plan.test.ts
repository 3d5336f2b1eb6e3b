import { describe, expect, it } from "vitest";
import { PLAN_NAMES, PLANS, readPlanName } from "../../src/domain/plan.ts";

describe("a plan", () => {
  it.each(PLAN_NAMES)("is known by its name: %s", (name) => {
    expect(readPlanName(name)).toBe(name);
  });

  it.each(["", "Team", "free", "toString", "team "])("is not %j", (name) => {
    expect(() => readPlanName(name)).toThrow(TypeError);
  });

  it("keeps runs no shorter than a cheaper one, and always for some time", () => {
    const days = PLAN_NAMES.map((name) => PLANS[name].retentionDays);
    expect(days[0]).toBeGreaterThan(0);
    expect(days).toEqual([...days].sort((a, b) => a - b));
  });
});
