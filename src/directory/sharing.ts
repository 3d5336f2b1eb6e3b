/** With whom a project is shared: the list of its grants, and changes to it. */
import {
  type AccessLevel,
  type Grant,
  type Grantee,
  type Role,
  readRole,
  type WorkspaceScope,
} from "../domain/access.ts";
import { conflict, type Failure } from "../domain/errors.ts";
import { fail, ok, type Result } from "../domain/result.ts";
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
export async function replaceShares(
  db: D1Database,
  scope: WorkspaceScope,
  project: Project,
  grants: readonly Grant[],
  scribe: Scribe,
): Promise<Result<void, Failure>> {
  const dropOthers = db
    .prepare(
      `DELETE FROM grants
       WHERE project_id = ?1 AND workspace_id = ?2
         AND NOT EXISTS (SELECT 1 FROM json_each(?3) WHERE value ->> 0 = grantee_kind AND value ->> 1 = grantee_id)`,
    )
    .bind(project.id, scope.workspaceId, toRows(project.scope, grants));
  const before = await listShares(db, scope, project);
  const dropped = before.map(({ grantee }): Grant => ({ grantee, access: "none" }));
  const changes = changesOf(scope, before, [...dropped, ...grants]);
  return change(
    db,
    scope,
    project,
    { statements: [dropOthers, keepGrants(db, project.scope, grants, scribe)], changes },
    scribe,
  );
}

/** Gives one grantee this access, or takes away what they had when it is `none`. */
export async function changeShare(
  db: D1Database,
  scope: WorkspaceScope,
  project: Project,
  grant: Grant,
  scribe: Scribe,
): Promise<Result<void, Failure>> {
  const drop = db
    .prepare("DELETE FROM grants WHERE project_id = ?1 AND workspace_id = ?2 AND grantee_kind = ?3 AND grantee_id = ?4")
    .bind(project.id, scope.workspaceId, grant.grantee.kind, idOf(scope, grant.grantee));
  const statement = grant.access === "none" ? drop : keepGrants(db, project.scope, [grant], scribe);
  const changes = changesOf(scope, await listShares(db, scope, project), [grant]);
  return change(db, scope, project, { statements: [statement], changes }, scribe);
}

/** A grantee's access before and after, as the audit tells it. */
type Change = { readonly grantee: Grantee; readonly before: AccessLevel; readonly after: AccessLevel };

/** All or nothing: the last statement fails, and with it the batch, where nobody would hold what somebody held. */
async function change(
  db: D1Database,
  scope: WorkspaceScope,
  project: Project,
  { statements, changes }: { readonly statements: readonly D1PreparedStatement[]; readonly changes: readonly Change[] },
  scribe: Scribe,
): Promise<Result<void, Failure>> {
  if (changes.length === 0) return ok(undefined);
  const held = isHeld("?1", "?2");
  const asked = db.prepare(`SELECT ${held} AS held`).bind(project.id, scope.workspaceId);
  const wasHeld = (await asked.first<{ readonly held: number }>())?.held === 1;
  // Outside of triggers SQLite has no statement that only fails; a function that is called wrongly does.
  const insist = db
    .prepare(`SELECT CASE WHEN ${held} THEN 1 ELSE json('nobody holds it') END`)
    .bind(project.id, scope.workspaceId);
  const entry = entryOf(db, scope, scribe, {
    act: "access.changed",
    target: { kind: "project", id: project.id, name: project.name },
    project: project.id,
    detail: { changes: changes.map(({ grantee, ...levels }) => ({ grantee: { ...grantee }, ...levels })) },
  });
  try {
    await db.batch([...statements, entry, ...(wasHeld ? [insist] : [])]);
  } catch (error) {
    if (/malformed JSON/.test(String(error))) return fail(NOBODY_LEFT);
    throw error;
  }
  forgetAccess(db, { projectId: project.id });
  return ok(undefined);
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

const toShare = (row: ShareRow): Share => ({
  ...toGrant(row),
  name: row.name,
  role: row.role === null ? null : readRole(row.role),
});
