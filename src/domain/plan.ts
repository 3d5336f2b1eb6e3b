/** What was bought, and the numbers it allows. Pure. One exhaustive table: a new limit cannot be forgotten in a plan. */

export const PLAN_NAMES = ["professional", "team", "enterprise"] as const;
export type PlanName = (typeof PLAN_NAMES)[number];

/** Throws for anything else: the database's CHECK lets only these in. */
export function readPlanName(text: string): PlanName {
  const plan = PLAN_NAMES.find((name) => name === text);
  if (plan === undefined) throw new TypeError(`Not the name of a plan: ${JSON.stringify(text)}`);
  return plan;
}

export interface PlanLimits {
  /** Days that finished runs and their outputs are kept. */
  readonly retentionDays: number;
}

export const PLANS: Readonly<Record<PlanName, PlanLimits>> = {
  professional: { retentionDays: 30 },
  team: { retentionDays: 90 },
  enterprise: { retentionDays: 365 },
};
