/** The project at a glance: its schedules by state, what comes next, and what has ended and may not be in the log yet. */
import { uuidFloor } from "../domain/ids.ts";
import type { ComingSchedules, NextOccurrence, ProjectOverview } from "../domain/overview.ts";
import type { Instant } from "../domain/time/instant.ts";
import { upcomingOf } from "../domain/upcoming.ts";
import type { Due } from "./due-table.ts";
import { FinishedRuns } from "./finished-runs.ts";
import type { StoredSchedule } from "./schedule-table.ts";
import { toRun } from "./starting-runs.ts";
import type { ProjectState } from "./state.ts";

/** Rows of the queue that the search for the next occurrence reads, of what is overdue and of what is to come. */
const LOOKED_AT_MOST = 50;
/** More than wait for the log while it is well. */
const ENDED_MAX = 20_000;
/** Schedules of which one look says when they run. */
const COMING_MAX = 1_000;

/** `since`: from where on ended runs are told. */
export function overviewOf(state: ProjectState, since: Instant, now: Instant): ProjectOverview {
  const setAside = state.schedules.countSetAside();
  const [last] = state.runs.list({}, { limit: 1 });
  return {
    timezone: state.settings.read().timezone,
    schedules: {
      active: state.schedules.countLiving() - setAside.paused - setAside.quarantined,
      ...setAside,
    },
    next: nextOf(state, now),
    last: last === undefined ? null : toRun(last),
    ended: new FinishedRuns(state.storage.sql).settledSince(uuidFloor(since), ENDED_MAX),
  };
}

/**
 * The first occurrence that will run. The queue is in the order of time, so that the first row is nearly always it; one of
 * a schedule whose next occurrence is to be skipped, or is being decided about, may not be.
 */
function nextOf(state: ProjectState, now: Instant): NextOccurrence | null {
  let next: NextOccurrence | null = null;
  for (const due of [...state.due.upTo(now, LOOKED_AT_MOST), ...state.due.after(now, LOOKED_AT_MOST)]) {
    if (next !== null && due.at >= next.startsAt) break;
    const schedule = scheduleOf(state, due);
    const [first] = schedule === null ? [] : upcomingOf(schedule, now, 1);
    if (schedule === null || first === undefined || (next !== null && first.startsAt >= next.startsAt)) continue;
    const { fn, timezone } = schedule.spec;
    next = { schedule: schedule.id, fn, timezone, ...first };
  }
  return next;
}

/** The active schedules that are due up to then, the soonest first, without what nobody needs to say when they run. */
export function comingSchedules(state: ProjectState, until: Instant): ComingSchedules {
  const due = state.due.upTo(until, COMING_MAX + 1);
  state.schedules.prefetch(due.map(({ scheduleId }) => scheduleId));
  const schedules = due.slice(0, COMING_MAX).flatMap((one) => {
    const schedule = scheduleOf(state, one);
    if (schedule === null) return [];
    const { id, state: active, skips, runs, updatedAt } = schedule;
    const { notifications, ...spec } = schedule.spec;
    return [{ id, state: active, spec, skips, runs, updatedAt }];
  });
  return { timezone: state.settings.read().timezone, schedules, more: due.length > COMING_MAX };
}

/** Null: the row is stale. */
function scheduleOf(state: ProjectState, due: Due): StoredSchedule | null {
  const schedule = state.schedules.get(due.scheduleId);
  return schedule?.state === "active" && schedule.generation === due.generation ? schedule : null;
}
