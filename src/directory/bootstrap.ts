/** How a workspace begins: with an admin, and a token of its own. */
import { mintWorkspaceScope, type WorkspaceScope } from "../domain/access.ts";
import { type MemberId, readMemberId, readTokenId, readWorkspaceId } from "../domain/ids.ts";
import type { PlanName } from "../domain/plan.ts";
import type { Instant } from "../domain/time/instant.ts";
import { hashSecret } from "./secrets.ts";
import { TOKEN_RANDOM_BYTES, tokenText } from "./tokens.ts";

/** The clock and the die that the caller lends. */
export interface Chance {
  readonly now: Instant;
  readonly newId: () => string;
  readonly randomBytes: (length: number) => Uint8Array;
}

/** What a workspace begins with. */
export interface NewWorkspace {
  readonly name: string;
  readonly plan: PlanName;
  /** Of the first admin; in lower case. */
  readonly email: string;
}

/** A workspace, and the ways into it. */
export interface Founded {
  readonly scope: WorkspaceScope;
  readonly adminId: MemberId;
  /** The text of a token of the workspace, to be shown once. */
  readonly token: string;
}

/** Makes a workspace with its first admin and a token that never expires. */
export async function foundWorkspace(db: D1Database, workspace: NewWorkspace, chance: Chance): Promise<Founded> {
  const { statements, founded } = founding(db, workspace, chance);
  await db.batch([...statements]);
  return founded;
}

/** The statements that make a workspace, for the batch of whatever makes one. The first says whether the others do anything. */
export function founding(
  db: D1Database,
  { name, plan, email }: NewWorkspace,
  { now, newId, randomBytes }: Chance,
  condition = "true",
): { readonly statements: readonly D1PreparedStatement[]; readonly founded: Founded } {
  const id = readWorkspaceId(newId());
  const adminId = readMemberId(newId());
  const tokenId = readTokenId(newId());
  const token = tokenText(randomBytes(TOKEN_RANDOM_BYTES));
  const statements = [
    db
      .prepare(`INSERT INTO workspaces (id, name, plan, created_at) SELECT ?1, ?2, ?3, ?4 WHERE ${condition}`)
      .bind(id, name, plan, now),
    db
      .prepare(
        `INSERT INTO members (id, workspace_id, email, role, state, created_at, updated_at, joined_at)
         SELECT ?1, id, ?3, 'admin', 'active', ?4, ?4, ?4 FROM workspaces WHERE id = ?2`,
      )
      .bind(adminId, id, email, now),
    db
      .prepare(
        `INSERT INTO tokens (id, workspace_id, name, hash, created_at)
         SELECT ?1, id, 'first token', ?3, ?4 FROM workspaces WHERE id = ?2`,
      )
      .bind(tokenId, id, hashSecret(token), now),
  ];
  return { statements, founded: { scope: mintWorkspaceScope(id), adminId, token } };
}
