/** An endpoint that can be called: with its secrets opened. */
import { findSealedWebhook } from "../../directory/webhooks.ts";
import type { WorkspaceScope } from "../../domain/access.ts";
import type { WebhookId } from "../../domain/ids.ts";
import type { Webhook } from "../../domain/news/webhook.ts";
import { type OpenedKeys, openWebhookKeys } from "../../http/webhook-keys.ts";

/** Whether it is to be called, its `state` says: a disabled one can be tried out. */
export interface CallableWebhook extends Webhook {
  readonly opened: OpenedKeys;
}

/** The endpoint of that id in the workspace; null when there is none. `key` is the deployment's. */
export async function findCallableWebhook(
  db: D1Database,
  key: string,
  scope: WorkspaceScope,
  id: WebhookId,
): Promise<CallableWebhook | null> {
  const found = await findSealedWebhook(db, scope, id);
  if (found === null) return null;
  const { keys, ...webhook } = found;
  return { ...webhook, opened: await openWebhookKeys(key, keys) };
}
