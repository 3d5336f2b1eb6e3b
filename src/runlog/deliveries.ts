/** The ledger of deliveries: what is to be sent to whom, and what became of it. Every statement names the workspace. */
import type { ProjectScope } from "../domain/access.ts";
import type { DeliveryId, MemberId, NewsId } from "../domain/ids.ts";
import type { Channel, Delivery, DeliveryState } from "../domain/news/delivery.ts";
import type { DeliveryFailure } from "../domain/news/delivery-failure.ts";
import type { PlannedDelivery } from "../domain/news/expansion.ts";
import type { News } from "../domain/news/news.ts";
import { type Instant, MINUTE_MS, type Milliseconds } from "../domain/time/instant.ts";
import { DELIVERY_COLUMNS, type DeliveryRow, ONE_DELIVERY, parseDelivery } from "./delivery-row.ts";
import { keepNews, parseNews } from "./news.ts";

/** A delivery that nobody has begun after so long is looked at by the sweep: its message may be lost. */
export const LOOKED_AT_AFTER_MS: Milliseconds = 5 * MINUTE_MS;

/** Rows of one statement: D1 takes parameters of two megabytes. */
const ROWS_AT_ONCE = 1_000;

/**
 * Writes news and what is to be delivered of it. What is there already stays, so that it can be told twice. A delivery that
 * waits for its capture is looked at when that is over.
 */
export async function planDeliveries(
  db: D1Database,
  scope: ProjectScope,
  news: News,
  planned: readonly PlannedDelivery[],
  now: Instant,
): Promise<void> {
  const statements = [keepNews(db, scope, news, now)];
  for (let start = 0; start < planned.length; start += ROWS_AT_ONCE) {
    const rows = planned.slice(start, start + ROWS_AT_ONCE).map((one) => toJsonRow(one, news, now));
    statements.push(
      db.prepare(PLAN).bind(scope.workspaceId, scope.projectId, news.id, news.event, now, JSON.stringify(rows)),
    );
  }
  await db.batch(statements);
}

const PLAN = `INSERT INTO deliveries
    (workspace_id, project_id, news_id, event, created_at, begun_at, id, notification, channel, recipient_kind, recipient_id,
     recipient_name, address, timezone, wants, state, next_at, settled_at, failure)
  SELECT ?1, ?2, ?3, ?4, ?5, ?5, ${Array.from({ length: 13 }, (_, index) => `value ->> ${index}`).join(", ")}
  FROM json_each(?6) WHERE true
  ON CONFLICT (workspace_id, project_id, news_id, id) DO NOTHING`;

function toJsonRow(planned: PlannedDelivery, { waitsUntil }: News, now: Instant): readonly (string | number | null)[] {
  const { id, notification, channel, recipient, address, timezone, wants, suppressed } = planned;
  const waited = wants === null ? now : Math.max(now, waitsUntil ?? now);
  return [
    id,
    notification,
    channel,
    recipient.kind,
    recipient.id,
    recipient.name,
    address,
    timezone,
    wants,
    suppressed === null ? "pending" : "suppressed",
    suppressed === null ? waited + (waited > now ? MINUTE_MS : LOOKED_AT_AFTER_MS) : null,
    suppressed === null ? null : now,
    suppressed === null ? null : JSON.stringify(suppressed),
  ];
}

/** The deliveries of some news, in the order of its notifications; those behind the one that is named. */
export async function listDeliveries(
  db: D1Database,
  scope: ProjectScope,
  news: NewsId,
  limit: number,
  after?: string,
): Promise<readonly Delivery[]> {
  const { results } = await db
    .prepare(
      `SELECT ${DELIVERY_COLUMNS} FROM deliveries WHERE workspace_id = ?1 AND project_id = ?2 AND news_id = ?3
         AND (?5 IS NULL OR (${PLACE}) > (
           SELECT ${PLACE} FROM deliveries WHERE workspace_id = ?1 AND project_id = ?2 AND news_id = ?3 AND id = ?5))
       ORDER BY ${PLACE} LIMIT ?4`,
    )
    .bind(scope.workspaceId, scope.projectId, news, limit, after ?? null)
    .all<DeliveryRow>();
  return results.map(parseDelivery);
}

/** Where a delivery stands among those of its news: first those for which no notification had to ask. */
const PLACE = "coalesce(notification, -1), channel, recipient_name, id";

/** Deliveries that are shown within their run; the list of its deliveries has all of them. */
export const SHOWN_WITHIN_RUN = 100;

/** Those that are shown within the run: to whoever decides who is told the first ones, to others their own. */
export function listDeliveriesFor(
  db: D1Database,
  scope: ProjectScope,
  news: NewsId,
  reader: { readonly isEditor: boolean; readonly memberId: MemberId | null },
): Promise<readonly Delivery[]> {
  if (reader.isEditor) return listDeliveries(db, scope, news, SHOWN_WITHIN_RUN);
  return reader.memberId === null ? Promise.resolve([]) : listDeliveriesTo(db, scope, news, reader.memberId);
}

/** Those of some news that go to one recipient. */
export async function listDeliveriesTo(
  db: D1Database,
  scope: ProjectScope,
  news: NewsId,
  recipient: string,
): Promise<readonly Delivery[]> {
  const { results } = await db
    .prepare(
      `SELECT ${DELIVERY_COLUMNS} FROM deliveries
       WHERE workspace_id = ?1 AND project_id = ?2 AND news_id = ?3 AND recipient_id = ?4
       ORDER BY notification, channel, id`,
    )
    .bind(scope.workspaceId, scope.projectId, news, recipient)
    .all<DeliveryRow>();
  return results.map(parseDelivery);
}

