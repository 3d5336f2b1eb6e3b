/** Fetches the channels of the connected Slack teams: a page at a time, one message each, so that no request waits for it. */
import { type ChannelPage, fetchChannelPage } from "../delivery/slack/channels.ts";
import { openSlack, slackKeys } from "../delivery/slack/connection.ts";
import { judgeSlack } from "../delivery/slack/faults.ts";
import type { SlackConnected } from "../delivery/slack/via.ts";
import { endSlackSync, keepSlackChannels } from "../directory/slack-channels.ts";
import { breakSlackConnection, listConnectedWorkspaces } from "../directory/slack-connections.ts";
import { mintWorkspaceScope, type WorkspaceScope } from "../domain/access.ts";
import { firstSyncOrder, type SyncChannelsOrder } from "../domain/news/delivery-order.ts";
import type { Result } from "../domain/result.ts";
import { type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";
import { type Env, readConfig } from "../env.ts";
import { newId, now } from "../system.ts";
import { sendOrders } from "./delivery-messages.ts";

/** Between two pages: `conversations.list` takes 20 calls a minute (apis/web-api/rate-limits, tier 2). */
const BETWEEN_PAGES_MS: Milliseconds = 3 * SECOND_MS;
/** When Slack asks for patience and does not say how long. */
const PATIENCE_MS: Milliseconds = 30 * SECOND_MS;
const PAGE_SIZE = 100;

/** Orders one of every connected workspace: once a day. Never throws: what is not ordered today is ordered tomorrow. */
export async function orderDailySlackSyncs(env: Pick<Env, "DELIVERIES" | "DIRECTORY">): Promise<void> {
  try {
    for (let after: string | undefined; ; ) {
      const page = await listConnectedWorkspaces(env.DIRECTORY, { limit: PAGE_SIZE, after });
      // Apart: all of them are calls of the same app.
      const orders = page.map(({ workspaceId }) => firstSyncOrder(workspaceId, now()));
      for (const [index, order] of orders.entries()) await sendOrders(env, [order], index * SECOND_MS);
      after = page.at(-1)?.workspaceId;
      if (page.length < PAGE_SIZE) return;
    }
  } catch (cause) {
    console.error({ event: "slack_syncs_not_ordered", cause: String(cause) });
  }
}

/**
 * Fetches one page, keeps it, and orders the next; the last one ends the sync. Can be repeated. Throws when Slack or a room of
 * the house cannot be reached: the message comes again.
 */
export async function syncSlackChannels(env: Env, order: SyncChannelsOrder): Promise<void> {
  const scope = mintWorkspaceScope(order.workspace);
  const opened = await openSlack(slackKeys(env, readConfig(env), { now: now(), newId }), scope);
  // Disconnected meanwhile, or on one's own machine, where there is nothing to fetch.
  if (opened.kind !== "connected" || opened.via.kind !== "connected") return;
  const { via } = opened;
  const page = await fetchChannelPage(via, order);
  if (!page.ok) return goOn(env, scope, via, order, page);
  await keepSlackChannels(env.DIRECTORY, scope, via.team.id, page.value.channels, now());
  const { next } = page.value;
  if (next === null) await endSlackSync(env.DIRECTORY, scope, via.team.id, order.begunAt, now());
  else await sendLater(env, { ...order, cursor: undefined, ...next }, BETWEEN_PAGES_MS);
}

async function goOn(
  env: Env,
  scope: WorkspaceScope,
  { connectedAt }: SlackConnected,
  order: SyncChannelsOrder,
  { error }: Extract<Result<ChannelPage, Parameters<typeof judgeSlack>[0]>, { ok: false }>,
): Promise<void> {
  const { kind, failure, after } = judgeSlack(error, "read");
  if (kind === "again" && failure.reason === "rate_limited") return sendLater(env, order, after ?? PATIENCE_MS);
  console.warn({ event: "slack_sync_failed", workspace: order.workspace, code: failure.code });
  if (kind === "connection" && failure.reason === "slack_disconnected") {
    await breakSlackConnection(env.DIRECTORY, scope, { connectedAt, trouble: failure }, now());
    return;
  }
  // A cursor of a team that is not connected any more, a permission that is missing: the next sync may do better.
  const isTransient = error.phase !== "refused" || error.code === "internal_error";
  if (isTransient) throw new Error(`Slack's channels could not be fetched: ${failure.message}`);
}

const sendLater = (
  env: Pick<Env, "DELIVERIES">,
  { kind, workspace, begunAt, stage, cursor }: Omit<SyncChannelsOrder, "cursor"> & { cursor?: string | undefined },
  wait: Milliseconds,
): Promise<void> =>
  sendOrders(env, [{ kind, workspace, begunAt, stage, ...(cursor === undefined ? {} : { cursor }) }], wait);
