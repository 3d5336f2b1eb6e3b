/** Whoever runs the deployment: how they prove it, and the workspaces they make. */
import { timingSafeEqual } from "node:crypto";
import type { Entry } from "../domain/audit.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { type Instant, MINUTE_MS } from "../domain/time/instant.ts";
import { entryIfDone, type Scribe } from "./audit.ts";
import { type AuthContext, type AuthFailure, bearerOf } from "./authenticate.ts";
import { type Chance, type Founded, founding, type NewWorkspace } from "./bootstrap.ts";
import { hashSecret } from "./secrets.ts";
import { TOKEN_RANDOM_BYTES } from "./tokens.ts";
import { targetOf, type Workspace } from "./workspaces.ts";

const TOKEN = /^cop_[A-Za-z0-9_-]{43}$/;
const USE_NOTED_EVERY_MS = MINUTE_MS;

/** `cop_` and 256 random bits in base64url. */
export const operatorTokenText = (random: Uint8Array): string =>
  `cop_${Buffer.from(random.subarray(0, TOKEN_RANDOM_BYTES)).toString("base64url")}`;

/** Keeps an operator's token, as a hash. */
export async function addOperatorToken(db: D1Database, text: string, now: Instant): Promise<void> {
  await db.prepare("INSERT INTO operator_tokens (hash, created_at) VALUES (?1, ?2)").bind(hashSecret(text), now).run();
}

/** Recognises an operator. Never remembered: they call seldom, and may do much. */
export async function authenticateOperator(
  header: string | null,
  { db, now, later }: AuthContext,
): Promise<Result<void, AuthFailure>> {
  const text = bearerOf(header);
  if (!text.ok) return text;
  if (!TOKEN.test(text.value)) return fail("malformed");
  const hash = hashSecret(text.value);
  const row = await db
    .prepare("SELECT hash FROM operator_tokens WHERE hash = ?1")
    .bind(hash)
    .first<{ readonly hash: string }>();
  if (row === null || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hash))) return fail("unknown");
  later(noteUse(db, hash, now));
  return ok(undefined);
}

/** A workspace that was made, and the ways into it. */
export interface MadeWorkspace extends Founded {
  readonly workspace: Workspace;
}

/** Makes a workspace with its first admin and its first token. */
export async function makeWorkspace(
  db: D1Database,
  facts: NewWorkspace,
  chance: Chance,
  scribe: Scribe,
): Promise<MadeWorkspace> {
  const { statements, founded } = founding(db, facts, chance);
  const { scope } = founded;
  const { name, plan, email } = facts;
  const workspace: Workspace = { id: scope.workspaceId, scope, name, plan, planOrder: 0, createdAt: chance.now };
  const entry: Entry = { act: "workspace.created", target: targetOf(workspace), detail: { plan, admin: email } };
  await db.batch([...statements, entryIfDone(db, scope, scribe, entry)]);
  return { ...founded, workspace };
}

async function noteUse(db: D1Database, hash: string, now: Instant): Promise<void> {
  await db
    .prepare(
      "UPDATE operator_tokens SET last_used_at = ?2 WHERE hash = ?1 AND (last_used_at IS NULL OR last_used_at <= ?3)",
    )
    .bind(hash, now, now - USE_NOTED_EVERY_MS)
    .run();
}
