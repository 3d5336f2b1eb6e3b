/** A member leaves: what let them in ends, what they were given goes, and what only they held is handed over. */
import { ROLE_CAPS, type WorkspaceScope } from "../domain/access.ts";
import type { Failure } from "../domain/errors.ts";
import { type ProjectId, readProjectId } from "../domain/ids.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { entriesWhere, entryIfDone, type Line, PROJECT_OF_ENTRY, type Scribe } from "./audit.ts";
import { forgetMember } from "./callers.ts";
import { forgetAccess } from "./grants.ts";
import { heldReaches, isHeld } from "./holders.ts";
import {
  CHANGED_MEANWHILE,
  endInvitations,
  entryAbout,
  LAST_ADMIN,
  type Member,
  type MemberRow,
  toMember,
} from "./members.ts";

/** A project as those who hear of it know it. */
export interface NamedProject {
  readonly id: ProjectId;
  readonly slug: string;
  readonly name: string;
}

/** A project that somebody else holds from now on. */
export interface HandedOver {
  readonly project: NamedProject;
  readonly to: Member;
}

/** A member who left, and what moved. */
export interface Departure {
  readonly member: Member;
  readonly handedOver: readonly HandedOver[];
}

/** SQL: the member `?2` of the workspace `?1` is deactivated, so what follows in the batch may be done. */
const HAS_LEFT = "EXISTS (SELECT 1 FROM members WHERE id = ?2 AND workspace_id = ?1 AND state = 'deactivated')";

/**
 * Deactivates a member as they were seen. A project that nobody else holds goes to the oldest active admin; schedules go
 * on as they were.
 */
export async function deactivateMember(
  db: D1Database,
  scope: WorkspaceScope,
  seen: Member,
  scribe: Scribe,
): Promise<Result<Departure, Failure>> {
  const heir = await findHeir(db, scope, seen);
  if (heir === null) return fail(LAST_ADMIN);
  const held = seen.state === "active" ? await listHeld(db, scope, seen) : [];
  const [left, , moved] = await db.batch<MemberRow & { readonly project_id: string }>([
    leave(db, scope, seen, heir, scribe),
    entryIfDone(db, scope, scribe, entryAbout("member.deactivated", seen, { role: seen.role })),
    ...handOver(db, scope, { from: seen, to: heir, held }, scribe),
    ...takeAway(db, scope, seen, scribe),
  ]);
  forgetMember(db, seen.id);
  forgetAccess(db, {});
  const [row] = left?.results ?? [];
  if (row === undefined) return fail(CHANGED_MEANWHILE);
  const ids = new Set((moved?.results ?? []).map(({ project_id }) => project_id));
  const handedOver = held.filter(({ id }) => ids.has(id)).map((project) => ({ project, to: heir }));
  return ok({ member: toMember(row), handedOver });
}

/** That the heir is still there is part of the statement: so there is an admin left, whoever else leaves right now. */
const leave = (
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  seen: Member,
  heir: Member,
  { doing }: Scribe,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE members SET state = 'deactivated', deactivated_at = ?3, updated_at = ?3
       WHERE id = ?2 AND workspace_id = ?1 AND state = ?4 AND role = ?5
         AND EXISTS (
           SELECT 1 FROM members AS heir
           WHERE heir.id = ?6 AND heir.workspace_id = ?1 AND heir.role = 'admin' AND heir.state = 'active')
       RETURNING *`,
    )
    .bind(workspaceId, seen.id, doing.at, seen.state, seen.role, heir.id);

/** The grants to the heir, and an entry about each that was given. Before the leaver's own go: they tell what was held. */
function handOver(
  db: D1Database,
  scope: WorkspaceScope,
  { from, to, held }: { readonly from: Member; readonly to: Member; readonly held: readonly NamedProject[] },
  scribe: Scribe,
): readonly D1PreparedStatement[] {
  const { workspaceId } = scope;
  const { at } = scribe.doing;
  const lines = held.map((project): Line => {
    const detail = { from: { id: from.id, email: from.email }, to: { id: to.id, email: to.email } };
    const target = { kind: "project", id: project.id, name: project.name };
    return { scribe, entry: { act: "project.handed_over", target, project: project.id, detail } };
  });
  const given = `EXISTS (
    SELECT 1 FROM grants
    WHERE project_id = ${PROJECT_OF_ENTRY} AND grantee_kind = 'user' AND grantee_id = ?2 AND workspace_id = ?3
      AND access = 'full_access' AND updated_at = ?4)`;
  return [
    db
      .prepare(
        `INSERT INTO grants (project_id, grantee_kind, grantee_id, workspace_id, access, updated_at)
         SELECT id, 'user', ?3, ?1, 'full_access', ?4
         FROM projects
         WHERE workspace_id = ?1 AND deleted_at IS NULL AND id IN (SELECT value FROM json_each(?5))
           AND ${HAS_LEFT} AND NOT ${isHeld("projects.id", "?1")}
         ON CONFLICT DO UPDATE SET access = 'full_access', updated_at = ?4
         RETURNING project_id`,
      )
      .bind(workspaceId, from.id, to.id, at, JSON.stringify(held.map(({ id }) => id))),
    entriesWhere(db, scope, lines, given, to.id, workspaceId, at),
  ];
}

function takeAway(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  { id }: Member,
  { doing: { at } }: Scribe,
): readonly D1PreparedStatement[] {
  const statement = (sql: string) => db.prepare(`${sql} AND ${HAS_LEFT}`);
  return [
    statement("DELETE FROM grants WHERE workspace_id = ?1 AND grantee_kind = 'user' AND grantee_id = ?2").bind(
      workspaceId,
      id,
    ),
    statement("DELETE FROM group_members WHERE member_id = ?2").bind(workspaceId, id),
    statement("UPDATE sessions SET ended_at = ?3 WHERE workspace_id = ?1 AND member_id = ?2 AND ended_at IS NULL").bind(
      workspaceId,
      id,
      at,
    ),
    statement(
      "UPDATE tokens SET revoked_at = ?3 WHERE workspace_id = ?1 AND member_id = ?2 AND revoked_at IS NULL",
    ).bind(workspaceId, id, at),
    endInvitations(db, id, at),
  ];
}

async function findHeir(db: D1Database, { workspaceId }: WorkspaceScope, { id }: Member): Promise<Member | null> {
  const row = await db
    .prepare(
      `SELECT * FROM members
       WHERE workspace_id = ?1 AND id <> ?2 AND role = 'admin' AND state = 'active'
       ORDER BY id
       LIMIT 1`,
    )
    .bind(workspaceId, id)
    .first<MemberRow>();
  return row === null ? null : toMember(row);
}

/** The living projects that the member holds, alone or with others. */
async function listHeld(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  { id, role }: Member,
): Promise<readonly NamedProject[]> {
  if (ROLE_CAPS[role] !== "full_access") return [];
  const { results } = await db
    .prepare(
      `SELECT id, slug, name
       FROM projects
       WHERE workspace_id = ?1 AND deleted_at IS NULL AND EXISTS (
         SELECT 1 FROM grants AS held
         WHERE held.project_id = projects.id AND held.workspace_id = ?1 AND held.access = 'full_access'
           AND ${heldReaches("?2")})
       ORDER BY id`,
    )
    .bind(workspaceId, id)
    .all<{ readonly id: string; readonly slug: string; readonly name: string }>();
  return results.map((row) => ({ ...row, id: readProjectId(row.id) }));
}
