import { describe, expect, it } from "vitest";
import {
  allows,
  type LimitName,
  PLAN_NAMES,
  PLANS,
  type PlanName,
  planRefusal,
  publicLimitName,
  readPlanName,
} from "../../src/domain/plan.ts";

/** Every limit: its public name, and what each plan allows. */
const TABLE: readonly (readonly [LimitName, string, readonly (number | boolean)[]])[] = [
  ["retentionDays", "retention_days", [30, 90, 365]],
  ["schedulesPerProject", "schedules_per_project", [1, 1_000, 1_000_000]],
  ["customSchedules", "custom_schedules", [false, true, true]],
  ["slack", "slack", [false, true, true]],
  ["audit", "audit", [false, false, true]],
  ["shortestInterval", "shortest_interval", [3_600_000, 60_000, 1_000]],
  ["concurrentRunsPerProject", "concurrent_runs_per_project", [10, 100, 1_000]],
  ["concurrentRuns", "concurrent_runs", [20, 300, 2_000]],
  ["runsPerDay", "runs_per_day", [1_000, 100_000, 10_000_000]],
  ["capturesPerDay", "captures_per_day", [50, 1_000, 20_000]],
];

/** A use that is just too much for a plan, and one that is just not. */
const beyond = (plan: PlanName, limit: LimitName): number | boolean => step(plan, limit, 1);
const within = (plan: PlanName, limit: LimitName): number | boolean => step(plan, limit, 0);

function step(plan: PlanName, limit: LimitName, over: number): number | boolean {
  const allowed = PLANS[plan][limit];
  if (typeof allowed === "boolean") return over === 1 ? true : allowed;
  return limit === "shortestInterval" ? allowed - over : allowed + over;
}

describe("a plan", () => {
  it.each(PLAN_NAMES)("is known by its name: %s", (name) => {
    expect(readPlanName(name)).toBe(name);
  });

  it.each(["", "Team", "free", "toString", "team "])("is not %j", (name) => {
    expect(() => readPlanName(name)).toThrow(TypeError);
  });

  it("allows no less than a cheaper one", () => {
    for (const [limit] of TABLE)
      for (const [index, plan] of PLAN_NAMES.entries())
        for (const better of PLAN_NAMES.slice(index)) expect(allows(better, limit, within(plan, limit))).toBe(true);
  });
});

describe.each(TABLE)("the limit %s", (limit, name, allowed) => {
  it(`is called ${name} in public`, () => {
    expect(publicLimitName(limit)).toBe(name);
  });

  it.each(PLAN_NAMES.map((plan, index) => [plan, allowed[index]] as const))("of %s is %s", (plan, value) => {
    expect(PLANS[plan][limit]).toBe(value);
    expect(allows(plan, limit, within(plan, limit))).toBe(true);
    if (value !== true) expect(allows(plan, limit, beyond(plan, limit))).toBe(false);
  });

  it.each(PLAN_NAMES.filter((plan) => PLANS[plan][limit] !== true))(
    "is refused under %s with the use and the cheapest plan that lifts it",
    (plan) => {
      const used = beyond(plan, limit);
      const lift = PLAN_NAMES.find((better) => allows(better, limit, used));
      expect(planRefusal(plan, limit, used)).toEqual({
        code: "limit_reached",
        limit: name,
        allowed: PLANS[plan][limit],
        used,
        ...(lift === undefined ? {} : { plan: lift }),
      });
    },
  );
});

it("every limit of every plan is in the table above", () => {
  for (const plan of PLAN_NAMES) expect(Object.keys(PLANS[plan]).sort()).toEqual(TABLE.map(([limit]) => limit).sort());
});

it("names no plan where none lifts the limit", () => {
  expect(planRefusal("professional", "schedulesPerProject", 1_000_001)).not.toHaveProperty("plan");
  expect(planRefusal("professional", "audit", true)).toMatchObject({ plan: "enterprise" });
});
