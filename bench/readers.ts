/** What the bench's Worker does around deliveries: makes people to be told, and says how far their deliveries have come. */
import { newId, now } from "../src/system.ts";

export interface NewReaders {
  readonly workspace: string;
  readonly project: string;
  readonly count: number;
}

/** A group of so many members, to whom the project is shown. Answers the group's id. */
export async function makeReaders(directory: D1Database, { workspace, project, count }: NewReaders): Promise<string> {
  const group = newId();
  const people = JSON.stringify(Array.from({ length: count }, () => newId()));
  await directory.batch([
    directory
      .prepare("INSERT INTO groups (id, workspace_id, name, created_at, updated_at) VALUES (?1, ?2, ?1, ?3, ?3)")
      .bind(group, workspace, now()),
    directory
      .prepare(
        `INSERT INTO members (id, workspace_id, email, role, state, created_at, updated_at, joined_at)
         SELECT value, ?1, value || '@bench.test', 'viewer', 'active', ?3, ?3, ?3 FROM json_each(?2)`,
      )
      .bind(workspace, people, now()),
    directory
      .prepare("INSERT INTO group_members (group_id, member_id) SELECT ?1, value FROM json_each(?2)")
      .bind(group, people),
    directory
      .prepare(
        `INSERT INTO grants (project_id, grantee_kind, grantee_id, workspace_id, access, updated_at)
         VALUES (?1, 'group', ?2, ?3, 'app_only', ?4)`,
      )
      .bind(project, group, workspace, now()),
  ]);
  return group;
}

/** Whose deliveries: those of one run, or of all of a project. */
export interface ToldOf {
  readonly workspace: string;
  readonly project: string;
  readonly run: string | null;
}

/** How many deliveries of runs are in a state, and when the last of them came to it. */
export interface Told {
  readonly channel: string;
  readonly state: string;
  readonly count: number;
  readonly last: number | null;
}

export async function tellDeliveries(log: D1Database, { workspace, project, run }: ToldOf): Promise<readonly Told[]> {
  const { results } = await log
    .prepare(
      `SELECT channel, state, count(*) AS count, max(settled_at) AS last FROM deliveries
       WHERE workspace_id = ?1 AND project_id = ?2 AND (?3 IS NULL OR news_id = ?3)
         AND event LIKE 'run.%' GROUP BY channel, state`,
    )
    .bind(workspace, project, run)
    .all<Told>();
  return results;
}

/** Makes the sweep's time come for whatever is under way. */
export async function hurrySweep(log: D1Database): Promise<void> {
  await log.prepare("UPDATE deliveries SET next_at = ?1 WHERE next_at > ?1").bind(now()).run();
}
