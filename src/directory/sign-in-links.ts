/** Links that let somebody in. What is in the link is a secret; the directory keeps its hash. */
import { timingSafeEqual } from "node:crypto";
import { type MemberId, readMemberId } from "../domain/ids.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, type Milliseconds } from "../domain/time/instant.ts";
import { MAY_ENTER } from "./memberships.ts";
import { hashSecret } from "./secrets.ts";

/** `sign_in`: asked for by a browser, and for it alone. `invitation`: for a member. `local`: printed by a start on one's own machine. */
export const LINK_PURPOSES = ["sign_in", "invitation", "local"] as const;
export type LinkPurpose = (typeof LINK_PURPOSES)[number];

/** How long a link is good for. */
export const LINK_MS: Readonly<Record<LinkPurpose, Milliseconds>> = {
  sign_in: 15 * MINUTE_MS,
  invitation: 7 * DAY_MS,
  local: 7 * DAY_MS,
};

/** The most sign-in links that one browser gets for one address in an hour. */
export const LINKS_PER_BROWSER_AND_HOUR = 5;
/**
 * The most that are made for one address in an hour, whoever asks. More than one browser gets, so that a stranger who asks
 * for somebody else's address does not keep them out by a few requests; and few, so that nobody's mail is flooded.
 */
export const LINKS_PER_HOUR = 20;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** A link that is being made. */
export interface NewLink {
  readonly purpose: LinkPurpose;
  /** In lower case. */
  readonly email: string;
  /** Null for a `sign_in` link: who they are is found when it is opened. */
  readonly memberId: MemberId | null;
  /** The hash of what the asking browser was given; null unless the purpose is `sign_in`. */
  readonly browserHash: string | null;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
}

/**
 * Why a link does not let in. `replaced`: a local one that a newer start has ended, an invitation that a newer one has.
 * `taken_back`: an invitation of somebody who was deactivated since. `other_browser`: not the one that asked for it.
 */
export type LinkFailure = "unknown" | "used" | "replaced" | "taken_back" | "expired" | "other_browser";

/** What an opened link proves: that an address is somebody's own, or that a start on this machine made it for a member. */
export type Opened =
  | { readonly way: "link"; readonly email: string }
  | { readonly way: "local"; readonly memberId: MemberId };

interface LinkRow {
  readonly purpose: LinkPurpose;
  readonly email: string;
  readonly member_id: string | null;
  readonly browser_hash: string | null;
  readonly expires_at: number;
  readonly used_at: number | null;
  /** Of whom an invitation is for. */
  readonly member_state: string | null;
}

/**
 * The statement that keeps a link, for the batch of whatever it is made with. It does nothing when a statement before it
 * has not made the member whom the link is for.
 */
