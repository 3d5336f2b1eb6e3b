/** Projects as the directory knows them: their names, and whether they live. What they hold is the actor's. */
import { mintProjectScope, type ProjectScope, type WorkspaceScope } from "../domain/access.ts";
import { conflict, type Failure } from "../domain/errors.ts";
import { isUuid, type ProjectId, readProjectId } from "../domain/ids.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Instant } from "../domain/time/instant.ts";
import { keepAnswer, type Wish } from "./idempotency.ts";
import { recallOf } from "./recall.ts";

/** Lower-case letters, digits and inner dashes; never the shape of an id, so that one path segment can take either. */
export const PROJECT_SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A living project, with the scope that lets its rows be named. */
export interface Project {
  readonly id: ProjectId;
  readonly scope: ProjectScope;
  readonly slug: string;
  readonly name: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

interface ProjectRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly created_at: number;
  readonly updated_at: number;
}

const COLUMNS = "id, slug, name, created_at, updated_at";

/** Projects by `workspace/id` and `workspace/slug`. */
const recall = recallOf<Project>();

/** Whether the text can name a project. */
export const isProjectSlug = (text: string): boolean => PROJECT_SLUG.test(text) && !isUuid(text);

/** `answered`: a twin of this very request got there first, and its answer is the one to give. */
export type Addition = "added" | "answered";

/** A project that is about to be added. */
export const draftProject = (
  scope: WorkspaceScope,
  facts: { readonly id: ProjectId; readonly slug: string; readonly name: string; readonly createdAt: Instant },
): Project => ({ ...facts, scope: mintProjectScope(scope.workspaceId, facts.id), updatedAt: facts.createdAt });

/** Adds a project together with the answer it was asked for; a slug that is taken is a conflict. */
export async function addProject(
  db: D1Database,
  scope: WorkspaceScope,
  project: Project,
  wish: Wish | undefined,
): Promise<Result<Addition, Failure>> {
  const insert = db
    .prepare(
      `INSERT INTO projects (id, workspace_id, slug, name, created_at, updated_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?5)`,
    )
    .bind(project.id, scope.workspaceId, project.slug, project.name, project.createdAt);
  const kept = wish === undefined ? [] : keepAnswer(db, scope, wish, project.createdAt);
  try {
    await db.batch([...kept, insert]);
    return ok("added");
  } catch (error) {
    // D1 names a broken promise of the schema only in the message.
    const message = String(error);
    if (/UNIQUE constraint failed: idempotency_answers\b/.test(message)) return ok("answered");
    if (/UNIQUE constraint failed: projects\b/.test(message)) return fail(slugTaken(project.slug));
    throw error;
  }
}

/** The living project of that id or slug in the workspace, or null. */
export async function findProject(
  db: D1Database,
  scope: WorkspaceScope,
  idOrSlug: string,
  now: Instant,
): Promise<Project | null> {
  const key = `${scope.workspaceId}/${idOrSlug}`;
  const known = recall(db).get(key, now);
  if (known !== undefined) return known;
  const column = isUuid(idOrSlug) ? "id" : "slug";
  const row = await db
    .prepare(`SELECT ${COLUMNS} FROM projects WHERE workspace_id = ?1 AND ${column} = ?2 AND deleted_at IS NULL`)
    .bind(scope.workspaceId, idOrSlug)
    .first<ProjectRow>();
  if (row === null) return null;
  const project = toProject(scope, row);
  recall(db).set(key, project, now);
  return project;
}

/** The workspace's living projects, oldest first, after the given id. */
export async function listProjects(
  db: D1Database,
  scope: WorkspaceScope,
  page: { readonly limit: number; readonly after?: ProjectId | undefined },
): Promise<readonly Project[]> {
  const { results } = await db
    .prepare(
      `SELECT ${COLUMNS}
       FROM projects
       WHERE workspace_id = ?1 AND deleted_at IS NULL AND id > ?2
       ORDER BY id
       LIMIT ?3`,
    )
    .bind(scope.workspaceId, page.after ?? "", page.limit)
    .all<ProjectRow>();
  return results.map((row) => toProject(scope, row));
}

/** Gives a living project another name. Its slug stays: addresses that people keep must go on working. */
export async function renameProject(
  db: D1Database,
  scope: WorkspaceScope,
  id: ProjectId,
  name: string,
  now: Instant,
): Promise<Project | null> {
  const row = await db
    .prepare(
      `UPDATE projects SET name = ?3, updated_at = ?4
       WHERE id = ?1 AND workspace_id = ?2 AND deleted_at IS NULL
       RETURNING ${COLUMNS}`,
    )
    .bind(id, scope.workspaceId, name, now)
    .first<ProjectRow>();
  forget(db, id);
  return row === null ? null : toProject(scope, row);
}

/** Leaves a tombstone; says whether there was a project to bury. Its slug is free again. */
export async function deleteProject(
  db: D1Database,
  scope: WorkspaceScope,
  id: ProjectId,
  now: Instant,
): Promise<boolean> {
  const { meta } = await db
    .prepare(
      `UPDATE projects SET deleted_at = ?3, active = 0
       WHERE id = ?1 AND workspace_id = ?2 AND deleted_at IS NULL`,
    )
    .bind(id, scope.workspaceId, now)
    .run();
  forget(db, id);
  return meta.changes > 0;
}

const forget = (db: D1Database, id: ProjectId): void => recall(db).drop((project) => project.id === id);

const slugTaken = (slug: string): Failure => conflict(`Another project of this workspace has the slug "${slug}".`);

const toProject = (scope: WorkspaceScope, row: ProjectRow): Project => {
  const id = readProjectId(row.id);
  return {
    id,
    scope: mintProjectScope(scope.workspaceId, id),
    slug: row.slug,
    name: row.name,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
};
