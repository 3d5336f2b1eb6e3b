/** Every operation of the API: what it takes to be allowed, and a request that then succeeds. Written out, not derived. */

import { env } from "cloudflare:workers";
import type { Ability, AccessLevel } from "../../../src/domain/access.ts";
import { mintProjectScope } from "../../../src/domain/access.ts";
import { readProjectId, readRunId, readWorkspaceId } from "../../../src/domain/ids.ts";
import { makeViewToken } from "../../../src/http/view-token.ts";
import { now } from "../../../src/system.ts";
import type { Ground } from "./ground.ts";
import type { Visitor } from "./visitors.ts";

/** What is asked for. */
export interface Wanted {
  readonly path: string;
  readonly body?: unknown;
  /** A token of another kind that the operation takes. */
  readonly bearer?: string;
  /** Beside those that say who asks. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Row {
  /**
   * An access level in the project; an ability in the workspace; `member`: whoever is in the workspace; `self`: only what is
   * the caller's own; `public`; `run`, `page` and `operator`: tokens of another kind.
   */
  readonly needs: Exclude<AccessLevel, "none"> | Ability | "member" | "self" | "public" | "run" | "page" | "operator";
  readonly want: (ground: Ground) => Wanted;
  /** Whoever may share any project may it without a share of this one. */
  readonly orSharer?: true;
  /** Whether the request names something of the ground, so that to an outsider it is not there. */
  readonly names?: true;
  /** What only a visitor themselves can ask for: a request that then succeeds for them alone. To everybody else, as `want` says. */
  readonly bring?: (ground: Ground, visitor: Visitor) => Promise<Wanted>;
  /** A write that leaves no entry in the workspace's audit, and why. */
  readonly unaudited?: string;
}

const inProject = (needs: Row["needs"], path: string | ((ground: Ground) => string), body?: unknown): Row => ({
  needs,
  names: true,
  want: (ground) => {
    const rest = typeof path === "string" ? path : path(ground);
    return { path: `${ground.at}${rest}`, ...(body === undefined ? {} : { body }) };
  },
});

const at = (needs: Row["needs"], path: string, body?: unknown): Row => ({
  needs,
  want: () => ({ path, ...(body === undefined ? {} : { body }) }),
});

const naming = (needs: Row["needs"], path: (ground: Ground) => string, body?: unknown): Row => ({
  needs,
  names: true,
  want: (ground) => ({ path: path(ground), ...(body === undefined ? {} : { body }) }),
});

const asOperator = (path: (ground: Ground) => string, body?: unknown): Row => ({
  needs: "operator",
  want: (ground) => ({ path: path(ground), bearer: ground.operator, ...(body === undefined ? {} : { body }) }),
});

const orSharer = (row: Row): Row => ({ ...row, orSharer: true });

const because = (row: Row, unaudited: string): Row => ({ ...row, unaudited });

/** Something of a run that a visitor started for themselves, with the token that they got for it. */
const ownRun = (rest: string): Row => {
  const path = ({ at: project, run }: Ground): string => `${project}/app/runs/${run}${rest}`;
  return {
    needs: "app_only",
    names: true,
    want: (ground) => ({ path: `${path(ground)}?view=cvt_zzzzzzzz_${"A".repeat(43)}` }),
    bring: async (ground, visitor) => {
      const { body } = await visitor("GET", "/v1/me");
      const scope = mintProjectScope(readWorkspaceId(ground.workspace), readProjectId(ground.project));
      const subject = { scope, run: readRunId(ground.run), viewer: body.member.id };
      return { path: `${path(ground)}?view=${await makeViewToken(env.CARILLON_KEY, subject, now())}` };
    },
  };
};

const NO_SCHEDULE = "0193d9a0-0000-7000-8000-000000000002";
const NO_SESSION = "0193d9a0-0000-7000-8000-000000000003";
const FAR = { schedule: "every year on Jan 1 at noon", fn: "work" };
const RANGE = { from: "2026-01-01T00:00:00Z", to: "2026-01-03T00:00:00Z" };

