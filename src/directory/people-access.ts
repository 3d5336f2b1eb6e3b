/** What the people of a workspace may do in a project, one by one. */
import {
  type AccessLevel,
  type EffectiveAccess,
  effectiveAccess,
  type Role,
  readRole,
  type WorkspaceScope,
} from "../domain/access.ts";
import { type MemberId, type ProjectId, readMemberId } from "../domain/ids.ts";
import { type GrantRow, toGrant } from "./grants.ts";
import { heldReaches } from "./holders.ts";

/** An active member, and their access. */
export interface PersonAccess {
  readonly id: MemberId;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly found: EffectiveAccess;
}

/** One row for each grant that reaches somebody, and one for whoever no grant reaches. */
interface PersonRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly grantee_kind: string | null;
  readonly grantee_id: string | null;
  readonly access: AccessLevel | null;
}

/** Which people are asked for. */
export interface PeoplePage {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly only?: MemberId | undefined;
  /** Leaves out whoever has no access: that they are there is not for everybody to see. */
  readonly isReached?: boolean | undefined;
}

/** The active members after the given one, or the one alone that is asked for, each with their access. */
export async function listPeopleAccess(
  db: D1Database,
  scope: WorkspaceScope,
  projectId: ProjectId,
  page: PeoplePage,
): Promise<readonly PersonAccess[]> {
  const { results } = await db
    .prepare(
      `WITH person AS (
         SELECT id, email, name, role
         FROM members
         WHERE workspace_id = ?1 AND state = 'active' AND id > ?3 AND (?4 IS NULL OR id = ?4)
           AND (?6 = 0 OR EXISTS (
             SELECT 1 FROM grants AS held
             WHERE held.project_id = ?2 AND held.workspace_id = ?1 AND held.access <> 'none'
               AND (held.grantee_kind <> 'workspace' OR members.role <> 'guest') AND ${heldReaches("members.id")}))
         ORDER BY id
         LIMIT ?5)
       SELECT person.id, person.email, person.name, person.role, held.grantee_kind, held.grantee_id, held.access
       FROM person
       LEFT JOIN grants AS held
         ON held.project_id = ?2 AND held.workspace_id = ?1 AND ${heldReaches("person.id")}
       ORDER BY person.id, held.grantee_kind, held.grantee_id`,
    )
    .bind(scope.workspaceId, projectId, page.after ?? "", page.only ?? null, page.limit, page.isReached ? 1 : 0)
    .all<PersonRow>();
  const byPerson = new Map<string, PersonRow[]>();
  for (const row of results) byPerson.set(row.id, [...(byPerson.get(row.id) ?? []), row]);
  return [...byPerson.values()].flatMap(toPersonAccess);
}

function toPersonAccess(rows: readonly PersonRow[]): readonly PersonAccess[] {
  const [first] = rows;
  if (first === undefined) return [];
  const role = readRole(first.role);
  const grants = rows.flatMap((row) => (isGrant(row) ? [toGrant(row)] : []));
  const { email, name } = first;
  return [{ id: readMemberId(first.id), email, name, role, found: effectiveAccess(role, grants) }];
}

const isGrant = (row: PersonRow): row is PersonRow & GrantRow => row.grantee_kind !== null;
