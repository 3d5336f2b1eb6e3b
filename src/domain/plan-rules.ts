/** What a plan has to say to an expression, whatever else there is: the same before it is saved and when it is. Pure. */
import type { Failure } from "./errors.ts";
import { allows, PLANS, type PlanName, planRefusal } from "./plan.ts";
import { presetOf } from "./recurrence/preset.ts";
import type { Recurrence } from "./recurrence/recurrence.ts";
import { shortestGap } from "./recurrence/shortest-gap.ts";
import { SECOND_MS } from "./time/instant.ts";

/** Why the plan does not let a recurrence be. Null: it does. */
export function refuseRecurrence(plan: PlanName, recurrence: Recurrence): Failure | null {
  const { customSchedules, shortestInterval } = PLANS[plan];
  if (!customSchedules && presetOf(recurrence) === null) return planRefusal(plan, "customSchedules", true);
  // Occurrences are whole seconds, so a limit of one second is always kept.
  const gap = shortestInterval <= SECOND_MS ? shortestInterval : shortestGap(recurrence);
  return allows(plan, "shortestInterval", gap) ? null : planRefusal(plan, "shortestInterval", gap);
}
