/** The calls of one webhook endpoint, over all projects that it is told of: listed, and made due again. */
import type { WorkspaceScope } from "../domain/access.ts";
import { type ProjectId, readProjectId, type WebhookId } from "../domain/ids.ts";
import type { Delivery, DeliveryState } from "../domain/news/delivery.ts";
import type { Instant } from "../domain/time/instant.ts";
import { AFTER_ALL, begunAnew, type DeliveryFilter } from "./deliveries.ts";
import { DELIVERY_COLUMNS, type DeliveryRow, parseDelivery } from "./delivery-row.ts";

/** A call of an endpoint, with the project that it tells of. */
export interface EndpointDelivery extends Delivery {
  readonly project: ProjectId;
}

/** The calls of one endpoint, newest first. */
export async function listDeliveriesOfEndpoint(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  endpoint: WebhookId,
  { state }: Pick<DeliveryFilter, "state">,
  {
    limit,
    before,
  }: { readonly limit: number; readonly before?: { readonly at: Instant; readonly id: string } | undefined },
): Promise<readonly EndpointDelivery[]> {
  const { results } = await db
    .prepare(
      `SELECT ${DELIVERY_COLUMNS}, project_id FROM deliveries INDEXED BY deliveries_of_endpoint
       WHERE workspace_id = ?1 AND recipient_id = ?2 AND channel = 'webhook' AND (?3 IS NULL OR state = ?3)
         AND (created_at, id) < (?4, ?5)
       ORDER BY created_at DESC, id DESC LIMIT ?6`,
    )
    .bind(workspaceId, endpoint, state ?? null, before?.at ?? Number.MAX_SAFE_INTEGER, before?.id ?? AFTER_ALL, limit)
    .all<DeliveryRow & { readonly project_id: string }>();
  return results.map((row) => ({ ...parseDelivery(row), project: readProjectId(row.project_id) }));
}

/** Which calls of an endpoint are made again. */
export interface ReplayRange {
  readonly from: Instant;
  readonly to: Instant;
  readonly states: readonly DeliveryState[];
  readonly limit: number;
}

/** Makes the calls of an endpoint in [from, to) due again, the oldest first. Answers how many. */
export async function replayDeliveries(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  endpoint: WebhookId,
  { from, to, states, limit }: ReplayRange,
  now: Instant,
): Promise<number> {
  const { meta } = await db
    .prepare(
      `UPDATE deliveries SET ${begunAnew("?6")}
       WHERE workspace_id = ?1 AND (project_id, news_id, id) IN (
         SELECT project_id, news_id, id FROM deliveries INDEXED BY deliveries_of_endpoint
         WHERE workspace_id = ?1 AND recipient_id = ?2 AND channel = 'webhook' AND created_at >= ?3 AND created_at < ?4
           AND state IN (SELECT value FROM json_each(?5)) AND (lease_until IS NULL OR lease_until <= ?6)
         ORDER BY created_at LIMIT ?7)`,
    )
    .bind(workspaceId, endpoint, from, to, JSON.stringify(states), now, limit)
    .run();
  return meta.changes;
}
