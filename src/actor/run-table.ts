/** The project's live runs, and finished ones until the run log has them. Clustered by schedule (see `schema.ts`). */

import type { RunKey } from "../domain/claim.ts";
import { type RunId, readScheduleId, type ScheduleId } from "../domain/ids.ts";
import type { Alive } from "../domain/policy/overlap.ts";
import type { Output } from "../domain/run.ts";
import type { Instant } from "../domain/time/instant.ts";
import type { AlarmClock } from "./alarm-clock.ts";
import type { Changes } from "./changes.ts";
import type { RunFilter, RunPage } from "./rpc.ts";
import { COLUMNS, type LiveRun, NO_SCHEDULE, parseKey, parseRun, type RunRow } from "./run-row.ts";

/** The states that a run can still leave. */
export const IS_LIVING = "status IN ('queued', 'running', 'pending_retry')";

export class RunTable {
  readonly #sql: SqlStorage;
  readonly #clock: AlarmClock;
  readonly #changes: Pick<Changes, "noteRun">;

  constructor(sql: SqlStorage, clock: AlarmClock, changes: Pick<Changes, "noteRun">) {
    this.#sql = sql;
    this.#clock = clock;
    this.#changes = changes;
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

  /** Newest first. */
  list(filter: RunFilter, page: RunPage): readonly LiveRun[] {
    return this.#many(
      `WHERE (?1 IS NULL OR schedule_id = ?1) AND (?2 IS NULL OR status = ?2) AND (?3 IS NULL OR context = ?3)
         AND (?4 IS NULL OR fn = ?4) AND (?5 IS NULL OR id = ?5 OR origin_run_id = ?5) AND (?6 IS NULL OR id < ?6)
       ORDER BY id DESC LIMIT ?7`,
      filter.schedule ?? null,
      filter.status ?? null,
      filter.context ?? null,
      filter.fn ?? null,
      filter.origin ?? null,
      page.before ?? null,
      page.limit,
    );
  }

  /** How many runs of a schedule's lane are alive. */
  alive(schedule: ScheduleId, lane: string): Alive {
    const row = this.#sql
      .exec<{ active: number; held: number }>(
        `SELECT count(*) FILTER (WHERE held = 0) AS active, count(*) FILTER (WHERE held = 1) AS held
         FROM runs WHERE schedule_id = ?1 AND lane = ?2 AND ${IS_LIVING}`,
        schedule,
        lane,
      )
      .one();
    return { active: row.active, held: row.held };
  }

  /** The runs of a schedule that have not ended, oldest first; of one lane, or of all. */
  living(schedule: ScheduleId, lane?: string): readonly LiveRun[] {
    const where = `WHERE schedule_id = ?1 AND (?2 IS NULL OR lane = ?2) AND ${IS_LIVING} ORDER BY id`;
    return this.#many(where, schedule, lane ?? null);
  }

  /** The schedules that have a run of the function which has not ended. Looks through the live runs. */
  schedulesRunning(fn: string): readonly ScheduleId[] {
    return this.#sql
      .exec<{ schedule_id: string }>(
        `SELECT DISTINCT schedule_id FROM runs WHERE fn = ?1 AND schedule_id <> ?2 AND ${IS_LIVING}`,
        fn,
        NO_SCHEDULE,
      )
      .toArray()
      .map((row) => readScheduleId(row.schedule_id));
  }

  /** Those that a publication started and that have not ended. */
  ofPublication(): readonly LiveRun[] {
    return this.#many(`WHERE schedule_id = ?1 AND of_publication = 1 AND ${IS_LIVING}`, NO_SCHEDULE);
  }

  /** The oldest run that waits for its lane's earlier ones. */
  nextHeld(schedule: ScheduleId, lane: string): LiveRun | null {
    const where = `WHERE schedule_id = ?1 AND lane = ?2 AND held = 1 AND ${IS_LIVING} ORDER BY id LIMIT 1`;
    return this.#one(where, schedule, lane);
  }

  /** Queued and running ones whose time to be looked at has come. */
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

  /** What executors run, and what may be on its way to them, oldest first. */
  onTheirWay(): { readonly running: readonly RunKey[]; readonly queued: readonly RunKey[] } {
    const rows = this.#sql
      .exec<{ schedule_id: string; id: string; status: string }>(
        `SELECT schedule_id, id, status FROM runs
         WHERE status IN ('queued', 'running') AND held = 0 AND accepted = 0 ORDER BY id`,
      )
      .toArray();
    const ofStatus = (status: string) => rows.filter((row) => row.status === status).map(parseKey);
    return { running: ofStatus("running"), queued: ofStatus("queued") };
  }

