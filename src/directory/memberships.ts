/**
 * Where an address is a member. The one place that looks across workspaces, and only for somebody who has proven that the
 * address is theirs, or who holds a link that was made for one member.
 */
import { mintWorkspaceScope, type Role, readRole, type WorkspaceScope } from "../domain/access.ts";
import { type MemberId, readMemberId, readWorkspaceId } from "../domain/ids.ts";
import { entryIfDone, type Scribe } from "./audit.ts";

/** A place in one workspace that somebody may take: they are a member, or invited to be one. */
export interface Membership {
  readonly scope: WorkspaceScope;
  readonly memberId: MemberId;
  /** The workspace's name. */
  readonly workspace: string;
  readonly email: string;
  readonly role: Role;
  readonly state: "invited" | "active";
}

interface MembershipRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly workspace: string;
  readonly email: string;
  readonly role: string;
  readonly state: "invited" | "active";
}

const EMAIL = /^[^\s@,;<>"\p{Cc}]+@[^\s@,;<>"\p{Cc}]+$/u;
const EMAIL_MAX_LENGTH = 254;

/** A condition for statements about `members` joined with `workspaces`: the member may sign in, or join. */
export const MAY_ENTER = "workspaces.deleted_at IS NULL AND members.state IN ('invited', 'active')";

const SELECT = `SELECT members.id, members.workspace_id, workspaces.name AS workspace, members.email, members.role, members.state
  FROM members
  JOIN workspaces ON workspaces.id = members.workspace_id
  WHERE ${MAY_ENTER}`;

/** An address as the directory keeps it, in lower case; null for what cannot be one. */
export function normalEmail(text: string): string | null {
  const email = text.trim().toLowerCase();
  return EMAIL.test(email) && email.length <= EMAIL_MAX_LENGTH ? email : null;
}

/** The memberships of an address that has been proven, by the workspaces' names. */
export async function membershipsOf(db: D1Database, email: string): Promise<readonly Membership[]> {
  const { results } = await db
    .prepare(`${SELECT} AND members.email = ?1 ORDER BY workspaces.name, workspaces.id`)
    .bind(email)
    .all<MembershipRow>();
  return results.map(toMembership);
}

/** The membership that a link was made for; null when it has been taken away. */
export async function findMembership(db: D1Database, id: MemberId): Promise<Membership | null> {
  const row = await db.prepare(`${SELECT} AND members.id = ?1`).bind(id).first<MembershipRow>();
  return row === null ? null : toMembership(row);
}

/** The statements by which whoever is invited joins, and which do nothing for whoever has joined. */
export const joining = (
  db: D1Database,
  { scope, memberId, email }: Membership,
  scribe: Scribe,
): D1PreparedStatement[] => [
  db
    .prepare(
      `UPDATE members
       SET state = 'active', joined_at = ?3, updated_at = ?3
       WHERE id = ?1 AND workspace_id = ?2 AND state = 'invited'`,
    )
    .bind(memberId, scope.workspaceId, scribe.doing.at),
  entryIfDone(db, scope, scribe, { act: "member.joined", target: { kind: "member", id: memberId, name: email } }),
];

const toMembership = (row: MembershipRow): Membership => ({
  scope: mintWorkspaceScope(readWorkspaceId(row.workspace_id)),
  memberId: readMemberId(row.id),
  workspace: row.workspace,
  email: row.email,
  role: readRole(row.role),
  state: row.state,
});
