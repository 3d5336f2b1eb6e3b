/** What projects give to whom. */
import {
  ACCESS_LEVELS,
  type AccessLevel,
  type EffectiveAccess,
  effectiveAccess,
  type Grant,
  type Grantee,
  type ProjectScope,
  readAccessLevel,
  type WorkspaceScope,
} from "../domain/access.ts";
import { type MemberId, type ProjectId, readGroupId, readMemberId } from "../domain/ids.ts";
import type { Instant } from "../domain/time/instant.ts";
import type { Scribe } from "./audit.ts";
import type { Caller } from "./callers.ts";
import { recallOf } from "./recall.ts";

/** A grant's row. */
export interface GrantRow {
  readonly grantee_kind: string;
  readonly grantee_id: string;
  readonly access: string;
}

/** Accesses by `project/member/role`, for as long as an isolate may remember. */
const recall = recallOf<{
  readonly projectId: ProjectId;
  readonly memberId: MemberId;
  readonly found: EffectiveAccess;
}>();

/** What a workspace's own token has in every project that it is not kept from. */
export const FULL: EffectiveAccess = {
  access: "full_access",
  cap: "full_access",
  granted: "full_access",
  through: { kind: "workspace" },
  reason: "granted",
};

/** Held to other projects: to such a token this one is not there. */
const OUT_OF_REACH: EffectiveAccess = { ...FULL, access: "none", granted: "none", through: null, reason: "not_shared" };

/**
 * What a caller may do in a project of their workspace. A workspace's own token may do everything in those it is held to.
 * `fresh`: asked of the directory, whatever is remembered.
 */
export async function accessOf(
  db: D1Database,
  caller: Caller,
  projectId: ProjectId,
  { now, fresh = false }: { readonly now: Instant; readonly fresh?: boolean },
): Promise<EffectiveAccess> {
  if (caller.projects !== null && !caller.projects.includes(projectId)) return OUT_OF_REACH;
  const { memberId } = caller;
  if (memberId === null) return FULL;
  // The caller may have been remembered with a role that is theirs no longer: what it came to must not be remembered anew.
  const key = `${projectId}/${memberId}/${caller.role}`;
  const known = fresh ? undefined : recall(db).get(key, now)?.found;
  if (known !== undefined) return known;
  const found = effectiveAccess(caller.role, await grantsReaching(db, caller, memberId, projectId));
  recall(db).set(key, { projectId, memberId, found }, now);
  return found;
}

/** Called in the isolate that changes who may do what: in a project, for a member, or (a group) for anybody. */
export const forgetAccess = (
  db: D1Database,
  of: { readonly projectId?: ProjectId | undefined; readonly memberId?: MemberId | undefined },
): void =>
  recall(db).drop(
    (one) =>
      (of.projectId === undefined || one.projectId === of.projectId) &&
      (of.memberId === undefined || one.memberId === of.memberId),
  );

async function grantsReaching(
  db: D1Database,
  { scope }: Caller,
  memberId: MemberId,
  projectId: ProjectId,
): Promise<readonly Grant[]> {
  const { results } = await db
    .prepare(
      `SELECT grantee_kind, grantee_id, access
       FROM grants
       WHERE project_id = ?1 AND workspace_id = ?2
         AND (grantee_id IN (?3, ?2) OR grantee_id IN (SELECT group_id FROM group_members WHERE member_id = ?3))`,
    )
    .bind(projectId, scope.workspaceId, memberId)
    .all<GrantRow>();
  return results.map(toGrant);
}

/** From the row to the grant. */
export const toGrant = (row: GrantRow): Grant => ({ grantee: toGrantee(row), access: readAccessLevel(row.access) });

/** From the row to whom it is for. */
export function toGrantee({ grantee_kind: kind, grantee_id: id }: Omit<GrantRow, "access">): Grantee {
  if (kind === "user") return { kind, id: readMemberId(id) };
  return kind === "group" ? { kind, id: readGroupId(id) } : { kind: "workspace" };
}

/**
 * The statement that makes these grants, whatever they were before: of a living project, to those whom the workspace has. It
 * belongs into the batch that writes it down.
 */
export const keepGrants = (
  db: D1Database,
  scope: ProjectScope,
  grants: readonly Grant[],
  { doing }: Scribe,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO grants (project_id, grantee_kind, grantee_id, workspace_id, access, updated_at)
       SELECT projects.id, value ->> 0, value ->> 1, projects.workspace_id, value ->> 2, ?4
       FROM json_each(?3)
       JOIN projects ON projects.id = ?1 AND projects.workspace_id = ?2 AND projects.deleted_at IS NULL
       WHERE CASE value ->> 0
           WHEN 'user' THEN EXISTS (
             SELECT 1 FROM members WHERE id = value ->> 1 AND workspace_id = ?2 AND state <> 'deactivated')
           WHEN 'group' THEN EXISTS (SELECT 1 FROM groups WHERE id = value ->> 1 AND workspace_id = ?2)
           ELSE value ->> 1 = ?2
         END
       ON CONFLICT DO UPDATE SET access = excluded.access, updated_at = ?4 WHERE access <> excluded.access`,
    )
    .bind(scope.projectId, scope.workspaceId, toRows(scope, grants), doing.at);

/** Grants as SQL reads them: JSON of `[kind, id, access]`. A grant of `none` is no grant. */
export const toRows = (scope: WorkspaceScope | ProjectScope, grants: readonly Grant[]): string =>
  JSON.stringify(
    grants
      .filter(({ access }) => access !== "none")
      .map(({ grantee, access }) => [grantee.kind, idOf(scope, grantee), access]),
  );

/** Whom a grant's row names; for the workspace that is its own id. */
export const idOf = ({ workspaceId }: WorkspaceScope | ProjectScope, grantee: Grantee): string =>
  "id" in grantee ? grantee.id : workspaceId;

/** SQL that ranks an access level: a comparison in a query agrees with the domain's order. */
export const ACCESS_RANK = `CASE access ${ACCESS_LEVELS.map((level: AccessLevel, rank) => `WHEN '${level}' THEN ${rank}`).join(" ")} END`;
