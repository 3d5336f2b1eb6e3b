/** `/v1/slack/links`: who the caller is in Slack, so that news reaches them there. */
import { z } from "@hono/zod-openapi";
import { findPerson } from "../delivery/slack/people.ts";
import type { Member } from "../directory/members.ts";
import { findSlackConnection } from "../directory/slack-connections.ts";
import { findSlackLink, forgetSlackLink, keepSlackLink } from "../directory/slack-links.ts";
import { fail, ok } from "../domain/result.ts";
import { type Answered, reply } from "./answer.ts";
import { inWorkspace } from "./door.ts";
import { InstantText } from "./fields.ts";
import { findOwn } from "./me.ts";
import type { Api } from "./operation.ts";
import type { Problem } from "./problem.ts";
import { type Connected, makeWay, openSlackOf, type SlackAsk, slackAppOf, slackProblem } from "./slack-authorizing.ts";
import { SlackLinkJson, slackLinkJson } from "./slack-json.ts";

const ALL = { tag: "Slack", path: "/v1/slack/links" };

const NewLink = z
  .strictObject({
    method: z.enum(["email", "sign_in"]).openapi({
      description:
        "`email`: whoever has your address in the Slack team is you. `sign_in`: you sign in to Slack, and are who you sign in as.",
    }),
  })
  .openapi("NewSlackLink");

const LinkingJson = SlackLinkJson.extend({
  authorize_url: z.string().nullable().openapi({
    description:
      "Of `sign_in`: open it in a browser in which you are signed in to Carillon. Good once, for ten minutes.",
  }),
  expires_at: InstantText.nullable(),
}).openapi("SlackLinking");

export function mountSlackLinks(api: Api): void {
  inWorkspace(
    api,
    {
      ...ALL,
      method: "get",
      id: "getSlackLink",
      summary: "Show who you are in Slack",
      problems: ["conflict", "forbidden"],
      answers: { 200: { description: "Your link.", schema: SlackLinkJson } },
    },
    async (ask) => {
      const own = await findOwn(ask);
      return own.ok ? ok(reply(200, await linkOf(ask, own.value))) : own;
    },
  );
  inWorkspace(
    api,
    {
      ...ALL,
      method: "post",
      id: "linkSlack",
      summary: "Link your Slack account",
      description: "Whether news then comes to you in Slack is up to your preferences.",
      body: NewLink,
      example: { method: "email" },
      problems: ["limit_reached", "slack_unavailable", "conflict"],
      answers: { 200: { description: "Your link, or the way to it.", schema: LinkingJson } },
    },
    async (ask) => {
      const own = await findOwn(ask);
      if (!own.ok) return own;
      const opened = await openSlackOf(ask);
      if (!opened.ok) return opened;
      // In the stand-in nobody can sign in, and everybody is somebody.
      return ask.body.method === "email" || opened.value.via.kind === "outbox"
        ? linkByEmail(ask, own.value, opened.value)
        : linkBySigningIn(ask, own.value, opened.value);
    },
  );
  inWorkspace(
    api,
    {
      ...ALL,
      method: "delete",
      id: "unlinkSlack",
      summary: "Unlink your Slack account",
      problems: ["conflict"],
      answers: { 204: { description: "You are nobody there." } },
    },
    async (ask) => {
      const own = await findOwn(ask);
      if (!own.ok) return own;
      await forgetSlackLink(ask.env.DIRECTORY, ask.caller.scope, own.value, ask.scribe);
      return ok(reply(204));
    },
  );
}

async function linkOf({ env, caller }: SlackAsk, { id }: Member): Promise<z.output<typeof SlackLinkJson>> {
  const connection = await findSlackConnection(env.DIRECTORY, caller.scope);
  return slackLinkJson(await findSlackLink(env.DIRECTORY, caller.scope, id), connection);
}

async function linkByEmail(ask: SlackAsk, own: Member, opened: Connected): Promise<Answered> {
  const { team } = opened.connection;
  const found = await findPerson(opened.via, own.email);
  if (!found.ok) return fail(await slackProblem(ask, opened, found.error));
  if (found.value === null) return fail(nobodyThere(own.email, team.name));
  const link = { teamId: team.id, userId: found.value };
  const linked = await keepSlackLink(ask.env.DIRECTORY, ask.caller.scope, own, link, ask.scribe);
  if (!linked.ok) return fail(OTHER_TEAM);
  return ok(reply(200, { ...slackLinkJson(linked.value, { team }), authorize_url: null, expires_at: null }));
}

async function linkBySigningIn(ask: SlackAsk, own: Member, { connection }: Connected): Promise<Answered> {
  const app = slackAppOf(ask);
  if (!app.ok) return app;
  if (app.value === null) throw new Error("On one's own machine nobody signs in to Slack.");
  const way = await makeWay(ask, app.value, { member: own.id, purpose: "link", team: connection.team.id });
  return ok(reply(200, { ...(await linkOf(ask, own)), ...way }));
}

const nobodyThere = (email: string, team: string): Problem => ({
  code: "conflict",
  detail: `Nobody in the Slack team ${team} has the address ${email}. Link your account by signing in.`,
});

const OTHER_TEAM: Problem = {
  code: "conflict",
  detail: "The workspace was connected to another Slack team at the same moment. Link your account again.",
};
