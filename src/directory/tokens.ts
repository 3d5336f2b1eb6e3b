/** API tokens. Their text is shown once; the directory keeps its hash. */
import type { WorkspaceScope } from "../domain/access.ts";
import { type Failure, notFound } from "../domain/errors.ts";
import {
  type MemberId,
  type ProjectId,
  readMemberId,
  readProjectId,
  readTokenId,
  type TokenId,
} from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { Instant, Milliseconds } from "../domain/time/instant.ts";
import type { WorkspaceLimit } from "../domain/workspace-limits.ts";
import { IS_DONE, insist } from "./all-or-nothing.ts";
import { entryIfDone, type Scribe } from "./audit.ts";
import { forgetCredential } from "./callers.ts";
import { type Addition, addOnce, type Wish } from "./idempotency.ts";
import { hasRoom, whyNoRoom } from "./room.ts";
import { hashSecret } from "./secrets.ts";

const TOKEN = /^car_[A-Za-z0-9_-]{43}$/;
/** How many unpredictable bytes a token is made of. */
export const TOKEN_RANDOM_BYTES = 32;

/** Whose a token is: it acts as its maker, or as the workspace itself. */
export const TOKEN_KINDS = ["personal", "workspace"] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

export const TOKEN_MODES = ["read", "write"] as const;
export type TokenMode = (typeof TOKEN_MODES)[number];

/** A token as its workspace sees it: everything but its text. */
export interface Token {
  readonly id: TokenId;
  readonly name: string;
  /** Whom a personal token acts as; null for one of the workspace. */
  readonly member: { readonly id: MemberId; readonly email: string } | null;
  readonly mode: TokenMode;
  /** The projects it is held to; null: not held. */
  readonly projects: readonly ProjectId[] | null;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
  readonly lastUsedAt: Instant | null;
}

/** The facts of a token that is being made. */
export type NewToken = Omit<Token, "revokedAt" | "lastUsedAt" | "member"> & { readonly memberId: MemberId | null };

/** The tokens that somebody sees: all of the workspace, those of a member, or one alone. */
export type TokenSight =
  | { readonly of: "workspace" }
  | { readonly of: "member"; readonly id: MemberId }
  | { readonly of: "token"; readonly id: string };

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly member_id: string | null;
  readonly email: string | null;
  readonly mode: TokenMode;
  readonly projects: string | null;
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

/** Keeps a new token's hash, together with the answer it was asked for. */
export const addToken = (
  db: D1Database,
  scope: WorkspaceScope,
  token: NewToken,
  text: string,
  { wish, scribe }: { readonly wish: Wish | undefined; readonly scribe: Scribe },
): Promise<Result<Addition, Failure>> => {
  const { id, name, memberId, mode, projects, createdAt, expiresAt } = token;
  const held = projects === null ? null : JSON.stringify(projects);
  const limits: readonly WorkspaceLimit[] = memberId === null ? ["tokens"] : ["tokens", "personal_tokens"];
  const insert = db
    .prepare(
      `INSERT INTO tokens (id, workspace_id, name, hash, created_at, expires_at, member_id, mode, projects)
       SELECT ?1, workspaces.id, ?3, ?4, ?5, ?6, ?7, ?8, ?9
       FROM workspaces
       WHERE workspaces.id = ?2 AND ${hasRoom(limits, { at: "?5", member: "?7" })}
         AND (?7 IS NULL OR EXISTS (
           SELECT 1 FROM members WHERE members.id = ?7 AND members.workspace_id = ?2 AND members.state = 'active'))`,
    )
    .bind(id, scope.workspaceId, name, hashSecret(text), createdAt, expiresAt, memberId, mode, held);
  const entry = entryIfDone(db, scope, scribe, {
    act: "token.created",
    target: { kind: "token", id, name },
    detail: { member: memberId, mode, projects: projects === null ? null : [...projects], expires_at: expiresAt },
  });
  const refusal = async () =>
    (await whyNoRoom(db, scope, limits, { at: createdAt, memberId })) ?? notFound("member", memberId ?? "");
  const statements = [insert, insist(db, IS_DONE), entry];
  return addOnce(db, scope, { wish, now: createdAt, statements, taken: {}, refusal });
};

/** The tokens in sight, oldest first, after the given one; revoked ones too. */
export async function listTokens(
  db: D1Database,
  scope: WorkspaceScope,
  sight: TokenSight,
  page: { readonly limit: number; readonly after?: string | undefined; readonly only?: TokenId | undefined },
): Promise<readonly Token[]> {
  const { results } = await db
    .prepare(
      `SELECT tokens.id, tokens.name, tokens.member_id, members.email, tokens.mode, tokens.projects, tokens.created_at,
         tokens.expires_at, tokens.revoked_at, tokens.last_used_at
       FROM tokens
       LEFT JOIN members ON members.id = tokens.member_id AND members.workspace_id = tokens.workspace_id
       WHERE tokens.workspace_id = ?1 AND tokens.id > ?2
         AND (?3 IS NULL OR tokens.member_id = ?3) AND (?4 IS NULL OR tokens.id = ?4) AND (?5 IS NULL OR tokens.id = ?5)
       ORDER BY tokens.id
       LIMIT ?6`,
    )
    .bind(
      scope.workspaceId,
      page.after ?? "",
      sight.of === "member" ? sight.id : null,
      sight.of === "token" ? sight.id : null,
      page.only ?? null,
      page.limit,
    )
    .all<TokenRow>();
  return results.map(toToken);
}

/** Ends a token; says whether there was one to end. Other isolates see it within `RECALL_MS`. */
export async function revokeToken(
  db: D1Database,
  scope: WorkspaceScope,
  { id, name }: Pick<Token, "id" | "name">,
  scribe: Scribe,
): Promise<boolean> {
  const [revoked] = await db.batch([
    db
      .prepare("UPDATE tokens SET revoked_at = ?3 WHERE id = ?1 AND workspace_id = ?2 AND revoked_at IS NULL")
      .bind(id, scope.workspaceId, scribe.doing.at),
    entryIfDone(db, scope, scribe, { act: "token.revoked", target: { kind: "token", id, name } }),
  ]);
  forgetCredential(db, id);
  return (revoked?.meta.changes ?? 0) > 0;
}

/** The statement that ends every token of a member, for the batch of whatever makes them a stranger to what they had. */
export const revokingTokensOf = (
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  id: MemberId,
  at: Instant,
): D1PreparedStatement =>
  db
    .prepare("UPDATE tokens SET revoked_at = ?3 WHERE member_id = ?1 AND workspace_id = ?2 AND revoked_at IS NULL")
    .bind(id, workspaceId, at);

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
  member: row.member_id === null ? null : { id: readMemberId(row.member_id), email: row.email ?? "" },
  mode: row.mode,
  projects: row.projects === null ? null : readProjectIds(row.projects),
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  lastUsedAt: row.last_used_at,
});

/** The projects that a token is held to, from what the directory keeps. */
export const readProjectIds = (json: string): readonly ProjectId[] => (JSON.parse(json) as string[]).map(readProjectId);
