/** What the workspace's plan has to say before a schedule is saved or resumed. Null: nothing. */
import { conflict, type Failure } from "../domain/errors.ts";
import { allows, PLANS, planRefusal } from "../domain/plan.ts";
import { refuseRecurrence } from "../domain/plan-rules.ts";
import type { Instant } from "../domain/time/instant.ts";
import type { ProjectUsage } from "./rpc.ts";
import type { StoredSchedule } from "./schedule-table.ts";
import type { ProjectState } from "./state.ts";

/** Whether there is room for so many more living schedules. */
export function refuseMore(state: ProjectState, more = 1): Failure | null {
  const { plan } = state.settings.read();
  const use = state.schedules.countLiving() + more;
  return allows(plan, "schedulesPerProject", use) ? null : planRefusal(plan, "schedulesPerProject", use);
}

/** Whether a schedule that is paused may go on. Those that the plan itself paused take no place until they do. */
export function refuseResuming(state: ProjectState, schedule: StoredSchedule): Failure | null {
  const { plan } = state.settings.read();
  const refusal = refuseRecurrence(plan, schedule.spec.recurrence);
  if (refusal !== null) return refusal;
  const living = state.schedules.countLiving();
  // The second count reads every schedule: it is made only where the plan is full.
  if (allows(plan, "schedulesPerProject", living)) return null;
  const others = living - state.schedules.countPausedByPlan() - (schedule.pausedByPlan ? 0 : 1);
  return allows(plan, "schedulesPerProject", others + 1) ? null : planRefusal(plan, "schedulesPerProject", others + 1);
}

/** Whether so many runs may still begin today. */
export function refuseRuns(state: ProjectState, runs: number, now: Instant): Failure | null {
  if (state.counter.left(now) >= runs) return null;
  return planRefusal(state.settings.read().plan, "runsPerDay", state.counter.count(now) + runs);
}

/** Visitors' own runs of the app that a project has at once. */
export const VISITS_AT_ONCE = 5;

/** Whoever may only look at the app can neither keep its schedules from running nor use up their day: half is left to them. */
export function refuseVisit(state: ProjectState, now: Instant): Failure | null {
  if (state.runs.countVisits() >= VISITS_AT_ONCE)
    return conflict(
      `${VISITS_AT_ONCE} visitors run the app at this moment; try again when one of their runs has ended.`,
    );
  const { plan } = state.settings.read();
  const kept = Math.ceil(PLANS[plan].runsPerDay / 2);
  return state.counter.left(now) > kept ? null : planRefusal(plan, "runsPerDay", state.counter.count(now) + kept + 1);
}

/** What is used of the limits that hold for one project. */
export const usageOf = (state: ProjectState, now: Instant): ProjectUsage => ({
  schedules: state.schedules.countLiving(),
  runsToday: state.counter.count(now),
  running: state.runs.countRunning(),
});
