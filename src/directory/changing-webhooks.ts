/** Changes webhook endpoints: what they are, what they are signed with, and whether they are called. */
import type { WorkspaceScope } from "../domain/access.ts";
import { conflict, type Failure, notFound } from "../domain/errors.ts";
import type { Json } from "../domain/json.ts";
import { hostOf, type Webhook, type WebhookHealth } from "../domain/news/webhook.ts";
import { ENABLED, healthAfter, type WebhookOutcome } from "../domain/news/webhook-health.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Instant } from "../domain/time/instant.ts";
import { IS_DONE, insist } from "./all-or-nothing.ts";
import { entryIfDone, type Scribe } from "./audit.ts";
import { type Addition, addOnce, type Wish } from "./idempotency.ts";
import { sumUpSubscriptions } from "./subscriptions.ts";
import { aboutWebhook, toWebhook, WEBHOOK_COLUMNS, type WebhookRow } from "./webhook-row.ts";
import { findWebhook } from "./webhooks.ts";

/** What is to change; whatever is absent stays. */
export type WebhookChange = Partial<Pick<Webhook, "name" | "url" | "events" | "projects" | "signatures">> & {
  readonly enabled?: boolean | undefined;
};

const CHANGED_MEANWHILE = conflict("The endpoint was changed by somebody else at the same moment. Try again.");

/** Changes an endpoint as it was seen. Enabled again, or at another address, it begins anew as one that works. */
export async function changeWebhook(
  db: D1Database,
  scope: WorkspaceScope,
  seen: Webhook,
  { enabled, ...change }: WebhookChange,
  scribe: Scribe,
): Promise<Result<Webhook, Failure>> {
  const { at } = scribe.doing;
  const facts = { ...seen, ...change };
  const after: Webhook = { ...facts, ...healthOf(seen, facts, enabled, at) };
  const detail = differences(seen, after);
  if (detail === null) return ok(seen);
  const { name, url, events, projects, signatures, state, disabledReason, disabledAt, failingSince } = after;
  const [changed] = await db.batch<WebhookRow>([
    db
      .prepare(
        `UPDATE webhooks
         SET name = ?3, url = ?4, events = ?5, projects = ?6, signatures = ?7, state = ?8, disabled_reason = ?9,
           disabled_at = ?10, failing_since = ?11, updated_at = max(?12, updated_at + 1)
         WHERE id = ?1 AND workspace_id = ?2 AND updated_at = ?13 AND state = ?14
         RETURNING ${WEBHOOK_COLUMNS}`,
      )
      .bind(
        seen.id,
        scope.workspaceId,
        name,
        url,
        JSON.stringify(events),
        projects === null ? null : JSON.stringify(projects),
        signatures,
        state,
        disabledReason,
        disabledAt,
        failingSince,
        at,
        seen.updatedAt,
        seen.state,
      ),
    entryIfDone(db, scope, scribe, { ...aboutWebhook(after), act: "webhook.changed", detail }),
    sumUpSubscriptions(db, scope),
  ]);
  const [row] = changed?.results ?? [];
  if (row !== undefined) return ok(toWebhook(row));
  return fail((await findWebhook(db, scope, seen.id)) === null ? notFound("webhook", seen.id) : CHANGED_MEANWHILE);
}

function healthOf(seen: Webhook, { url }: Webhook, enabled: boolean | undefined, at: Instant): WebhookHealth {
  const { state, disabledReason, disabledAt, failingSince } = seen;
  const asItWas = { state, disabledReason, disabledAt, failingSince: url === seen.url ? failingSince : null };
  if (enabled === true) return ENABLED;
  if (enabled === undefined || state === "disabled") return asItWas;
  return { ...asItWas, state: "disabled", disabledReason: "by_hand", disabledAt: at };
}

/** As the audit tells them, before and after; null when there are none. Of an address the host. */
function differences(before: Webhook, after: Webhook): Json | null {
  const facts = (of: Webhook): Readonly<Record<string, Json>> => ({
    name: of.name,
    host: hostOf(of.url),
    events: [...of.events],
    projects: of.projects === null ? null : [...of.projects],
    signatures: of.signatures,
    enabled: of.state === "enabled",
  });
  const [old, fresh] = [facts(before), facts(after)];
  const names = Object.keys(old).filter((name) => JSON.stringify(old[name]) !== JSON.stringify(fresh[name]));
  const isMoved = before.url !== after.url;
  if (names.length === 0 && !isMoved && before.failingSince === after.failingSince) return null;
  const pick = (of: Readonly<Record<string, Json>>) =>
    Object.fromEntries(names.map((name) => [name, of[name] ?? null]));
  return { before: pick(old), after: pick(fresh), ...(isMoved ? { address_changed: true } : {}) };
}

