/** Schedules of which a member wants no news: neither by email nor as a direct message in Slack. */
import type { ProjectScope, WorkspaceScope } from "../domain/access.ts";
import { workspaceOf } from "../domain/access.ts";
import type { Entry } from "../domain/audit.ts";
import { type MemberId, type ProjectId, readProjectId, readScheduleId, type ScheduleId } from "../domain/ids.ts";
import type { Instant } from "../domain/time/instant.ts";
import { entryIfDone, type Scribe } from "./audit.ts";

/** One schedule of which its member wants no news. */
export interface Unsubscription {
  readonly schedule: ScheduleId;
  readonly project: { readonly id: ProjectId; readonly slug: string; readonly name: string };
  readonly at: Instant;
}

/** Whoever wants no news of what. */
export interface Subscriber {
  readonly id: MemberId;
  readonly email: string;
}

/** Of one member they are few, and a list that is longer is cut. */
const LISTED_MAX = 1_000;

interface UnsubscriptionRow {
  readonly schedule_id: string;
  readonly project_id: string;
  readonly slug: string;
  readonly name: string;
  readonly at: number;
}

/** From now on the member hears nothing of the schedule. False when that was so, or when there is no such member or project. */
export async function unsubscribe(
  db: D1Database,
  scope: ProjectScope,
  member: Subscriber,
  schedule: ScheduleId,
  scribe: Scribe,
): Promise<boolean> {
  const { workspaceId, projectId } = scope;
  const [added] = await db.batch([
    db
      .prepare(
        `INSERT OR IGNORE INTO unsubscriptions (workspace_id, member_id, project_id, schedule_id, at)
         SELECT ?1, ?2, ?3, ?4, ?5
         WHERE EXISTS (SELECT 1 FROM members WHERE id = ?2 AND workspace_id = ?1)
           AND EXISTS (SELECT 1 FROM projects WHERE id = ?3 AND workspace_id = ?1 AND deleted_at IS NULL)`,
      )
      .bind(workspaceId, member.id, projectId, schedule, scribe.doing.at),
    entryIfDone(db, workspaceOf(scope), scribe, entryAbout("member.unsubscribed", member, schedule, projectId)),
  ]);
  return (added?.meta.changes ?? 0) > 0;
}

/** The member hears of the schedule again, where a notification names them. False when they did already. */
export async function resubscribe(
  db: D1Database,
  scope: WorkspaceScope,
  member: Subscriber,
  schedule: ScheduleId,
  scribe: Scribe,
): Promise<boolean> {
  const [removed] = await db.batch([
    db
      .prepare("DELETE FROM unsubscriptions WHERE workspace_id = ?1 AND schedule_id = ?2 AND member_id = ?3")
      .bind(scope.workspaceId, schedule, member.id),
    entryIfDone(db, scope, scribe, entryAbout("member.resubscribed", member, schedule)),
  ]);
  return (removed?.meta.changes ?? 0) > 0;
}

/** The schedule that it is about is in the detail: the act is the member's, on themselves. */
const entryAbout = (
  act: "member.unsubscribed" | "member.resubscribed",
  { id, email }: Subscriber,
  schedule: ScheduleId,
  project?: ProjectId,
): Entry => ({
  act,
  target: { kind: "member", id, name: email },
  detail: { schedule },
  ...(project === undefined ? {} : { project }),
});

/** What a member wants no news of, the newest first. Of deleted projects nothing is said. */
export async function listUnsubscriptions(
  db: D1Database,
  scope: WorkspaceScope,
  member: MemberId,
): Promise<readonly Unsubscription[]> {
  const { results } = await db
    .prepare(
      `SELECT unsubscriptions.schedule_id, unsubscriptions.project_id, projects.slug, projects.name, unsubscriptions.at
       FROM unsubscriptions
       JOIN projects ON projects.id = unsubscriptions.project_id AND projects.deleted_at IS NULL
       WHERE unsubscriptions.member_id = ?1 AND unsubscriptions.workspace_id = ?2
       ORDER BY unsubscriptions.at DESC, unsubscriptions.schedule_id
       LIMIT ?3`,
    )
    .bind(member, scope.workspaceId, LISTED_MAX)
    .all<UnsubscriptionRow>();
  return results.map(({ schedule_id, project_id, slug, name, at }) => ({
    schedule: readScheduleId(schedule_id),
    project: { id: readProjectId(project_id), slug, name },
    at,
  }));
}

/** Whether the member wants no news of the schedule. */
export async function isUnsubscribed(
  db: D1Database,
  scope: WorkspaceScope,
  member: MemberId,
  schedule: ScheduleId,
): Promise<boolean> {
  const row = await db
    .prepare("SELECT 1 FROM unsubscriptions WHERE workspace_id = ?1 AND schedule_id = ?2 AND member_id = ?3")
    .bind(scope.workspaceId, schedule, member)
    .first();
  return row !== null;
}
