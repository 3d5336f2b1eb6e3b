/** Takes finished runs out of the log, and their captures and deliveries out of the ledgers, when their time is up. */
import type { ProjectScope } from "../domain/access.ts";
import { type RunId, readRunId, uuidFloor } from "../domain/ids.ts";
import type { Output } from "../domain/run.ts";
import type { Instant } from "../domain/time/instant.ts";

/** Rows looked at and deleted in one step. */
const STEP_SIZE = 500;

/** Rows deleted by one statement when a whole project goes. */
const DELETED_AT_ONCE = 5_000;

type ExpiredRow = { id: string; output: string | null };

/**
 * Deletes the rows of occurrences before `before`. `dropOutputs` is given the outputs of each step before its rows go, so
 * that a crash between the two leaves rows to come back to and no object that nobody knows of.
 */
export async function forgetRuns(
  db: D1Database,
  scope: ProjectScope,
  before: Instant,
  dropOutputs: (outputs: readonly Output[]) => Promise<void>,
): Promise<number> {
  const values = [scope.workspaceId, scope.projectId] as const;
  const expired = db.prepare(
    "SELECT id, output FROM runs WHERE workspace_id = ?1 AND project_id = ?2 AND id < ?3 ORDER BY id LIMIT ?4",
  );
  // By their names: a row that came since they were listed may have an object that nobody has dropped.
  const forget = db.prepare(
    "DELETE FROM runs WHERE workspace_id = ?1 AND project_id = ?2 AND id IN (SELECT value FROM json_each(?3))",
  );
  for (let forgotten = 0; ; ) {
    const { results } = await expired.bind(...values, uuidFloor(before), STEP_SIZE).all<ExpiredRow>();
    if (results.length === 0) return forgotten;
    await dropOutputs(results.flatMap((row) => (row.output === null ? [] : [parseOutput(row.output)])));
    await forget.bind(...values, JSON.stringify(results.map(({ id }) => id))).run();
    forgotten += results.length;
  }
}

/**
 * Deletes the captures of runs of occurrences before `before`, whether the log still has those runs or not. `dropFiles` is
 * given the runs of each step before their rows go, for the same reason.
 */
export async function forgetCaptures(
  db: D1Database,
  scope: ProjectScope,
  before: Instant,
  dropFiles: (runs: readonly RunId[]) => Promise<void>,
): Promise<void> {
  const values = [scope.workspaceId, scope.projectId] as const;
  const expired = db.prepare(
    `SELECT DISTINCT run_id FROM captures WHERE workspace_id = ?1 AND project_id = ?2 AND run_id < ?3
     ORDER BY run_id LIMIT ?4`,
  );
  const forget = db.prepare(
    "DELETE FROM captures WHERE workspace_id = ?1 AND project_id = ?2 AND run_id IN (SELECT value FROM json_each(?3))",
  );
  for (;;) {
    const { results } = await expired.bind(...values, uuidFloor(before), STEP_SIZE).all<{ run_id: string }>();
    const runs = results.map((row) => readRunId(row.run_id));
    if (runs.length === 0) return;
    await dropFiles(runs);
    await forget.bind(...values, JSON.stringify(runs)).run();
  }
}

/** Deletes news from before `before`, and its deliveries. */
export async function forgetDeliveries(db: D1Database, scope: ProjectScope, before: Instant): Promise<void> {
  for (const [table, id] of [
    ["deliveries", "news_id"],
    ["news", "id"],
  ]) {
    const forget = db.prepare(
      `DELETE FROM ${table}
       WHERE workspace_id = ?1 AND project_id = ?2 AND ${id} IN (
         SELECT ${id} FROM ${table} WHERE workspace_id = ?1 AND project_id = ?2 AND ${id} < ?3 ORDER BY ${id} LIMIT ?4)`,
    );
    for (;;) {
      const { meta } = await forget.bind(scope.workspaceId, scope.projectId, uuidFloor(before), STEP_SIZE).run();
      if (meta.changes === 0) break;
    }
  }
}

/** Deletes every row of a deleted project, a step at a time: one statement may not run for long. */
export async function forgetAllRuns(db: D1Database, scope: ProjectScope): Promise<void> {
  for (const [table, id] of [
    ["deliveries", "id"],
    ["news", "id"],
    ["captures", "run_id"],
    ["runs", "id"],
  ]) {
    const forget = db.prepare(
      `DELETE FROM ${table}
       WHERE workspace_id = ?1 AND project_id = ?2
         AND ${id} IN (SELECT ${id} FROM ${table} WHERE workspace_id = ?1 AND project_id = ?2 LIMIT ?3)`,
    );
    for (;;) {
      const { meta } = await forget.bind(scope.workspaceId, scope.projectId, DELETED_AT_ONCE).run();
      if (meta.changes === 0) break;
    }
  }
}

const parseOutput = (json: string): Output => JSON.parse(json) as Output;
