/** The channels of the connected team, as Slack last told them: people choose among these, and no request waits for Slack. */
import type { WorkspaceScope } from "../domain/access.ts";
import { firstSyncOrder, type SyncChannelsOrder } from "../domain/news/delivery-order.ts";
import { readSlackChannelId, type SlackChannelId } from "../domain/news/slack-channel.ts";
import { HOUR_MS, type Instant, MINUTE_MS, type Milliseconds } from "../domain/time/instant.ts";

export interface SlackChannel {
  readonly id: SlackChannelId;
  /** Without the `#`. */
  readonly name: string;
  readonly isPrivate: boolean;
  /** Whether the app is in it. */
  readonly isMember: boolean;
  readonly isArchived: boolean;
}

/** A channel, and when Slack last said so. */
export interface SeenSlackChannel extends SlackChannel {
  readonly seenAt: Instant;
}

interface ChannelRow {
  readonly id: string;
  readonly name: string;
  readonly is_private: 0 | 1;
  readonly is_member: 0 | 1;
  readonly is_archived: 0 | 1;
  readonly seen_at: number;
}

const COLUMNS = "id, name, is_private, is_member, is_archived, seen_at";

/** Keeps what Slack told, if the workspace is still connected to that team. */
export async function keepSlackChannels(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  teamId: string,
  channels: readonly SlackChannel[],
  now: Instant,
): Promise<void> {
  const rows = channels.map((one) => [
    one.id,
    one.name,
    Number(one.isPrivate),
    Number(one.isMember),
    Number(one.isArchived),
  ]);
  await db
    .prepare(
      `INSERT INTO slack_channels (workspace_id, team_id, id, name, is_private, is_member, is_archived, seen_at)
       SELECT slack_connections.workspace_id, slack_connections.team_id, value ->> 0, value ->> 1, value ->> 2, value ->> 3,
         value ->> 4, ?4
       FROM json_each(?3)
       JOIN slack_connections ON slack_connections.workspace_id = ?1 AND slack_connections.team_id = ?2
       WHERE true
       ON CONFLICT (workspace_id, id) DO UPDATE SET team_id = excluded.team_id, name = excluded.name,
         is_private = excluded.is_private, is_member = excluded.is_member, is_archived = excluded.is_archived,
         seen_at = excluded.seen_at`,
    )
    .bind(workspaceId, teamId, JSON.stringify(rows), now)
    .run();
}

/** A sync is ordered no sooner after another one, and one that stopped on the way holds up the next no longer. */
const SYNC_EVERY_MS: Milliseconds = MINUTE_MS;
const SYNC_LASTS_MS: Milliseconds = HOUR_MS;

/** Begins a sync; the order for it, or null when one is under way or was begun a moment ago, or nothing is connected. */
export async function beginSlackSync(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  now: Instant,
): Promise<SyncChannelsOrder | null> {
  const { meta } = await db
    .prepare(
      `UPDATE slack_connections SET sync_begun_at = ?2
       WHERE workspace_id = ?1 AND (sync_begun_at IS NULL OR sync_begun_at <= ?4
         OR (sync_begun_at <= ?3 AND sync_ended_at >= sync_begun_at))`,
    )
    .bind(workspaceId, now, now - SYNC_EVERY_MS, now - SYNC_LASTS_MS)
    .run();
  return meta.changes === 0 ? null : firstSyncOrder(workspaceId, now);
}

/** Gives up the sync that began at an instant; what it has kept stays. */
export async function giveUpSlackSync(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  begunAt: Instant,
  now: Instant,
): Promise<void> {
  await db
    .prepare("UPDATE slack_connections SET sync_ended_at = ?3 WHERE workspace_id = ?1 AND sync_begun_at = ?2")
    .bind(workspaceId, begunAt, now)
    .run();
}

/** The sync was not even ordered: the next one need not wait for it. */
export async function forgetSlackSync(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  begunAt: Instant,
): Promise<void> {
  await db
    .prepare("UPDATE slack_connections SET sync_begun_at = NULL WHERE workspace_id = ?1 AND sync_begun_at = ?2")
    .bind(workspaceId, begunAt)
    .run();
}