export const ROWS: Readonly<Record<string, Row>> = {
  getHealth: at("public", "/v1/health"),
  getDocument: at("public", "/openapi.json"),
  createPreview: because(at("member", "/v1/previews", { schedule: "@daily" }), "it changes nothing"),

  listProjects: at("member", "/v1/projects"),
  createProject: at("create_projects", "/v1/projects", { name: "Another" }),
  getProject: orSharer(inProject("app_only", "")),
  changeProject: inProject("full_access", "", { name: "Renamed" }),
  deleteProject: inProject("full_access", ""),
  getProjectOverview: inProject("can_view", "/overview"),

  getAccess: orSharer(inProject("can_view", "/access")),
  getMemberAccess: orSharer(inProject("can_view", ({ member }) => `/access/${member}`)),
  replaceAccess: {
    needs: "full_access",
    orSharer: true,
    names: true,
    want: ({ at: path, owner }) => ({
      path: `${path}/access`,
      body: { grants: [{ user: owner.id, access: "full_access" }] },
    }),
  },
  changeAccess: {
    needs: "full_access",
    orSharer: true,
    names: true,
    want: ({ at: path, member }) => ({ path: `${path}/access`, body: { user: member, access: "can_view" } }),
  },

  createVersion: inProject("can_edit", "/versions", {
    functions: [{ name: "work", kind: "http", url: "https://example.com/" }],
  }),
  listVersions: inProject("can_view", "/versions"),
  getVersion: inProject("can_view", "/versions/1"),
  getModules: inProject("can_view", "/versions/2/modules"),
  compareVersions: inProject("can_view", "/versions/2/comparison"),
  getPublished: inProject("can_view", "/published"),
  publish: inProject("can_edit", "/published", { version: 1 }),

  createSchedule: inProject("can_edit", "/schedules", FAR),
  listSchedules: inProject("can_view", "/schedules"),
  cancelSchedulesOfFunction: inProject("can_edit", "/schedules?fn=work"),
  createScheduleBatch: inProject("can_edit", "/schedule-batches", { items: [FAR] }),
  getSchedule: inProject("can_view", ({ schedule }) => `/schedules/${schedule}`),
  changeSchedule: inProject("can_edit", ({ schedule }) => `/schedules/${schedule}`, { retry: 2 }),
  cancelSchedule: inProject("can_edit", ({ schedule }) => `/schedules/${schedule}`),
  pauseSchedule: inProject("can_edit", ({ schedule }) => `/schedules/${schedule}/pause`, {}),
  resumeSchedule: inProject("can_edit", ({ schedule }) => `/schedules/${schedule}/pause`),
  listenToProject: {
    needs: "can_view",
    names: true,
    want: ({ at: path }) => ({ path: `${path}/live`, headers: { upgrade: "websocket" } }),
  },
  listUpcoming: inProject("can_view", ({ schedule }) => `/schedules/${schedule}/upcoming`),
  listUpcomingOfProject: inProject("can_view", "/upcoming"),
  skipNext: inProject("can_edit", ({ schedule }) => `/schedules/${schedule}/skips`, {}),
  createBackfill: inProject("can_edit", ({ schedule }) => `/schedules/${schedule}/backfills`, RANGE),
  runScheduleNow: inProject("can_edit", ({ schedule }) => `/schedules/${schedule}/runs`, {}),
  listRunsOfSchedule: inProject("can_view", ({ schedule }) => `/schedules/${schedule}/runs`),

  previewNotifications: because(
    inProject("can_edit", "/notification-previews", { notifications: [{ capture: "png" }] }),
    "it changes nothing",
  ),
  testDelivery: inProject("can_edit", ({ schedule }) => `/schedules/${schedule}/test-delivery`, { to: "recipients" }),
  listDeliveries: inProject("can_edit", "/deliveries"),
  listDeliveriesOfRun: inProject("can_edit", ({ run }) => `/runs/${run}/deliveries`),
  redeliver: inProject("can_edit", ({ run, delivery }) => `/runs/${run}/deliveries/${delivery}/redelivery`, {}),

  createRun: inProject("can_edit", "/runs", { fn: "work" }),
  listRuns: inProject("can_view", "/runs"),
  getRun: inProject("can_view", ({ run }) => `/runs/${run}`),
  getOutput: inProject("can_explore", ({ run }) => `/runs/${run}/output`),
  cancelRun: inProject("can_edit", ({ waiting }) => `/runs/${waiting.run}/cancellation`, {}),
  completeRun: {
    needs: "run",
    unaudited: "a function says how its own run ended",
    want: ({ at: path, waiting }) => ({
      path: `${path}/runs/${waiting.run}/completion`,
      body: { status: "succeeded" },
      bearer: waiting.token,
    }),
  },
  getApp: inProject("app_only", "/app"),
  getRunApp: inProject("can_explore", ({ run }) => `/runs/${run}/app`),
  getRunPage: {
    needs: "page",
    want: ({ at: path, run, pageToken }) => ({ path: `${path}/runs/${run}/page`, bearer: pageToken }),
  },
  orderCaptures: inProject("can_edit", ({ run }) => `/runs/${run}/captures`, { formats: ["pdf"] }),
  listCaptures: inProject("can_explore", ({ run }) => `/runs/${run}/captures`),
  getCapture: inProject("can_explore", ({ run }) => `/runs/${run}/captures/png`),
  getPartialCapture: inProject("can_edit", ({ run }) => `/runs/${run}/captures/pdf/partial`),
  startAppRun: because(
    inProject("app_only", "/app/runs", {}),
    "a visitor's own run changes nothing that anybody else sees",
  ),
  getAppRun: ownRun(""),
  followAppRun: ownRun("/events"),
  sendEvent: inProject("can_edit", "/events", { event: "hot:schedule:new", data: FAR }),

  getSettings: inProject("can_view", "/settings"),
  changeSettings: inProject("can_edit", "/settings", { timezone: "Europe/Berlin" }),
  getSecret: inProject("full_access", "/secret"),
  rotateSecret: inProject("full_access", "/secret", {}),

  getMe: at("member", "/v1/me"),
  changeMe: at("member", "/v1/me", { name: "Ada" }),
  getPreferences: at("member", "/v1/me/preferences"),
  changePreferences: at("member", "/v1/me/preferences", { timezone: "Europe/Berlin" }),
  listUnsubscriptions: at("member", "/v1/me/unsubscriptions"),
  unsubscribe: {
    needs: "app_only",
    names: true,
    want: ({ project, schedule }) => ({ path: `/v1/me/unsubscriptions/${schedule}`, body: { project } }),
  },
  resubscribe: because(
    at("member", `/v1/me/unsubscriptions/${NO_SCHEDULE}`),
    "nobody had unsubscribed, so that nothing changes",
  ),
  listSessions: at("member", "/v1/me/sessions"),
  endSessions: at("member", "/v1/me/sessions"),
  endSession: because(
    at("member", `/v1/me/sessions/${NO_SESSION}`),
    "the session is nobody's, so that nothing changes",
  ),

  listTokens: at("member", "/v1/tokens"),
  createToken: at("create_tokens", "/v1/tokens", { name: "build" }),
  getToken: naming("self", ({ token }) => `/v1/tokens/${token}`),
  revokeToken: naming("self", ({ token }) => `/v1/tokens/${token}`),

  listMembers: at("see_people", "/v1/members"),
  inviteMember: at("manage_members", "/v1/members", { email: "grace@acme.test", role: "editor" }),
  getMember: naming("see_people", ({ member }) => `/v1/members/${member}`),
  changeMember: naming("manage_members", ({ member }) => `/v1/members/${member}`, { role: "viewer" }),
  deactivateMember: naming("manage_members", ({ member }) => `/v1/members/${member}`),
  renewInvitation: naming("manage_members", ({ invited }) => `/v1/members/${invited}/invitation`, {}),
  reactivateMember: naming("manage_members", ({ deactivated }) => `/v1/members/${deactivated}/reactivation`, {}),

  listGroups: at("see_people", "/v1/groups"),
  createGroup: at("manage_groups", "/v1/groups", { name: "Writers" }),
  getGroup: naming("see_people", ({ group }) => `/v1/groups/${group}`),
  changeGroup: naming("manage_groups", ({ group }) => `/v1/groups/${group}`, { name: "Readers" }),
  deleteGroup: naming("manage_groups", ({ group }) => `/v1/groups/${group}`),
  // Somebody below a manager: those who are not need more than the ability, and groups.test.ts says so.
  addToGroup: naming("manage_groups", ({ group, invited }) => `/v1/groups/${group}/members/${invited}`),
  removeFromGroup: naming("manage_groups", ({ group, member }) => `/v1/groups/${group}/members/${member}`),

  listWebhooks: at("create_projects", "/v1/webhooks"),
  createWebhook: at("manage_workspace", "/v1/webhooks", { name: "Hook", url: "https://example.com/", events: [] }),
  getWebhook: naming("create_projects", ({ webhook }) => `/v1/webhooks/${webhook}`),
  changeWebhook: naming("manage_workspace", ({ webhook }) => `/v1/webhooks/${webhook}`, { name: "Renamed" }),
  deleteWebhook: naming("manage_workspace", ({ webhook }) => `/v1/webhooks/${webhook}`),
  getWebhookSecret: naming("manage_workspace", ({ webhook }) => `/v1/webhooks/${webhook}/secret`),
  rotateWebhookSecret: naming("manage_workspace", ({ webhook }) => `/v1/webhooks/${webhook}/secret`, {}),
  testWebhook: naming("manage_workspace", ({ webhook }) => `/v1/webhooks/${webhook}/test`, {}),
  listWebhookDeliveries: naming("manage_workspace", ({ webhook }) => `/v1/webhooks/${webhook}/deliveries`),
  replayWebhook: naming("manage_workspace", ({ webhook }) => `/v1/webhooks/${webhook}/replays`, {
    from: "2026-01-01T00:00:00Z",
    to: "2026-01-02T00:00:00Z",
  }),

  getSlackConnection: at("see_people", "/v1/slack/connection"),
  connectSlack: because(at("manage_workspace", "/v1/slack/connection"), "coming back from Slack is what connects"),
  disconnectSlack: at("manage_workspace", "/v1/slack/connection"),
  getSlackLink: at("member", "/v1/slack/links"),
  linkSlack: because(at("member", "/v1/slack/links", { method: "sign_in" }), "coming back from Slack is what links"),
  unlinkSlack: because(
    at("member", "/v1/slack/links"),
    "they are linked to nobody; slack-links.test.ts has those who are",
  ),
  listSlackChannels: at("create_projects", "/v1/slack/channels"),
  syncSlackChannels: because(at("create_projects", "/v1/slack/channels/sync"), "it reads what Slack has"),
  checkSlackChannel: because(
    at("create_projects", "/v1/slack/channels/checks", { channel: "C000000001" }),
    "it reads what Slack has",
  ),

  getWorkspace: at("member", "/v1/workspace"),
  changeWorkspace: at("manage_workspace", "/v1/workspace", { name: "Acme and Sons" }),
  deleteWorkspace: at("manage_workspace", "/v1/workspace?name=Acme"),
  listAudit: at("read_audit", "/v1/audit"),
  getUsage: at("read_usage", "/v1/usage"),

  createWorkspace: because(
    asOperator(() => "/v1/operator/workspaces", { name: "Beta", plan: "team", email: "bo@beta.test" }),
    "the entry is in the new workspace",
  ),
  listWorkspaces: asOperator(() => "/v1/operator/workspaces"),
  getWorkspaceAsOperator: asOperator(({ workspace }) => `/v1/operator/workspaces/${workspace}`),
  changeWorkspaceAsOperator: asOperator(({ workspace }) => `/v1/operator/workspaces/${workspace}`, { plan: "team" }),
  deleteWorkspaceAsOperator: asOperator(({ workspace }) => `/v1/operator/workspaces/${workspace}?name=Acme`),
};
