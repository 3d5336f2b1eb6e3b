/** The ways into the local demo: its workspace's token, an operator's, and a link that signs in as its admin. */
import { randomBytes } from "node:crypto";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { addOperatorToken, operatorTokenText } from "../../src/directory/operators.ts";
import { hashSecret } from "../../src/directory/secrets.ts";
import { SECRET_RANDOM_BYTES, secretText } from "../../src/directory/sessions.ts";
import { endingLocalLinks, keepLink, LINK_MS } from "../../src/directory/sign-in-links.ts";
import { TOKEN_RANDOM_BYTES } from "../../src/directory/tokens.ts";
import { readMemberId, UUID_RANDOM_BYTES, uuidv7 } from "../../src/domain/ids.ts";

/** What an earlier start has left. */
export interface KnownWays {
  readonly token?: string | undefined;
  readonly operatorToken?: string | undefined;
}

export interface WaysIn {
  readonly token: string;
  readonly operatorToken: string;
  /** The secret of a sign-in link that needs no mail. */
  readonly signIn: string;
}

/** The admin of the demo workspace. */
export const ADMIN_EMAIL = "you@carillon.local";
const WORKSPACE = { name: "Demo workspace", plan: "enterprise", email: ADMIN_EMAIL } as const;

const newId = () => uuidv7(Date.now(), randomBytes(UUID_RANDOM_BYTES));

/** Tokens are kept as long as the directory knows them. The link is new, and those of earlier starts end. */
export async function openWays(db: D1Database, known: KnownWays): Promise<WaysIn> {
  const now = Date.now();
  const token =
    (await knownToken(db, known.token)) ?? (await foundWorkspace(db, WORKSPACE, { now, newId, randomBytes })).token;
  const memberId = await seeToAdmin(db, token, now);
  const signIn = secretText(randomBytes(SECRET_RANDOM_BYTES));
  const link = { purpose: "local", email: ADMIN_EMAIL, memberId, browserHash: null, createdAt: now } as const;
  await db.batch([endingLocalLinks(db, now), keepLink(db, { ...link, expiresAt: now + LINK_MS.local }, signIn)]);
  return { token, operatorToken: await seeToOperator(db, known.operatorToken, now), signIn };
}

async function knownToken(db: D1Database, token: string | undefined): Promise<string | null> {
  if (token === undefined) return null;
  const find = db.prepare("SELECT 1 FROM tokens WHERE hash = ?1 AND revoked_at IS NULL").bind(hashSecret(token));
  return (await find.first()) === null ? null : token;
}

/** A demo workspace of an earlier release has no members yet. */
async function seeToAdmin(db: D1Database, token: string, now: number) {
  const [, found] = await db.batch<{ id: string }>([
    db
      .prepare(
        `INSERT INTO members (id, workspace_id, email, role, state, created_at, updated_at, joined_at)
         SELECT ?1, workspace_id, ?2, 'admin', 'active', ?3, ?3, ?3 FROM tokens WHERE hash = ?4
         ON CONFLICT (email, workspace_id) DO NOTHING`,
      )
      .bind(newId(), ADMIN_EMAIL, now, hashSecret(token)),
    db
      .prepare(
        `SELECT members.id
         FROM tokens
         JOIN members ON members.workspace_id = tokens.workspace_id
         WHERE tokens.hash = ?1 AND members.email = ?2`,
      )
      .bind(hashSecret(token), ADMIN_EMAIL),
  ]);
  return readMemberId(found?.results[0]?.id ?? "");
}

async function seeToOperator(db: D1Database, known: string | undefined, now: number): Promise<string> {
  const find = db.prepare("SELECT 1 FROM operator_tokens WHERE hash = ?1");
  if (known !== undefined && (await find.bind(hashSecret(known)).first()) !== null) return known;
  const token = operatorTokenText(randomBytes(TOKEN_RANDOM_BYTES));
  await addOperatorToken(db, token, now);
  return token;
}
