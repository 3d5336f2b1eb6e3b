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

/** Rows that are looked at to find the due ones of each workspace. */
const LOOKED_AT = 20_000;

/**
 * What is due, the oldest first, at most `perWorkspace` of each: one whose endpoints are all down does not keep the others
 * waiting.
 */
export async function listDueDeliveries(
  db: D1Database,
  now: Instant,
  { limit, perWorkspace }: { readonly limit: number; readonly perWorkspace: number },
): Promise<readonly DeliverOrder[]> {
  const { results } = await db
    .prepare(
      `SELECT workspace_id, project_id, news_id, id, channel, wants FROM (
         SELECT workspace_id, project_id, news_id, id, channel, wants, next_at,
           row_number() OVER (PARTITION BY workspace_id ORDER BY next_at) AS place
         FROM (
           SELECT workspace_id, project_id, news_id, id, channel, wants, next_at FROM deliveries INDEXED BY deliveries_due
           WHERE next_at <= ?1 AND (lease_until IS NULL OR lease_until <= ?1)
           ORDER BY next_at LIMIT ?4))
       WHERE place <= ?3 ORDER BY next_at LIMIT ?2`,
    )
    .bind(now, limit, perWorkspace, LOOKED_AT)
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