/** Of some news, those that nobody has begun, by their ids, their channels and what they wait for. */
export async function listUnbegun(
  db: D1Database,
  scope: ProjectScope,
  news: NewsId,
): Promise<readonly Pick<Delivery, "id" | "channel" | "wants">[]> {
  const { results } = await db
    .prepare(
      `SELECT ${DELIVERY_COLUMNS} FROM deliveries
       WHERE workspace_id = ?1 AND project_id = ?2 AND news_id = ?3 AND lease_until IS NULL
         AND ((state = 'pending' AND attempts = 0) OR picture = 'due')`,
    )
    .bind(scope.workspaceId, scope.projectId, news)
    .all<DeliveryRow>();
  return results.map(parseDelivery);
}

/** A delivery with the news that it delivers. */
export interface DeliveryOfNews {
  readonly delivery: Delivery;
  readonly news: News;
  /** The number of a claim whose holder is gone: nobody knows how far the attempt came. Null: there is none. */
  readonly lostClaim: number | null;
}

/** One delivery; null when there is none, or when its time was up. */
export async function findDelivery(
  db: D1Database,
  scope: ProjectScope,
  news: NewsId,
  id: DeliveryId,
  now: Instant,
): Promise<DeliveryOfNews | null> {
  const row = await db
    .prepare(
      `SELECT ${DELIVERY_COLUMNS}, CASE WHEN lease_until <= ?5 THEN claim END AS lost_claim, (
         SELECT body FROM news WHERE workspace_id = ?1 AND project_id = ?2 AND news.id = ?3
       ) AS body FROM deliveries WHERE ${ONE_DELIVERY}`,
    )
    .bind(scope.workspaceId, scope.projectId, news, id, now)
    .first<DeliveryRow & { readonly body: string | null; readonly lost_claim: number | null }>();
  if (row === null || row.body === null) return null;
  return { delivery: parseDelivery(row), news: parseNews(row.body), lostClaim: row.lost_claim };
}

/** A page of a list. */
export interface DeliveriesPage {
  readonly limit: number;
  /** The last one of the page before. */
  readonly before?: { readonly news: string; readonly id: string } | undefined;
}

export interface DeliveryFilter {
  readonly state?: DeliveryState | undefined;
  readonly channel?: Channel | undefined;
}

/** The deliveries of a project, newest first. */
export async function listDeliveriesOfProject(
  db: D1Database,
  scope: ProjectScope,
  { state, channel }: DeliveryFilter,
  { limit, before }: DeliveriesPage,
): Promise<readonly Delivery[]> {
  // Named, because without statistics SQLite reads past all that arrived.
  const isUnwell = state === "retrying" || state === "failed" || state === "unknown";
  const { results } = await db
    .prepare(
      `SELECT ${DELIVERY_COLUMNS} FROM deliveries ${isUnwell ? "INDEXED BY deliveries_unwell" : ""}
       WHERE workspace_id = ?1 AND project_id = ?2 AND (news_id, id) < (?3, ?4)
         ${state === undefined ? "" : "AND state = ?6"} AND (?5 IS NULL OR channel = ?5)
         ${isUnwell ? "AND state IN ('retrying', 'failed', 'unknown')" : ""}
       ORDER BY news_id DESC, id DESC LIMIT ?7`,
    )
    .bind(
      scope.workspaceId,
      scope.projectId,
      before?.news ?? AFTER_ALL,
      before?.id ?? AFTER_ALL,
      channel ?? null,
      state ?? null,
      limit,
    )
    .all<DeliveryRow>();
  return results.map(parseDelivery);
}

/** Sorts after every UUID. */
export const AFTER_ALL = "g";

/** As it was before the first attempt; what the attempts came to is kept. `now` is the parameter of the moment. */
export const begunAnew = (now: string): string =>
  `state = 'pending', attempts = 0, lease_until = NULL, settled_at = NULL, failure = NULL, picture = NULL,
   progress = NULL, told = NULL, round = round + 1, begun_at = ${now}, next_at = ${now}`;

/**
 * Makes one delivery due again, whatever became of it; not one that is being sent at this moment. Answers whether it is.
 */
export async function repeatDelivery(
  db: D1Database,
  scope: ProjectScope,
  news: NewsId,
  id: DeliveryId,
  now: Instant,
): Promise<boolean> {
  const { meta } = await db
    .prepare(
      `UPDATE deliveries SET ${begunAnew("?5")}
       WHERE ${ONE_DELIVERY} AND (lease_until IS NULL OR lease_until <= ?5)`,
    )
    .bind(scope.workspaceId, scope.projectId, news, id, now)
    .run();
  return meta.changes > 0;
}

/** Settles as suppressed what was not sent yet and is in nobody's hands. */
export async function suppressDelivery(
  db: D1Database,
  scope: ProjectScope,
  { news, id }: Pick<Delivery, "news" | "id">,
  failure: DeliveryFailure,
  now: Instant,
): Promise<void> {
  await db
    .prepare(
      `UPDATE deliveries SET state = 'suppressed', next_at = NULL, settled_at = ?5, lease_until = NULL, failure = ?6
       WHERE ${ONE_DELIVERY} AND state IN ('pending', 'retrying') AND (lease_until IS NULL OR lease_until <= ?5)`,
    )
    .bind(scope.workspaceId, scope.projectId, news, id, now, JSON.stringify(failure))
    .run();
}

/** Notes how the owner was told that it failed. */
export async function noteTold(
  db: D1Database,
  scope: ProjectScope,
  { news, id }: Pick<Delivery, "news" | "id">,
  told: Delivery["told"],
): Promise<void> {
  await db
    .prepare(`UPDATE deliveries SET told = ?5 WHERE ${ONE_DELIVERY}`)
    .bind(scope.workspaceId, scope.projectId, news, id, JSON.stringify(told))
    .run();
}
