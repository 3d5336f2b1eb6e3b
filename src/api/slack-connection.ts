/** `/v1/slack/connection`: the Slack team that the workspace is connected to. */
import { z } from "@hono/zod-openapi";
import { localChannels } from "../delivery/slack/channels.ts";
import { openToken } from "../delivery/slack/connection.ts";
import { HELD_REASONS } from "../delivery/slack/faults.ts";
import { LOCAL_TEAM } from "../delivery/slack/local.ts";
import { revokeToken } from "../delivery/slack/oauth.ts";
import { SLACK_SCOPES } from "../delivery/slack/scopes.ts";
import { endSlackSync, keepSlackChannels } from "../directory/slack-channels.ts";
import { disconnectSlack, findSlackConnection, keepSlackConnection } from "../directory/slack-connections.ts";
import { fail, ok } from "../domain/result.ts";
import { seal } from "../http/seal.ts";
import { releaseHeld } from "../runlog/due-deliveries.ts";
import { reply } from "./answer.ts";
import { inWorkspace } from "./door.ts";
import { InstantText } from "./fields.ts";
import { findOwn } from "./me.ts";
import type { Api } from "./operation.ts";
import { NOT_FOUND } from "./problem.ts";
import { makeWay, type SlackAsk, slackAppOf } from "./slack-authorizing.ts";
import { SlackConnectionJson, slackConnectionJson } from "./slack-json.ts";

const ONE = { tag: "Slack", path: "/v1/slack/connection" };

const ConnectingJson = z
  .strictObject({
    authorize_url: z.string().nullable().openapi({
      description:
        "Open it in a browser in which you are signed in to Carillon. Good once, for ten minutes. Null where messages stay on this machine: there it is connected at once, to a stand-in.",
    }),
    expires_at: InstantText.nullable(),
    connection: SlackConnectionJson.openapi({ description: "As it is now." }),
  })
  .openapi("SlackConnecting");

export function mountSlackConnection(api: Api): void {
  inWorkspace(
    api,
    {
      ...ONE,
      method: "get",
      id: "getSlackConnection",
      summary: "Show the Slack connection",
      description: "With what Slack granted, and what is missing for which feature.",
      needs: "see_people",
      answers: { 200: { description: "The connection, if there is one.", schema: SlackConnectionJson } },
    },
    async ({ env, caller }) =>
      ok(reply(200, slackConnectionJson(await findSlackConnection(env.DIRECTORY, caller.scope)))),
  );
  inWorkspace(
    api,
    {
      ...ONE,
      method: "post",
      id: "connectSlack",
      summary: "Begin to connect Slack",
      description:
        "Answers where to go. A connection that there is already is replaced when you come back; by another team's, with its channels and links.",
      needs: "manage_workspace",
      problems: ["limit_reached", "slack_unavailable", "conflict"],
      answers: { 200: { description: "The way to Slack.", schema: ConnectingJson } },
    },
    async (ask) => {
      const app = slackAppOf(ask);
      if (!app.ok) return app;
      const own = await findOwn(ask);
      if (!own.ok) return own;
      if (app.value === null) await connectLocally(ask, own.value.email);
      const way =
        app.value === null
          ? { authorize_url: null, expires_at: null }
          : await makeWay(ask, app.value, { member: own.value.id, purpose: "install", team: null });
      const connection = await findSlackConnection(ask.env.DIRECTORY, ask.caller.scope);
      return ok(reply(200, { ...way, connection: slackConnectionJson(connection) }));
    },
  );
  mountDelete(api);
}

function mountDelete(api: Api): void {
  inWorkspace(
    api,
    {
      ...ONE,
      method: "delete",
      id: "disconnectSlack",
      summary: "Disconnect Slack",
      description:
        "News to Slack then fails, and its people get mail. Notifications keep their channels, for when the same team is connected again.",
      needs: "manage_workspace",
      problems: ["not_found"],
      answers: {
        204: {
          description: "It is disconnected, and Slack was asked to end the token.",
        },
      },
    },
    async ({ env, config, caller, scribe, now }) => {
      const connection = await findSlackConnection(env.DIRECTORY, caller.scope);
      if (connection === null) return fail(NOT_FOUND);
      const token = await openToken(env.CARILLON_KEY, connection);
      if (!(await disconnectSlack(env.DIRECTORY, caller.scope, connection, scribe))) return fail(NOT_FOUND);
      const { slack, localSlack, allowLoopback } = config;
      // Afterwards: from here on nobody uses it any more, whatever Slack answers.
      if (slack !== null && token !== null && !localSlack)
        await revokeToken(slack.url, token, { allowLoopback, ownHosts: [] });
      // People get mail for what was held for them. What is not looked at now is within hours.
      await releaseHeld(env.RUNLOG, caller.scope, "slack", HELD_REASONS, now).catch((cause: unknown) =>
        console.error({ event: "held_news_not_released", workspace: caller.scope.workspaceId, cause: String(cause) }),
      );
      return ok(reply(204));
    },
  );
}

/** On one's own machine there is a team that is none, so that everything can be tried without Slack. */
async function connectLocally({ env, caller, scribe, now }: SlackAsk, by: string): Promise<void> {
  const connection = {
    team: LOCAL_TEAM,
    enterpriseId: null,
    appId: "A0LOCAL",
    botUserId: "U0LOCAL",
    token: await seal(env.CARILLON_KEY, "slack_token", "nobody takes it"),
    refreshToken: null,
    tokenExpiresAt: null,
    scopes: SLACK_SCOPES.join(","),
    isStandIn: true,
  };
  await keepSlackConnection(env.DIRECTORY, caller.scope, connection, by, scribe);
  await releaseHeld(env.RUNLOG, caller.scope, "slack", HELD_REASONS, now);
  await keepSlackChannels(env.DIRECTORY, caller.scope, LOCAL_TEAM.id, localChannels(), now);
  await endSlackSync(env.DIRECTORY, caller.scope, LOCAL_TEAM.id, now, now);
}
