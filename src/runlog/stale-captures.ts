/** Captures that nobody has settled in time, over all workspaces: for the sweep, which runs for the deployment. */
import {
  type CaptureCause,
  type CaptureFormat,
  type CaptureOrder,
  GIVE_UP_AFTER_MS,
  inOrder,
} from "../domain/captures/capture.ts";
import type { CaptureFailure } from "../domain/captures/failure.ts";
import { readProjectId, readRunId, readWorkspaceId } from "../domain/ids.ts";
import { readPlanName } from "../domain/plan.ts";
import { type Instant, MINUTE_MS, type Milliseconds } from "../domain/time/instant.ts";
import { ENDED_BADLY } from "./capture-row.ts";

/** Within this time a message that is not lost has come to an end, unless it waits for a browser; then one more is no harm. */
export const STALE_AFTER_MS: Milliseconds = 5 * MINUTE_MS;

type StaleRow = {
  workspace_id: string;
  project_id: string;
  run_id: string;
  format: string;
  cause: string;
  plan: string;
  ordered_at: number;
  news_by: number | null;
};

const IS_FREE = "state = 'pending' AND (lease_until IS NULL OR lease_until <= ?1)";

/** Gives up what was ordered too long ago, as `giveUpCaptures` does. Answers how many. */
export async function giveUpStale(db: D1Database, failure: CaptureFailure, now: Instant): Promise<number> {
  const { meta } = await db
    .prepare(
      `UPDATE captures SET state = ${ENDED_BADLY}, settled_at = ?1, lease_until = NULL, failure = coalesce(failure, ?3)
       WHERE ${IS_FREE} AND ordered_at <= ?2`,
    )
    .bind(now, now - GIVE_UP_AFTER_MS, JSON.stringify(failure))
    .run();
  return meta.changes;
}

/**
 * The orders of captures whose message seems to be lost, or whose taker is gone, the oldest first. An order stands for all
 * formats of a run that are stale.
 */
export async function listStale(db: D1Database, now: Instant, limit: number): Promise<readonly CaptureOrder[]> {
  const { results } = await db
    .prepare(
      `SELECT workspace_id, project_id, run_id, format, cause, plan, ordered_at, news_by FROM captures
       WHERE ${IS_FREE} AND (ordered_at <= ?2 OR lease_until IS NOT NULL)
       ORDER BY ordered_at LIMIT ?3`,
    )
    .bind(now, now - STALE_AFTER_MS, limit)
    .all<StaleRow>();
  const byRun = Map.groupBy(results, (row) => `${row.workspace_id}:${row.project_id}:${row.run_id}`);
  return [...byRun.values()].flatMap(parseOrder);
}

/** Forgets how much was ordered on the days before this one. */
export async function forgetDays(db: D1Database, day: number): Promise<void> {
  await db.prepare("DELETE FROM capture_days WHERE day < ?1").bind(day).run();
}

/** The rows of one run. The columns are what `orderCaptures` wrote, and the CHECKs hold their values. */
function parseOrder(rows: readonly StaleRow[]): readonly CaptureOrder[] {
  const row = rows[0];
  if (row === undefined) return [];
  return [
    {
      workspace: readWorkspaceId(row.workspace_id),
      project: readProjectId(row.project_id),
      run: readRunId(row.run_id),
      formats: inOrder(rows.map(({ format }) => format as CaptureFormat)),
      cause: row.cause as CaptureCause,
      orderedAt: row.ordered_at,
      newsBy: row.news_by,
      plan: readPlanName(row.plan),
    },
  ];
}
