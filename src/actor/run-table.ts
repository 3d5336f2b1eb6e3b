/** The project's live runs, and finished ones until the run log has them. Clustered by schedule (see `schema.ts`). */

import type { RunKey } from "../domain/claim.ts";
import { type RunId, readRunId, readScheduleId, type ScheduleId } from "../domain/ids.ts";
import type { Json } from "../domain/json.ts";
import type { Alive } from "../domain/policy/overlap.ts";
import type { RetryPolicy } from "../domain/policy/retry.ts";
import type { Output, Run, RunCause, RunContext, RunError, RunStatus, UnrunReason } from "../domain/run.ts";
import type { Instant, Milliseconds } from "../domain/time/instant.ts";
import type { AlarmClock } from "./alarm-clock.ts";
import type { RunFilter } from "./rpc.ts";

/** A run with what only the actor needs of it. */
export interface LiveRun extends Run {
  /** Queued, but not to start before an earlier run of its schedule ends. */
  readonly held: boolean;
  /** Its function answered 202: no executor holds it, it completes itself or times out. */
  readonly accepted: boolean;
  readonly args: Json | null;
  readonly retry: RetryPolicy;
  readonly timeout: Milliseconds;
  /** How many times it was handed to the queue. */
  readonly sends: number;
  /** When somebody must look at it again: send it again, settle its lease, start its retry, log it. */
  readonly wakeAt: Instant | null;
}

type RunRow = {
  schedule_id: string;
  id: string;
  fn: string | null;
  version: number | null;
  context: string;
  cause: string;
  status: string;
  held: number;
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
  retry: string;
  timeout: number;
  sends: number;
  wake_at: number | null;
};

const COLUMNS = `schedule_id, id, fn, version, context, cause, status, held, accepted, attempt, origin_run_id, scheduled_for,
  effective_at, queued_at, started_at, finished_at, retry_at, unrun, count, error, output, args, retry, timeout, sends, wake_at`;

/** The states that a run can still leave. */
const IS_LIVING = "status IN ('queued', 'running', 'pending_retry')";

/** The column value of a run without a schedule: the primary key of a table WITHOUT ROWID takes no NULL. */
const NO_SCHEDULE = "";

export class RunTable {
  readonly #sql: SqlStorage;
  readonly #clock: AlarmClock;

  constructor(sql: SqlStorage, clock: AlarmClock) {
    this.#sql = sql;
    this.#clock = clock;
  }

  get(key: RunKey): LiveRun | null {
    return this.#one("WHERE schedule_id = ?1 AND id = ?2", key.schedule ?? NO_SCHEDULE, key.run);
  }

  /** The runs that are there, in no order; one statement for any number. */
  getMany(keys: readonly RunKey[]): readonly LiveRun[] {
    const only = keys[0];
    if (keys.length === 1 && only !== undefined) return [this.get(only)].filter((run) => run !== null);
    return this.#many(`WHERE ${AMONG_KEYS}`, inJson(keys));
  }

  /** Looks through the live runs: only for the rare question that names a run without its schedule. */
  find(id: RunId): LiveRun | null {
    return this.#one("WHERE id = ?1", id);
  }

