/** From a token or a session to a caller. The only place that makes a workspace scope out of a request. */
import { timingSafeEqual } from "node:crypto";
import { mintWorkspaceScope, readRole } from "../domain/access.ts";
import { type MemberId, readMemberId, readSessionId, readTokenId, readWorkspaceId } from "../domain/ids.ts";
import { readPlanName } from "../domain/plan.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { type Instant, MINUTE_MS } from "../domain/time/instant.ts";
import { type Caller, callersOf } from "./callers.ts";
import { hashSecret } from "./secrets.ts";
import { noteSessionUse } from "./sessions.ts";
import { isTokenText, noteTokenUse, readProjectIds } from "./tokens.ts";

/** Why nobody was recognised. `deactivated`: the member, or all of their workspace, is no more. */
export type AuthFailure = "missing" | "malformed" | "unknown" | "expired" | "revoked" | "deactivated";

/** What authentication works with. */
export interface AuthContext {
  readonly db: D1Database;
  readonly now: Instant;
  /** Takes work that the answer need not wait for. */
  readonly later: (work: Promise<unknown>) => void;
  /** Nobody counts as known by memory alone: what they do might outlive it. */
  readonly fresh?: boolean;
}

/** What a token and a session have in common: whose they are, and until when. */
interface CredentialRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly hash: string;
  readonly plan: string;
  readonly expires_at: number | null;
  readonly ended_at: number | null;
  readonly last_used_at: number | null;
  readonly workspace_deleted_at: number | null;
  readonly member_id: string | null;
  readonly member_state: string | null;
  readonly email: string | null;
  readonly role: string | null;
}

interface TokenRow extends CredentialRow {
  readonly name: string;
  readonly mode: "read" | "write";
  readonly projects: string | null;
}

/** Uses within this time of a noted one are not noted: a busy token must not cost a row with each call. */
const USE_NOTED_EVERY_MS = MINUTE_MS;

/** Recognises the bearer of a token. */
export async function authenticate(header: string | null, context: AuthContext): Promise<Result<Caller, AuthFailure>> {
  const text = bearerOf(header);
  if (!text.ok) return text;
  if (!isTokenText(text.value)) return fail("malformed");
  const hash = hashSecret(text.value);
  const known = recalled(hash, context);
  if (known !== undefined) return ok(known);
  const row = await findToken(context.db, hash);
  return recognise(row, hash, context, callerOfToken, noteTokenUse);
}

/** Recognises the browser that holds a session's secret. */
export async function authenticateSession(secret: string, context: AuthContext): Promise<Result<Caller, AuthFailure>> {
  const hash = hashSecret(secret);
  const known = recalled(hash, context);
  if (known !== undefined) return ok(known);
  const row = await findSession(context.db, hash);
  return recognise(row, hash, context, callerOfSession, noteSessionUse);
}

/** The credentials of a `Bearer` header; the scheme is read in any case (RFC 9110 section 11.1). */
export function bearerOf(header: string | null): Result<string, "missing" | "malformed"> {
  if (header === null || header.trim() === "") return fail("missing");
  const [, text] = /^bearer +(\S+) *$/i.exec(header) ?? [];
  return text === undefined ? fail("malformed") : ok(text);
}

function recalled(hash: string, { db, now, fresh }: AuthContext): Caller | undefined {
  if (fresh) return undefined;
  const known = callersOf(db).get(hash, now);
  return known === undefined || isOver(known.expiresAt, now) ? undefined : known;
}

function recognise<Row extends CredentialRow>(
  row: Row | null,
  hash: string,
  { db, now, later }: AuthContext,
  toCaller: (row: Row) => Caller,
  noteUse: (db: D1Database, id: string, now: Instant, interval: number) => Promise<void>,
): Result<Caller, AuthFailure> {
  if (row === null || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hash))) return fail("unknown");
  const failure = judge(row, now);
  if (failure !== null) return fail(failure);
  const caller = toCaller(row);
  callersOf(db).set(hash, caller, now);
  const isNoted = row.last_used_at !== null && row.last_used_at > now - USE_NOTED_EVERY_MS;
  if (!isNoted) later(noteUse(db, row.id, now, USE_NOTED_EVERY_MS));
  return ok(caller);
}

function judge(row: CredentialRow, now: Instant): AuthFailure | null {
  if (row.ended_at !== null) return "revoked";
  if (isOver(row.expires_at, now)) return "expired";
  const isMember = row.member_id !== null;
  // Somebody's, and nobody of this workspace is that: not a token of the workspace, which would be an admin's.
  if (isMember && row.member_state === null) return "unknown";
  if (row.workspace_deleted_at !== null || (isMember && row.member_state !== "active")) return "deactivated";
  return null;
}

const isOver = (expiresAt: Instant | null, now: Instant): boolean => expiresAt !== null && expiresAt <= now;

function callerOfToken(row: TokenRow): Caller {
  const id = readTokenId(row.id);
  return {
    ...inCommon(row),
    doer: { kind: "token", id, name: row.email === null ? row.name : `${row.name} (${row.email})` },
    credential: { kind: "token", id },
    mode: row.mode,
    projects: row.projects === null ? null : readProjectIds(row.projects),
  };
}

function callerOfSession(row: CredentialRow): Caller {
  if (row.member_id === null) throw new Error("A session belongs to a member");
  return {
    ...inCommon(row),
    doer: { kind: "member", id: readMemberId(row.member_id), name: row.email ?? "" },
    credential: { kind: "session", id: readSessionId(row.id) },
    mode: "write",
    projects: null,
  };
}

function inCommon(row: CredentialRow): Pick<Caller, "scope" | "plan" | "memberId" | "role" | "expiresAt"> {
  const memberId: MemberId | null = row.member_id === null ? null : readMemberId(row.member_id);
  return {
    scope: mintWorkspaceScope(readWorkspaceId(row.workspace_id)),
    plan: readPlanName(row.plan),
    memberId,
    role: memberId === null ? "admin" : readRole(row.role ?? ""),
    expiresAt: row.expires_at,
  };
}

const findToken = (db: D1Database, hash: string): Promise<TokenRow | null> =>
  db
    .prepare(
      `SELECT tokens.id, tokens.workspace_id, tokens.hash, tokens.name, tokens.mode, tokens.projects, tokens.expires_at,
         tokens.revoked_at AS ended_at, tokens.last_used_at, workspaces.plan,
         workspaces.deleted_at AS workspace_deleted_at,
         tokens.member_id, members.state AS member_state, members.email, members.role
       FROM tokens
       JOIN workspaces ON workspaces.id = tokens.workspace_id
       LEFT JOIN members ON members.id = tokens.member_id AND members.workspace_id = tokens.workspace_id
       WHERE tokens.hash = ?1`,
    )
    .bind(hash)
    .first<TokenRow>();

const findSession = (db: D1Database, hash: string): Promise<CredentialRow | null> =>
  db
    .prepare(
      `SELECT sessions.id, sessions.workspace_id, sessions.hash, sessions.expires_at, sessions.ended_at,
         sessions.last_used_at, workspaces.plan, workspaces.deleted_at AS workspace_deleted_at,
         members.id AS member_id, members.state AS member_state, members.email, members.role
       FROM sessions
       JOIN workspaces ON workspaces.id = sessions.workspace_id
       JOIN members ON members.id = sessions.member_id AND members.workspace_id = sessions.workspace_id
       WHERE sessions.hash = ?1`,
    )
    .bind(hash)
    .first<CredentialRow>();
