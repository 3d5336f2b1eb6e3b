/**
 * `/slack/events`: where Slack tells of its teams. It is Slack's alone, so that it is no part of the API's document; each
 * request is proven by its signature, and what is not of interest is answered like what is.
 */
import type { Context } from "hono";
import { readSlackEvent, type SlackEvent } from "../delivery/slack/events.ts";
import { isFromSlack } from "../delivery/slack/signature.ts";
import { entryOf } from "../directory/audit.ts";
import { changeSlackChannel, forgetSlackChannel } from "../directory/slack-channels.ts";
import {
  breakSlackConnection,
  findWorkspaceOfTeam,
  type SlackConnection,
  targetOf,
} from "../directory/slack-connections.ts";
import type { WorkspaceScope } from "../domain/access.ts";
import type { DeliveryFailure } from "../domain/news/delivery-failure.ts";
import { type Instant, SECOND_MS } from "../domain/time/instant.ts";
import { type Env, readConfig } from "../env.ts";
import { scribing } from "../http/doing.ts";
import { newId, now } from "../system.ts";
import type { Api, ApiEnv } from "./operation.ts";
import { NOT_FOUND, type Problem, renderProblem } from "./problem.ts";

const PATH = "/slack/events";
/** Slack's own are of a few kilobytes. */
const BODY_MAX_BYTES = 262_144;

const NOT_SIGNED: Problem = {
  code: "unauthorized",
  detail: "The request is not signed by Slack, or was signed more than five minutes ago.",
};
const TOO_LARGE: Problem = {
  code: "body_too_large",
  detail: `The body is larger than ${BODY_MAX_BYTES} bytes.`,
};
const NOT_JSON: Problem = { code: "malformed_json", detail: "The body is not a JSON object." };

export function mountSlackEvents(api: Api): void {
  api.post(PATH, async (c) => {
    const { slack } = readConfig(c.env);
    const refuse = (problem: Problem) => renderProblem(problem, c.get("requestId"));
    if (slack === null) return refuse(NOT_FOUND);
    const body = await readText(c.req.raw);
    if (body === null) return refuse(TOO_LARGE);
    const signature = {
      timestamp: c.req.header("x-slack-request-timestamp") ?? null,
      signature: c.req.header("x-slack-signature") ?? null,
    };
    if (!(await isFromSlack(slack.signingSecret, signature, body, now()))) return refuse(NOT_SIGNED);
    const event = readSlackEvent(body);
    if (event === null) return refuse(NOT_JSON);
    if (event.kind === "challenge") return c.json({ challenge: event.challenge });
    await hear(c, event);
    return c.body(null, 200);
  });
}

/** The body as it came; null when it is too large. */
async function readText(request: Request): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (request.body !== null) {
    for await (const chunk of request.body) {
      size += chunk.length;
      if (size > BODY_MAX_BYTES) return null;
      chunks.push(chunk);
    }
  }
  return new TextDecoder().decode(Buffer.concat(chunks, size));
}

/** The workspace that is connected to the team hears of it. Throws when the directory is down: then Slack tells it again. */
async function hear(c: Context<ApiEnv>, event: Exclude<SlackEvent, { kind: "challenge" }>): Promise<void> {
  if (event.kind === "other") return;
  const found = await findWorkspaceOfTeam(c.env.DIRECTORY, event.team);
  if (found === null) return;
  const { scope, connection } = found;
  if (event.kind === "disconnected") await disconnect(c, scope, connection, event);
  else await changeChannel(c.env, scope, connection, event);
}

async function disconnect(
  c: Context<ApiEnv>,
  scope: WorkspaceScope,
  { connectedAt, team }: SlackConnection,
  { code, at }: Extract<SlackEvent, { kind: "disconnected" }>,
): Promise<void> {
  if (isOfEarlier(at, connectedAt)) return;
  const trouble: DeliveryFailure = {
    reason: "slack_disconnected",
    message: code === "app_uninstalled" ? "The app was uninstalled in Slack." : "The app's token was revoked in Slack.",
    code,
  };
  if (!(await breakSlackConnection(c.env.DIRECTORY, scope, { connectedAt, trouble }, now()))) return;
  const scribe = scribeAt(c, { kind: "system" }, now());
  const entry = { act: "slack.disconnected", target: targetOf(team), detail: { by: code } } as const;
  await entryOf(c.env.DIRECTORY, scope, scribe, entry).run();
}

const scribeAt = scribing(newId);

/** Told late, of a connection that has been replaced since. Slack counts whole seconds. */
const isOfEarlier = (at: Instant, connectedAt: Instant): boolean => at > 0 && at + SECOND_MS <= connectedAt;

async function changeChannel(
  { DIRECTORY }: Env,
  scope: WorkspaceScope,
  { botUserId }: SlackConnection,
  event: Exclude<SlackEvent, { kind: "challenge" | "other" | "disconnected" }>,
): Promise<void> {
  const { channel } = event;
  switch (event.kind) {
    case "renamed":
      return changeSlackChannel(DIRECTORY, scope, channel, { name: event.name });
    case "archived":
      return changeSlackChannel(DIRECTORY, scope, channel, { isArchived: event.isArchived });
    case "deleted":
      return forgetSlackChannel(DIRECTORY, scope, channel);
    case "left":
      return changeSlackChannel(DIRECTORY, scope, channel, { isMember: false });
    case "member":
      if (event.user === botUserId) await changeSlackChannel(DIRECTORY, scope, channel, { isMember: event.isMember });
      return;
  }
}
