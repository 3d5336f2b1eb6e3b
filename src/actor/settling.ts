/** How runs end: applies an outcome, releases what was held back, and cancels. Called inside a transaction. */

import type { RunKey } from "../domain/claim.ts";
import type { ScheduleId } from "../domain/ids.ts";
import { nextRetryAt } from "../domain/policy/retry.ts";
import { canMove, isFinal, type Outcome, type RunError } from "../domain/run.ts";
import type { Instant } from "../domain/time/instant.ts";
import { keyOf, resendAt } from "./dispatcher.ts";
import type { LiveRun } from "./run-row.ts";
import { feedApp } from "./showing-app.ts";
import type { ProjectState } from "./state.ts";

/** Applies what an executor reports. Answers the runs that may start now because of it. */
export function settle(state: ProjectState, run: LiveRun, outcome: Outcome): readonly RunKey[] {
  switch (outcome.kind) {
    case "accepted":
      return accept(state, run);
    case "succeeded":
      feedApp(state, run, outcome.output, outcome.at);
      return end(state, run, { status: "succeeded", output: outcome.output }, outcome.at);
    case "failed":
      return settleFailure(state, run, outcome);
  }
}

/** A function answered 202: the run stays, without an executor, until it is completed or its time is up. */
function accept(state: ProjectState, run: LiveRun): readonly RunKey[] {
  state.gate.leave(run.id);
  state.runs.update({ ...run, accepted: true, wakeAt: (run.startedAt ?? run.queuedAt) + run.timeout });
  return [];
}

function settleFailure(
  state: ProjectState,
  run: LiveRun,
  outcome: Extract<Outcome, { kind: "failed" }>,
): readonly RunKey[] {
  const { error, at: finishedAt, output = run.output } = outcome;
  const retryAt = isCalledOff(state, run) ? null : nextRetryAt(run.retry, run.attempt, outcome, state.retryLimits);
  if (retryAt === null) {
    const status = error.reason === "timeout" ? "timed_out" : "failed";
    return end(state, run, { status, error, output }, finishedAt);
  }
  state.gate.leave(run.id);
  const failed = { ...run, accepted: false, error, output, finishedAt, retryAt };
  const waiting: LiveRun = { ...failed, status: "pending_retry", wakeAt: retryAt };
  state.runs.update(waiting);
  // Whoever hears of every attempt hears of it now; should that be lost, with the end of this run, when its retry starts.
  state.orders.note(waiting);
  return [];
}

/** A run that was going on when its schedule was cancelled ends as it ends, but is not tried again. */
const isCalledOff = (state: ProjectState, run: LiveRun): boolean =>
  run.scheduleId !== null && state.schedules.get(run.scheduleId)?.state === "cancelled";

/** Ends a run that was never begun or whose executor is gone, as a failure that names the reason. */
export function failRun(state: ProjectState, run: LiveRun, error: RunError, at: Instant): readonly RunKey[] {
  const begun = run.status === "queued" ? { ...run, status: "running" as const, startedAt: null } : run;
  return settleFailure(state, begun, { kind: "failed", at, error });
}

/** Moves a run into a final state, which the table of transitions must allow, and lets the schedule's next held run go. */
export function end(
  state: ProjectState,
  run: LiveRun,
  ending: Pick<LiveRun, "status"> & Partial<Pick<LiveRun, "error" | "output">>,
  at: Instant,
): readonly RunKey[] {
  if (!canMove(run.status, ending.status) || !isFinal(ending.status)) {
    throw new Error(`A run cannot end by going from ${run.status} to ${ending.status}`);
  }
  state.gate.leave(run.id);
  const ended: LiveRun = { ...run, ...ending, held: false, accepted: false, finishedAt: at, wakeAt: null };
  state.runs.update(ended);
  noteEnded(state, ended);
  return run.scheduleId === null ? [] : releaseHeld(state, run.scheduleId, run.lane);
}

/** A run has ended, or an occurrence was decided not to run: it goes to the log, and people hear of it. */
export function noteEnded({ outbox, orders }: ProjectState, ended: LiveRun): void {
  outbox.add();
  orders.note(ended);
}

/** Lets the oldest held run of a lane start, if nothing of the lane is active any more. */
export function releaseHeld(state: ProjectState, schedule: ScheduleId, lane: string): readonly RunKey[] {
  const alive = state.runs.alive(schedule, lane);
  if (alive.active > 0 || alive.held === 0) return [];
  const next = state.runs.nextHeld(schedule, lane);
  if (next === null) return [];
  state.runs.update({ ...next, held: false, sends: 1, wakeAt: resendAt(state.now(), 1) });
  return [keyOf(next)];
}

/** Cancels one run, if its state allows. An executor at work learns of it when it next renews its lease. */
export function cancel(state: ProjectState, run: LiveRun, now: Instant): readonly RunKey[] {
  return end(state, run, { status: "cancelled" }, now);
}

/** Cancels all runs of a lane that have not ended, the held ones first, so that none of them is released. */
export function cancelLane(state: ProjectState, schedule: ScheduleId, lane: string, now: Instant): void {
  const living = state.runs.living(schedule, lane);
  for (const run of living.filter((one) => one.held)) cancel(state, run, now);
  for (const run of living.filter((one) => !one.held)) cancel(state, run, now);
}
