/** Members: the people of a workspace, from the invitation to the day they leave. */
import { type Role, readRole, type WorkspaceScope } from "../domain/access.ts";
import type { Act, Entry } from "../domain/audit.ts";
import { conflict, type Failure } from "../domain/errors.ts";
import { type MemberId, readMemberId } from "../domain/ids.ts";
import type { Json } from "../domain/json.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Instant } from "../domain/time/instant.ts";
import { entryIfDone, type Scribe } from "./audit.ts";
import { forgetMember } from "./callers.ts";
import { forgetAccess } from "./grants.ts";
import { keepLink, LINK_MS } from "./sign-in-links.ts";

export const MEMBER_STATES = ["invited", "active", "deactivated"] as const;
export type MemberState = (typeof MEMBER_STATES)[number];

/** A person in a workspace. */
export interface Member {
  readonly id: MemberId;
  /** In lower case. */
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly state: MemberState;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly joinedAt: Instant | null;
  readonly deactivatedAt: Instant | null;
}

/** Which members a list holds. */
export interface MemberFilter {
  readonly state?: MemberState | undefined;
  readonly role?: Role | undefined;
  readonly email?: string | undefined;
}

/** What somebody is invited as. */
export type NewMember = Pick<Member, "id" | "email" | "name" | "role">;

/** A member's row. */
export interface MemberRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly state: MemberState;
  readonly created_at: number;
  readonly updated_at: number;
  readonly joined_at: number | null;
  readonly deactivated_at: number | null;
}

const COLUMNS = "id, email, name, role, state, created_at, updated_at, joined_at, deactivated_at";

/** The members that the filter picks, in the order they were first invited, after the given one. */
export async function listMembers(
  db: D1Database,
  scope: WorkspaceScope,
  { state, role, email }: MemberFilter,
  page: { readonly limit: number; readonly after?: string | undefined },
): Promise<readonly Member[]> {
  const { results } = await db
    .prepare(
      `SELECT ${COLUMNS}
       FROM members
       WHERE workspace_id = ?1 AND id > ?2
         AND (?3 IS NULL OR state = ?3) AND (?4 IS NULL OR role = ?4) AND (?5 IS NULL OR email = ?5)
       ORDER BY id
       LIMIT ?6`,
    )
    .bind(scope.workspaceId, page.after ?? "", state ?? null, role ?? null, email ?? null, page.limit)
    .all<MemberRow>();
  return results.map(toMember);
}

/** How many active members the workspace has. */
export async function countMembers(db: D1Database, scope: WorkspaceScope): Promise<number> {
  const row = await db
    .prepare("SELECT count(*) AS members FROM members WHERE workspace_id = ?1 AND state = 'active'")
    .bind(scope.workspaceId)
    .first<{ readonly members: number }>();
  return row?.members ?? 0;
}

/** The member of that id in the workspace, or null. */
export async function findMember(db: D1Database, scope: WorkspaceScope, id: MemberId): Promise<Member | null> {
  const row = await db
    .prepare(`SELECT ${COLUMNS} FROM members WHERE id = ?1 AND workspace_id = ?2`)
    .bind(id, scope.workspaceId)
    .first<MemberRow>();
  return row === null ? null : toMember(row);
}

async function findMemberByEmail(db: D1Database, scope: WorkspaceScope, email: string): Promise<Member | null> {
  const row = await db
    .prepare(`SELECT ${COLUMNS} FROM members WHERE email = ?1 AND workspace_id = ?2`)
    .bind(email, scope.workspaceId)
    .first<MemberRow>();
  return row === null ? null : toMember(row);
}

/** Invites somebody, or invites a deactivated member anew, and keeps the secret of the link that they come in by. */
export async function inviteMember(
  db: D1Database,
  scope: WorkspaceScope,
  { email, name, role, ...fresh }: NewMember,
  secret: string,
  scribe: Scribe,
): Promise<Result<Member, Failure>> {
  const known = await findMemberByEmail(db, scope, email);
  if (known !== null && known.state !== "deactivated") return fail(isMember(known));
  const member = { id: known?.id ?? fresh.id, email, name, role };
  const [invited] = await db.batch<MemberRow>([
    // Without a target both promises of uniqueness are meant: that of the id and that of the address.
    db
      .prepare(
        `INSERT INTO members (id, workspace_id, email, name, role, state, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, 'invited', ?6, ?6)
         ON CONFLICT DO UPDATE
         SET name = CASE ?4 WHEN '' THEN members.name ELSE ?4 END, role = ?5, state = 'invited', updated_at = ?6, deactivated_at = NULL
         WHERE members.state = 'deactivated' AND members.workspace_id = ?2
         RETURNING ${COLUMNS}`,
      )
      .bind(member.id, scope.workspaceId, email, name, role, scribe.doing.at),
    entryIfDone(db, scope, scribe, entryAbout("member.invited", member, { role })),
    ...replaceLink(db, member, secret, scribe),
  ]);
  const [row] = invited?.results ?? [];
  return row === undefined ? fail(CHANGED_MEANWHILE) : ok(toMember(row));
}

