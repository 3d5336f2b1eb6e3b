/** Answers given under an `Idempotency-Key`, kept in the same batch as the write they answer. */
import type { WorkspaceScope } from "../domain/access.ts";
import type { Failure } from "../domain/errors.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { DAY_MS, type Instant } from "../domain/time/instant.ts";
import { batchOrNothing } from "./all-or-nothing.ts";

const KEPT_MS = DAY_MS;

/** What the caller wishes to happen once, and what it will have been answered. */
export interface Wish {
  readonly key: string;
  readonly fingerprint: string;
  readonly answer: GivenAnswer;
}

/** An answer as it was sent. */
export interface GivenAnswer {
  readonly status: number;
  readonly body: string;
}

interface AnswerRow extends GivenAnswer {
  readonly fingerprint: string;
}

/** The answer given before under this key, null when there is none, or the refusal of a key used for something else. */
export async function answerGiven(
  db: D1Database,
  scope: WorkspaceScope,
  wish: Omit<Wish, "answer">,
  now: Instant,
): Promise<Result<GivenAnswer | null, Failure>> {
  const row = await db
    .prepare(
      `SELECT fingerprint, status, body
       FROM idempotency_answers
       WHERE workspace_id = ?1 AND key = ?2 AND expires_at > ?3`,
    )
    .bind(scope.workspaceId, wish.key, now)
    .first<AnswerRow>();
  if (row === null) return ok(null);
  if (row.fingerprint !== wish.fingerprint) return fail({ code: "idempotency_key_reused", key: wish.key });
  return ok({ status: row.status, body: row.body });
}

/**
 * The statements that keep an answer. They belong in the batch of the write: a twin that got there first makes the
 * insert collide, and the whole batch, write included, is undone.
 */
export function keepAnswer(
  db: D1Database,
  scope: WorkspaceScope,
  wish: Wish,
  now: Instant,
): readonly D1PreparedStatement[] {
  return [
    db
      .prepare("DELETE FROM idempotency_answers WHERE workspace_id = ?1 AND key = ?2 AND expires_at <= ?3")
      .bind(scope.workspaceId, wish.key, now),
    db
      .prepare(
        `INSERT INTO idempotency_answers (workspace_id, key, fingerprint, status, body, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)`,
      )
      .bind(scope.workspaceId, wish.key, wish.fingerprint, wish.answer.status, wish.answer.body, now + KEPT_MS),
  ];
}

/** `answered`: a twin of this very request got there first, and its answer is the one to give. */
export type Addition = "added" | "answered";

/** A write that adds something. */
export interface Adding {
  readonly wish: Wish | undefined;
  readonly now: Instant;
  /** One of them insists that something was done. */
  readonly statements: readonly D1PreparedStatement[];
  /** By table, what it means that another row there has the same name. */
  readonly taken: Readonly<Record<string, Failure>>;
  /** Why nothing was done. */
  readonly refusal: () => Promise<Failure>;
}

/** Adds something together with the answer that it is given under its key: both or neither. */
export async function addOnce(
  db: D1Database,
  scope: WorkspaceScope,
  { wish, now, statements, taken, refusal }: Adding,
): Promise<Result<Addition, Failure>> {
  const kept = wish === undefined ? [] : keepAnswer(db, scope, wish, now);
  try {
    const done = await batchOrNothing(db, [...kept, ...statements]);
    return done === null ? fail(await refusal()) : ok("added");
  } catch (error) {
    // D1 names a broken promise of the schema only in the message.
    const [, table = ""] = /UNIQUE constraint failed: (\w+)/.exec(String(error)) ?? [];
    if (table === "idempotency_answers") return ok("answered");
    const failure = taken[table];
    if (failure === undefined) throw error;
    return fail(failure);
  }
}

/** Daily housekeeping: drops the answers whose time is over. */
export async function forgetExpiredAnswers(db: D1Database, now: Instant): Promise<void> {
  await db.prepare("DELETE FROM idempotency_answers WHERE expires_at <= ?1").bind(now).run();
}
