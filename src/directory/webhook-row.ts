/** One row of `webhooks`, as it lies in SQL. */
import { readWebhookId } from "../domain/ids.ts";
import {
  readWebhookEvents,
  type Webhook,
  type WebhookDisabledReason,
  type WebhookSignatures,
  type WebhookState,
} from "../domain/news/webhook.ts";
import { readProjectIds } from "./tokens.ts";

export interface WebhookRow {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly events: string;
  readonly projects: string | null;
  readonly signatures: WebhookSignatures;
  readonly previous_until: number | null;
  readonly state: WebhookState;
  readonly disabled_reason: WebhookDisabledReason | null;
  readonly disabled_at: number | null;
  readonly failing_since: number | null;
  readonly created_at: number;
  readonly updated_at: number;
}

/** Everything but the secrets. */
export const WEBHOOK_COLUMNS = `id, name, url, events, projects, signatures, previous_until, state, disabled_reason, disabled_at,
  failing_since, created_at, updated_at`;

/** The columns are what this room wrote, and the CHECKs hold their values. */
export const toWebhook = (row: WebhookRow): Webhook => ({
  id: readWebhookId(row.id),
  name: row.name,
  url: row.url,
  events: readWebhookEvents(row.events),
  projects: row.projects === null ? null : readProjectIds(row.projects),
  signatures: row.signatures,
  previousUntil: row.previous_until,
  state: row.state,
  disabledReason: row.disabled_reason,
  disabledAt: row.disabled_at,
  failingSince: row.failing_since,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** An endpoint as the audit tells of it. Of its address the host: the rest may hold a secret. */
export const aboutWebhook = ({ id, name }: Pick<Webhook, "id" | "name">) => ({
  target: { kind: "webhook", id, name },
});
