/** With whom a project is shared: the list of its grants, and changes to it. */
import {
  type AccessLevel,
  type Grant,
  type Grantee,
  type Role,
  readRole,
  type WorkspaceScope,
} from "../domain/access.ts";
import { conflict, type Failure, notFound } from "../domain/errors.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { batchOrNothing, insist } from "./all-or-nothing.ts";
import { entryOf, type Scribe } from "./audit.ts";
import { forgetAccess, type GrantRow, idOf, keepGrants, toGrant, toRows } from "./grants.ts";
import { isHeld } from "./holders.ts";
import type { Project } from "./projects.ts";

/** A grant as people read it. */
export interface Share extends Grant {
  /** The member's address, the group's name, or the workspace's. */
  readonly name: string;
  /** Of a member; null for a group and the workspace. */
  readonly role: Role | null;
}

interface ShareRow extends GrantRow {
  readonly name: string;
  readonly role: string | null;
}

/** Everything that the project grants: to the workspace, to groups, to members. */
export async function listShares(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  { id }: Project,
): Promise<readonly Share[]> {
  const { results } = await db
    .prepare(
      `SELECT grants.grantee_kind, grants.grantee_id, grants.access, members.role,
         coalesce(members.email, groups.name, workspaces.name) AS name
       FROM grants
       LEFT JOIN members ON grants.grantee_kind = 'user' AND members.id = grants.grantee_id
         AND members.workspace_id = grants.workspace_id
       LEFT JOIN groups ON grants.grantee_kind = 'group' AND groups.id = grants.grantee_id
         AND groups.workspace_id = grants.workspace_id
       JOIN workspaces ON workspaces.id = grants.workspace_id
       WHERE grants.project_id = ?1 AND grants.workspace_id = ?2
       ORDER BY grants.grantee_kind DESC, grants.grantee_id`,
    )
    .bind(id, workspaceId)
    .all<ShareRow>();
  return results.map(toShare);
}

/** Of these grantees, those whom the workspace has no longer, or never had. */
export async function unknownGrantees(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  grantees: readonly Grantee[],
): Promise<readonly Grantee[]> {
  const ids = grantees.flatMap((grantee) => ("id" in grantee ? [grantee.id] : []));
  const { results } = await db
    .prepare(
      `SELECT 'user' AS kind, id FROM members
       WHERE workspace_id = ?1 AND state <> 'deactivated' AND id IN (SELECT value FROM json_each(?2))
       UNION ALL
       SELECT 'group', id FROM groups WHERE workspace_id = ?1 AND id IN (SELECT value FROM json_each(?2))`,
    )
    .bind(workspaceId, JSON.stringify(ids))
    .all<{ readonly kind: string; readonly id: string }>();
  const known = new Set(results.map(({ kind, id }) => `${kind}/${id}`));
  return grantees.filter((grantee) => "id" in grantee && !known.has(`${grantee.kind}/${grantee.id}`));
}

/** Makes these the project's grants, and takes all others away. */
export const replaceShares = (
  db: D1Database,
  scope: WorkspaceScope,
  project: Project,
  grants: readonly Grant[],
  scribe: Scribe,
): Promise<Result<void, Failure>> =>
  change(
    db,
    scope,
    project,
    (before) => [...before.map(({ grantee }): Grant => ({ grantee, access: "none" })), ...grants],
    scribe,
  );

/** Gives one grantee this access, or takes away what they had when it is `none`. */
export const changeShare = (
  db: D1Database,
  scope: WorkspaceScope,
  project: Project,
  grant: Grant,
  scribe: Scribe,
): Promise<Result<void, Failure>> => change(db, scope, project, () => [grant], scribe);

/** A grantee's access before and after, as the audit tells it. */
type Change = { readonly grantee: Grantee; readonly before: AccessLevel; readonly after: AccessLevel };

/** How often a change is tried when somebody else shares the same project at the same moment. */
const TRIES = 5;

/**
 * All or nothing, and only on the grants that were read: what the audit says of before and after is what was. It fails where
 * nobody would hold what somebody held.
 */
async function change(
  db: D1Database,
  scope: WorkspaceScope,
  project: Project,
  wanted: (before: readonly Grant[]) => readonly Grant[],
  scribe: Scribe,
): Promise<Result<void, Failure>> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const before = await listShares(db, scope, project);
    const changes = changesOf(scope, before, wanted(before));
    if (changes.length === 0) return ok(undefined);
    const wasHeld = await isProjectHeld(db, project);
    const done = await batchOrNothing(db, statementsOf(db, scope, project, { before, changes, wasHeld }, scribe));
    if (done !== null) {
      forgetAccess(db, { projectId: project.id });
      return ok(undefined);
    }
    const isAsRead = toRows(scope, await listShares(db, scope, project)) === toRows(scope, before);
    if (isAsRead) return fail(await whyNot(db, scope, project, changes));
  }
  return fail(CHANGED_MEANWHILE);
}

