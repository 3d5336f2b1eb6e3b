/** New rows of the run table: runs that will be executed, and ledger rows of occurrences that will not. */
import { deriveRunId, type RunId } from "../domain/ids.ts";
import type { RetryPolicy } from "../domain/policy/retry.ts";
import type { RunCause, UnrunReason } from "../domain/run.ts";
import type { Instant, Milliseconds } from "../domain/time/instant.ts";
import { resendAt } from "./dispatcher.ts";
import type { LiveRun } from "./run-row.ts";
import type { StoredSchedule } from "./schedule-table.ts";

/** The lane of a schedule's occurrences; a backfill's is its id, and a run that a person asked for has its own. */
export const OCCURRENCES = "";

/** What every new run row begins with. */
const BLANK = {
  version: null,
  status: "queued",
  held: false,
  pinned: false,
  ofPublication: false,
  notifications: null,
  accepted: false,
  attempt: 0,
  originRunId: null,
  startedAt: null,
  finishedAt: null,
  retryAt: null,
  unrun: null,
  count: 1,
  error: null,
  output: null,
} as const;

export interface Occasion {
  readonly nominal: Instant;
  readonly effective: Instant;
  readonly cause: Exclude<RunCause, "api" | "retry" | "manual">;
  readonly now: Instant;
  /** Set for a backfill: its id. */
  readonly backfill?: string;
}

/** The run of one occurrence of a schedule. Held: it waits for the schedule's earlier runs and is not sent yet. */
export function runOf(schedule: StoredSchedule, occasion: Occasion, held: boolean): LiveRun {
  const { nominal, effective, cause, now, backfill } = occasion;
  return {
    ...BLANK,
    id: deriveRunId({
      of: schedule.id,
      scheduledFor: nominal,
      attempt: 0,
      ...(backfill === undefined ? {} : { backfill }),
    }),
    ...ofSchedule(schedule),
    context: "scheduled",
    cause,
    scheduledFor: nominal,
    effectiveAt: effective,
    queuedAt: now,
    held,
    lane: backfill ?? OCCURRENCES,
    sends: held ? 0 : 1,
    wakeAt: held ? null : resendAt(now, 1),
  };
}

/** The ledger row of an occurrence that will not run, or of `count` of them up to `nominal`. */
export function unrunOf(
  schedule: StoredSchedule,
  occasion: Pick<Occasion, "nominal" | "effective" | "now">,
  unrun: { readonly status: "skipped" | "missed"; readonly reason: UnrunReason; readonly count: number },
): LiveRun {
  const run = runOf(schedule, { ...occasion, cause: "occurrence" }, true);
  const { status, reason, count } = unrun;
  return { ...run, held: false, status, unrun: reason, count, finishedAt: occasion.now };
}

/** A run that a person asked for on a schedule, outside its occurrences. */
export function manualRunOf(schedule: StoredSchedule, id: RunId, now: Instant): LiveRun {
  return { ...BLANK, ...asked(id, now), ...ofSchedule(schedule), context: "api-triggered", cause: "manual" };
}

/** A run that the API asked for. */
export function apiRun(
  id: RunId,
  wish: Pick<LiveRun, "fn" | "args" | "context" | "version" | "pinned" | "ofPublication" | "notifications">,
  policy: { readonly retry: RetryPolicy; readonly timeout: Milliseconds },
  now: Instant,
): LiveRun {
  return { ...BLANK, ...asked(id, now), ...wish, ...policy, scheduleId: null, cause: "api" };
}

/** The next attempt of a run that failed. */
export function retryOf(failed: LiveRun, now: Instant): LiveRun {
  const origin = failed.originRunId ?? failed.id;
  const attempt = failed.attempt + 1;
  return {
    ...failed,
    ...BLANK,
    lane: failed.lane,
    ofPublication: failed.ofPublication,
    notifications: failed.notifications,
    // A version that was asked for by number stays; the published one is read anew when the run begins.
    pinned: failed.pinned,
    version: failed.pinned ? failed.version : null,
    id: deriveRunId({ of: origin, scheduledFor: failed.scheduledFor, attempt }),
    cause: "retry",
    attempt,
    originRunId: origin,
    effectiveAt: failed.retryAt ?? now,
    queuedAt: now,
    sends: 1,
    wakeAt: resendAt(now, 1),
  };
}

const ofSchedule = (schedule: StoredSchedule): Pick<LiveRun, "scheduleId" | "fn" | "args" | "retry" | "timeout"> => ({
  scheduleId: schedule.id,
  fn: schedule.spec.fn,
  args: schedule.args,
  retry: schedule.spec.retry,
  timeout: schedule.spec.timeout,
});

const asked = (id: RunId, now: Instant) => ({
  id,
  lane: id,
  scheduledFor: now,
  effectiveAt: now,
  queuedAt: now,
  sends: 1,
  wakeAt: resendAt(now, 1),
});
