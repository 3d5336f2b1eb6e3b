/** API tokens. Their text is shown once; the directory keeps its hash. */
import { createHash } from "node:crypto";
import type { WorkspaceScope } from "../domain/access.ts";
import { readTokenId, type TokenId } from "../domain/ids.ts";
import type { Instant, Milliseconds } from "../domain/time/instant.ts";
import { forgetCredential } from "./callers.ts";

const TOKEN = /^car_[A-Za-z0-9_-]{43}$/;
/** How many unpredictable bytes a token is made of. */
export const TOKEN_RANDOM_BYTES = 32;

/** A token as its workspace sees it: everything but its text. */
export interface Token {
  readonly id: TokenId;
  readonly name: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
  readonly lastUsedAt: Instant | null;
}

/** The facts of a token that is being made. */
export interface NewToken {
  readonly id: TokenId;
  readonly name: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
}

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  readonly last_used_at: number | null;
}

/** `car_` and 256 random bits in base64url. */
export const tokenText = (random: Uint8Array): string =>
  `car_${Buffer.from(random.subarray(0, TOKEN_RANDOM_BYTES)).toString("base64url")}`;

/** Whether the text has the form of a token. */
export const isTokenText = (text: string): boolean => TOKEN.test(text);

/** SHA-256 in hex. A token is 256 random bits, so a slow hash would protect nothing more. */
export const hashToken = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Keeps a new token's hash. */
export async function addToken(db: D1Database, scope: WorkspaceScope, token: NewToken, text: string): Promise<void> {
  await db
    .prepare(
      `INSERT INTO tokens (id, workspace_id, name, hash, created_at, expires_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6)`,
    )
    .bind(token.id, scope.workspaceId, token.name, hashToken(text), token.createdAt, token.expiresAt)
    .run();
}

/** The workspace's tokens, oldest first, revoked ones too. */
export async function listTokens(db: D1Database, scope: WorkspaceScope): Promise<readonly Token[]> {
  const { results } = await db
    .prepare(
      `SELECT id, name, created_at, expires_at, revoked_at, last_used_at
       FROM tokens
       WHERE workspace_id = ?1
       ORDER BY id`,
    )
    .bind(scope.workspaceId)
    .all<TokenRow>();
  return results.map(toToken);
}

/** Ends a token; says whether there was one to end. Other isolates see it within `RECALL_MS`. */
export async function revokeToken(db: D1Database, scope: WorkspaceScope, id: TokenId, now: Instant): Promise<boolean> {
  const { meta } = await db
    .prepare("UPDATE tokens SET revoked_at = ?3 WHERE id = ?1 AND workspace_id = ?2 AND revoked_at IS NULL")
    .bind(id, scope.workspaceId, now)
    .run();
  forgetCredential(db, id);
  return meta.changes > 0;
}

/** Notes that a token was used, unless that was noted less than `interval` ago. */
export async function noteTokenUse(db: D1Database, id: string, now: Instant, interval: Milliseconds): Promise<void> {
  await db
    .prepare("UPDATE tokens SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at <= ?3)")
    .bind(id, now, now - interval)
    .run();
}

const toToken = (row: TokenRow): Token => ({
  id: readTokenId(row.id),
  name: row.name,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  lastUsedAt: row.last_used_at,
});