  list(filter: RunFilter): readonly LiveRun[] {
    return this.#many(
      `WHERE (?1 IS NULL OR schedule_id = ?1) AND (?2 IS NULL OR status = ?2) AND (?3 IS NULL OR context = ?3)
         AND (?4 IS NULL OR fn = ?4) ORDER BY id DESC`,
      filter.schedule ?? null,
      filter.status ?? null,
      filter.context ?? null,
      filter.fn ?? null,
    );
  }

  /** How many runs of a schedule are alive. */
  alive(schedule: ScheduleId): Alive {
    const row = this.#sql
      .exec<{ active: number; held: number }>(
        `SELECT count(*) FILTER (WHERE held = 0) AS active, count(*) FILTER (WHERE held = 1) AS held
         FROM runs WHERE schedule_id = ?1 AND ${IS_LIVING}`,
        schedule,
      )
      .one();
    return { active: row.active, held: row.held };
  }

  /** The runs of a schedule that have not ended, oldest first. */
  living(schedule: ScheduleId): readonly LiveRun[] {
    return this.#many(`WHERE schedule_id = ?1 AND ${IS_LIVING} ORDER BY id`, schedule);
  }

  /** The oldest run that waits for the schedule's earlier ones. */
  nextHeld(schedule: ScheduleId): LiveRun | null {
    return this.#one(`WHERE schedule_id = ?1 AND held = 1 AND ${IS_LIVING} ORDER BY id LIMIT 1`, schedule);
  }

  /** Queued and running ones, and finished ones not logged yet, whose time to be looked at has come. */
  awake(now: Instant, limit: number): readonly LiveRun[] {
    return this.#many("WHERE status IN ('queued', 'running') AND wake_at <= ?1 LIMIT ?2", now, limit);
  }

  retriesDue(now: Instant, limit: number): readonly LiveRun[] {
    return this.#many("WHERE status = 'pending_retry' AND wake_at <= ?1 ORDER BY wake_at LIMIT ?2", now, limit);
  }

  /** When the next live run must be looked at. */
  soonest(): Instant | null {
    const row = this.#sql
      .exec<{ live: number | null; retry: number | null }>(
        `SELECT (SELECT min(wake_at) FROM runs WHERE status <> 'pending_retry') AS live,
                (SELECT min(wake_at) FROM runs WHERE status = 'pending_retry') AS retry`,
      )
      .one();
    if (row.live === null || row.retry === null) return row.live ?? row.retry;
    return Math.min(row.live, row.retry);
  }

  isEmpty(): boolean {
    return this.#sql.exec("SELECT 1 FROM runs LIMIT 1").toArray().length === 0;
  }

  /** Finished runs that the run log does not have yet: asked once, when the instance wakes. */
  finished(): readonly RunKey[] {
    return this.#many(`WHERE NOT (${IS_LIVING})`).map((run) => ({ schedule: run.scheduleId, run: run.id }));
  }

  /** Adds a run; false when that very run is there already. */
  add(run: LiveRun): boolean {
    this.#clock.want(run.wakeAt);
    const cursor = this.#sql.exec(
      `INSERT INTO runs (${COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
         ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26) ON CONFLICT (schedule_id, id) DO NOTHING`,
      run.scheduleId ?? NO_SCHEDULE,
      run.id,
      run.fn,
      run.version,
      run.context,
      run.cause,
      run.status,
      Number(run.held),
      Number(run.accepted),
      run.attempt,
      run.originRunId,
      run.scheduledFor,
      run.effectiveAt,
      run.queuedAt,
      run.startedAt,
      run.finishedAt,
      run.retryAt,
      run.unrun,
      run.count,
      toJson(run.error),
      toJson(run.output),
      toJson(run.args),
      JSON.stringify(run.retry),
      run.timeout,
      run.sends,
      run.wakeAt,
    );
    return cursor.rowsWritten > 0;
  }

  /** Writes the fields that a run's life changes. The caller has checked the transition. */
  update(run: LiveRun): void {
    this.#clock.want(run.wakeAt);
    this.#sql.exec(
      `UPDATE runs SET version = ?3, status = ?4, held = ?5, accepted = ?6, started_at = ?7, finished_at = ?8,
         retry_at = ?9, error = ?10, output = ?11, sends = ?12, wake_at = ?13
       WHERE schedule_id = ?1 AND id = ?2`,
      run.scheduleId ?? NO_SCHEDULE,
      run.id,
      run.version,
      run.status,
      Number(run.held),
      Number(run.accepted),
      run.startedAt,
      run.finishedAt,
      run.retryAt,
      toJson(run.error),
      toJson(run.output),
      run.sends,
      run.wakeAt,
    );
  }

  /** Takes queued runs for an executor: whoever changes the row has it, and whatever is not queued is left alone. */
  take(keys: readonly RunKey[], claim: { version: number | null; at: Instant; wakeAt: Instant }): readonly LiveRun[] {
    this.#clock.want(claim.wakeAt);
    return this.#sql
      .exec<RunRow>(
        `UPDATE runs SET status = 'running', version = coalesce(version, ?2), started_at = ?3, wake_at = ?4
         WHERE ${AMONG_KEYS} AND status = 'queued' AND held = 0
         RETURNING ${COLUMNS}`,
        inJson(keys),
        claim.version,
        claim.at,
        claim.wakeAt,
      )
      .toArray()
      .map(parseRun);
  }

  /** Moves only the time to look again: one column, the row's other fields are not rewritten by hand. */
  wake(key: RunKey, at: Instant): void {
    this.#sql.exec(
      "UPDATE runs SET wake_at = ?3 WHERE schedule_id = ?1 AND id = ?2",
      key.schedule ?? NO_SCHEDULE,
      key.run,
      at,
    );
  }

  removeMany(keys: readonly RunKey[]): void {
    this.#sql.exec(`DELETE FROM runs WHERE ${AMONG_KEYS}`, inJson(keys));
  }

  #one(where: string, ...bindings: (string | number | null)[]): LiveRun | null {
    return this.#many(where, ...bindings)[0] ?? null;
  }

  #many(where: string, ...bindings: (string | number | null)[]): readonly LiveRun[] {
    return this.#sql
      .exec<RunRow>(`SELECT ${COLUMNS} FROM runs ${where}`, ...bindings)
      .toArray()
      .map(parseRun);
  }
}

/** The keys as one parameter: the platform binds at most a hundred. */
const AMONG_KEYS = "(schedule_id, id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))";
const inJson = (keys: readonly RunKey[]): string =>
  JSON.stringify(keys.map((key) => [key.schedule ?? NO_SCHEDULE, key.run]));

const toJson = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** The columns are what `add` and `update` wrote, and the CHECKs hold their values. */
function parseRun(row: RunRow): LiveRun {
  return {
    id: readRunId(row.id),
    scheduleId: row.schedule_id === NO_SCHEDULE ? null : readScheduleId(row.schedule_id),
    fn: row.fn,
    version: row.version,
    context: row.context as RunContext,
    cause: row.cause as RunCause,
    status: row.status as RunStatus,
    held: row.held === 1,
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
    retry: JSON.parse(row.retry) as RetryPolicy,
    timeout: row.timeout,
    sends: row.sends,
    wakeAt: row.wake_at,
  };
}
