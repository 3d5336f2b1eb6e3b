/** One row of the run table: what the actor knows of a live run, and how it lies in SQL. */
import type { RunKey } from "../domain/claim.ts";
import { readRunId, readScheduleId } from "../domain/ids.ts";
import type { Json } from "../domain/json.ts";
import type { Notification } from "../domain/notification.ts";
import type { RetryPolicy } from "../domain/policy/retry.ts";
import type { Output, Run, RunCause, RunContext, RunError, RunStatus, UnrunReason } from "../domain/run.ts";
import type { Instant, Milliseconds } from "../domain/time/instant.ts";

/** A run with what only the actor needs of it. */
export interface LiveRun extends Run {
  /** Queued, but not to start before an earlier run of its schedule ends. */
  readonly held: boolean;
  /** Runs of one lane of a schedule go one after another: its occurrences, one backfill, or a run by itself. */
  readonly lane: string;
  /** Its version was asked for by number, and so is its retries'. */
  readonly pinned: boolean;
  /** A publication started it, for the app to show; a visitor's own run, in the same context, is not for everybody. */
  readonly ofPublication: boolean;
  /** Its function answered 202: no executor holds it, it completes itself or times out. */
  readonly accepted: boolean;
  readonly args: Json | null;
  /** Its own, in place of its schedule's; null: it has none. */
  readonly notifications: readonly Notification[] | null;
  readonly retry: RetryPolicy;
  readonly timeout: Milliseconds;
  /** How many times it was handed to the queue. */
  readonly sends: number;
  /** When somebody must look at it again: send it again, settle its lease, start its retry. */
  readonly wakeAt: Instant | null;
}

export type RunRow = {
  schedule_id: string;
  id: string;
  fn: string | null;
  version: number | null;
  context: string;
  cause: string;
  status: string;
  held: number;
  lane: string;
  pinned: number;
  of_publication: number;
  accepted: number;
  attempt: number;
  origin_run_id: string | null;
  scheduled_for: number;
  effective_at: number;
  queued_at: number;
  started_at: number | null;
  finished_at: number | null;
  retry_at: number | null;
  unrun: string | null;
  count: number;
  error: string | null;
  output: string | null;
  args: string | null;
  notifications: string | null;
  retry: string;
  timeout: number;
  sends: number;
  wake_at: number | null;
};

export const COLUMNS = `schedule_id, id, fn, version, context, cause, status, held, lane, pinned, accepted, attempt, origin_run_id, scheduled_for,
  effective_at, queued_at, started_at, finished_at, retry_at, unrun, count, error, output, args, retry, timeout, sends, wake_at, of_publication,
  notifications`;

/** The column value of a run without a schedule: the primary key of a table WITHOUT ROWID takes no NULL. */
export const NO_SCHEDULE = "";

/** What names the run of a row. */
export const parseKey = (row: Pick<RunRow, "schedule_id" | "id">): RunKey => ({
  schedule: row.schedule_id === NO_SCHEDULE ? null : readScheduleId(row.schedule_id),
  run: readRunId(row.id),
});

/** The columns are what `add` and `update` wrote, and the CHECKs hold their values. */
export function parseRun(row: RunRow): LiveRun {
  return {
    id: readRunId(row.id),
    scheduleId: row.schedule_id === NO_SCHEDULE ? null : readScheduleId(row.schedule_id),
    fn: row.fn,
    version: row.version,
    context: row.context as RunContext,
    cause: row.cause as RunCause,
    status: row.status as RunStatus,
    held: row.held === 1,
    lane: row.lane,
    pinned: row.pinned === 1,
    ofPublication: row.of_publication === 1,
    accepted: row.accepted === 1,
    attempt: row.attempt,
    originRunId: row.origin_run_id === null ? null : readRunId(row.origin_run_id),
    scheduledFor: row.scheduled_for,
    effectiveAt: row.effective_at,
    queuedAt: row.queued_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    retryAt: row.retry_at,
    unrun: row.unrun as UnrunReason | null,
    count: row.count,
    error: row.error === null ? null : (JSON.parse(row.error) as RunError),
    output: row.output === null ? null : (JSON.parse(row.output) as Output),
    args: row.args === null ? null : (JSON.parse(row.args) as Json),
    notifications: row.notifications === null ? null : (JSON.parse(row.notifications) as readonly Notification[]),
    retry: JSON.parse(row.retry) as RetryPolicy,
    timeout: row.timeout,
    sends: row.sends,
    wakeAt: row.wake_at,
  };
}
