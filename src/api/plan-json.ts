/** A plan as JSON: its name, and its limits by their public names. */
import { z } from "@hono/zod-openapi";
import { PLAN_NAMES, PLANS, type PlanName } from "../domain/plan.ts";

const Milliseconds = z.int().openapi({ description: "Milliseconds." });

/** The names are those of `publicLimitName`, by which a refusal names a limit. */
export const PlanJson = z
  .strictObject({
    name: z.enum(PLAN_NAMES),
    limits: z.strictObject({
      retention_days: z.int(),
      schedules_per_project: z.int(),
      custom_schedules: z.boolean(),
      slack: z.boolean(),
      audit: z.boolean(),
      shortest_interval: Milliseconds,
      concurrent_runs_per_project: z.int(),
      concurrent_runs: z.int(),
      runs_per_day: z.int(),
      captures_per_day: z.int(),
    }),
  })
  .openapi("Plan");

export function planJson(name: PlanName): z.output<typeof PlanJson> {
  const limits = PLANS[name];
  return {
    name,
    limits: {
      retention_days: limits.retentionDays,
      schedules_per_project: limits.schedulesPerProject,
      custom_schedules: limits.customSchedules,
      slack: limits.slack,
      audit: limits.audit,
      shortest_interval: limits.shortestInterval,
      concurrent_runs_per_project: limits.concurrentRunsPerProject,
      concurrent_runs: limits.concurrentRuns,
      runs_per_day: limits.runsPerDay,
      captures_per_day: limits.capturesPerDay,
    },
  };
}
