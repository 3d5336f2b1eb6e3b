/** Webhook endpoints of a workspace: found, listed, made, deleted. Their secrets lie here sealed. */
import type { WorkspaceScope } from "../domain/access.ts";
import { type Failure, notFound } from "../domain/errors.ts";
import { type ProjectId, readWebhookId, type WebhookId } from "../domain/ids.ts";
import type { Listener } from "../domain/news/expansion.ts";
import type { NewsEvent } from "../domain/news/news.ts";
import { hostOf, type Webhook } from "../domain/news/webhook.ts";
import type { Result } from "../domain/result.ts";
import { IS_DONE, insist } from "./all-or-nothing.ts";
import { entryIfDone, type Scribe } from "./audit.ts";
import { type Addition, addOnce, type Wish } from "./idempotency.ts";
import { hasRoom, whyNoRoom } from "./room.ts";
import { sumUpSubscriptions } from "./subscriptions.ts";
import { aboutWebhook, toWebhook, WEBHOOK_COLUMNS, type WebhookRow } from "./webhook-row.ts";

/** An endpoint with what its calls are signed with, sealed. */
export interface SealedWebhook extends Webhook {
  readonly keys: {
    readonly current: string;
    /** What they replaced, and until when it signs too. */
    readonly previous: { readonly sealed: string; readonly until: number } | null;
  };
}

/** Adds an endpoint, together with the answer it was asked for. */
export const addWebhook = (
  db: D1Database,
  scope: WorkspaceScope,
  webhook: Webhook,
  sealed: string,
  { wish, scribe }: { readonly wish: Wish | undefined; readonly scribe: Scribe },
): Promise<Result<Addition, Failure>> => {
  const { id, name, url, events, projects, signatures, state, createdAt } = webhook;
  const insert = db
    .prepare(
      `INSERT INTO webhooks (id, workspace_id, name, url, events, projects, signatures, secret, state, disabled_reason,
         disabled_at, created_at, updated_at)
       SELECT ?1, workspaces.id, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12
       FROM workspaces WHERE workspaces.id = ?2 AND ${hasRoom(["webhooks"])}`,
    )
    .bind(
      id,
      scope.workspaceId,
      name,
      url,
      JSON.stringify(events),
      projects === null ? null : JSON.stringify(projects),
      signatures,
      sealed,
      state,
      webhook.disabledReason,
      webhook.disabledAt,
      createdAt,
    );
  const entry = entryIfDone(db, scope, scribe, {
    ...aboutWebhook(webhook),
    act: "webhook.created",
    detail: { host: hostOf(url), events: [...events], projects: projects === null ? null : [...projects] },
  });
  const refusal = async () =>
    (await whyNoRoom(db, scope, ["webhooks"], { at: createdAt, memberId: null })) ?? notFound("webhook", id);
  const statements = [insert, insist(db, IS_DONE), entry, sumUpSubscriptions(db, scope)];
  return addOnce(db, scope, { wish, now: createdAt, statements, taken: {}, refusal });
};

/** The workspace's endpoints, oldest first, after the given one. */
export async function listWebhooks(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  page: { readonly limit: number; readonly after?: string | undefined },
): Promise<readonly Webhook[]> {
  const { results } = await db
    .prepare(`SELECT ${WEBHOOK_COLUMNS} FROM webhooks WHERE workspace_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`)
    .bind(workspaceId, page.after ?? "", page.limit)
    .all<WebhookRow>();
  return results.map(toWebhook);
}

/** The endpoint of that id in the workspace, or null. */
export async function findWebhook(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  id: WebhookId,
): Promise<Webhook | null> {
  const row = await db
    .prepare(`SELECT ${WEBHOOK_COLUMNS} FROM webhooks WHERE id = ?1 AND workspace_id = ?2`)
    .bind(id, workspaceId)
    .first<WebhookRow>();
  return row === null ? null : toWebhook(row);
}

/** The same with its secrets, sealed. */
export async function findSealedWebhook(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  id: WebhookId,
): Promise<SealedWebhook | null> {
  const row = await db
    .prepare(`SELECT ${WEBHOOK_COLUMNS}, secret, previous_secret FROM webhooks WHERE id = ?1 AND workspace_id = ?2`)
    .bind(id, workspaceId)
    .first<WebhookRow & { readonly secret: string; readonly previous_secret: string | null }>();
  if (row === null) return null;
  const { secret: current, previous_secret: sealed, previous_until: until } = row;
  const previous = sealed === null || until === null ? null : { sealed, until };
  return { ...toWebhook(row), keys: { current, previous } };
}

/** What happened, and whom notifications name. */
export interface Hearing {
  readonly project: ProjectId;
  readonly event: NewsEvent;
  readonly named: readonly WebhookId[];
}

/**
 * Which endpoints hear of an event in a project: those that are enabled and asked for it, and those that are named, whether
 * they are enabled or not. One that is named and not among them is not in the workspace any more.
 */
export async function findListeners(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  { project, event, named }: Hearing,
): Promise<readonly Listener[]> {
  const { results } = await db
    .prepare(
      `SELECT * FROM (
         SELECT id, name, state = 'enabled' AS is_enabled, state = 'enabled'
           AND ?3 IN (SELECT value FROM json_each(webhooks.events))
           AND (projects IS NULL OR ?2 IN (SELECT value FROM json_each(webhooks.projects))) AS has_asked
         FROM webhooks
         WHERE workspace_id = ?1)
       WHERE has_asked OR id IN (SELECT value FROM json_each(?4))
       ORDER BY id`,
    )
    .bind(workspaceId, project, event, JSON.stringify(named))
    .all<{ readonly id: string; readonly name: string; readonly is_enabled: number; readonly has_asked: number }>();
  return results.map(({ id, name, is_enabled: isEnabled, has_asked: hasAsked }) => ({
    id: readWebhookId(id),
    name,
    isEnabled: isEnabled === 1,
    hasAsked: hasAsked === 1,
  }));
}

/** Deletes an endpoint with its secrets. False when there was none. */
export async function deleteWebhook(
  db: D1Database,
  scope: WorkspaceScope,
  webhook: Pick<Webhook, "id" | "name" | "url">,
  scribe: Scribe,
): Promise<boolean> {
  const [deleted] = await db.batch([
    db.prepare("DELETE FROM webhooks WHERE id = ?1 AND workspace_id = ?2").bind(webhook.id, scope.workspaceId),
    entryIfDone(db, scope, scribe, {
      ...aboutWebhook(webhook),
      act: "webhook.deleted",
      detail: { host: hostOf(webhook.url) },
    }),
    sumUpSubscriptions(db, scope),
  ]);
  return (deleted?.meta.changes ?? 0) > 0;
}
