/**
 * What is deleted and not yet gone. A deleted project or workspace stays as a tombstone: its row keeps its id, so that a
 * late message finds that there is nothing, and tells the sweep what is still to be emptied.
 */
import {
  mintProjectScope,
  mintWorkspaceScope,
  type ProjectScope,
  type WorkspaceScope,
  workspaceOf,
} from "../domain/access.ts";
import { readProjectId, readWorkspaceId } from "../domain/ids.ts";
import type { Instant } from "../domain/time/instant.ts";
import { entryIfDone, type Scribe } from "./audit.ts";
import { forgetEntries } from "./audit-retention.ts";
import { forgetWorkspace } from "./callers.ts";
import { forgetProjectsOf } from "./projects.ts";

/** A deleted project that is to be emptied. */
export interface BuriedProject {
  readonly scope: ProjectScope;
  /** Nothing of it can come late any more: it is emptied for the last time. */
  readonly isSettled: boolean;
}

interface ProjectRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly deleted_at: number;
}

/** Deletes a workspace with all its projects, at once for everybody in it; false when it was deleted already. */
export async function buryWorkspace(
  db: D1Database,
  scope: WorkspaceScope,
  name: string,
  scribe: Scribe,
): Promise<boolean> {
  const { workspaceId } = scope;
  const { at } = scribe.doing;
  const [buried] = await db.batch([
    db.prepare("UPDATE workspaces SET deleted_at = ?2 WHERE id = ?1 AND deleted_at IS NULL").bind(workspaceId, at),
    entryIfDone(db, scope, scribe, { act: "workspace.deleted", target: { kind: "workspace", id: workspaceId, name } }),
    db
      .prepare("UPDATE projects SET deleted_at = ?2, active = 0 WHERE workspace_id = ?1 AND deleted_at IS NULL")
      .bind(workspaceId, at),
  ]);
  forgetWorkspace(db, scope);
  forgetProjectsOf(db, scope);
  return (buried?.meta.changes ?? 0) > 0;
}

/**
 * Buries what was made in a deleted workspace by a caller whom an isolate still remembered: projects that nobody could
 * reach any more, and that would go on running.
 */
export async function buryStragglers(db: D1Database, now: Instant): Promise<void> {
  await db
    .prepare(
      `UPDATE projects SET deleted_at = ?1, active = 0
       WHERE deleted_at IS NULL
         AND workspace_id IN (SELECT id FROM workspaces WHERE deleted_at IS NOT NULL AND closed_at IS NULL)`,
    )
    .bind(now)
    .run();
}

/** Deleted projects that were not emptied yet, and those deleted before `settled` that were not closed; oldest first. */
export async function listBuriedProjects(
  db: D1Database,
  settled: Instant,
  limit: number,
): Promise<readonly BuriedProject[]> {
  const { results } = await db
    .prepare(
      `SELECT id, workspace_id, deleted_at
       FROM projects
       WHERE deleted_at IS NOT NULL AND closed_at IS NULL AND (emptied_at IS NULL OR deleted_at <= ?1)
       ORDER BY deleted_at
       LIMIT ?2`,
    )
    .bind(settled, limit)
    .all<ProjectRow>();
  return results.map((row) => ({ scope: toProjectScope(row), isSettled: row.deleted_at <= settled }));
}

/** Notes that a deleted project was emptied for the first time. */
export async function markProjectEmptied(db: D1Database, scope: ProjectScope, now: Instant): Promise<void> {
  await db
    .prepare(
      `UPDATE projects SET emptied_at = ?3
       WHERE id = ?1 AND workspace_id = ?2 AND deleted_at IS NOT NULL AND emptied_at IS NULL`,
    )
    .bind(scope.projectId, scope.workspaceId, now)
    .run();
}

/** The projects of a workspace that are not known to be empty. */
export async function listProjectsToClose(db: D1Database, scope: WorkspaceScope): Promise<readonly ProjectScope[]> {
  const { results } = await db
    .prepare("SELECT id, workspace_id FROM projects WHERE workspace_id = ?1 AND closed_at IS NULL ORDER BY id")
    .bind(scope.workspaceId)
    .all<ProjectRow>();
  return results.map(toProjectScope);
}

