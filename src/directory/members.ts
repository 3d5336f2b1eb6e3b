/** Members: the people of a workspace. */
import { type Role, readRole, type WorkspaceScope } from "../domain/access.ts";
import type { Act, Entry } from "../domain/audit.ts";
import { conflict } from "../domain/errors.ts";
import { type MemberId, readMemberId } from "../domain/ids.ts";
import type { Json } from "../domain/json.ts";
import type { Instant } from "../domain/time/instant.ts";

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

/** What a statement reads, or returns, to make a member of it. */
export const MEMBER_COLUMNS = "id, email, name, role, state, created_at, updated_at, joined_at, deactivated_at";

/** The members that the filter picks, in the order they were first invited, after the given one. */
export async function listMembers(
  db: D1Database,
  scope: WorkspaceScope,
  { state, role, email }: MemberFilter,
  page: { readonly limit: number; readonly after?: string | undefined },
): Promise<readonly Member[]> {
  const { results } = await db
    .prepare(
      `SELECT ${MEMBER_COLUMNS}
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
    .prepare(`SELECT ${MEMBER_COLUMNS} FROM members WHERE id = ?1 AND workspace_id = ?2`)
    .bind(id, scope.workspaceId)
    .first<MemberRow>();
  return row === null ? null : toMember(row);
}

/** The member with that address in the workspace, or null. */
export async function findMemberByEmail(db: D1Database, scope: WorkspaceScope, email: string): Promise<Member | null> {
  const row = await db
    .prepare(`SELECT ${MEMBER_COLUMNS} FROM members WHERE email = ?1 AND workspace_id = ?2`)
    .bind(email, scope.workspaceId)
    .first<MemberRow>();
  return row === null ? null : toMember(row);
}

/** An entry of the audit about a member. */
export const entryAbout = (act: Act, { id, email }: Pick<Member, "id" | "email">, detail?: Json): Entry => ({
  act,
  target: { kind: "member", id, name: email },
  detail,
});

/** The rule that there is always one. */
export const LAST_ADMIN = conflict(
  "They are the last active admin of the workspace. Make somebody else an admin first.",
);

/** Somebody else was faster. */
export const CHANGED_MEANWHILE = conflict("The member was changed at the same moment. Look at them again.");

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
