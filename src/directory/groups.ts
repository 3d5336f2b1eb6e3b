/** Groups of members: what a project gives to a group, it gives to each of them, for as long as they are in it. */
import { type Role, readRole, type WorkspaceScope } from "../domain/access.ts";
import { conflict, type Failure, notFound } from "../domain/errors.ts";
import { type GroupId, type MemberId, readGroupId, readMemberId } from "../domain/ids.ts";
import type { Json } from "../domain/json.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Instant } from "../domain/time/instant.ts";
import { batchOrNothing, IS_DONE, insist } from "./all-or-nothing.ts";
import { entryIfDone, type Scribe } from "./audit.ts";
import { forgetAccess } from "./grants.ts";
import { atStakeInGroup, type HandedOver, HEIR_LEFT, handedOverBy, handOver } from "./handing-over.ts";
import { type Addition, addOnce, type Wish } from "./idempotency.ts";
import { CHANGED_MEANWHILE, type Member, type MemberState } from "./members.ts";
import { hasRoom, whyNoRoom } from "./room.ts";

/** Some members of a workspace under one name. */
export interface Group {
  readonly id: GroupId;
  readonly name: string;
  /** How many are in it. */
  readonly size: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** A member as a list of people shows them. */
export interface Person {
  readonly id: MemberId;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly state: MemberState;
}

interface GroupRow {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly created_at: number;
  readonly updated_at: number;
}

interface PersonRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly state: MemberState;
}

interface Page {
  readonly limit: number;
  readonly after?: string | undefined;
}

const COLUMNS = `id, name, created_at, updated_at,
  (SELECT count(*) FROM group_members WHERE group_members.group_id = groups.id) AS size`;

/** The workspace's groups, oldest first, after the given one. */
export async function listGroups(db: D1Database, scope: WorkspaceScope, page: Page): Promise<readonly Group[]> {
  const { results } = await db
    .prepare(`SELECT ${COLUMNS} FROM groups WHERE workspace_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`)
    .bind(scope.workspaceId, page.after ?? "", page.limit)
    .all<GroupRow>();
  return results.map(toGroup);
}

/** The group of that id in the workspace, or null. */
export async function findGroup(db: D1Database, scope: WorkspaceScope, id: GroupId): Promise<Group | null> {
  const row = await db
    .prepare(`SELECT ${COLUMNS} FROM groups WHERE id = ?1 AND workspace_id = ?2`)
    .bind(id, scope.workspaceId)
    .first<GroupRow>();
  return row === null ? null : toGroup(row);
}

/** Who is in the group, after the given member. */
export async function listGroupMembers(
  db: D1Database,
  scope: WorkspaceScope,
  id: GroupId,
  page: Page,
): Promise<readonly Person[]> {
  const { results } = await db
    .prepare(
      `SELECT members.id, members.email, members.name, members.role, members.state
       FROM group_members
       JOIN members ON members.id = group_members.member_id AND members.workspace_id = ?2
       WHERE group_members.group_id = ?1 AND group_members.member_id > ?3
       ORDER BY members.id
       LIMIT ?4`,
    )
    .bind(id, scope.workspaceId, page.after ?? "", page.limit)
    .all<PersonRow>();
  return results.map((row) => ({ ...row, id: readMemberId(row.id), role: readRole(row.role) }));
}

/** Adds a group, together with the answer it was asked for; a name that is taken is a conflict. */
export const addGroup = (
  db: D1Database,
  scope: WorkspaceScope,
  { id, name }: Pick<Group, "id" | "name">,
  wish: Wish | undefined,
  scribe: Scribe,
): Promise<Result<Addition, Failure>> => {
  const { at } = scribe.doing;
  const insert = db
    .prepare(
      `INSERT INTO groups (id, workspace_id, name, created_at, updated_at)
       SELECT ?1, workspaces.id, ?3, ?4, ?4 FROM workspaces WHERE workspaces.id = ?2 AND ${hasRoom(["groups"])}`,
    )
    .bind(id, scope.workspaceId, name, at);
  const entry = entryIfDone(db, scope, scribe, { act: "group.created", target: { kind: "group", id, name } });
  const refusal = async () => (await whyNoRoom(db, scope, ["groups"], { at, memberId: null })) ?? notFound("group", id);
  const statements = [insert, insist(db, IS_DONE), entry];
  return addOnce(db, scope, { wish, now: at, statements, taken: { groups: nameTaken(name) }, refusal });
};

/** Gives a group another name. */
export async function renameGroup(
  db: D1Database,
  scope: WorkspaceScope,
  group: Group,
  name: string,
  scribe: Scribe,
): Promise<Result<Group, Failure>> {
  if (name === group.name) return ok(group);
  const { at } = scribe.doing;
  const update = db
    .prepare("UPDATE groups SET name = ?3, updated_at = ?4 WHERE id = ?1 AND workspace_id = ?2")
    .bind(group.id, scope.workspaceId, name, at);
  const target = { kind: "group", id: group.id, name };
  const entry = entryIfDone(db, scope, scribe, {
    act: "group.changed",
    target,
    detail: { before: { name: group.name }, after: { name } },
  });
  const taken = { groups: nameTaken(name) };
  const statements = [update, insist(db, IS_DONE), entry];
  const refusal = async () => notFound("group", group.id);
  const renamed = await addOnce(db, scope, { wish: undefined, now: at, statements, taken, refusal });
  return renamed.ok ? ok({ ...group, name, updatedAt: at }) : renamed;
}

