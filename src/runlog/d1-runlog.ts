/** The run log in D1. Every statement names the workspace and the project, and both come from a scope. */
import type { ProjectScope } from "../domain/access.ts";
import { type RunId, readRunId, readScheduleId, type ScheduleId } from "../domain/ids.ts";
import type { Output, Run, RunCause, RunContext, RunError, RunStatus, UnrunReason } from "../domain/run.ts";
import type { RunLog, RunLogFilter } from "./runlog.ts";

/** Rows are sent as JSON texts of at most this many characters: D1 takes parameters of up to 2 MB. */
const JSON_MAX_LENGTH = 1_000_000;
/** Sorts after every UUID. */
const AFTER_ALL = "g";

type LogRow = {
  id: string;
  schedule_id: string | null;
  fn: string | null;
  version: number | null;
  context: string;
  cause: string;
  status: string;
  attempt: number;
  origin_run_id: string | null;
  scheduled_for: number;
  effective_at: number;
  queued_at: number;
  started_at: number | null;
  finished_at: number;
  retry_at: number | null;
  unrun: string | null;
  count: number;
  error: string | null;
  output: string | null;
};

const COLUMN_NAMES = [
  "id",
  "schedule_id",
  "fn",
  "version",
  "context",
  "cause",
  "status",
  "attempt",
  "origin_run_id",
  "scheduled_for",
  "effective_at",
  "queued_at",
  "started_at",
  "finished_at",
  "retry_at",
  "unrun",
  "count",
  "error",
  "output",
] as const;
const COLUMNS = COLUMN_NAMES.join(", ");

// One statement for any number of rows: D1 binds at most 100 parameters, so the rows travel in one JSON text.
// A row that is there already is kept; anything else that is wrong with a row is an error and not passed over.
const RECORD = `INSERT INTO runs (workspace_id, project_id, ${COLUMNS})
  SELECT ?1, ?2, ${COLUMN_NAMES.map((_, index) => `value ->> ${index}`).join(", ")} FROM json_each(?3) WHERE true
  ON CONFLICT (workspace_id, project_id, id) DO NOTHING`;

// For each schedule the index is read twice as far as it shows rows: once to find where they begin, once for themselves.
const LATEST_OF = `FROM json_each(?3) AS wanted JOIN runs INDEXED BY runs_of_schedule
    ON runs.workspace_id = ?1 AND runs.project_id = ?2 AND runs.schedule_id = wanted.value AND runs.schedule_id IS NOT NULL
    AND runs.id >= coalesce((
      SELECT earlier.id FROM runs AS earlier INDEXED BY runs_of_schedule
      WHERE earlier.workspace_id = ?1 AND earlier.project_id = ?2 AND earlier.schedule_id = wanted.value
        AND earlier.schedule_id IS NOT NULL
      ORDER BY earlier.id DESC LIMIT 1 OFFSET ?4
    ), '')
  ORDER BY runs.id DESC`;

export class D1RunLog implements RunLog {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async record(scope: ProjectScope, runs: readonly Run[]): Promise<void> {
    if (runs.length === 0) return;
    const record = this.#db.prepare(RECORD);
    const texts = inTexts(runs.map(toJsonRow));
    await this.#db.batch(texts.map((text) => record.bind(scope.workspaceId, scope.projectId, text)));
  }

  async list(
    scope: ProjectScope,
    filter: RunLogFilter,
    page: { limit: number; before?: RunId | undefined },
  ): Promise<readonly Run[]> {
    // Only the conditions that are asked for are written, so that each combination finds its index.
    const conditions = ["workspace_id = ?1", "project_id = ?2", "id < ?3"];
    const values: (string | number)[] = [scope.workspaceId, scope.projectId, page.before ?? AFTER_ALL];
    const columns = { schedule_id: filter.schedule, status: filter.status, context: filter.context, fn: filter.fn };
    for (const [column, value] of Object.entries(columns)) {
      if (value === undefined) continue;
      values.push(value);
      conditions.push(`${column} = ?${values.length}`);
      if (column === "status" && value !== "succeeded") conditions.push("status <> 'succeeded'");
    }
    values.push(page.limit);
    const where = `WHERE ${conditions.join(" AND ")} ORDER BY id DESC LIMIT ?${values.length}`;
    return this.#many(`${indexFor(filter)} ${where}`, values);
  }

  async latestOf(scope: ProjectScope, schedules: readonly ScheduleId[], count: number): Promise<readonly Run[]> {
    const columns = COLUMN_NAMES.map((name) => `runs.${name}`).join(", ");
    const { results } = await this.#db
      .prepare(`SELECT ${columns} ${LATEST_OF}`)
      .bind(scope.workspaceId, scope.projectId, JSON.stringify(schedules), count - 1)
      .all<LogRow>();
    return results.map(parseRun);
  }

  async get(scope: ProjectScope, id: RunId): Promise<Run | null> {
    const where = "WHERE workspace_id = ?1 AND project_id = ?2 AND id = ?3";
    return (await this.#many(where, [scope.workspaceId, scope.projectId, id]))[0] ?? null;
  }

  async chain(scope: ProjectScope, origin: RunId): Promise<readonly Run[]> {
    const first = await this.get(scope, origin);
    const where =
      "INDEXED BY runs_of_chain WHERE workspace_id = ?1 AND project_id = ?2 AND origin_run_id = ?3 ORDER BY attempt";
    const retries = await this.#many(where, [scope.workspaceId, scope.projectId, origin]);
    return first === null ? retries : [first, ...retries];
  }

  async #many(from: string, values: readonly (string | number)[]): Promise<readonly Run[]> {
    const found = await this.#db
      .prepare(`SELECT ${COLUMNS} FROM runs ${from}`)
      .bind(...values)
      .all<LogRow>();
    return found.results.map(parseRun);
  }
}

/** Named, because without statistics SQLite takes the primary key and reads past every other run of the project. */
function indexFor(filter: RunLogFilter): string {
  if (filter.schedule !== undefined) return "INDEXED BY runs_of_schedule";
  return filter.status === undefined || filter.status === "succeeded" ? "" : "INDEXED BY runs_not_succeeded";
}

const toJsonRow = (run: Run): string =>
  JSON.stringify([
    run.id,
    run.scheduleId,
    run.fn,
    run.version,
    run.context,
    run.cause,
    run.status,
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
    run.error === null ? null : JSON.stringify(run.error),
    run.output === null ? null : JSON.stringify(run.output),
  ]);

/** Joins JSON rows into arrays that each fit one parameter. */
function inTexts(rows: readonly string[]): readonly string[] {
  const texts: string[] = [];
  let text = "";
  for (const row of rows) {
    if (text.length + row.length > JSON_MAX_LENGTH && text !== "") {
      texts.push(`[${text}]`);
      text = "";
    }
    text += text === "" ? row : `,${row}`;
  }
  return [...texts, `[${text}]`];
}

/** The columns are what `record` wrote, and the CHECKs hold their values. */
function parseRun(row: LogRow): Run {
  return {
    id: readRunId(row.id),
    scheduleId: row.schedule_id === null ? null : readScheduleId(row.schedule_id),
    fn: row.fn,
    version: row.version,
    context: row.context as RunContext,
    cause: row.cause as RunCause,
    status: row.status as RunStatus,
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
  };
}
