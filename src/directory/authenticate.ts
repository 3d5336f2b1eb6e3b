/** From an `Authorization` header to a caller. The only place that makes a workspace scope out of a request. */
import { timingSafeEqual } from "node:crypto";
import { mintWorkspaceScope } from "../domain/access.ts";
import { readTokenId, readWorkspaceId } from "../domain/ids.ts";
import { readPlanName } from "../domain/plan.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { type Instant, MINUTE_MS } from "../domain/time/instant.ts";
import { type Caller, callersOf } from "./callers.ts";
import { hashToken, isTokenText, noteTokenUse } from "./tokens.ts";

/** Why nobody was recognised. */
export type AuthFailure = "missing" | "malformed" | "unknown" | "expired" | "revoked";

/** What authentication works with. */
export interface AuthContext {
  readonly db: D1Database;
  readonly now: Instant;
  /** Takes work that the answer need not wait for. */
  readonly later: (work: Promise<unknown>) => void;
}

interface CallerRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly hash: string;
  readonly plan: string;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  readonly last_used_at: number | null;
}

/** Uses within this time of a noted one are not noted: a busy token must not cost a row with each call. */
const USE_NOTED_EVERY_MS = MINUTE_MS;

/** Recognises the bearer of a token. */
export async function authenticate(header: string | null, context: AuthContext): Promise<Result<Caller, AuthFailure>> {
  const text = bearerOf(header);
  if (!text.ok) return text;
  if (!isTokenText(text.value)) return fail("malformed");
  const hash = hashToken(text.value);
  const callers = callersOf(context.db);
  const known = callers.get(hash, context.now);
  if (known !== undefined && !isOver(known.expiresAt, context.now)) return ok(known);
  const row = await findByHash(context.db, hash);
  const caller = judge(row, hash, context.now);
  if (!caller.ok || row === null) return caller;
  callers.set(hash, caller.value, context.now);
  noteUse(row.last_used_at, caller.value, context);
  return caller;
}

/** The credentials of a `Bearer` header; the scheme is read in any case (RFC 9110 section 11.1). */
export function bearerOf(header: string | null): Result<string, "missing" | "malformed"> {
  if (header === null || header.trim() === "") return fail("missing");
  const [, text] = /^bearer +(\S+) *$/i.exec(header) ?? [];
  return text === undefined ? fail("malformed") : ok(text);
}

function judge(row: CallerRow | null, hash: string, now: Instant): Result<Caller, AuthFailure> {
  if (row === null || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hash))) return fail("unknown");
  if (row.revoked_at !== null) return fail("revoked");
  if (isOver(row.expires_at, now)) return fail("expired");
  return ok({
    scope: mintWorkspaceScope(readWorkspaceId(row.workspace_id)),
    tokenId: readTokenId(row.id),
    plan: readPlanName(row.plan),
    expiresAt: row.expires_at,
  });
}

const isOver = (expiresAt: Instant | null, now: Instant): boolean => expiresAt !== null && expiresAt <= now;

function noteUse(lastUsedAt: Instant | null, caller: Caller, { db, now, later }: AuthContext): void {
  if (lastUsedAt !== null && lastUsedAt > now - USE_NOTED_EVERY_MS) return;
  later(noteTokenUse(db, caller.tokenId, now, USE_NOTED_EVERY_MS));
}

const findByHash = (db: D1Database, hash: string): Promise<CallerRow | null> =>
  db
    .prepare(
      `SELECT tokens.id, tokens.workspace_id, tokens.hash, tokens.expires_at, tokens.revoked_at, tokens.last_used_at,
         workspaces.plan
       FROM tokens
       JOIN workspaces ON workspaces.id = tokens.workspace_id
       WHERE tokens.hash = ?1`,
    )
    .bind(hash)
    .first<CallerRow>();