/** What is shared as read, changed, written down, and then as it was meant. */
function statementsOf(
  db: D1Database,
  scope: WorkspaceScope,
  project: Project,
  {
    before,
    changes,
    wasHeld,
  }: { readonly before: readonly Grant[]; readonly changes: readonly Change[]; readonly wasHeld: boolean },
  scribe: Scribe,
): readonly D1PreparedStatement[] {
  const names = [project.id, scope.workspaceId] as const;
  const dropped = changes
    .filter(({ after }) => after === "none")
    .map(({ grantee, before: access }) => ({ grantee, access }));
  const given = changes.map(({ grantee, after: access }) => ({ grantee, access }));
  return [
    insist(db, `${IS_GIVEN} AND ${IS_ALL}`, ...names, toRows(scope, before)),
    db
      .prepare(
        `DELETE FROM grants
         WHERE project_id = ?1 AND workspace_id = ?2
           AND EXISTS (SELECT 1 FROM json_each(?3) WHERE value ->> 0 = grantee_kind AND value ->> 1 = grantee_id)`,
      )
      .bind(...names, toRows(scope, dropped)),
    keepGrants(db, project.scope, given, scribe),
    insist(db, IS_GIVEN, ...names, toRows(scope, given)),
    entryOf(db, scope, scribe, {
      act: "access.changed",
      target: { kind: "project", id: project.id, name: project.name },
      project: project.id,
      detail: { changes: changes.map(({ grantee, ...levels }) => ({ grantee: { ...grantee }, ...levels })) },
    }),
    ...(wasHeld ? [insist(db, isHeld("?1", "?2"), ...names)] : []),
  ];
}

/** SQL: the project `?1` of the workspace `?2` gives all that the rows `?3` say. */
const IS_GIVEN = `NOT EXISTS (
  SELECT 1 FROM json_each(?3)
  WHERE NOT EXISTS (
    SELECT 1 FROM grants
    WHERE project_id = ?1 AND workspace_id = ?2 AND grantee_kind = value ->> 0 AND grantee_id = value ->> 1
      AND access = value ->> 2))`;

/** SQL: and nothing else. */
const IS_ALL =
  "json_array_length(?3) = (SELECT count(*) FROM grants WHERE project_id = ?1 AND workspace_id = ?2 AND access <> 'none')";

async function isProjectHeld(db: D1Database, { id, scope }: Project): Promise<boolean> {
  const asked = db.prepare(`SELECT ${isHeld("?1", "?2")} AS held`).bind(id, scope.workspaceId);
  return (await asked.first<{ readonly held: number }>())?.held === 1;
}

/** Of the rules that a change can break: the project is there, those whom it names are, and somebody holds it after it. */
async function whyNot(
  db: D1Database,
  scope: WorkspaceScope,
  { id }: Project,
  changes: readonly Change[],
): Promise<Failure> {
  const living = db.prepare("SELECT 1 FROM projects WHERE id = ?1 AND workspace_id = ?2 AND deleted_at IS NULL");
  if ((await living.bind(id, scope.workspaceId).first()) === null) return notFound("project", id);
  const given = changes.filter(({ after }) => after !== "none").map(({ grantee }) => grantee);
  const [gone] = await unknownGrantees(db, scope, given);
  if (gone === undefined) return NOBODY_LEFT;
  return gone.kind === "group" ? notFound("group", gone.id) : notFound("member", idOf(scope, gone));
}

/** What becomes of the grants by others that come behind them: of several for one grantee the last one counts. */
function changesOf(scope: WorkspaceScope, before: readonly Grant[], after: readonly Grant[]): readonly Change[] {
  const keyOf = ({ grantee }: Grant) => `${grantee.kind}/${idOf(scope, grantee)}`;
  const old = new Map(before.map((grant) => [keyOf(grant), grant.access]));
  return [...new Map(after.map((grant) => [keyOf(grant), grant]))]
    .map(([key, { grantee, access }]) => ({ grantee, before: old.get(key) ?? "none", after: access }))
    .filter((one) => one.before !== one.after);
}

const NOBODY_LEFT = conflict(
  "Nobody would be left with full_access to the project. Give it to another active member of a role that can have it.",
);

const CHANGED_MEANWHILE = conflict("Others share the project at the same moment. Look at it again.");

const toShare = (row: ShareRow): Share => ({
  ...toGrant(row),
  name: row.name,
  role: row.role === null ? null : readRole(row.role),
});