/** Ends a sync that began at an instant: channels that it has not named are gone. */
export async function endSlackSync(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  teamId: string,
  begunAt: Instant,
  now: Instant,
): Promise<void> {
  await db.batch([
    db
      .prepare("DELETE FROM slack_channels WHERE workspace_id = ?1 AND team_id = ?2 AND seen_at < ?3")
      .bind(workspaceId, teamId, begunAt),
    db
      .prepare(
        "UPDATE slack_connections SET synced_at = ?3, sync_ended_at = ?3 WHERE workspace_id = ?1 AND team_id = ?2",
      )
      .bind(workspaceId, teamId, now),
  ]);
}

/** Which channels a list holds. */
export interface ChannelFilter {
  /** A part of the name, in lower case. */
  readonly q?: string | undefined;
}

/** The place of a channel in a list: by name, and by id where two have the same. */
export const placeOf = ({ name, id }: Pick<SlackChannel, "name" | "id">): string => `${name} ${id}`;

/** The channels that can be written to and fit the filter, by name, after the given place. */
export async function listSlackChannels(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  { q = "" }: ChannelFilter,
  page: { readonly limit: number; readonly after?: string | undefined },
): Promise<readonly SeenSlackChannel[]> {
  const [name = "", id = ""] = (page.after ?? "").split(" ");
  const { results } = await db
    .prepare(
      `SELECT ${COLUMNS} FROM slack_channels
       WHERE workspace_id = ?1 AND (name, id) > (?3, ?4) AND is_archived = 0 AND (?2 = '' OR instr(name, ?2) > 0)
         AND EXISTS (SELECT 1 FROM slack_connections WHERE slack_connections.workspace_id = ?1)
       ORDER BY name, id LIMIT ?5`,
    )
    .bind(workspaceId, q, name, id, page.limit)
    .all<ChannelRow>();
  return results.map(toChannel);
}

/** A channel by its id; null when Slack never told of it. */
export async function findSlackChannel(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  id: SlackChannelId,
): Promise<SeenSlackChannel | null> {
  const row = await db
    .prepare(`SELECT ${COLUMNS} FROM slack_channels WHERE workspace_id = ?1 AND id = ?2`)
    .bind(workspaceId, id)
    .first<ChannelRow>();
  return row === null ? null : toChannel(row);
}

/** A channel by its name; null when Slack never told of it. */
export async function findSlackChannelByName(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  name: string,
): Promise<SeenSlackChannel | null> {
  const row = await db
    .prepare(
      `SELECT ${COLUMNS} FROM slack_channels WHERE workspace_id = ?1 AND name = ?2 ORDER BY is_archived, seen_at DESC LIMIT 1`,
    )
    .bind(workspaceId, name)
    .first<ChannelRow>();
  return row === null ? null : toChannel(row);
}

/** What Slack told of one channel that changed; of one that is not known here nothing is kept. */
export async function changeSlackChannel(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  id: SlackChannelId,
  change: Partial<Pick<SlackChannel, "name" | "isMember" | "isArchived">>,
): Promise<void> {
  const { name = null, isMember, isArchived } = change;
  await db
    .prepare(
      `UPDATE slack_channels
       SET name = coalesce(?3, name), is_member = coalesce(?4, is_member), is_archived = coalesce(?5, is_archived)
       WHERE workspace_id = ?1 AND id = ?2`,
    )
    .bind(workspaceId, id, name, numberOf(isMember), numberOf(isArchived))
    .run();
}

/** The channel is no more. */
export async function forgetSlackChannel(
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  id: SlackChannelId,
): Promise<void> {
  await db.prepare("DELETE FROM slack_channels WHERE workspace_id = ?1 AND id = ?2").bind(workspaceId, id).run();
}

const numberOf = (flag: boolean | undefined): number | null => (flag === undefined ? null : Number(flag));

const toChannel = (row: ChannelRow): SeenSlackChannel => ({
  id: readSlackChannelId(row.id),
  name: row.name,
  isPrivate: row.is_private === 1,
  isMember: row.is_member === 1,
  isArchived: row.is_archived === 1,
  seenAt: row.seen_at,
});