/** What takes the place of an endpoint's keys. */
export interface Rotation {
  readonly sealed: string;
  /** Until then what is replaced goes on signing beside it. */
  readonly until: Instant;
}

/**
 * Replaces what the calls of an endpoint are signed with, together with the answer it was asked for: repeated without that, a
 * rotation whose answer was lost would end the secret that receivers know. What was replaced before no longer signs.
 */
export function rotateWebhookKeys(
  db: D1Database,
  scope: WorkspaceScope,
  webhook: Pick<Webhook, "id" | "name">,
  { sealed, until }: Rotation,
  { wish, scribe }: { readonly wish: Wish | undefined; readonly scribe: Scribe },
): Promise<Result<Addition, Failure>> {
  const { at } = scribe.doing;
  const update = db
    .prepare(
      `UPDATE webhooks
       SET previous_secret = CASE WHEN ?4 > ?5 THEN secret END, previous_until = CASE WHEN ?4 > ?5 THEN ?4 END,
         secret = ?3, updated_at = max(?5, updated_at + 1)
       WHERE id = ?1 AND workspace_id = ?2`,
    )
    .bind(webhook.id, scope.workspaceId, sealed, until, at);
  const entry = entryIfDone(db, scope, scribe, {
    ...aboutWebhook(webhook),
    act: "webhook.secret_rotated",
    detail: { previous_valid_until: until > at ? until : null },
  });
  const refusal = async () => notFound("webhook", webhook.id);
  return addOnce(db, scope, { wish, now: at, statements: [update, insist(db, IS_DONE), entry], taken: {}, refusal });
}

/** What was known of an endpoint when a message for it was sent. */
export type SeenWebhook = Pick<
  Webhook,
  "id" | "name" | "url" | "state" | "disabledReason" | "disabledAt" | "failingSince"
>;

/**
 * Notes how a message ended. Answers the reason when that disables the endpoint, which happens once: whoever gets it tells
 * people. Costs nothing where nothing changes, which is nearly always.
 */
export async function noteWebhookOutcome(
  db: D1Database,
  scope: WorkspaceScope,
  seen: SeenWebhook,
  outcome: WebhookOutcome,
  scribe: Scribe,
): Promise<{ readonly disabled: "gone" | "failing" } | null> {
  const { at } = scribe.doing;
  const after = healthAfter(seen, outcome, at);
  if (after.state !== seen.state) return disable(db, scope, seen, outcome === "gone" ? "gone" : "failing", scribe);
  if (after.failingSince === seen.failingSince) return null;
  // Only from what was seen: what others noted in between is newer.
  await db
    .prepare(
      `UPDATE webhooks SET failing_since = ?3
       WHERE id = ?1 AND workspace_id = ?2 AND url = ?5 AND failing_since IS ?4`,
    )
    .bind(seen.id, scope.workspaceId, after.failingSince, seen.failingSince, seen.url)
    .run();
  return null;
}

/** Not when it was mended since: given another address, or found well by another message. */
async function disable(
  db: D1Database,
  scope: WorkspaceScope,
  seen: SeenWebhook,
  reason: "gone" | "failing",
  scribe: Scribe,
): Promise<{ readonly disabled: "gone" | "failing" } | null> {
  const [disabled] = await db.batch([
    db
      .prepare(
        `UPDATE webhooks SET state = 'disabled', disabled_reason = ?3, disabled_at = ?4, updated_at = max(?4, updated_at + 1)
         WHERE id = ?1 AND workspace_id = ?2 AND state = 'enabled' AND url = ?5
           AND (?3 = 'gone' OR failing_since IS ?6)`,
      )
      .bind(seen.id, scope.workspaceId, reason, scribe.doing.at, seen.url, seen.failingSince),
    entryIfDone(db, scope, scribe, {
      ...aboutWebhook(seen),
      act: "webhook.disabled",
      detail: { reason, host: hostOf(seen.url), failing_since: seen.failingSince },
    }),
    sumUpSubscriptions(db, scope),
  ]);
  return (disabled?.meta.changes ?? 0) > 0 ? { disabled: reason } : null;
}
