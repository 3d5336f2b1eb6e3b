/** Projects as the directory knows them: their names, and whether they live. What they hold is the actor's. */
import {
  ACCESS_LEVELS,
  type AccessLevel,
  type Grant,
  mintProjectScope,
  type ProjectScope,
  ROLE_CAPS,
  smaller,
  type WorkspaceScope,
} from "../domain/access.ts";
import type { Act } from "../domain/audit.ts";
import { conflict, type Failure, notFound } from "../domain/errors.ts";
import { isUuid, type ProjectId, readProjectId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { Instant } from "../domain/time/instant.ts";
import { IS_DONE, insist } from "./all-or-nothing.ts";
import { entryIfDone, type Scribe } from "./audit.ts";
import type { Caller } from "./callers.ts";
import { ACCESS_RANK, keepGrants } from "./grants.ts";
import { heldReaches } from "./holders.ts";
import { type Addition, addOnce, type Wish } from "./idempotency.ts";
import { recallOf } from "./recall.ts";
import { hasRoom, whyNoRoom } from "./room.ts";

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

/** A project that is about to be added. */
export const draftProject = (
  scope: WorkspaceScope,
  facts: { readonly id: ProjectId; readonly slug: string; readonly name: string; readonly createdAt: Instant },
): Project => ({ ...facts, scope: mintProjectScope(scope.workspaceId, facts.id), updatedAt: facts.createdAt });

/** What a project is added with. */
export interface Beginning {
  readonly wish: Wish | undefined;
  /** With whom it is shared from the start: its maker, and who else is named. */
  readonly grants: readonly Grant[];
  readonly scribe: Scribe;
}

/** Adds a project together with its first grants and the answer it was asked for; a slug that is taken is a conflict. */
export function addProject(
  db: D1Database,
  scope: WorkspaceScope,
  project: Project,
  { wish, grants, scribe }: Beginning,
): Promise<Result<Addition, Failure>> {
  const { id, slug, name, createdAt } = project;
  const insert = db
    .prepare(
      `INSERT INTO projects (id, workspace_id, slug, name, created_at, updated_at)
       SELECT ?1, id, ?3, ?4, ?5, ?5 FROM workspaces WHERE id = ?2 AND ${hasRoom(["projects"])}`,
    )
    .bind(id, scope.workspaceId, slug, name, createdAt);
  const detail = { slug, grants: grants.map(({ grantee, access }) => ({ grantee: { ...grantee }, access })) };
  const entry = entryIfDone(db, scope, scribe, { ...about("project.created", project), detail });
  const statements = [insert, insist(db, IS_DONE), entry, keepGrants(db, project.scope, grants, scribe)];
  const refusal = async () =>
    (await whyNoRoom(db, scope, ["projects"], { at: createdAt, memberId: null })) ?? notFound("project", id);
  return addOnce(db, scope, { wish, now: createdAt, statements, taken: { projects: slugTaken(slug) }, refusal });
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

/** A project, and what whoever asks may do in it. */
export interface SeenProject extends Project {
  readonly access: AccessLevel;
}

/** Which projects a list holds. */
export interface ProjectFilter {
  /** Also those that nobody shared with the caller. */
  readonly isAll?: boolean | undefined;
  /** Only these, by id or slug. */
  readonly named?: readonly string[] | undefined;
}

/** The living projects that the caller sees, oldest first, after the given id. Agrees with `effectiveAccess`. */
export async function listProjects(
  db: D1Database,
  { scope, memberId, role, projects }: Caller,
  { isAll = false, named }: ProjectFilter,
  page: { readonly limit: number; readonly after?: ProjectId | undefined },
): Promise<readonly SeenProject[]> {
  const { results } = await db
    .prepare(
      `SELECT *
       FROM (
         SELECT ${COLUMNS}, (
           SELECT max(${ACCESS_RANK})
           FROM grants AS held
           WHERE held.project_id = projects.id AND held.workspace_id = ?1 AND ${heldReaches("?4")}
             AND (held.grantee_kind <> 'workspace' OR ?5 <> 'guest')
         ) AS granted
         FROM projects
         WHERE workspace_id = ?1 AND deleted_at IS NULL AND id > ?2
           AND (?6 IS NULL OR id IN (SELECT value FROM json_each(?6)))
           AND (?7 IS NULL OR id IN (SELECT value FROM json_each(?7)) OR slug IN (SELECT value FROM json_each(?7)))
       )
       WHERE ?4 IS NULL OR ?8 = 1 OR granted > 0
       ORDER BY id
       LIMIT ?3`,
    )
    .bind(
      scope.workspaceId,
      page.after ?? "",
      page.limit,
      memberId,
      role,
      projects === null ? null : JSON.stringify(projects),
      named === undefined ? null : JSON.stringify(named),
      isAll ? 1 : 0,
    )
    .all<ProjectRow & { readonly granted: number | null }>();
  return results.map((row) => {
    const granted = memberId === null ? "full_access" : (ACCESS_LEVELS[row.granted ?? 0] ?? "none");
    return { ...toProject(scope, row), access: smaller(ROLE_CAPS[role], granted) };
  });
}

/** All living projects of a workspace, oldest first: for what concerns each of them, whoever has access. */
export async function listAllProjects(
  db: D1Database,
  scope: WorkspaceScope,
  limit: number,
): Promise<readonly Project[]> {
  const { results } = await db
    .prepare(`SELECT ${COLUMNS} FROM projects WHERE workspace_id = ?1 AND deleted_at IS NULL ORDER BY id LIMIT ?2`)
    .bind(scope.workspaceId, limit)
    .all<ProjectRow>();
  return results.map((row) => toProject(scope, row));
}

/** Gives a living project another name. Its slug stays: addresses that people keep must go on working. */
export async function renameProject(
  db: D1Database,
  scope: WorkspaceScope,
  project: Project,
  name: string,
  scribe: Scribe,
): Promise<Project | null> {
  if (name === project.name) return project;
  const detail = { before: { name: project.name }, after: { name } };
  const [renamed] = await db.batch<ProjectRow>([
    db
      .prepare(
        `UPDATE projects SET name = ?3, updated_at = ?4
         WHERE id = ?1 AND workspace_id = ?2 AND deleted_at IS NULL
         RETURNING ${COLUMNS}`,
      )
      .bind(project.id, scope.workspaceId, name, scribe.doing.at),
    entryIfDone(db, scope, scribe, { ...about("project.changed", { ...project, name }), detail }),
  ]);
  forget(db, project.id);
  const [row] = renamed?.results ?? [];
  return row === undefined ? null : toProject(scope, row);
}

/** Leaves a tombstone; says whether there was a project to bury. Its slug is free again. */
export async function deleteProject(
  db: D1Database,
  scope: WorkspaceScope,
  project: Project,
  scribe: Scribe,
): Promise<boolean> {
  const [deleted] = await db.batch([
    db
      .prepare(
        `UPDATE projects SET deleted_at = ?3, active = 0
         WHERE id = ?1 AND workspace_id = ?2 AND deleted_at IS NULL`,
      )
      .bind(project.id, scope.workspaceId, scribe.doing.at),
    entryIfDone(db, scope, scribe, { ...about("project.deleted", project), detail: { slug: project.slug } }),
  ]);
  forget(db, project.id);
  return (deleted?.meta.changes ?? 0) > 0;
}

const about = (act: Act, { id, name }: Project) => ({ act, target: { kind: "project", id, name }, project: id });

const forget = (db: D1Database, id: ProjectId): void => recall(db).drop((project) => project.id === id);

/** Drops what is remembered of all projects of a workspace: it is deleted. */
export const forgetProjectsOf = (db: D1Database, scope: WorkspaceScope): void =>
  recall(db).drop((project) => project.scope.workspaceId === scope.workspaceId);

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
