/** The Slack team that a workspace is connected to. Tokens come here sealed, and are opened elsewhere. */
import { mintWorkspaceScope, type WorkspaceScope } from "../domain/access.ts";
import type { Entry } from "../domain/audit.ts";
import { readWorkspaceId } from "../domain/ids.ts";
import type { DeliveryFailure } from "../domain/news/delivery-failure.ts";
import type { Instant } from "../domain/time/instant.ts";
import { entryIfDone, type Scribe } from "./audit.ts";

/** What Slack gave when the app was installed. */
export interface NewSlackConnection {
  readonly team: { readonly id: string; readonly name: string };
  readonly enterpriseId: string | null;
  readonly appId: string;
  readonly botUserId: string;
  /** Sealed. */
  readonly token: string;
  /** Sealed; null of an app without token rotation. */
  readonly refreshToken: string | null;
  readonly tokenExpiresAt: Instant | null;
  /** What was granted, separated by commas. */
  readonly scopes: string;
  /** The team of one's own machine, which is none: any workspace may be connected to it. */
  readonly isStandIn?: boolean;
}

export interface SlackConnection extends NewSlackConnection {
  /** `broken`: Slack refuses it. What is to be sent is held until somebody connects again. */
  readonly state: "connected" | "broken";
  /** Why it is broken. */
  readonly trouble: DeliveryFailure | null;
  readonly brokenAt: Instant | null;
  /** The member who connected it, as people know them. */
  readonly connectedBy: string;
  /** Tells the connection from those before it: each has an instant of its own. */
  readonly connectedAt: Instant;
  /** When all its channels were last fetched. */
  readonly syncedAt: Instant | null;
  /** When the last sync of them was ordered. */
  readonly syncBegunAt: Instant | null;
}

interface ConnectionRow {
  readonly team_id: string;
  readonly team_name: string;
  readonly enterprise_id: string | null;
  readonly app_id: string;
  readonly bot_user_id: string;
  readonly token: string;
  readonly refresh_token: string | null;
  readonly token_expires_at: number | null;
  readonly scopes: string;
  readonly state: "connected" | "broken";
  readonly trouble: string | null;
  readonly broken_at: number | null;
  readonly connected_by: string;
  readonly connected_at: number;
  readonly synced_at: number | null;
  readonly sync_begun_at: number | null;
}

/** The connection of the workspace, or null. */
export async function findSlackConnection(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
): Promise<SlackConnection | null> {
  const row = await db
    .prepare(
      `SELECT team_id, team_name, enterprise_id, app_id, bot_user_id, token, refresh_token, token_expires_at, scopes, state,
         trouble, broken_at, connected_by, connected_at, synced_at, sync_begun_at
       FROM slack_connections WHERE workspace_id = ?1`,
    )
    .bind(workspaceId)
    .first<ConnectionRow>();
  return row === null ? null : toConnection(row);
}

/**
 * Connects the workspace, in place of whatever it was connected to. Of another team the channels and who is who mean
 * nothing here, so they go. False, and nothing is changed, when another workspace is connected to the team: Slack gives an app
 * one token for a team, so that one of them could read and end what is the other's.
 */
export async function keepSlackConnection(
  db: D1Database,
  scope: WorkspaceScope,
  connection: NewSlackConnection,
  by: string,
  scribe: Scribe,
): Promise<boolean> {
  const { team, scopes } = connection;
  const others = (table: "slack_channels" | "slack_links") =>
    db
      .prepare(
        `DELETE FROM ${table} WHERE workspace_id = ?1 AND team_id <> ?2
           AND EXISTS (SELECT 1 FROM slack_connections WHERE workspace_id = ?1 AND team_id = ?2)`,
      )
      .bind(scope.workspaceId, team.id);
  const [connected] = await db.batch([
    upsert(db, scope, connection, by, scribe.doing.at),
    entryIfDone(db, scope, scribe, { act: "slack.connected", target: targetOf(team), detail: { scopes } }),
    others("slack_channels"),
    others("slack_links"),
  ]);
  return (connected?.meta.changes ?? 0) > 0;
}

const upsert = (
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  given: NewSlackConnection,
  by: string,
  at: Instant,
): D1PreparedStatement =>
  db
    .prepare(
      `INSERT INTO slack_connections
         (workspace_id, team_id, team_name, enterprise_id, app_id, bot_user_id, token, refresh_token, token_expires_at, scopes,
          state, connected_by, connected_at)
       SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'connected', ?11, ?12
       FROM workspaces WHERE id = ?1 AND deleted_at IS NULL
         AND (?13 OR NOT EXISTS (SELECT 1 FROM slack_connections WHERE team_id = ?2 AND workspace_id <> ?1))
       ON CONFLICT (workspace_id) DO UPDATE SET
         synced_at = CASE WHEN team_id = excluded.team_id THEN synced_at END, sync_begun_at = NULL, sync_ended_at = NULL,
         team_id = excluded.team_id, team_name = excluded.team_name, enterprise_id = excluded.enterprise_id,
         app_id = excluded.app_id, bot_user_id = excluded.bot_user_id, token = excluded.token,
         refresh_token = excluded.refresh_token, token_expires_at = excluded.token_expires_at, scopes = excluded.scopes,
         state = 'connected', trouble = NULL, broken_at = NULL, connected_by = excluded.connected_by,
         connected_at = max(excluded.connected_at, connected_at + 1)`,
    )
    .bind(
      workspaceId,
      given.team.id,
      given.team.name,
      given.enterpriseId,
      given.appId,
      given.botUserId,
      given.token,
      given.refreshToken,
      given.tokenExpiresAt,
      given.scopes,
      by,
      at,
      Number(given.isStandIn ?? false),
    );

