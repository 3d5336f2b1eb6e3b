/** What people do to a schedule that exists: cancel, pause, resume, skip, backfill, run now. Called inside a transaction. */

import type { RunKey } from "../domain/claim.ts";
import { conflict, type Failure, invalid } from "../domain/errors.ts";
import { readRunId } from "../domain/ids.ts";
import { COUNT_LIMIT } from "../domain/policy/catch-up.ts";
import { startedUpTo } from "../domain/policy/spread.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { occurrencesOf, type Schedule } from "../domain/schedule.ts";
import type { Instant } from "../domain/time/instant.ts";
import { keyOf } from "./dispatcher.ts";
import { decideOverdue } from "./firing.ts";
import { manualRunOf, runOf, unrunOf } from "./making-runs.ts";
import { notePaused } from "./noting-pauses.ts";
import { refuseResuming, refuseRuns } from "./plan-limits.ts";
import type { LiveRun } from "./run-row.ts";
import { enqueue, later, unqueue } from "./saving-schedules.ts";
import { type StoredSchedule, toSchedule } from "./schedule-table.ts";
import { cancel, noteEnded, releaseHeld } from "./settling.ts";
import type { Started } from "./starting-runs.ts";
import type { ProjectState } from "./state.ts";

/** The most occurrences of one backfill. */
export const BACKFILL_LIMIT = 1_000;
/** The most coming occurrences that may be marked to be skipped. */
const SKIPS_LIMIT = 100;

/**
 * Ends a schedule and every run of it that has not begun. A run that an executor has begun goes on, and is not tried again;
 * nothing that is still on its way slips past, because it is cancelled here before it can be claimed.
 */
export function cancelSchedule(
  state: ProjectState,
  schedule: StoredSchedule,
  now: Instant,
  reason: string | null = null,
): Schedule {
  if (schedule.endedAt !== null) return callOff(state, schedule, now, reason);
  const cancelled: StoredSchedule = {
    ...unqueue(state, decideOverdue(state, schedule, now), now),
    state: "cancelled",
    reason,
    skips: [],
    pausedAt: null,
    pausedByPlan: false,
    endedAt: now,
    updatedAt: later(schedule, now),
  };
  state.schedules.put(cancelled);
  cancelWaiting(state, state.runs.living(schedule.id), now);
  return toSchedule(cancelled);
}

/** A schedule is complete as soon as its last occurrence is decided. As long as that has not ended, it can be called off. */
function callOff(state: ProjectState, schedule: StoredSchedule, now: Instant, reason: string | null): Schedule {
  const living = schedule.state === "completed" ? state.runs.living(schedule.id) : [];
  if (living.length === 0) return toSchedule(schedule);
  const cancelled: StoredSchedule = { ...schedule, state: "cancelled", reason, updatedAt: later(schedule, now) };
  state.schedules.callOff(cancelled);
  cancelWaiting(state, living, now);
  return toSchedule(cancelled);
}

/** The held ones first, so that none of them is released by another's end. */
function cancelWaiting(state: ProjectState, living: readonly LiveRun[], now: Instant): void {
  const waiting = living.filter((run) => run.status !== "running");
  for (const run of waiting.filter((one) => one.held)) cancel(state, run, now);
  for (const run of waiting.filter((one) => !one.held)) cancel(state, run, now);
}

/** Ends every schedule of a function that may still run something; `dryRun` only counts them. */
export function cancelSchedulesOf(
  state: ProjectState,
  fn: string,
  dryRun: boolean,
  now: Instant,
): { readonly cancelled: number } {
  const living = [...state.schedules.livingOf(fn), ...completedButRunning(state, fn)];
  if (!dryRun) for (const schedule of living) cancelSchedule(state, schedule, now);
  return { cancelled: living.length };
}

function completedButRunning(state: ProjectState, fn: string): readonly StoredSchedule[] {
  const schedules = state.runs.schedulesRunning(fn).map((id) => state.schedules.get(id));
  return schedules.filter((one) => one !== null).filter((one) => one.state === "completed");
}

/** A pause by a person; one by the plan becomes theirs. */
export function pauseSchedule(
  state: ProjectState,
  found: StoredSchedule,
  reason: string | null,
  now: Instant,
): Result<Schedule, Failure> {
  const schedule = decideOverdue(state, found, now);
  if (schedule.endedAt !== null) return fail(conflict(`The schedule is ${schedule.state}; it cannot be paused.`));
  return ok(toSchedule(pause(state, schedule, { reason, pausedByPlan: false }, now)));
}

/** A pause by the plan. False when the schedule ended with what was overdue of it. */
export function pauseForPlan(state: ProjectState, found: StoredSchedule, reason: string, now: Instant): boolean {
  const schedule = decideOverdue(state, found, now);
  if (schedule.state !== "active") return false;
  pause(state, schedule, { reason, pausedByPlan: true }, now);
  return true;
}

function pause(
  state: ProjectState,
  schedule: StoredSchedule,
  why: Pick<StoredSchedule, "reason" | "pausedByPlan">,
  now: Instant,
): StoredSchedule {
  const queue = schedule.state === "active" ? unqueue(state, schedule, now) : schedule;
  const paused: StoredSchedule = {
    ...queue,
    ...why,
    state: "paused",
    pausedAt: schedule.pausedAt ?? now,
    updatedAt: later(schedule, now),
  };
  state.schedules.put(paused);
  if (schedule.state === "active") notePaused(state, paused, now);
  return paused;
}

