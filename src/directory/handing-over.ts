/** Hands projects over: one that has lost the last of those who held it goes to the admin who has been there longest. */
import { ROLE_CAPS, type WorkspaceScope } from "../domain/access.ts";
import { conflict } from "../domain/errors.ts";
import { type GroupId, type MemberId, type ProjectId, readProjectId } from "../domain/ids.ts";
import type { Json } from "../domain/json.ts";
import { insist } from "./all-or-nothing.ts";
import { entriesWhere, type Line, PROJECT_OF_ENTRY, type Scribe } from "./audit.ts";
import { isCapable, isHeld } from "./holders.ts";
import { type Member, type MemberRow, toMember } from "./members.ts";

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

/** What may lose its last holder by an act, and who would then get it. */
export interface AtStake {
  readonly held: readonly NamedProject[];
  /** Null when there is no other admin, so that there can be no such act. */
  readonly to: Member | null;
}

/** Nothing, for an act by which nobody loses a project. */
export const NOTHING_AT_STAKE: AtStake = { held: [], to: null };

/** What a member holds, alone or with others; what is shared with the whole workspace is held by the admin anyway. */
export async function atStakeWith(
  db: D1Database,
  scope: WorkspaceScope,
  { id, role, state }: Member,
): Promise<AtStake> {
  const to = await findHeir(db, scope, id);
  if (state !== "active" || ROLE_CAPS[role] !== "full_access") return { held: [], to };
  const theirs = "grants.grantee_id IN (SELECT ?2 UNION ALL SELECT group_id FROM group_members WHERE member_id = ?2)";
  return { held: await listHeld(db, scope, theirs, [id]), to };
}

/** What the members of a group hold through it, or one of them alone. */
export async function atStakeInGroup(
  db: D1Database,
  scope: WorkspaceScope,
  group: GroupId,
  only: MemberId | null = null,
): Promise<AtStake> {
  const through = `grants.grantee_id = ?2 AND EXISTS (
    SELECT 1
    FROM group_members
    JOIN members AS holder ON holder.id = group_members.member_id
    WHERE group_members.group_id = ?2 AND (?3 IS NULL OR holder.id = ?3) AND ${isCapable("holder")})`;
  return { held: await listHeld(db, scope, through, [group, only]), to: await findHeir(db, scope, null) };
}

/**
 * The statements that give to the heir what nobody holds any more, and write an entry about each. At the end of a batch that
 * does its act as a whole: there they see what the act has left.
 */
export function handOver(
  db: D1Database,
  scope: WorkspaceScope,
  { held, to }: AtStake,
  from: Json,
  scribe: Scribe,
): readonly D1PreparedStatement[] {
  if (held.length === 0 || to === null) return [];
  const { workspaceId } = scope;
  const { at } = scribe.doing;
  const lines = held.map((project): Line => {
    const detail = { from, to: { id: to.id, email: to.email } };
    const target = { kind: "project", id: project.id, name: project.name };
    return { scribe, entry: { act: "project.handed_over", target, project: project.id, detail } };
  });
  const given = `EXISTS (
    SELECT 1 FROM grants
    WHERE project_id = ${PROJECT_OF_ENTRY} AND grantee_kind = 'user' AND grantee_id = ?2 AND workspace_id = ?3
      AND access = 'full_access' AND updated_at = ?4)`;
  return [
    insist(db, IS_HEIR, to.id, workspaceId),
    db
      .prepare(
        `INSERT INTO grants (project_id, grantee_kind, grantee_id, workspace_id, access, updated_at)
         SELECT id, 'user', ?2, ?1, 'full_access', ?3
         FROM projects
         WHERE workspace_id = ?1 AND deleted_at IS NULL AND id IN (SELECT value FROM json_each(?4))
           AND NOT ${isHeld("projects.id", "?1")}
         ON CONFLICT DO UPDATE SET access = 'full_access', updated_at = ?3
         RETURNING project_id`,
      )
      .bind(workspaceId, to.id, at, JSON.stringify(held.map(({ id }) => id))),
    ...inLots(lines).map((lot) => entriesWhere(db, scope, lot, given, to.id, workspaceId, at)),
  ];
}

/** What moved, from the answers of a batch that ends with `handOver`. */
export function handedOverBy(
  results: readonly D1Result<{ readonly project_id?: string }>[],
  { held, to }: AtStake,
): readonly HandedOver[] {
  if (held.length === 0 || to === null) return [];
  const insert = results.at(-1 - inLots(held).length);
  const moved = new Set((insert?.results ?? []).map(({ project_id: id }) => id));
  return held.filter(({ id }) => moved.has(id)).map((project) => ({ project, to }));
}

/** Entries written by one statement: what D1 binds is at most two megabytes. */
const LOT = 1_000;

const inLots = <One>(all: readonly One[]): readonly (readonly One[])[] =>
  Array.from({ length: Math.ceil(all.length / LOT) }, (_, lot) => all.slice(lot * LOT, (lot + 1) * LOT));

/** Why a batch with `handOver` may do nothing. */
export const HEIR_LEFT = conflict("The admin who would get its projects has just left. Try again.");

/** SQL: the member `?1` of the workspace `?2` can still be given something. */
const IS_HEIR =
  "EXISTS (SELECT 1 FROM members WHERE id = ?1 AND workspace_id = ?2 AND role = 'admin' AND state = 'active')";

/** The admin who has been active longest, beside the one who leaves. */
async function findHeir(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  leaver: MemberId | null,
): Promise<Member | null> {
  const row = await db
    .prepare(
      `SELECT * FROM members
       WHERE workspace_id = ?1 AND (?2 IS NULL OR id <> ?2) AND role = 'admin' AND state = 'active'
       ORDER BY joined_at, id
       LIMIT 1`,
    )
    .bind(workspaceId, leaver)
    .first<MemberRow>();
  return row === null ? null : toMember(row);
}

/** The living projects with a grant of full access that the condition picks. */
async function listHeld(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  condition: string,
  bindings: readonly (string | null)[],
): Promise<readonly NamedProject[]> {
  const { results } = await db
    .prepare(
      `SELECT id, slug, name
       FROM projects
       WHERE workspace_id = ?1 AND deleted_at IS NULL AND id IN (
         SELECT grants.project_id FROM grants
         WHERE grants.workspace_id = ?1 AND grants.access = 'full_access' AND ${condition})
       ORDER BY id`,
    )
    .bind(workspaceId, ...bindings)
    .all<{ readonly id: string; readonly slug: string; readonly name: string }>();
  return results.map((row) => ({ ...row, id: readProjectId(row.id) }));
}
