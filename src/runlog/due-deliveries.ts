/** Deliveries that are due and in nobody's hands, over all workspaces: for the sweep, which runs for the deployment. */
import type { WorkspaceScope } from "../domain/access.ts";
import type { CaptureFormat } from "../domain/captures/capture.ts";
import { readDeliveryId, readNewsId, readProjectId, readWorkspaceId } from "../domain/ids.ts";
import type { Channel } from "../domain/news/delivery.ts";
import { type DeliverOrder, isLight } from "../domain/news/delivery-order.ts";
import type { Instant } from "../domain/time/instant.ts";

type DueRow = {
  workspace_id: string;
  project_id: string;
  news_id: string;
  id: string;
  channel: string;
  wants: string | null;
};

/** How much is taken at once. */
export interface DueShare {
  readonly limit: number;
  readonly perWorkspace: number;
  /** The id from which the walk begins, and goes round: who is first is another one each time. */
  readonly from?: string;
}

/**
 * What is due, at most `perWorkspace` of each workspace, the oldest of it first: one whose endpoints are all down does not keep the
 * others waiting. Walks from one workspace that has open deliveries to the next, and reads of each no more than it answers.
 */
export async function listDueDeliveries(
  db: D1Database,
  now: Instant,
  { limit, perWorkspace, from = "" }: DueShare,
): Promise<readonly DeliverOrder[]> {
  const { results } = await db
    .prepare(
      `WITH RECURSIVE open (workspace) AS (
         SELECT min(workspace_id) FROM deliveries INDEXED BY deliveries_due WHERE next_at IS NOT NULL
         UNION ALL
         SELECT (SELECT min(workspace_id) FROM deliveries INDEXED BY deliveries_due
                 WHERE next_at IS NOT NULL AND workspace_id > open.workspace)
         FROM open WHERE open.workspace IS NOT NULL)
       SELECT workspace_id, project_id, news_id, id, channel, wants
       FROM open JOIN deliveries ON (workspace_id, project_id, news_id, id) IN (
         SELECT due.workspace_id, due.project_id, due.news_id, due.id FROM deliveries AS due INDEXED BY deliveries_due
         WHERE due.workspace_id = open.workspace AND due.next_at <= ?1 AND (due.lease_until IS NULL OR due.lease_until <= ?1)
         ORDER BY due.next_at LIMIT ?3)
       WHERE open.workspace IS NOT NULL
       ORDER BY open.workspace < ?4, open.workspace, next_at
       LIMIT ?2`,
    )
    .bind(now, limit, perWorkspace, from)
    .all<DueRow>();
  return results.map(toOrder);
}

/** Makes due what a connection that works again had held up. Answers how many. */
export async function releaseHeld(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  channel: Channel,
  reasons: readonly string[],
  now: Instant,
): Promise<number> {
  const { meta } = await db
    .prepare(
      `UPDATE deliveries SET next_at = ?4
       WHERE workspace_id = ?1 AND channel = ?2 AND state = 'retrying' AND next_at > ?4
         AND failure ->> '$.reason' IN (SELECT value FROM json_each(?3))`,
    )
    .bind(workspaceId, channel, JSON.stringify(reasons), now)
    .run();
  return meta.changes;
}

const toOrder = (row: DueRow): DeliverOrder => ({
  kind: "deliver",
  workspace: readWorkspaceId(row.workspace_id),
  project: readProjectId(row.project_id),
  news: readNewsId(row.news_id),
  delivery: readDeliveryId(row.id),
  // The CHECKs of the table hold the values.
  isLight: isLight({ channel: row.channel as Channel, wants: row.wants as CaptureFormat | null }),
});
