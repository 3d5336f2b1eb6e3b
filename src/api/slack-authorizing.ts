/** What the resources of Slack have in common: whether there is Slack here at all, and the way to it. */
import { type OpenedSlack, openSlack, slackKeys } from "../delivery/slack/connection.ts";
import type { SlackFault } from "../delivery/slack/faults.ts";
import { installAddress, linkAddress, type SlackApp } from "../delivery/slack/oauth.ts";
import { SECRET_RANDOM_BYTES, secretText } from "../directory/sessions.ts";
import { breakSlackConnection } from "../directory/slack-connections.ts";
import { keepSlackState, SLACK_STATE_MS, type SlackPurpose } from "../directory/slack-states.ts";
import type { MemberId } from "../domain/ids.ts";
import { deliveryFix } from "../domain/news/delivery-failure.ts";
import { PLANS, planRefusal } from "../domain/plan.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { SECOND_MS, toIso } from "../domain/time/instant.ts";
import { publicOrigin } from "../env.ts";
import { newId, randomBytes } from "../system.ts";
import type { WorkspaceAsk } from "./door.ts";
import { type Problem, problemOf } from "./problem.ts";

export type SlackAsk = WorkspaceAsk<unknown, unknown, unknown>;

/** The page that Slack leads back to: `src/console/slack/slack.tsx`. */
const CALLBACK = "/slack/callback";

/** The deployment's Slack app, if the workspace's plan has Slack; null on one's own machine, where none is needed. */
export function slackAppOf({ caller, config }: SlackAsk): Result<SlackApp | null, Problem> {
  if (!PLANS[caller.plan].slack) return fail(problemOf(planRefusal(caller.plan, "slack", true)));
  if (config.localSlack) return ok(null);
  return config.slack === null ? fail(NO_APP) : ok(config.slack);
}

const NO_APP: Problem = {
  code: "slack_unavailable",
  detail:
    "This deployment has no Slack app. Whoever runs it makes one, sets SLACK_CLIENT_ID, and puts SLACK_CLIENT_SECRET and SLACK_SIGNING_SECRET as secrets.",
};

/** The connection of the caller's workspace, opened. */
export type Connected = Extract<OpenedSlack, { kind: "connected" }>;

/** Opens it, or says why that cannot be. */
export async function openSlackOf(ask: SlackAsk): Promise<Result<Connected, Problem>> {
  const app = slackAppOf(ask);
  if (!app.ok) return app;
  const opened = await openSlack(slackKeys(ask.env, ask.config, { now: ask.now, newId }), ask.caller.scope);
  if (opened.kind === "connected") return ok(opened);
  const reason = opened.kind === "none" ? "slack_not_connected" : opened.trouble.reason;
  const said = opened.kind === "none" ? "Slack is not connected." : opened.trouble.message;
  return fail({ code: "conflict", detail: `${said} ${deliveryFix(reason)}` });
}

/** Slack was asked and gave no answer to go by. A connection that it refuses is noted as broken. */
export async function slackProblem(
  { env, caller, now }: SlackAsk,
  { connection }: Connected,
  { kind, failure, after }: SlackFault,
): Promise<Problem> {
  const { connectedAt } = connection;
  const isBroken = kind === "connection" && failure.reason === "slack_disconnected";
  if (isBroken) await breakSlackConnection(env.DIRECTORY, caller.scope, { connectedAt, trouble: failure }, now);
  const detail = `${failure.message} ${deliveryFix(failure.reason)}`;
  if (kind === "connection") return { code: "conflict", detail };
  const seconds = Math.ceil((after ?? SECOND_MS) / SECOND_MS);
  return { code: "unavailable", detail, headers: { "retry-after": String(seconds) } };
}

/** A way to Slack and back, for one member and one use. */
export interface SlackWay {
  readonly authorize_url: string;
  readonly expires_at: string;
}

/** Makes one. `team`: the one to sign in to; null: the one that an admin chooses there. */
export async function makeWay(
  { env, config, request, caller, now }: SlackAsk,
  app: SlackApp,
  {
    member,
    purpose,
    team,
  }: { readonly member: MemberId; readonly purpose: SlackPurpose; readonly team: string | null },
): Promise<SlackWay> {
  const state = secretText(randomBytes(SECRET_RANDOM_BYTES));
  await keepSlackState(env.DIRECTORY, caller.scope, { member, purpose, now }, state);
  const way = { state, redirectUri: `${publicOrigin(config, request.url)}${CALLBACK}` };
  return {
    authorize_url: team === null ? installAddress(app, way) : linkAddress(app, way, team),
    expires_at: toIso(now + SLACK_STATE_MS),
  };
}
