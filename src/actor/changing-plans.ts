/**
 * What a project does when its workspace has another plan, or endpoints that ask for other events. No schedule is deleted, what
 * does not fit is paused. In one transaction.
 */
import type { Failure } from "../domain/errors.ts";
import type { ScheduleId } from "../domain/ids.ts";
import type { WebhookEvent } from "../domain/news/news.ts";
import { PLANS, type PlanName, publicLimitName } from "../domain/plan.ts";
import { refuseRecurrence } from "../domain/plan-rules.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from "../domain/time/instant.ts";
import type { PlanChange, WorkspaceNotice } from "./rpc.ts";
import type { StoredSchedule } from "./schedule-table.ts";
import type { SettingValues } from "./settings-table.ts";
import type { ProjectState } from "./state.ts";
import { goOn, pauseForPlan } from "./steering-schedules.ts";

const NO_CHANGE: PlanChange = { paused: [], resumed: [] };

/**
 * Places go to the oldest schedules first, those that people paused included: they keep theirs. What the plan does not
 * allow takes no place. A pause by a person is left alone, whatever the plan. A notice that is older than the one before it
 * changes nothing: the watchdog may have read the plan before it was changed.
 */
export function changePlan(state: ProjectState, { plan, order, events }: WorkspaceNotice, now: Instant): PlanChange {
  const known = state.settings.read();
  if (order < known.planOrder) return NO_CHANGE;
  state.settings.change({ plan, planOrder: order, ...takeUp(state, events ?? known.events) });
  if (known.plan === plan) return NO_CHANGE;
  const paused: { id: ScheduleId; reason: string }[] = [];
  const resumed: ScheduleId[] = [];
  let places = PLANS[plan].schedulesPerProject;
  for (const schedule of state.schedules.living()) {
    const reason = reasonAgainst(plan, schedule, places);
    if (reason === null) places -= 1;
    if (reason === null && schedule.pausedByPlan) {
      goOn(state, schedule, now);
      resumed.push(schedule.id);
    } else if (reason !== null && schedule.state === "active") {
      if (pauseForPlan(state, schedule, reason, now)) paused.push({ id: schedule.id, reason });
    } else if (reason !== null && schedule.pausedByPlan && schedule.reason !== reason) {
      state.schedules.put({ ...schedule, reason });
    }
  }
  return { paused, resumed };
}

/** The setting, if it is another list than the project knows: the watchdog brings the same one every time. */
export function takeUp({ settings }: ProjectState, events: readonly WebhookEvent[]): Partial<SettingValues> {
  return JSON.stringify(events) === JSON.stringify(settings.read().events) ? {} : { events };
}

function reasonAgainst(plan: PlanName, { spec }: StoredSchedule, places: number): string | null {
  const refusal = refuseRecurrence(plan, spec.recurrence);
  if (refusal !== null) return reasonOf(plan, refusal);
  return places > 0 ? null : said(plan, "schedulesPerProject", howMany(PLANS[plan].schedulesPerProject));
}

function reasonOf(plan: PlanName, refusal: Failure): string {
  const isCustom = refusal.code === "limit_reached" && refusal.limit === publicLimitName("customSchedules");
  if (isCustom) return said(plan, "customSchedules", "only hourly, daily, weekly and monthly schedules");
  const shortest = inWords(PLANS[plan].shortestInterval);
  return said(plan, "shortestInterval", `no schedule that comes more often than every ${shortest}`);
}

const said = (plan: PlanName, limit: Parameters<typeof publicLimitName>[0], allowed: string): string =>
  `Paused by the plan: ${plan} allows ${allowed} (${publicLimitName(limit)}).`;

const howMany = (schedules: number): string =>
  `${schedules === 1 ? "one schedule" : `${schedules} schedules`} in a project, and older ones come first`;

function inWords(gap: number): string {
  const units = [
    ["day", DAY_MS],
    ["hour", HOUR_MS],
    ["minute", MINUTE_MS],
    ["second", SECOND_MS],
  ] as const;
  const [unit, size] = units.find(([, length]) => gap % length === 0) ?? ["second", SECOND_MS];
  return gap === size ? unit : `${gap / size} ${unit}s`;
}