/** Ends the connection; false when there was none. Channels and links stay, for when the same team is connected again. */
export async function disconnectSlack(
  db: D1Database,
  scope: WorkspaceScope,
  { team }: Pick<SlackConnection, "team">,
  scribe: Scribe,
): Promise<boolean> {
  const [ended] = await db.batch([
    db
      .prepare("DELETE FROM slack_connections WHERE workspace_id = ?1 AND team_id = ?2")
      .bind(scope.workspaceId, team.id),
    entryIfDone(db, scope, scribe, { act: "slack.disconnected", target: targetOf(team) }),
  ]);
  return (ended?.meta.changes ?? 0) > 0;
}

/** Which connection broke, and how. */
export interface SlackBreak {
  /** Of the connection that was used: a newer one is not broken by what an older one was answered. */
  readonly connectedAt: Instant;
  readonly trouble: DeliveryFailure;
}

/** Notes that Slack refuses the connection; true for the one that noted it first, whose affair it is to tell. */
export async function breakSlackConnection(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  { connectedAt, trouble }: SlackBreak,
  now: Instant,
): Promise<boolean> {
  const { meta } = await db
    .prepare(
      `UPDATE slack_connections SET state = 'broken', trouble = ?3, broken_at = ?4
       WHERE workspace_id = ?1 AND connected_at = ?2 AND state = 'connected'`,
    )
    .bind(workspaceId, connectedAt, JSON.stringify(trouble), now)
    .run();
  return meta.changes === 1;
}

/** The tokens that Slack gave in place of those that expired. */
export interface RenewedToken {
  readonly token: string;
  readonly refreshToken: string;
  readonly tokenExpiresAt: Instant;
}

/** Keeps them, unless somebody else was faster: `from` is the refresh token that was used, as it lay here. */
export async function renewSlackToken(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  from: string,
  { token, refreshToken, tokenExpiresAt }: RenewedToken,
): Promise<boolean> {
  const { meta } = await db
    .prepare(
      `UPDATE slack_connections SET token = ?3, refresh_token = ?4, token_expires_at = ?5
       WHERE workspace_id = ?1 AND refresh_token = ?2`,
    )
    .bind(workspaceId, from, token, refreshToken, tokenExpiresAt)
    .run();
  return meta.changes === 1;
}

/** The workspace that is connected to a team: for what Slack tells of it, signed. */
export async function findWorkspaceOfTeam(
  db: D1Database,
  teamId: string,
): Promise<{ readonly scope: WorkspaceScope; readonly connection: SlackConnection } | null> {
  const row = await db
    .prepare(
      `SELECT slack_connections.* FROM slack_connections
       JOIN workspaces ON workspaces.id = slack_connections.workspace_id AND workspaces.deleted_at IS NULL
       WHERE team_id = ?1`,
    )
    .bind(teamId)
    .first<ConnectionRow & { readonly workspace_id: string }>();
  if (row === null) return null;
  return { scope: mintWorkspaceScope(readWorkspaceId(row.workspace_id)), connection: toConnection(row) };
}

/** The workspaces with a connection that works, after the given one: for the daily look at their channels. */
export async function listConnectedWorkspaces(
  db: D1Database,
  page: { readonly limit: number; readonly after?: string | undefined },
): Promise<readonly WorkspaceScope[]> {
  const { results } = await db
    .prepare(
      `SELECT workspace_id FROM slack_connections
       JOIN workspaces ON workspaces.id = slack_connections.workspace_id AND workspaces.deleted_at IS NULL
       WHERE state = 'connected' AND workspace_id > ?1 ORDER BY workspace_id LIMIT ?2`,
    )
    .bind(page.after ?? "", page.limit)
    .all<{ readonly workspace_id: string }>();
  return results.map(({ workspace_id }) => mintWorkspaceScope(readWorkspaceId(workspace_id)));
}

/** A connection as the audit names it. */
export const targetOf = ({ id, name }: SlackConnection["team"]): Entry["target"] => ({
  kind: "slack_connection",
  id,
  name,
});

const toConnection = (row: ConnectionRow): SlackConnection => ({
  team: { id: row.team_id, name: row.team_name },
  enterpriseId: row.enterprise_id,
  appId: row.app_id,
  botUserId: row.bot_user_id,
  token: row.token,
  refreshToken: row.refresh_token,
  tokenExpiresAt: row.token_expires_at,
  scopes: row.scopes,
  state: row.state,
  trouble: row.trouble === null ? null : (JSON.parse(row.trouble) as DeliveryFailure),
  brokenAt: row.broken_at,
  connectedBy: row.connected_by,
  connectedAt: row.connected_at,
  syncedAt: row.synced_at,
  syncBegunAt: row.sync_begun_at,
});
