/** The first workspace of a deployment and its first token: for `npm start`, the first deploy, and tests. */
import type { WorkspaceScope } from "../domain/access.ts";
import { readTokenId, readWorkspaceId } from "../domain/ids.ts";
import type { PlanName } from "../domain/plan.ts";
import type { Instant } from "../domain/time/instant.ts";
import { addToken, TOKEN_RANDOM_BYTES, tokenText } from "./tokens.ts";
import { addWorkspace } from "./workspaces.ts";

/** The clock and the die that the caller lends. */
export interface Chance {
  readonly now: Instant;
  readonly newId: () => string;
  readonly randomBytes: (length: number) => Uint8Array;
}

/** A workspace, and the way into it. */
export interface Bootstrapped {
  readonly scope: WorkspaceScope;
  /** The token's text, to be shown once. */
  readonly token: string;
}

/** Makes a workspace and a token that never expires. */
export async function bootstrap(
  db: D1Database,
  workspace: { readonly name: string; readonly plan: PlanName },
  chance: Chance,
): Promise<Bootstrapped> {
  const id = readWorkspaceId(chance.newId());
  const scope = await addWorkspace(db, { id, ...workspace, createdAt: chance.now });
  const token = tokenText(chance.randomBytes(TOKEN_RANDOM_BYTES));
  const facts = { id: readTokenId(chance.newId()), name: "first token", createdAt: chance.now, expiresAt: null };
  await addToken(db, scope, facts, token);
  return { scope, token };
}