/** Deletes a group with what it was given. What only its members held, through it, is handed over. */
export async function deleteGroup(
  db: D1Database,
  scope: WorkspaceScope,
  { id, name }: Group,
  scribe: Scribe,
): Promise<Result<readonly HandedOver[], Failure>> {
  const stake = await atStakeInGroup(db, scope, id);
  const detail = { projects: await listGrants(db, scope, id) };
  const done = await batchOrNothing<{ readonly project_id?: string }>(db, [
    db.prepare("DELETE FROM groups WHERE workspace_id = ?1 AND id = ?2").bind(scope.workspaceId, id),
    insist(db, IS_DONE),
    entryIfDone(db, scope, scribe, { act: "group.deleted", target: { kind: "group", id, name }, detail }),
    db
      .prepare("DELETE FROM grants WHERE workspace_id = ?1 AND grantee_kind = 'group' AND grantee_id = ?2")
      .bind(scope.workspaceId, id),
    ...handOver(db, scope, stake, { group: { id, name } }, scribe),
  ]);
  forgetAccess(db, {});
  if (done !== null) return ok(handedOverBy(done, stake));
  return fail((await findGroup(db, scope, id)) === null ? notFound("group", id) : HEIR_LEFT);
}

/** Takes a member into a group, as they were seen; one who is in it already stays. */
export async function joinGroup(
  db: D1Database,
  scope: WorkspaceScope,
  group: Group,
  seen: Member,
  scribe: Scribe,
): Promise<Result<void, Failure>> {
  const insert = db
    .prepare(
      `INSERT INTO group_members (group_id, member_id)
       SELECT groups.id, members.id
       FROM groups
       JOIN members ON members.workspace_id = groups.workspace_id
       JOIN workspaces ON workspaces.id = groups.workspace_id AND workspaces.deleted_at IS NULL
       WHERE groups.id = ?1 AND members.id = ?2 AND groups.workspace_id = ?3 AND members.role = ?4
         AND members.state <> 'deactivated'
       ON CONFLICT DO NOTHING`,
    )
    .bind(group.id, seen.id, scope.workspaceId, seen.role);
  const done = await batchOrNothing(db, [
    insert,
    entryIfDone(db, scope, scribe, membership("group.member_added", group, seen)),
    insist(db, IS_IN, group.id, seen.id),
  ]);
  forgetAccess(db, { memberId: seen.id });
  return done === null ? fail(CHANGED_MEANWHILE) : ok(undefined);
}

/** Takes a member out of a group, and with it all that the group gave them. What only they held is handed over. */
export async function leaveGroup(
  db: D1Database,
  scope: WorkspaceScope,
  group: Group,
  seen: Member,
  scribe: Scribe,
): Promise<Result<readonly HandedOver[], Failure>> {
  const stake = await atStakeInGroup(db, scope, group.id, seen.id);
  const drop = db
    .prepare(
      `DELETE FROM group_members
       WHERE group_id = ?1 AND member_id = ?2
         AND EXISTS (SELECT 1 FROM groups WHERE groups.id = ?1 AND groups.workspace_id = ?3)
         AND EXISTS (SELECT 1 FROM members WHERE members.id = ?2 AND members.role = ?4)`,
    )
    .bind(group.id, seen.id, scope.workspaceId, seen.role);
  const done = await batchOrNothing<{ readonly project_id?: string }>(db, [
    drop,
    entryIfDone(db, scope, scribe, membership("group.member_removed", group, seen)),
    insist(db, `NOT ${IS_IN}`, group.id, seen.id),
    ...handOver(db, scope, stake, { id: seen.id, email: seen.email }, scribe),
  ]);
  forgetAccess(db, stake.held.length > 0 ? {} : { memberId: seen.id });
  return done === null ? fail(CHANGED_MEANWHILE) : ok(handedOverBy(done, stake));
}

/** SQL: the member `?2` is in the group `?1`. */
const IS_IN = "EXISTS (SELECT 1 FROM group_members WHERE group_id = ?1 AND member_id = ?2)";

/** The living projects that share something with the group, as the audit tells what they took back. */
async function listGrants(db: D1Database, { workspaceId }: WorkspaceScope, id: GroupId): Promise<Json> {
  const { results } = await db
    .prepare(
      `SELECT projects.id, projects.slug, grants.access
       FROM grants
       JOIN projects ON projects.id = grants.project_id AND projects.deleted_at IS NULL
       WHERE grants.grantee_id = ?2 AND grants.workspace_id = ?1
       ORDER BY projects.id`,
    )
    .bind(workspaceId, id)
    .all<{ readonly id: string; readonly slug: string; readonly access: string }>();
  return results;
}

const membership = (act: "group.member_added" | "group.member_removed", { id, name }: Group, member: Member) => ({
  act,
  target: { kind: "group", id, name },
  detail: { member: { id: member.id, email: member.email } },
});

const nameTaken = (name: string): Failure => conflict(`Another group of this workspace has the name "${name}".`);

const toGroup = (row: GroupRow): Group => ({
  id: readGroupId(row.id),
  name: row.name,
  size: row.size,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});