/** A person resumes; what the plan does not allow stays paused. */
export function resumeSchedule(state: ProjectState, schedule: StoredSchedule, now: Instant): Result<Schedule, Failure> {
  if (schedule.state === "active") return ok(toSchedule(schedule));
  if (schedule.endedAt !== null) return fail(conflict(`The schedule is ${schedule.state}; it cannot be resumed.`));
  const refusal = refuseResuming(state, schedule);
  return refusal === null ? ok(toSchedule(goOn(state, schedule, now))) : fail(refusal);
}

/** Goes on from now. What came due in the meantime does not run; one ledger row says how many that were. */
export function goOn(state: ProjectState, schedule: StoredSchedule, now: Instant): StoredSchedule {
  recordPaused(state, schedule, now);
  const resumed: StoredSchedule = {
    ...schedule,
    state: "active",
    reason: null,
    pausedAt: null,
    pausedByPlan: false,
    skips: schedule.skips.filter((skip) => skip > now),
    updatedAt: later(schedule, now),
  };
  return enqueue(state, resumed, now);
}

function recordPaused(state: ProjectState, schedule: StoredSchedule, now: Instant): void {
  const occurrences = occurrencesOf(schedule.spec);
  const since = startedUpTo(schedule.id, schedule.spec.spread, occurrences, schedule.pausedAt ?? schedule.updatedAt);
  const count = occurrences.count(since, now, COUNT_LIMIT);
  const newest = occurrences.previous(now + 1);
  if (count === 0 || newest === null) return;
  const occasion = { nominal: newest, effective: newest, now };
  const row = unrunOf(schedule, occasion, { status: "skipped", reason: "paused", count });
  if (state.runs.add(row)) noteEnded(state, row);
}

/** Marks the next occurrence that has not started to be skipped; again: the one after it. */
export function skipNext(
  state: ProjectState,
  schedule: StoredSchedule,
  now: Instant,
): Result<{ schedule: Schedule; skipped: Instant }, Failure> {
  if (schedule.state !== "active")
    return fail(conflict(`The schedule is ${schedule.state}; it has no next occurrence.`));
  if (schedule.skips.length >= SKIPS_LIMIT) {
    return fail({ code: "limit_reached", limit: "skips", allowed: SKIPS_LIMIT, used: schedule.skips.length });
  }
  const skipped = nextUnstarted(schedule, now);
  if (skipped === null) return fail(conflict("The schedule has no further occurrence to skip."));
  const skips = [...schedule.skips, skipped].sort((a, b) => a - b);
  const marked = { ...schedule, skips, updatedAt: later(schedule, now) };
  state.schedules.put(marked);
  return ok({ schedule: toSchedule(marked), skipped });
}

/** With a spread, an occurrence whose nominal time has passed may not have started yet: it is the next one. */
function nextUnstarted({ spec, id, skips, createdAt }: StoredSchedule, now: Instant): Instant | null {
  const occurrences = occurrencesOf(spec);
  let at = occurrences.next(Math.max(startedUpTo(id, spec.spread, occurrences, now), createdAt));
  while (at !== null && skips.includes(at)) at = occurrences.next(at);
  return at;
}

/** Runs the occurrences in [from, to) once more, one after another. */
export function backfill(
  state: ProjectState,
  schedule: StoredSchedule,
  range: { readonly from: Instant; readonly to: Instant },
  now: Instant,
): Result<{ backfill: string; occurrences: number; send: readonly RunKey[] }, Failure> {
  if (range.to > now || range.from >= range.to) {
    return fail(
      invalid({
        path: "/to",
        message: "A backfill covers a range in the past.",
        expected: "from earlier than to, and to not later than now",
      }),
    );
  }
  if (schedule.endedAt !== null) return fail(conflict(`The schedule is ${schedule.state}; it runs nothing any more.`));
  const occurrences = occurrencesOf(schedule.spec);
  const count = occurrences.count(range.from - 1, range.to - 1, BACKFILL_LIMIT + 1);
  if (count > BACKFILL_LIMIT) {
    return fail({ code: "limit_reached", limit: "backfill_occurrences", allowed: BACKFILL_LIMIT, used: count });
  }
  const refusal = refuseRuns(state, count, now);
  if (refusal !== null) return fail(refusal);
  state.counter.add(now, count);
  const id = state.newId();
  for (const nominal of occurrences.upcoming(range.from - 1, count)) {
    state.runs.add(runOf(schedule, { nominal, effective: now, cause: "backfill", now, backfill: id }, true));
  }
  return ok({ backfill: id, occurrences: count, send: releaseHeld(state, schedule.id, id) });
}

/** Runs a schedule's function now, beside whatever else of it is alive; its occurrences are not touched. */
export function runNow(state: ProjectState, schedule: StoredSchedule, now: Instant): Result<Started, Failure> {
  if (schedule.endedAt !== null) return fail(conflict(`The schedule is ${schedule.state}; it runs nothing any more.`));
  const refusal = refuseRuns(state, 1, now);
  if (refusal !== null) return fail(refusal);
  const run = manualRunOf(schedule, readRunId(state.newId()), now);
  state.runs.add(run);
  state.counter.add(now);
  return ok({ run, send: [keyOf(run)] });
}
