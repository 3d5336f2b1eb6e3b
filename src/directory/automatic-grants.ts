/** Access that recipients of news are given, who have none: enough to see the app that they are told of, and no more. */
import type { Grantee, ProjectScope } from "../domain/access.ts";
import { workspaceOf } from "../domain/access.ts";
import { entryIfDone, type Scribe } from "./audit.ts";
import { forgetAccess, idOf } from "./grants.ts";
import type { Project } from "./projects.ts";

/**
 * Gives each of these `app_only`, unless they have something by then: nobody's access is lowered. Each that was given is in
 * the audit. Can be repeated.
 */
export async function grantAutomatically(
  db: D1Database,
  { id, name, scope }: Project,
  grantees: readonly Extract<Grantee, { id: string }>[],
  scribe: Scribe,
): Promise<void> {
  if (grantees.length === 0) return;
  const statements = grantees.flatMap((grantee) => [
    grantOf(db, scope, grantee, scribe),
    entryIfDone(db, workspaceOf(scope), scribe, {
      act: "access.granted_automatically",
      target: { kind: "project", id, name },
      project: id,
      detail: { grantee: { ...grantee }, access: "app_only" },
    }),
  ]);
  await db.batch(statements);
  forgetAccess(db, { projectId: id });
}

const grantOf = (
  db: D1Database,
  scope: ProjectScope,
  grantee: Extract<Grantee, { id: string }>,
  { doing }: Scribe,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO grants (project_id, grantee_kind, grantee_id, workspace_id, access, updated_at)
       SELECT projects.id, ?3, ?4, ?2, 'app_only', ?5
       FROM projects
       WHERE projects.id = ?1 AND projects.workspace_id = ?2 AND projects.deleted_at IS NULL
         AND CASE ?3
           WHEN 'user' THEN EXISTS (
             SELECT 1 FROM members WHERE id = ?4 AND workspace_id = ?2 AND state <> 'deactivated')
           ELSE EXISTS (SELECT 1 FROM groups WHERE id = ?4 AND workspace_id = ?2) END
       ON CONFLICT DO UPDATE SET access = 'app_only', updated_at = ?5 WHERE access = 'none'`,
    )
    .bind(scope.projectId, scope.workspaceId, grantee.kind, idOf(scope, grantee), doing.at);
