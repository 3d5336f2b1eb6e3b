/**
 * Making invitations. Each may become a mail to somebody who has asked for nothing, and all workspaces of a deployment send
 * from one address, so that there are only so many in a day. Ended and used ones count: their mails were sent.
 */
import type { WorkspaceScope } from "../domain/access.ts";
import type { Failure } from "../domain/errors.ts";
import type { MemberId } from "../domain/ids.ts";
import { DAY_MS, type Instant } from "../domain/time/instant.ts";
import { hashSecret } from "./secrets.ts";
import { LINK_MS, type NewLink } from "./sign-in-links.ts";

/** The most invitations that one address gets from one workspace in a day. */
export const INVITATIONS_PER_ADDRESS_AND_DAY = 5;
/** The most that a workspace makes in a day. */
export const INVITATIONS_PER_DAY = 200;

/** SQL for what the counts depend on, such as `?2`. */
interface Of {
  readonly workspace: string;
  readonly email: string;
  readonly at: string;
}

/** SQL that counts what was made in the day before the instant: for the address, and in the workspace. */
const madeForAddress = ({ workspace, email, at }: Of): string =>
  `SELECT count(*) FROM sign_in_links
   WHERE email = ${email} AND created_at > ${at} - ${DAY_MS} AND purpose = 'invitation' AND workspace_id = ${workspace}`;
const madeInWorkspace = ({ workspace, at }: Of): string =>
  `SELECT count(*) FROM sign_in_links
   WHERE workspace_id = ${workspace} AND created_at > ${at} - ${DAY_MS} AND purpose = 'invitation'`;

/**
 * SQL, a condition: one more invitation may be made. For the statement that lets somebody be invited as well as for the one
 * that keeps the link: within a batch both get the same answer.
 */
export const mayInvite = (of: Of): string =>
  `((${madeForAddress(of)}) < ${INVITATIONS_PER_ADDRESS_AND_DAY} AND (${madeInWorkspace(of)}) < ${INVITATIONS_PER_DAY})`;

/** An invitation that is made now. */
export const invitationOf = (memberId: MemberId, email: string, now: Instant): NewLink => ({
  purpose: "invitation",
  email,
  memberId,
  browserHash: null,
  createdAt: now,
  expiresAt: now + LINK_MS.invitation,
});

/**
 * The statements that keep an invitation and end those before it, for the batch that invites the member. They do nothing
 * when nobody waits to join, or when a limit is reached.
 */
export const keepInvitation = (
  db: D1Database,
  { email, memberId, createdAt, expiresAt }: NewLink,
  secret: string,
): readonly D1PreparedStatement[] => [
  db
    .prepare(
      `INSERT INTO sign_in_links (hash, purpose, email, member_id, workspace_id, created_at, expires_at)
       SELECT ?1, 'invitation', ?2, id, workspace_id, ?4, ?5
       FROM members
       WHERE id = ?3 AND state = 'invited' AND ${mayInvite({ workspace: "members.workspace_id", email: "?2", at: "?4" })}`,
    )
    .bind(hashSecret(secret), email, memberId, createdAt, expiresAt),
  db
    .prepare(
      `UPDATE sign_in_links
       SET used_at = ?3
       WHERE member_id = ?2 AND purpose = 'invitation' AND used_at IS NULL AND hash <> ?1
         AND EXISTS (SELECT 1 FROM sign_in_links WHERE hash = ?1)`,
    )
    .bind(hashSecret(secret), memberId, createdAt),
];

/** Which of the limits is reached; null when none is. Asked when nothing was made, to say why. */
export async function invitationLimit(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  email: string,
  now: Instant,
): Promise<Failure | null> {
  const of = { workspace: "?1", email: "?2", at: "?3" };
  const made = await db
    .prepare(`SELECT (${madeForAddress(of)}) AS of_address, (${madeInWorkspace(of)}) AS of_workspace`)
    .bind(workspaceId, email, now)
    .first<{ readonly of_address: number; readonly of_workspace: number }>();
  const [ofOne, ofAll] = [made?.of_address ?? 0, made?.of_workspace ?? 0];
  if (ofOne >= INVITATIONS_PER_ADDRESS_AND_DAY)
    return reached("invitations_per_address_and_day", INVITATIONS_PER_ADDRESS_AND_DAY, ofOne);
  return ofAll >= INVITATIONS_PER_DAY ? reached("invitations_per_day", INVITATIONS_PER_DAY, ofAll) : null;
}

const reached = (limit: string, allowed: number, made: number): Failure => ({
  code: "limit_reached",
  limit,
  allowed,
  used: made + 1,
});
