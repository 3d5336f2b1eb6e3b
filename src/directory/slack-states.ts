/** Ways to Slack and back. What travels along is a secret of 256 random bits; the directory keeps its hash. */
import type { WorkspaceScope } from "../domain/access.ts";
import type { MemberId } from "../domain/ids.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { type Instant, MINUTE_MS, type Milliseconds } from "../domain/time/instant.ts";
import { hashSecret } from "./secrets.ts";

/** `install`: to connect the workspace; `link`: to say who a member is in Slack. */
export type SlackPurpose = "install" | "link";

/** How long somebody may take in Slack. */
export const SLACK_STATE_MS: Milliseconds = 10 * MINUTE_MS;
/** The most ways that one member has open at a time: older ones make room. */
const OPEN_MAX = 20;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** Why a way leads nowhere. `other_member`: it was made for somebody else, or in another workspace. */
export type SlackStateFailure = "unknown" | "used" | "expired" | "other_member";

interface StateRow {
  readonly workspace_id: string;
  readonly member_id: string;
  readonly purpose: SlackPurpose;
  readonly expires_at: number;
  readonly used_at: number | null;
}

/** Keeps a way for one member. */
export async function keepSlackState(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  { member, purpose, now }: { readonly member: MemberId; readonly purpose: SlackPurpose; readonly now: Instant },
  secret: string,
): Promise<void> {
  await db.batch([
    db
      .prepare(
        `DELETE FROM slack_states
         WHERE workspace_id = ?1 AND member_id = ?2 AND hash NOT IN (
           SELECT hash FROM slack_states WHERE workspace_id = ?1 AND member_id = ?2 ORDER BY created_at DESC LIMIT ?3
         )`,
      )
      .bind(workspaceId, member, OPEN_MAX - 1),
    db
      .prepare(
        `INSERT INTO slack_states (hash, workspace_id, member_id, purpose, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)`,
      )
      .bind(hashSecret(secret), workspaceId, member, purpose, now, now + SLACK_STATE_MS),
  ]);
}

/**
 * Burns a way, and answers what it was for. Only for the member whom it was made for: what somebody else's browser brings
 * stays as it was, so that nobody ends another's way.
 */
export async function useSlackState(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  member: MemberId,
  secret: string,
  now: Instant,
): Promise<Result<SlackPurpose, SlackStateFailure>> {
  if (!SECRET.test(secret)) return fail("unknown");
  const hash = hashSecret(secret);
  const burnt = await db
    .prepare(
      `UPDATE slack_states SET used_at = ?4
       WHERE hash = ?1 AND workspace_id = ?2 AND member_id = ?3 AND used_at IS NULL AND expires_at > ?4
       RETURNING purpose`,
    )
    .bind(hash, workspaceId, member, now)
    .first<Pick<StateRow, "purpose">>();
  if (burnt !== null) return ok(burnt.purpose);
  const row = await db
    .prepare("SELECT workspace_id, member_id, purpose, expires_at, used_at FROM slack_states WHERE hash = ?1")
    .bind(hash)
    .first<StateRow>();
  if (row === null) return fail("unknown");
  if (row.workspace_id !== workspaceId || row.member_id !== member) return fail("other_member");
  return fail(row.used_at === null ? "expired" : "used");
}