/** Gives somebody who was invited another link; the one before ends. */
export async function renewInvitation(
  db: D1Database,
  scope: WorkspaceScope,
  member: Member,
  secret: string,
  scribe: Scribe,
): Promise<Result<Member, Failure>> {
  if (member.state !== "invited") return fail(conflict(`The member is ${member.state}, and not waiting to join.`));
  const [renewed] = await db.batch<MemberRow>([
    db
      .prepare(
        `UPDATE members SET updated_at = ?3
         WHERE id = ?1 AND workspace_id = ?2 AND state = 'invited'
         RETURNING ${COLUMNS}`,
      )
      .bind(member.id, scope.workspaceId, scribe.doing.at),
    entryIfDone(db, scope, scribe, entryAbout("member.invitation_renewed", member)),
    ...replaceLink(db, member, secret, scribe),
  ]);
  const [row] = renewed?.results ?? [];
  return row === undefined ? fail(CHANGED_MEANWHILE) : ok(toMember(row));
}

/** Changes a member as they were seen. The last active admin stays one. */
export async function changeMember(
  db: D1Database,
  scope: WorkspaceScope,
  seen: Member,
  change: { readonly role?: Role | undefined; readonly name?: string | undefined },
  scribe: Scribe,
): Promise<Result<Member, Failure>> {
  const [role, name] = [change.role ?? seen.role, change.name ?? seen.name];
  if (role === seen.role && name === seen.name) return ok(seen);
  const [changed] = await db.batch<MemberRow>([
    db
      .prepare(
        `UPDATE members SET role = ?3, name = ?4, updated_at = ?5
         WHERE id = ?1 AND workspace_id = ?2 AND role = ?6 AND state = ?7
           AND (role <> 'admin' OR state <> 'active' OR ?3 = 'admin' OR EXISTS (
             SELECT 1 FROM members AS other
             WHERE other.workspace_id = ?2 AND other.role = 'admin' AND other.state = 'active' AND other.id <> ?1))
         RETURNING ${COLUMNS}`,
      )
      .bind(seen.id, scope.workspaceId, role, name, scribe.doing.at, seen.role, seen.state),
    entryIfDone(
      db,
      scope,
      scribe,
      entryAbout("member.changed", seen, {
        before: { role: seen.role, name: seen.name },
        after: { role, name },
      }),
    ),
  ]);
  forgetMember(db, seen.id);
  forgetAccess(db, { memberId: seen.id });
  const [row] = changed?.results ?? [];
  return row === undefined ? fail(whyUnchanged(seen)) : ok(toMember(row));
}

/** Lets a deactivated member in again. What they had access to is not theirs any more. */
export async function reactivateMember(
  db: D1Database,
  scope: WorkspaceScope,
  member: Member,
  scribe: Scribe,
): Promise<Result<Member, Failure>> {
  if (member.state !== "deactivated") return fail(conflict(`The member is ${member.state}, and not deactivated.`));
  if (member.joinedAt === null) return fail(conflict("The member never joined. Invite them anew."));
  const [back] = await db.batch<MemberRow>([
    db
      .prepare(
        `UPDATE members SET state = 'active', deactivated_at = NULL, updated_at = ?3
         WHERE id = ?1 AND workspace_id = ?2 AND state = 'deactivated' AND joined_at IS NOT NULL
         RETURNING ${COLUMNS}`,
      )
      .bind(member.id, scope.workspaceId, scribe.doing.at),
    entryIfDone(db, scope, scribe, entryAbout("member.reactivated", member, { role: member.role })),
  ]);
  const [row] = back?.results ?? [];
  return row === undefined ? fail(CHANGED_MEANWHILE) : ok(toMember(row));
}

/** An entry of the audit about a member. */
export const entryAbout = (act: Act, { id, email }: Pick<Member, "id" | "email">, detail?: Json): Entry => ({
  act,
  target: { kind: "member", id, name: email },
  detail,
});

/** Ends the invitations of a member that are still open. */
export const endInvitations = (db: D1Database, id: MemberId, at: Instant): D1PreparedStatement =>
  db
    .prepare(
      "UPDATE sign_in_links SET used_at = ?2 WHERE member_id = ?1 AND purpose = 'invitation' AND used_at IS NULL",
    )
    .bind(id, at);

const replaceLink = (
  db: D1Database,
  { id, email }: Pick<Member, "id" | "email">,
  secret: string,
  { doing: { at } }: Scribe,
): readonly D1PreparedStatement[] => {
  const times = { createdAt: at, expiresAt: at + LINK_MS.invitation };
  const link = { purpose: "invitation", email, memberId: id, browserHash: null, ...times } as const;
  return [endInvitations(db, id, at), keepLink(db, link, secret)];
};

/** Two rules can have kept an admin's row as it was; the one that a caller can do something about is named. */
const whyUnchanged = ({ role, state }: Member): Failure =>
  role === "admin" && state === "active" ? LAST_ADMIN : CHANGED_MEANWHILE;

export const LAST_ADMIN = conflict(
  "They are the last active admin of the workspace. Make somebody else an admin first.",
);

/** Somebody else was faster. */
export const CHANGED_MEANWHILE = conflict("The member was changed at the same moment. Look at them again.");

const isMember = ({ state, id }: Member): Failure =>
  conflict(
    state === "invited"
      ? `Somebody with this address is invited already. /v1/members/${id}/invitation makes another link.`
      : "Somebody with this address is a member already.",
  );

/** From the row to the member. */
export const toMember = (row: MemberRow): Member => ({
  id: readMemberId(row.id),
  email: row.email,
  name: row.name,
  role: readRole(row.role),
  state: row.state,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  joinedAt: row.joined_at,
  deactivatedAt: row.deactivated_at,
});