  /** How many runs executors run. */
  countRunning(): number {
    const query = "SELECT count(*) AS running FROM runs WHERE status = 'running' AND accepted = 0";
    return this.#sql.exec<{ running: number }>(query).one().running;
  }

  /** How many runs of visitors have not ended. */
  countVisits(): number {
    const query = `SELECT count(*) AS visits FROM runs WHERE context = 'app' AND of_publication = 0 AND ${IS_LIVING}`;
    return this.#sql.exec<{ visits: number }>(query).one().visits;
  }

  isEmpty(): boolean {
    return this.#sql.exec("SELECT 1 FROM runs LIMIT 1").toArray().length === 0;
  }

  /** Adds a run; false when that very run is there already. */
  add(run: LiveRun): boolean {
    this.#clock.want(run.wakeAt);
    const cursor = this.#sql.exec(
      `INSERT INTO runs (${COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
         ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30) ON CONFLICT (schedule_id, id) DO NOTHING`,
      run.scheduleId ?? NO_SCHEDULE,
      run.id,
      run.fn,
      run.version,
      run.context,
      run.cause,
      run.status,
      Number(run.held),
      run.lane,
      Number(run.pinned),
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
      Number(run.ofPublication),
      toJson(run.notifications),
    );
    if (cursor.rowsWritten === 0) return false;
    this.#changes.noteRun(run.id);
    return true;
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
    this.#changes.noteRun(run.id);
  }

  /** Takes queued runs for an executor: whoever changes the row has it, and whatever is not queued is left alone. */
  take(keys: readonly RunKey[], claim: { version: number | null; at: Instant; wakeAt: Instant }): readonly LiveRun[] {
    this.#clock.want(claim.wakeAt);
    const taken = this.#sql
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
    for (const run of taken) this.#changes.noteRun(run.id);
    return taken;
  }

  /** Notes what running runs have produced so far; whatever does not run any more is left alone. */
  noteOutputs(notes: readonly { readonly run: RunKey; readonly output: Output }[]): void {
    const rows = notes.map(({ run, output }) => [run.schedule ?? NO_SCHEDULE, run.run, JSON.stringify(output)]);
    const noted = this.#sql.exec<Pick<RunRow, "schedule_id" | "id">>(
      `UPDATE runs SET output = note.value ->> 2 FROM json_each(?1) AS note
       WHERE schedule_id = note.value ->> 0 AND runs.id = note.value ->> 1 AND status = 'running' AND accepted = 0
       RETURNING schedule_id, id`,
      JSON.stringify(rows),
    );
    for (const row of noted.toArray()) this.#changes.noteRun(parseKey(row).run);
  }

  /** Renews the leases of runs that an executor still holds; answers which. */
  renew(keys: readonly RunKey[], until: Instant): ReadonlySet<string> {
    const held = this.#sql.exec<{ id: string }>(
      `UPDATE runs SET wake_at = ?2 WHERE ${AMONG_KEYS} AND status = 'running' AND accepted = 0 RETURNING id`,
      inJson(keys),
      until,
    );
    return new Set(held.toArray().map((row) => row.id));
  }

  /** Sets when somebody looks at a run again, and changes nothing else of it. */
  lookAgain(key: RunKey, at: Instant): void {
    this.#clock.want(at);
    this.#sql.exec(
      "UPDATE runs SET wake_at = ?3 WHERE schedule_id = ?1 AND id = ?2",
      key.schedule ?? NO_SCHEDULE,
      key.run,
      at,
    );
  }

  /** Has queued runs looked at by then; those that are looked at sooner are left alone. */
  lookBy(keys: readonly RunKey[], at: Instant): void {
    this.#clock.want(at);
    this.#sql.exec(
      `UPDATE runs SET wake_at = ?2 WHERE ${AMONG_KEYS} AND status = 'queued' AND held = 0 AND wake_at > ?2`,
      inJson(keys),
      at,
    );
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
export const AMONG_KEYS = "(schedule_id, id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))";
export const inJson = (keys: readonly RunKey[]): string =>
  JSON.stringify(keys.map((key) => [key.schedule ?? NO_SCHEDULE, key.run]));

const toJson = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
