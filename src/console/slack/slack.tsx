/** `/slack/callback`: where Slack leads people back to, with what they agreed to there. */
import { sealInstalled } from "../../delivery/slack/connection.ts";
import { HELD_REASONS } from "../../delivery/slack/faults.ts";
import { exchangeInstall, exchangeLink, type SlackApp } from "../../delivery/slack/oauth.ts";
import { beginSlackSync, forgetSlackSync } from "../../directory/slack-channels.ts";
import { findSlackConnection, keepSlackConnection } from "../../directory/slack-connections.ts";
import { keepSlackLink } from "../../directory/slack-links.ts";
import { useSlackState } from "../../directory/slack-states.ts";
import { findWorkspace } from "../../directory/workspaces.ts";
import { ROLE_ABILITIES, type WorkspaceScope } from "../../domain/access.ts";
import { PLANS } from "../../domain/plan.ts";
import { publicOrigin, readConfig } from "../../env.ts";
import type { AddressRules } from "../../http/address.ts";
import { releaseHeld } from "../../runlog/due-deliveries.ts";
import { now } from "../../system.ts";
import { type Pages, scribeOf, show, type Visit } from "../door.tsx";
import { type Visitor, visitorOf } from "../visitor.ts";
import {
  ConnectedPage,
  LinkedPage,
  NoSlackPage,
  SignInFirstPage,
  type SlackPageTrouble,
  SlackTroublePage,
} from "./slack-pages.tsx";

const PATH = "/slack/callback";

/**
 * The browser must be that of the member who went: the way back is bound to them, and whoever else opens it ends nothing. A
 * session's cookie comes along from Slack since it is SameSite=Lax and this is a page that somebody opens.
 */
export function mountSlack(pages: Pages): void {
  pages.get(PATH, async (c) => {
    const { slack, allowLoopback } = readConfig(c.env);
    if (slack === null) return show(c, <NoSlackPage />, 422);
    const visitor = await visitorOf(c);
    if (visitor === null) return show(c, <SignInFirstPage />, 401);
    const { scope, memberId } = visitor.membership;
    const used = await useSlackState(c.env.DIRECTORY, scope, memberId, c.req.query("state") ?? "", now());
    if (!used.ok) return refuse(c, used.error);
    const refusal = c.req.query("error");
    if (refusal !== undefined) return refuse(c, refusal === "access_denied" ? "declined" : "refused", refusal);
    const code = c.req.query("code") ?? "";
    if (code === "") return refuse(c, "refused", "no code");
    const back: Back = { app: slack, code, rules: { allowLoopback, ownHosts: [] } };
    return used.value === "install" ? install(c, visitor, back) : link(c, visitor, back);
  });
}

interface Back {
  readonly app: SlackApp;
  readonly code: string;
  readonly rules: AddressRules;
}

/** It must be the address that Slack was given when they went. */
const codeOf = (c: Visit, { code }: Back) => ({
  code,
  redirectUri: `${publicOrigin(readConfig(c.env), c.req.url)}${PATH}`,
});

/** Looked at once more: who went may be no admin any more when they come back. */
async function install(c: Visit, { membership }: Visitor, back: Back): Promise<Response> {
  const { DIRECTORY, RUNLOG, CARILLON_KEY } = c.env;
  const { scope, memberId, email, role } = membership;
  if (!ROLE_ABILITIES[role].has("manage_workspace")) return refuse(c, "not_admin");
  const workspace = await findWorkspace(DIRECTORY, scope);
  if (workspace === null || !PLANS[workspace.plan].slack) return refuse(c, "plan");
  const installed = await exchangeInstall(back.app, codeOf(c, back), back.rules);
  if (!installed.ok) return refuse(c, "refused", installed.error.code);
  const connection = await sealInstalled(CARILLON_KEY, installed.value, now());
  const scribe = scribeOf(c, { kind: "member", id: memberId, name: email });
  if (!(await keepSlackConnection(DIRECTORY, scope, connection, email, scribe)))
    return refuse(c, "team_taken", installed.value.team.name);
  await releaseHeld(RUNLOG, scope, "slack", HELD_REASONS, now());
  await fetchChannels(c, scope);
  return show(c, <ConnectedPage team={installed.value.team.name} membership={membership} />);
}

/** Never throws: what is not ordered now is ordered tomorrow, or when somebody asks for it. */
async function fetchChannels(c: Visit, scope: WorkspaceScope): Promise<void> {
  const { DIRECTORY, DELIVERIES } = c.env;
  try {
    const order = await beginSlackSync(DIRECTORY, scope, now());
    if (order === null) return;
    await DELIVERIES.send(order).catch(async (cause: unknown) => {
      await forgetSlackSync(DIRECTORY, scope, order.begunAt);
      throw cause;
    });
  } catch (cause) {
    console.error({ event: "slack_sync_not_ordered", workspace: scope.workspaceId, cause: String(cause) });
  }
}

async function link(c: Visit, { membership }: Visitor, back: Back): Promise<Response> {
  const { DIRECTORY } = c.env;
  const { scope, memberId, email } = membership;
  const connection = await findSlackConnection(DIRECTORY, scope);
  if (connection === null) return refuse(c, "not_connected");
  const signedIn = await exchangeLink(back.app, codeOf(c, back), back.rules);
  if (!signedIn.ok) return refuse(c, "refused", signedIn.error.code);
  if (signedIn.value.teamId !== connection.team.id) return refuse(c, "other_team", connection.team.name);
  const scribe = scribeOf(c, { kind: "member", id: memberId, name: email });
  const linked = await keepSlackLink(DIRECTORY, scope, { id: memberId, email }, signedIn.value, scribe);
  if (!linked.ok) return refuse(c, "other_team", connection.team.name);
  return show(c, <LinkedPage team={connection.team.name} membership={membership} />);
}

/** `detail`: Slack's own word for it, or the team that it should have been. */
function refuse(c: Visit, trouble: SlackPageTrouble, detail = ""): Promise<Response> {
  console.warn({
    event: "slack_callback_refused",
    request_id: c.get("requestId"),
    trouble,
    detail: detail.slice(0, 100),
  });
  const status = trouble === "not_admin" || trouble === "other_member" || trouble === "plan" ? 403 : 422;
  return show(c, <SlackTroublePage trouble={trouble} detail={detail.slice(0, 100)} />, status);
}
