/** Who a member is in the connected Slack team. A link to another team counts for nothing. */
import type { WorkspaceScope } from "../domain/access.ts";
import type { MemberId } from "../domain/ids.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Instant } from "../domain/time/instant.ts";
import { entryIfDone, type Scribe } from "./audit.ts";
import { entryAbout } from "./members.ts";

export interface SlackLink {
  readonly teamId: string;
  /** Slack's id of the person. */
  readonly userId: string;
  readonly linkedAt: Instant;
}

interface LinkRow {
  readonly team_id: string;
  readonly user_id: string;
  readonly linked_at: number;
}

/** A member, as the audit names them. */
type Linking = { readonly id: MemberId; readonly email: string };

const IN_CONNECTED_TEAM = `EXISTS (
  SELECT 1 FROM slack_connections
  WHERE slack_connections.workspace_id = slack_links.workspace_id AND slack_connections.team_id = slack_links.team_id)`;

/** The member's link to the connected team, or null. */
export async function findSlackLink(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  member: MemberId,
): Promise<SlackLink | null> {
  const row = await db
    .prepare(
      `SELECT team_id, user_id, linked_at FROM slack_links
       WHERE workspace_id = ?1 AND member_id = ?2 AND ${IN_CONNECTED_TEAM}`,
    )
    .bind(workspaceId, member)
    .first<LinkRow>();
  return row === null ? null : { teamId: row.team_id, userId: row.user_id, linkedAt: row.linked_at };
}

/** Links a member, in place of whoever they were; `other_team` when the workspace is connected to another one by now. */
export async function keepSlackLink(
  db: D1Database,
  scope: WorkspaceScope,
  member: Linking,
  { teamId, userId }: Pick<SlackLink, "teamId" | "userId">,
  scribe: Scribe,
): Promise<Result<SlackLink, "other_team">> {
  const { at } = scribe.doing;
  const [kept] = await db.batch([
    db
      .prepare(
        `INSERT INTO slack_links (workspace_id, member_id, team_id, user_id, linked_at)
         SELECT slack_connections.workspace_id, ?2, slack_connections.team_id, ?4, ?5
         FROM slack_connections WHERE slack_connections.workspace_id = ?1 AND slack_connections.team_id = ?3
         ON CONFLICT (workspace_id, member_id) DO UPDATE SET
           conversation_id = CASE
             WHEN team_id = excluded.team_id AND user_id = excluded.user_id THEN conversation_id END,
           team_id = excluded.team_id, user_id = excluded.user_id, linked_at = excluded.linked_at`,
      )
      .bind(scope.workspaceId, member.id, teamId, userId, at),
    entryIfDone(db, scope, scribe, entryAbout("slack.linked", member, { team: teamId, user: userId })),
  ]);
  return (kept?.meta.changes ?? 0) > 0 ? ok({ teamId, userId, linkedAt: at }) : fail("other_team");
}

/** Ends the member's link; false when there was none. */
export async function forgetSlackLink(
  db: D1Database,
  scope: WorkspaceScope,
  member: Linking,
  scribe: Scribe,
): Promise<boolean> {
  const [ended] = await db.batch([
    db.prepare("DELETE FROM slack_links WHERE workspace_id = ?1 AND member_id = ?2").bind(scope.workspaceId, member.id),
    entryIfDone(db, scope, scribe, entryAbout("slack.unlinked", member)),
  ]);
  return (ended?.meta.changes ?? 0) > 0;
}

/** The conversation with a person of the connected team, once it was opened; null before. */
export async function findConversation(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  userId: string,
): Promise<string | null> {
  const row = await db
    .prepare(
      `SELECT conversation_id FROM slack_links
       WHERE workspace_id = ?1 AND user_id = ?2 AND conversation_id IS NOT NULL AND ${IN_CONNECTED_TEAM} LIMIT 1`,
    )
    .bind(workspaceId, userId)
    .first<{ readonly conversation_id: string }>();
  return row?.conversation_id ?? null;
}

/** Remembers the conversation with a person of a team. */
export async function keepConversation(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  { teamId, userId }: Pick<SlackLink, "teamId" | "userId">,
  conversation: string,
): Promise<void> {
  await db
    .prepare("UPDATE slack_links SET conversation_id = ?4 WHERE workspace_id = ?1 AND team_id = ?2 AND user_id = ?3")
    .bind(workspaceId, teamId, userId, conversation)
    .run();
}
