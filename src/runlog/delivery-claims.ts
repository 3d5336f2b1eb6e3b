/**
 * Who sends a delivery, and what came of it. A claim says that sending begins: all that can be prepared is prepared before
 * it. Taken by conditional update: one row is mine, none is somebody else's. Whoever settles must name the claim's number.
 */
import type { ProjectScope } from "../domain/access.ts";
import type { Json } from "../domain/json.ts";
import { ATTEMPTS_KEPT, type Attempt, type Delivery } from "../domain/news/delivery.ts";
import type { Settlement } from "../domain/news/settlement.ts";
import { type Instant, MINUTE_MS, type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";
import { DELIVERY_COLUMNS, type DeliveryRow, ONE_DELIVERY, parseDelivery } from "./delivery-row.ts";

/** No step is waited for any longer. */
export const STEP_LASTS_MS: Milliseconds = 4 * MINUTE_MS;
/** So that after it, whoever claimed is gone. */
export const SENDING_LASTS_MS: Milliseconds = STEP_LASTS_MS + MINUTE_MS;

/** A message may come a little before the time that it was to come at. */
const EARLY_MS: Milliseconds = SECOND_MS;

/** What is done with a delivery: its sending, or the picture that follows. */
export type Step = "send" | "picture";

export interface ClaimedDelivery extends Delivery {
  readonly claim: number;
}

/** Claims a delivery for one step; null when it is not due, done, or in somebody's hands. Counts the attempt of a sending. */
export async function claimDelivery(
  db: D1Database,
  scope: ProjectScope,
  { news, id }: Pick<Delivery, "news" | "id">,
  step: Step,
  now: Instant,
): Promise<ClaimedDelivery | null> {
  const isDue =
    step === "send"
      ? "state IN ('pending', 'retrying') AND (state = 'pending' OR next_at <= ?6)"
      : "state = 'sent' AND picture = 'due'";
  const row = await db
    .prepare(
      `UPDATE deliveries SET claim = claim + 1, lease_until = ?7${step === "send" ? ", attempts = attempts + 1" : ""}
       WHERE ${ONE_DELIVERY} AND (lease_until IS NULL OR lease_until <= ?5) AND ${isDue}
       RETURNING ${DELIVERY_COLUMNS}, claim`,
    )
    .bind(scope.workspaceId, scope.projectId, news, id, now, now + EARLY_MS, now + SENDING_LASTS_MS)
    .first<DeliveryRow & { claim: number }>();
  return row === null ? null : { ...parseDelivery(row), claim: row.claim };
}

/** A settlement with the attempt that it came from. */
export interface SettledStep extends Settlement {
  /** Null of a step that the log does not tell. */
  readonly attempt: Attempt | null;
}

/** Keeps how far a claimed step has come, before what cannot be repeated. */
export async function rememberProgress(
  db: D1Database,
  scope: ProjectScope,
  { news, id, claim }: Pick<ClaimedDelivery, "news" | "id" | "claim">,
  progress: Json,
): Promise<void> {
  await db
    .prepare(`UPDATE deliveries SET progress = ?6 WHERE ${ONE_DELIVERY} AND claim = ?5`)
    .bind(scope.workspaceId, scope.projectId, news, id, claim, JSON.stringify(progress))
    .run();
}

/** Records what came of a claim, and lets go of it. False when it was not the caller's any more. */
export async function settleDelivery(
  db: D1Database,
  scope: ProjectScope,
  claimed: ClaimedDelivery,
  settlement: SettledStep,
  now: Instant,
): Promise<boolean> {
  return settleWhere(Number.MAX_SAFE_INTEGER, db, scope, claimed, settlement, now);
}

/** The same of a claim whose holder is gone. */
export const settleLost = (
  db: D1Database,
  scope: ProjectScope,
  lost: ClaimedDelivery,
  settlement: SettledStep,
  now: Instant,
): Promise<boolean> => settleWhere(now, db, scope, lost, settlement, now);

/** `by`: until when the claim runs at most. */
async function settleWhere(
  by: Instant,
  db: D1Database,
  scope: ProjectScope,
  claimed: ClaimedDelivery,
  settlement: SettledStep,
  now: Instant,
): Promise<boolean> {
  const { state, nextAt, failure, picture, progress, attempt } = settlement;
  const isFinal = state !== "pending" && state !== "retrying";
  const log = attempt === null ? claimed.log : [...claimed.log, attempt].slice(-ATTEMPTS_KEPT);
  const { meta } = await db
    .prepare(
      `UPDATE deliveries SET state = ?6, next_at = ?7, settled_at = ?8, failure = ?9, picture = ?10, progress = ?11,
         log = ?12, lease_until = NULL
       WHERE ${ONE_DELIVERY} AND claim = ?5 AND lease_until <= ?13`,
    )
    .bind(
      scope.workspaceId,
      scope.projectId,
      claimed.news,
      claimed.id,
      claimed.claim,
      state,
      nextAt,
      isFinal ? (claimed.settledAt ?? now) : null,
      failure === null ? null : JSON.stringify(failure),
      picture,
      progress === null ? null : JSON.stringify(progress),
      JSON.stringify(log),
      by,
    )
    .run();
  return meta.changes > 0;
}
