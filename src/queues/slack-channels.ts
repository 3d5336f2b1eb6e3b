/** Fetches the channels of the connected Slack teams: a page at a time, one message each, so that no request waits for it. */
import { type ChannelPage, fetchChannelPage } from "../delivery/slack/channels.ts";
import { openSlack, slackKeys } from "../delivery/slack/connection.ts";
import { judgeSlack } from "../delivery/slack/faults.ts";
import type { SlackConnected } from "../delivery/slack/via.ts";
import { beginSlackSync, endSlackSync, giveUpSlackSync, keepSlackChannels } from "../directory/slack-channels.ts";
import { breakSlackConnection, listConnectedWorkspaces } from "../directory/slack-connections.ts";
import { mintWorkspaceScope, type WorkspaceScope } from "../domain/access.ts";
import type { SyncChannelsOrder } from "../domain/news/delivery-order.ts";
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
/** So often in a row Slack may ask for patience with one page before the sync is given up. */
const WAITS_MAX = 10;

/** Orders one of every connected workspace: once a day. Never throws: what is not ordered today is ordered tomorrow. */
export async function orderDailySlackSyncs(env: Pick<Env, "DELIVERIES" | "DIRECTORY">): Promise<void> {
  try {
    for (let after: string | undefined; ; ) {
      const page = await listConnectedWorkspaces(env.DIRECTORY, { limit: PAGE_SIZE, after });
      // Apart: all of them are calls of the same app.
      for (const [index, scope] of page.entries()) {
        const order = await beginSlackSync(env.DIRECTORY, scope, now());
        if (order !== null) await sendOrders(env, [order], index * SECOND_MS);
      }
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
  const { via, connection } = opened;
  // Another one has begun since: two would take each other's calls.
  if (connection.syncBegunAt !== null && connection.syncBegunAt > order.begunAt) return;
  const page = await fetchChannelPage(via, order);
  if (!page.ok) return goOn(env, scope, via, order, page);
  await keepSlackChannels(env.DIRECTORY, scope, via.team.id, page.value.channels, now());
  const { next } = page.value;
  if (next === null) await endSlackSync(env.DIRECTORY, scope, via.team.id, order.begunAt, now());
  else await sendLater(env, { ...order, cursor: undefined, waits: 0, ...next }, BETWEEN_PAGES_MS);
}

async function goOn(
  env: Env,
  scope: WorkspaceScope,
  { connectedAt }: SlackConnected,
  order: SyncChannelsOrder,
  { error }: Extract<Result<ChannelPage, Parameters<typeof judgeSlack>[0]>, { ok: false }>,
): Promise<void> {
  const { kind, failure, after } = judgeSlack(error, "read");
  const { waits = 0 } = order;
  const isLimited = kind === "again" && failure.reason === "rate_limited";
  if (isLimited && waits < WAITS_MAX) return sendLater(env, { ...order, waits: waits + 1 }, after ?? PATIENCE_MS);
  console.warn({ event: "slack_sync_failed", workspace: order.workspace, code: failure.code });
  const isTransient = error.phase !== "refused" || error.code === "internal_error";
  if (kind !== "connection" && !isLimited && isTransient)
    throw new Error(`Slack's channels could not be fetched: ${failure.message}`);
  // A cursor of a team that is not connected any more, a permission that is missing: the next sync may do better.
  await giveUpSlackSync(env.DIRECTORY, scope, order.begunAt, now());
  if (kind === "connection" && failure.reason === "slack_disconnected")
    await breakSlackConnection(env.DIRECTORY, scope, { connectedAt, trouble: failure }, now());
}

const sendLater = (
  env: Pick<Env, "DELIVERIES">,
  {
    kind,
    workspace,
    begunAt,
    stage,
    cursor,
    waits = 0,
  }: Omit<SyncChannelsOrder, "cursor"> & { cursor?: string | undefined },
  wait: Milliseconds,
): Promise<void> => {
  const rest = { ...(cursor === undefined ? {} : { cursor }), ...(waits === 0 ? {} : { waits }) };
  return sendOrders(env, [{ kind, workspace, begunAt, stage, ...rest }], wait);
};
