/** `/v1/slack/channels`: the channels of the connected team, as they were last fetched; and one of them, asked about now. */
import { z } from "@hono/zod-openapi";
import { checkSlackChannel, type SlackChannelCheck } from "../delivery/slack/channels.ts";
import { readScopes } from "../delivery/slack/scopes.ts";
import {
  beginSlackSync,
  findSlackChannelByName,
  forgetSlackChannel,
  forgetSlackSync,
  keepSlackChannels,
  listSlackChannels,
  placeOf,
} from "../directory/slack-channels.ts";
import { findSlackConnection } from "../directory/slack-connections.ts";
import { readSlackChannelReference, type SlackChannelId } from "../domain/news/slack-channel.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { reply } from "./answer.ts";
import { inWorkspace } from "./door.ts";
import { PageQuery, pageOf } from "./fields.ts";
import type { Api } from "./operation.ts";
import { listName, pageReply, readPage } from "./paging.ts";
import { invalidInput, type Problem } from "./problem.ts";
import { type Connected, openSlackOf, type SlackAsk, slackProblem } from "./slack-authorizing.ts";
import { SlackChannelJson, slackChannelJson, slackCheckJson } from "./slack-json.ts";

const TAG = "Slack";
/** A link is longer than what it names. */
const REFERENCE_MAX = 500;

const ChannelQuery = PageQuery.extend({
  q: z.string().trim().max(80).optional().openapi({ description: "A part of the name, with or without the #." }),
});

const CheckInput = z
  .strictObject({
    channel: z.string().trim().min(1).max(REFERENCE_MAX).openapi({
      description: "An id, a link that was copied in Slack, or a name that is in the list.",
      example: "C0123456789",
    }),
  })
  .openapi("SlackChannelReference");

export function mountSlackChannels(api: Api): void {
  inWorkspace(
    api,
    {
      tag: TAG,
      path: "/v1/slack/channels",
      method: "get",
      id: "listSlackChannels",
      summary: "Search the Slack channels",
      description:
        "As they were last fetched, by name. Private ones are those that the app was invited to; whoever may create projects sees their names.",
      needs: "create_projects",
      query: ChannelQuery,
      answers: { 200: { description: "By name.", schema: pageOf(SlackChannelJson) } },
    },
    async ({ env, caller, query }) => {
      const connection = await findSlackConnection(env.DIRECTORY, caller.scope);
      const q = (query.q ?? "").replace(/^#/, "").toLowerCase();
      const list = listName("slack_channels", caller.scope.workspaceId, { q });
      const page = readPage(env, list, query);
      if (!page.ok) return page;
      const { limit, after } = page.value;
      const found = await listSlackChannels(env.DIRECTORY, caller.scope, { q }, { limit: limit + 1, after });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const next = found.length > limit && last !== undefined ? placeOf(last) : null;
      return ok(pageReply(env, list, { items, next }, slackChannelJson(readScopes(connection?.scopes ?? ""))));
    },
  );
  inWorkspace(
    api,
    {
      tag: TAG,
      path: "/v1/slack/channels/sync",
      method: "post",
      id: "syncSlackChannels",
      summary: "Fetch the Slack channels anew",
      description:
        "In the background, a page every few seconds; it is also done once a day. While one is under way, and for a minute after it began, no other begins.",
      needs: "create_projects",
      problems: ["limit_reached", "slack_unavailable", "conflict"],
      answers: { 202: { description: "It has begun, or had." } },
    },
    async (ask) => {
      const opened = await openSlackOf(ask);
      if (!opened.ok) return opened;
      await orderSync(ask);
      return ok(reply(202));
    },
  );
  mountChecks(api);
}

/** An order that could not be sent keeps no later one from being sent. */
async function orderSync({ env, caller, now }: SlackAsk): Promise<void> {
  const order = await beginSlackSync(env.DIRECTORY, caller.scope, now);
  if (order === null) return;
  try {
    await env.DELIVERIES.send(order);
  } catch (cause) {
    await forgetSlackSync(env.DIRECTORY, caller.scope, order.begunAt);
    throw cause;
  }
}

function mountChecks(api: Api): void {
  inWorkspace(
    api,
    {
      tag: TAG,
      path: "/v1/slack/channels/checks",
      method: "post",
      id: "checkSlackChannel",
      summary: "Check whether news can go to a Slack channel",
      description:
        "Asks Slack now. For private channels: invite the app there, then check again. Slack does not tell apart what does not exist and what it may not show.",
      needs: "create_projects",
      body: CheckInput,
      example: { channel: "https://acme.slack.com/archives/C0123456789" },
      problems: ["limit_reached", "slack_unavailable", "conflict"],
      answers: { 200: { description: "What was found.", schema: SlackChannelJson } },
    },
    async (ask) => {
      const opened = await openSlackOf(ask);
      if (!opened.ok) return opened;
      const id = await idOf(ask, ask.body.channel);
      if (!id.ok) return id;
      const check = await checkSlackChannel(opened.value.via, id.value);
      if (!check.ok) return fail(await slackProblem(ask, opened.value, check.error));
      await keepCheck(ask, opened.value, check.value);
      return ok(reply(200, slackCheckJson(check.value)));
    },
  );
}

async function idOf({ env, caller }: SlackAsk, given: string): Promise<Result<SlackChannelId, Problem>> {
  const reference = readSlackChannelReference(given);
  if (reference === null) return fail(invalidInput([NO_REFERENCE]));
  if (reference.kind === "id") return ok(reference.id);
  const known = await findSlackChannelByName(env.DIRECTORY, caller.scope, reference.name);
  return known === null ? fail(invalidInput([unknownName(reference.name)])) : ok(known.id);
}

const NO_REFERENCE = {
  path: "/channel",
  message: "It is not a Slack channel.",
  expected: "an id such as C0123456789, a link that was copied in Slack, or a name such as #reports",
};

/** Slack finds channels by id alone. */
const unknownName = (name: string) => ({
  path: "/channel",
  message: `No channel #${name} is known.`,
  expected: "a channel of the list. Of a new or private one: copy its link in Slack, and give that",
});

/** What Slack told is news for the list too; what it does not show any more is not in it. */
async function keepCheck(
  { env, caller, now }: SlackAsk,
  { connection }: Connected,
  { id, channel, reason }: SlackChannelCheck,
): Promise<void> {
  if (channel !== null) await keepSlackChannels(env.DIRECTORY, caller.scope, connection.team.id, [channel], now);
  else if (reason === "channel_not_found") await forgetSlackChannel(env.DIRECTORY, caller.scope, id);
}
