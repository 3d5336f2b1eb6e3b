/** A workspace that is connected to Slack, as if somebody had come back from there. */
import { env } from "cloudflare:workers";
import { sealInstalled } from "../../src/delivery/slack/connection.ts";
import { SLACK_SCOPES } from "../../src/delivery/slack/scopes.ts";
import { keepSlackConnection } from "../../src/directory/slack-connections.ts";
import type { WorkspaceScope } from "../../src/domain/access.ts";
import { now } from "../../src/system.ts";
import { scribeAt } from "./scribe.ts";

/** The emulator's own team. */
const EMULATED = { id: "T000000001", name: "Acme" };

/** Connects it, by default to the emulator's team. `xoxb-ground` is a token that the emulator knows. */
export async function connectSlack(
  scope: WorkspaceScope,
  token: string,
  {
    team = EMULATED,
    scopes = SLACK_SCOPES.join(","),
  }: { readonly team?: typeof EMULATED; readonly scopes?: string } = {},
): Promise<void> {
  const installed = {
    token,
    refreshToken: null,
    expiresIn: null,
    scopes,
    appId: "A1",
    botUserId: "U0BOT",
    team,
    enterpriseId: null,
  };
  const sealed = await sealInstalled(env.CARILLON_KEY, installed, now());
  // The emulator has one team, and a test many workspaces.
  await keepSlackConnection(env.DIRECTORY, scope, { ...sealed, isStandIn: true }, "ada@acme.test", scribeAt());
}