/** Notes that nothing of a deleted project is left, and takes away who had access to it. False when it was noted already. */
export async function markProjectClosed(db: D1Database, scope: ProjectScope, scribe: Scribe): Promise<boolean> {
  const { workspaceId, projectId } = scope;
  const [closed] = await db.batch([
    db
      .prepare(
        `UPDATE projects SET closed_at = ?3
         WHERE id = ?1 AND workspace_id = ?2 AND deleted_at IS NOT NULL AND closed_at IS NULL`,
      )
      .bind(projectId, workspaceId, scribe.doing.at),
    entryIfDone(db, workspaceOf(scope), scribe, {
      act: "project.emptied",
      target: { kind: "project", id: projectId },
      project: projectId,
    }),
    db.prepare("DELETE FROM grants WHERE project_id = ?1 AND workspace_id = ?2").bind(projectId, workspaceId),
    db.prepare("DELETE FROM unsubscriptions WHERE project_id = ?1 AND workspace_id = ?2").bind(projectId, workspaceId),
  ]);
  return (closed?.meta.changes ?? 0) > 0;
}

/** Workspaces deleted before `settled` all of whose projects are closed. */
export async function listWorkspacesToClose(
  db: D1Database,
  settled: Instant,
  limit: number,
): Promise<readonly WorkspaceScope[]> {
  const { results } = await db
    .prepare(
      `SELECT id
       FROM workspaces
       WHERE deleted_at <= ?1 AND closed_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM projects WHERE projects.workspace_id = workspaces.id AND closed_at IS NULL)
       ORDER BY deleted_at
       LIMIT ?2`,
    )
    .bind(settled, limit)
    .all<{ readonly id: string }>();
  return results.map(({ id }) => mintWorkspaceScope(readWorkspaceId(id)));
}

/** In this order nothing is left that refers to what is gone. `?1` is the workspace. */
const OF_WORKSPACE = [
  "DELETE FROM idempotency_answers WHERE workspace_id = ?1",
  "DELETE FROM sessions WHERE workspace_id = ?1",
  "DELETE FROM sign_in_links WHERE member_id IN (SELECT id FROM members WHERE workspace_id = ?1)",
  "DELETE FROM tokens WHERE workspace_id = ?1",
  "DELETE FROM grants WHERE workspace_id = ?1",
  "DELETE FROM group_members WHERE group_id IN (SELECT id FROM groups WHERE workspace_id = ?1)",
  "DELETE FROM groups WHERE workspace_id = ?1",
  "DELETE FROM webhooks WHERE workspace_id = ?1",
  "DELETE FROM slack_states WHERE workspace_id = ?1",
  "DELETE FROM slack_links WHERE workspace_id = ?1",
  "DELETE FROM slack_channels WHERE workspace_id = ?1",
  "DELETE FROM slack_connections WHERE workspace_id = ?1",
  "DELETE FROM unsubscriptions WHERE workspace_id = ?1",
  "DELETE FROM members WHERE workspace_id = ?1",
  "DELETE FROM projects WHERE workspace_id = ?1",
] as const;

/** Takes away everything of a deleted workspace but its tombstone, which keeps no name. Can be repeated after a crash. */
export async function emptyWorkspace(db: D1Database, scope: WorkspaceScope, now: Instant): Promise<void> {
  await forgetEntries(db, scope, null);
  await db.batch([
    ...OF_WORKSPACE.map((sql) => db.prepare(sql).bind(scope.workspaceId)),
    db
      .prepare("UPDATE workspaces SET closed_at = ?2, name = 'deleted' WHERE id = ?1 AND deleted_at IS NOT NULL")
      .bind(scope.workspaceId, now),
  ]);
}

const toProjectScope = (row: Pick<ProjectRow, "id" | "workspace_id">): ProjectScope =>
  mintProjectScope(readWorkspaceId(row.workspace_id), readProjectId(row.id));