export const keepLink = (db: D1Database, link: NewLink, secret: string): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO sign_in_links (hash, purpose, email, member_id, workspace_id, browser_hash, created_at, expires_at)
       SELECT ?1, ?2, ?3, ?4, (SELECT workspace_id FROM members WHERE id = ?4), ?5, ?6, ?7
       WHERE ?4 IS NULL OR EXISTS (SELECT 1 FROM members WHERE id = ?4)`,
    )
    .bind(
      hashSecret(secret),
      link.purpose,
      link.email,
      link.memberId,
      link.browserHash,
      link.createdAt,
      link.expiresAt,
    );

/**
 * Keeps a sign-in link for a browser, if the address is somebody's who may enter, and their links of this hour are not made.
 * One statement decides, so that many who ask at once get no more than one after the other. Answers whether it was kept.
 */
export async function keepAskedLink(
  db: D1Database,
  { email, browser, now }: { readonly email: string; readonly browser: string; readonly now: Instant },
  secret: string,
): Promise<boolean> {
  const { meta } = await db
    .prepare(
      `INSERT INTO sign_in_links (hash, purpose, email, browser_hash, created_at, expires_at)
       SELECT ?1, 'sign_in', ?2, ?3, ?4, ?5
       WHERE EXISTS (
           SELECT 1
           FROM members
           JOIN workspaces ON workspaces.id = members.workspace_id
           WHERE members.email = ?2 AND ${MAY_ENTER}
         )
         AND (
           SELECT count(*) < ?7 AND count(*) FILTER (WHERE browser_hash = ?3) < ?8
           FROM sign_in_links
           WHERE email = ?2 AND created_at > ?6 AND purpose = 'sign_in'
         )`,
    )
    .bind(
      hashSecret(secret),
      email,
      hashSecret(browser),
      now,
      now + LINK_MS.sign_in,
      now - HOUR_MS,
      LINKS_PER_HOUR,
      LINKS_PER_BROWSER_AND_HOUR,
    )
    .run();
  return meta.changes === 1;
}

/** Opens a sign-in link, which uses it up, or a local one, which does not. `browser` is what the opening browser holds. */
export async function openSignInLink(
  db: D1Database,
  secret: string,
  { browser, isLocal, now }: { readonly browser: string | null; readonly isLocal: boolean; readonly now: Instant },
): Promise<Result<Opened, LinkFailure>> {
  const row = await findLink(db, secret);
  if (row === null || row.purpose === "invitation") return fail("unknown");
  if (row.purpose === "local" && !isLocal) return fail("unknown");
  const failure = judge(row, now);
  if (failure !== null) return fail(failure);
  if (row.member_id !== null) return ok({ way: "local", memberId: readMemberId(row.member_id) });
  if (browser === null || !isSame(row.browser_hash, hashSecret(browser))) return fail("other_browser");
  return (await use(db, secret, now)) ? ok({ way: "link", email: row.email }) : fail("used");
}

/** Whom an invitation is for. Looking at it does not use it up: programs that scan mail look too. */
export async function readInvitation(
  db: D1Database,
  secret: string,
  now: Instant,
): Promise<Result<MemberId, LinkFailure>> {
  const row = await findLink(db, secret);
  if (row?.purpose !== "invitation" || row.member_id === null) return fail("unknown");
  const failure = judge(row, now);
  return failure === null ? ok(readMemberId(row.member_id)) : fail(failure);
}

/** Accepts an invitation, which uses it up. */
export async function useInvitation(
  db: D1Database,
  secret: string,
  now: Instant,
): Promise<Result<MemberId, LinkFailure>> {
  const invitation = await readInvitation(db, secret, now);
  if (!invitation.ok) return invitation;
  return (await use(db, secret, now)) ? invitation : fail("used");
}

/** The statement that ends every local link: the start that made them is over. */
export const endingLocalLinks = (db: D1Database, now: Instant): D1PreparedStatement =>
  db.prepare("UPDATE sign_in_links SET used_at = ?1 WHERE purpose = 'local' AND used_at IS NULL").bind(now);

const findLink = async (db: D1Database, secret: string): Promise<LinkRow | null> =>
  SECRET.test(secret)
    ? db
        .prepare(
          `SELECT purpose, sign_in_links.email, member_id, browser_hash, expires_at, used_at, members.state AS member_state
           FROM sign_in_links
           LEFT JOIN members ON members.id = sign_in_links.member_id
           WHERE hash = ?1`,
        )
        .bind(hashSecret(secret))
        .first<LinkRow>()
    : null;

function judge(row: LinkRow, now: Instant): LinkFailure | null {
  if (row.purpose === "invitation" && row.member_state === "deactivated") return "taken_back";
  if (row.used_at !== null) return isReplaced(row) ? "replaced" : "used";
  return row.expires_at <= now ? "expired" : null;
}

/** Whoever waits to join has used no invitation, so that one of theirs that ended has made room for a newer one. */
const isReplaced = ({ purpose, member_state }: LinkRow): boolean =>
  purpose === "local" || (purpose === "invitation" && member_state === "invited");

/** Of two who open it at once, one changes the row. */
async function use(db: D1Database, secret: string, now: Instant): Promise<boolean> {
  const { meta } = await db
    .prepare("UPDATE sign_in_links SET used_at = ?2 WHERE hash = ?1 AND used_at IS NULL AND expires_at > ?2")
    .bind(hashSecret(secret), now)
    .run();
  return meta.changes === 1;
}

const isSame = (kept: string | null, given: string): boolean =>
  kept?.length === given.length && timingSafeEqual(Buffer.from(kept), Buffer.from(given));
