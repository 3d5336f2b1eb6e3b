/** Sessions: browsers that are signed in, each as one member. The browser holds a secret, the directory its hash. */
import type { WorkspaceScope } from "../domain/access.ts";
import { type MemberId, readSessionId, type SessionId } from "../domain/ids.ts";
import { DAY_MS, type Instant, type Milliseconds } from "../domain/time/instant.ts";
import { entryIfDone, type Scribe } from "./audit.ts";
import { forgetCredential, forgetMember } from "./callers.ts";
import { endInvitations } from "./invitations.ts";
import { joining, type Membership } from "./memberships.ts";
import { hashSecret } from "./secrets.ts";

/** How many unpredictable bytes a session's secret, and a link's, is made of. */
export const SECRET_RANDOM_BYTES = 32;
/** How long a browser stays signed in. */
export const SESSION_MS: Milliseconds = 30 * DAY_MS;
const AGENT_MAX_LENGTH = 300;

/** How somebody proved who they are when they signed in. */
export type SignInWay = "link" | "access" | "local" | "invitation";

/** A session as its member sees it. */
export interface Session {
  readonly id: SessionId;
  /** What the browser calls itself. */
  readonly agent: string;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant;
  readonly expiresAt: Instant;
}

/** A session that is being started. */
export interface NewSession {
  readonly id: SessionId;
  readonly secret: string;
  readonly agent: string;
  readonly way: SignInWay;
  /** The secret of the session that the browser had before, which ends with this one's start. */
  readonly replaces: string | null;
}

interface SessionRow {
  readonly id: string;
  readonly agent: string;
  readonly created_at: number;
  readonly last_used_at: number;
  readonly expires_at: number;
}

/** 256 random bits in base64url: what a browser or a link holds. */
export const secretText = (random: Uint8Array): string =>
  Buffer.from(random.subarray(0, SECRET_RANDOM_BYTES)).toString("base64url");

/**
 * Signs a browser in as a member; whoever is invited joins by it. False when the membership was taken away meanwhile.
 * Invitations of the member that are still open end: they have done what they were for.
 */
export async function startSession(
  db: D1Database,
  membership: Membership,
  session: NewSession,
  scribe: Scribe,
): Promise<boolean> {
  const { scope, memberId, email } = membership;
  const { at } = scribe.doing;
  const replaced = session.replaces === null ? "" : hashSecret(session.replaces);
  const [ended, , , , started] = await db.batch<{ id: string }>([
    db
      .prepare("UPDATE sessions SET ended_at = ?2 WHERE hash = ?1 AND ended_at IS NULL RETURNING id")
      .bind(replaced, at),
    endInvitations(db, memberId, at),
    ...joining(db, membership, scribe),
    insertSession(db, membership, session, at),
    entryIfDone(db, scope, scribe, {
      act: "member.signed_in",
      target: { kind: "member", id: memberId, name: email },
      detail: { by: session.way },
    }),
  ]);
  for (const { id } of ended?.results ?? []) forgetCredential(db, readSessionId(id));
  return started?.meta.changes === 1;
}

/** Ends one session; says whether there was one to end. Other isolates see it within `RECALL_MS`. */
export async function endSession(
  db: D1Database,
  scope: WorkspaceScope,
  member: { readonly id: MemberId; readonly email: string },
  id: SessionId,
  scribe: Scribe,
): Promise<boolean> {
  const [ended] = await db.batch([
    db
      .prepare(
        "UPDATE sessions SET ended_at = ?4 WHERE id = ?1 AND workspace_id = ?2 AND member_id = ?3 AND ended_at IS NULL",
      )
      .bind(id, scope.workspaceId, member.id, scribe.doing.at),
    entryIfDone(db, scope, scribe, {
      act: "member.signed_out",
      target: { kind: "member", id: member.id, name: member.email },
    }),
  ]);
  forgetCredential(db, id);
  return (ended?.meta.changes ?? 0) > 0;
}

/** Ends every session of a member; answers how many there were. */
export async function endSessionsOf(
  db: D1Database,
  scope: WorkspaceScope,
  member: { readonly id: MemberId; readonly email: string },
  scribe: Scribe,
): Promise<number> {
  const [ended] = await db.batch([
    db
      .prepare("UPDATE sessions SET ended_at = ?3 WHERE member_id = ?1 AND workspace_id = ?2 AND ended_at IS NULL")
      .bind(member.id, scope.workspaceId, scribe.doing.at),
    entryIfDone(db, scope, scribe, {
      act: "member.signed_out_everywhere",
      target: { kind: "member", id: member.id, name: member.email },
    }),
  ]);
  forgetMember(db, member.id);
  return ended?.meta.changes ?? 0;
}

/** The sessions in which a member is signed in, the newest first. */
export async function listSessions(
  db: D1Database,
  scope: WorkspaceScope,
  memberId: MemberId,
  now: Instant,
): Promise<readonly Session[]> {
  const { results } = await db
    .prepare(
      `SELECT id, agent, created_at, last_used_at, expires_at
       FROM sessions
       WHERE member_id = ?1 AND workspace_id = ?2 AND ended_at IS NULL AND expires_at > ?3
       ORDER BY id DESC`,
    )
    .bind(memberId, scope.workspaceId, now)
    .all<SessionRow>();
  return results.map(toSession);
}

/** Notes that a session was used, unless that was noted less than `interval` ago. */
export async function noteSessionUse(db: D1Database, id: string, now: Instant, interval: Milliseconds): Promise<void> {
  await db
    .prepare("UPDATE sessions SET last_used_at = ?2 WHERE id = ?1 AND last_used_at <= ?3")
    .bind(id, now, now - interval)
    .run();
}

/** Only for whoever is active by then: the membership may have been taken away since it was read. */
const insertSession = (
  db: D1Database,
  { scope, memberId }: Membership,
  { id, secret, agent }: NewSession,
  at: Instant,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO sessions (id, workspace_id, member_id, hash, agent, created_at, expires_at, last_used_at)
       SELECT ?1, members.workspace_id, members.id, ?4, ?5, ?6, ?7, ?6
       FROM members
       JOIN workspaces ON workspaces.id = members.workspace_id
       WHERE members.id = ?3 AND members.workspace_id = ?2 AND members.state = 'active'
         AND workspaces.deleted_at IS NULL`,
    )
    .bind(id, scope.workspaceId, memberId, hashSecret(secret), agent.slice(0, AGENT_MAX_LENGTH), at, at + SESSION_MS);

const toSession = (row: SessionRow): Session => ({
  id: readSessionId(row.id),
  agent: row.agent,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  expiresAt: row.expires_at,
});
