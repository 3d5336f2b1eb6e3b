/** Whether a workspace is there, and has room for one more of a kind: asked by the statement that inserts it. */
import type { WorkspaceScope } from "../domain/access.ts";
import { type Failure, notFound } from "../domain/errors.ts";
import type { MemberId } from "../domain/ids.ts";
import type { Instant } from "../domain/time/instant.ts";
import { WORKSPACE_LIMITS, type WorkspaceLimit, workspaceRefusal } from "../domain/workspace-limits.ts";

/** SQL expressions for what a count depends on beside the workspace: the instant for tokens, whose they are for personal ones. */
interface Of {
  readonly at: string;
  readonly member: string;
}

const living = (at: string): string =>
  `tokens.revoked_at IS NULL AND (tokens.expires_at IS NULL OR tokens.expires_at > ${at})`;

/** SQL that counts what lives of each kind in the row of `workspaces` around it. */
const COUNTS: Readonly<Record<WorkspaceLimit, (of: Of) => string>> = {
  projects: () =>
    "SELECT count(*) FROM projects WHERE projects.workspace_id = workspaces.id AND projects.deleted_at IS NULL",
  members: () =>
    "SELECT count(*) FROM members WHERE members.workspace_id = workspaces.id AND members.state <> 'deactivated'",
  groups: () => "SELECT count(*) FROM groups WHERE groups.workspace_id = workspaces.id",
  tokens: ({ at }) => `SELECT count(*) FROM tokens WHERE tokens.workspace_id = workspaces.id AND ${living(at)}`,
  webhooks: () => "SELECT count(*) FROM webhooks WHERE webhooks.workspace_id = workspaces.id",
  personal_tokens: ({ at, member }) =>
    `SELECT count(*) FROM tokens
     WHERE tokens.member_id = ${member} AND tokens.workspace_id = workspaces.id AND ${living(at)}`,
};

/** SQL for `INSERT … SELECT … FROM workspaces WHERE`: the workspace lives, and none of these limits is reached. */
export const hasRoom = (limits: readonly WorkspaceLimit[], of: Of = { at: "NULL", member: "NULL" }): string =>
  [
    "workspaces.deleted_at IS NULL",
    ...limits.map((limit) => `(${COUNTS[limit](of)}) < ${WORKSPACE_LIMITS[limit]}`),
  ].join(" AND ");

/** Why there was none: the workspace is gone, or the first limit that is reached; null when it was neither. */
export async function whyNoRoom(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  limits: readonly WorkspaceLimit[],
  { at, memberId }: { readonly at: Instant; readonly memberId: MemberId | null },
): Promise<Failure | null> {
  const counts = limits.map((limit) => `(${COUNTS[limit]({ at: "asked.at", member: "asked.member" })}) AS ${limit}`);
  const row = await db
    .prepare(
      `WITH asked (at, member) AS (SELECT ?2, ?3)
       SELECT ${counts.join(", ")} FROM workspaces, asked WHERE workspaces.id = ?1 AND workspaces.deleted_at IS NULL`,
    )
    .bind(workspaceId, at, memberId)
    .first<Partial<Record<WorkspaceLimit, number>>>();
  if (row === null) return notFound("workspace", workspaceId);
  const reached = limits.find((limit) => (row[limit] ?? 0) >= WORKSPACE_LIMITS[limit]);
  return reached === undefined ? null : workspaceRefusal(reached, (row[reached] ?? 0) + 1);
}
