/** `/v1/slack`: the connection, links and channels of a workspace, with the emulator as Slack. */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepSlackChannels } from "../../src/directory/slack-channels.ts";
import { findSlackConnection } from "../../src/directory/slack-connections.ts";
import type { WorkspaceScope } from "../../src/domain/access.ts";
import { readSlackChannelId } from "../../src/domain/news/slack-channel.ts";
import type { Env } from "../../src/env.ts";
import worker from "../../src/index.ts";
import { newId, now } from "../../src/system.ts";
import { makeEnv } from "../console/browser.ts";
import { connectSlack } from "../support/slack-connected.ts";
import { makeSlackTeam } from "../support/slack-team.ts";
import { auditOf, expectProblem, makeAdmin, makeMember, type Owner } from "./caller.ts";

const GENERAL = "C000000001";

beforeEach(() => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  vi.spyOn(env.DELIVERIES, "send").mockResolvedValue({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** The same caller, in a deployment with other settings. */
const inDeployment =
  (settings: Partial<Env>, { token }: Owner) =>
  async (method: string, path: string, body?: object) => {
    const context = createExecutionContext();
    const request = new Request(`https://carillon.test${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const response = await worker.fetch(request as never, makeEnv(settings), context);
    await waitOnExecutionContext(context);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text) };
  };

const channel = (id: string, name: string, more: object = {}) => ({
  id: readSlackChannelId(id),
  name,
  isPrivate: false,
  isMember: true,
  isArchived: false,
  ...more,
});
const keep = (scope: WorkspaceScope, ...channels: ReturnType<typeof channel>[]) =>
  keepSlackChannels(env.DIRECTORY, scope, "T000000001", channels, now());

async function makeConnected(more: Parameters<typeof connectSlack>[2] = {}, token = "xoxb-ground") {
  const owner = await makeAdmin();
  await connectSlack(owner.scope, token, more);
  return owner;
}

describe("the connection", () => {
  it("is none at first", async () => {
    const owner = await makeAdmin();
    expect((await owner.call("GET", "/v1/slack/connection")).body).toEqual({
      state: "not_connected",
      team: null,
      connected_by: null,
      connected_at: null,
      channels_synced_at: null,
      trouble: null,
      scopes: [],
      features: [],
    });
  });

  it("begins at Slack's own page, with all that is asked for", async () => {
    const owner = await makeAdmin();
    const { body } = await owner.call("POST", "/v1/slack/connection");
    const way = new URL(body.authorize_url);
    expect(way.origin + way.pathname).toBe(`${env.SLACK_URL}/oauth/v2/authorize`);
    expect(way.searchParams.get("client_id")).toBe("carillon-test");
    expect(way.searchParams.get("redirect_uri")).toBe("https://carillon.test/slack/callback");
    expect(way.searchParams.get("scope")?.split(",")).toContain("chat:write");
    expect(way.searchParams.get("state")).toMatch(/^[\w-]{43}$/);
    const { results } = await env.DIRECTORY.prepare("SELECT * FROM slack_states").all();
    expect(JSON.stringify(results)).not.toContain(way.searchParams.get("state"));
  });

  it("is refused by a plan without Slack", async () => {
    const owner = await makeAdmin();
    await env.DIRECTORY.prepare("UPDATE workspaces SET plan = 'professional' WHERE id = ?1")
      .bind(owner.scope.workspaceId)
      .run();
    const refused = await owner.call("POST", "/v1/slack/connection");
    expectProblem(refused, 403, "limit_reached");
    expect(refused.body).toMatchObject({ limit: "slack", plan: "team" });
  });

  it("is refused by a deployment without a Slack app", async () => {
    const refused = await inDeployment({ SLACK_CLIENT_ID: "" }, await makeAdmin())("POST", "/v1/slack/connection");
    expectProblem(refused, 422, "slack_unavailable");
    expect(refused.body.detail).toContain("SLACK_CLIENT_ID");
  });

  it("is nobody's whom a token of the workspace stands for", async () => {
    const { workspaceToken } = await makeAdmin();
    expectProblem(await workspaceToken.call("POST", "/v1/slack/connection"), 409, "conflict");
  });

  it("says which permissions are missing, and what is so without them", async () => {
    const owner = await makeConnected({ scopes: "chat:write,channels:read" });
    const { features } = (await owner.call("GET", "/v1/slack/connection")).body;
    const of = (name: string) => features.find(({ feature }: { feature: string }) => feature === name);
    expect(of("text")).toMatchObject({ available: true, missing: [], without: null });
    expect(of("files")).toMatchObject({ available: false, missing: ["files:write"] });
    expect(of("direct_messages").without).toContain("they get mail");
    expect(of("link_by_email").missing).toEqual(["users:read", "users:read.email"]);
  });

  it("ends, and the audit has it", async () => {
    const owner = await makeConnected();
    expect((await owner.call("DELETE", "/v1/slack/connection")).status).toBe(204);
    expect(await findSlackConnection(env.DIRECTORY, owner.scope)).toBeNull();
    expectProblem(await owner.call("DELETE", "/v1/slack/connection"), 404, "not_found");
    expect(await auditOf(owner.scope, "slack.disconnected")).toHaveLength(1);
  });
});

describe("the token of a connection that ends", () => {
  it("is ended in Slack too", async () => {
    const owner = await makeConnected({ team: { id: `T${newId()}`, name: "Fake" } });
    const { via, seen } = await makeSlackTeam();
    await inDeployment({ SLACK_URL: via.url }, owner)("DELETE", "/v1/slack/connection");
    expect((await seen()).calls.map(({ method }) => method)).toEqual(["auth.revoke"]);
  });

  it("ends here whatever Slack answers", async () => {
    const owner = await makeConnected({ team: { id: `T${newId()}`, name: "Fake" } });
    const { via } = await makeSlackTeam({ mishaps: { "auth.revoke": [{ status: 503 }] } });
    const ended = await inDeployment({ SLACK_URL: via.url }, owner)("DELETE", "/v1/slack/connection");
    expect(ended.status).toBe(204);
    expect(await findSlackConnection(env.DIRECTORY, owner.scope)).toBeNull();
  });
});

describe("a link", () => {
  it("by the member's own address is theirs alone", async () => {
    const owner = await makeConnected();
    const linked = await owner.call("POST", "/v1/slack/links", { body: { method: "email" } });
    expect(linked.body).toMatchObject({ linked: true, slack_user: expect.stringMatching(/^U/), authorize_url: null });
    const colleague = await makeMember(owner.scope, "viewer");
    expect((await colleague.call("GET", "/v1/slack/links")).body).toMatchObject({ linked: false, slack_user: null });
    expect((await owner.call("DELETE", "/v1/slack/links")).status).toBe(204);
    expect((await owner.call("GET", "/v1/slack/links")).body).toMatchObject({ linked: false });
    expect(await auditOf(owner.scope, "slack.unlinked")).toHaveLength(1);
  });

  it("by an address that nobody has there is refused, with the other way", async () => {
    const owner = await makeConnected();
    const stranger = await makeMember(owner.scope, "viewer");
    const refused = await stranger.call("POST", "/v1/slack/links", { body: { method: "email" } });
    expectProblem(refused, 409, "conflict");
    expect(refused.body.detail).toContain("by signing in");
  });

  it("takes a connection", async () => {
    const refused = await (await makeAdmin()).call("POST", "/v1/slack/links", { body: { method: "email" } });
    expectProblem(refused, 409, "conflict");
    expect(refused.body.detail).toContain("Slack is not connected");
  });

  it("by a token that Slack refuses breaks the connection, and says so", async () => {
    const owner = await makeConnected();
    const { via } = await makeSlackTeam({ mishaps: { "users.lookupByEmail": [{ error: "token_revoked" }] } });
    const there = inDeployment({ SLACK_URL: via.url }, owner);
    expectProblem(await there("POST", "/v1/slack/links", { method: "email" }), 409, "conflict");
    expect(await findSlackConnection(env.DIRECTORY, owner.scope)).toMatchObject({
      state: "broken",
      trouble: { reason: "slack_disconnected" },
    });
  });

  it.each([{ status: 503 }, { status: 429, retryAfter: 9 }])("while Slack is busy is put off: %j", async (mishap) => {
    const owner = await makeConnected();
    const { via } = await makeSlackTeam({ mishaps: { "users.lookupByEmail": [mishap] } });
    const there = inDeployment({ SLACK_URL: via.url }, owner);
    const refused = await there("POST", "/v1/slack/links", { method: "email" });
    expectProblem(refused, 503, "unavailable");
    expect(refused.headers.get("retry-after")).toBe("retryAfter" in mishap ? "9" : "1");
  });

  it.each([{}, { method: "guess" }, { method: "email", user: "U1" }])(
    "of another kind is refused: %j",
    async (body) => {
      expectProblem(await (await makeConnected()).call("POST", "/v1/slack/links", { body }), 422, "invalid_input");
    },
  );
});

describe("the channels", () => {
  it("are searched by a part of their name, and paged by name", async () => {
    const owner = await makeConnected();
    await keep(
      owner.scope,
      channel("C01", "reports"),
      channel("C02", "sales-reports", { isPrivate: true }),
      channel("C03", "general"),
      channel("C04", "old-reports", { isArchived: true }),
    );
    const names = async (query: string) =>
      (await owner.call("GET", `/v1/slack/channels?${query}`)).body.items.map(({ name }: { name: string }) => name);
    expect(await names("")).toEqual(["general", "reports", "sales-reports"]);
    expect(await names("q=%23Report")).toEqual(["reports", "sales-reports"]);
    const first = await owner.call("GET", "/v1/slack/channels?limit=2");
    expect(await names(`limit=2&cursor=${encodeURIComponent(first.body.next_cursor)}`)).toEqual(["sales-reports"]);
    expect(await names("q=%25")).toEqual([]);
  });

  it("say what can be done with them", async () => {
    const owner = await makeConnected({ scopes: "chat:write,files:write,channels:read" });
    await keep(owner.scope, channel("C01", "in"), channel("C02", "out", { isMember: false }));
    const { items } = (await owner.call("GET", "/v1/slack/channels")).body;
    expect(items).toMatchObject([
      { name: "in", usable: true, can_share_files: true, reason: null },
      { name: "out", usable: false, can_share_files: false, reason: "not_in_channel" },
    ]);
  });

  it("are shown to nobody who creates no projects, nor to another workspace", async () => {
    const owner = await makeConnected();
    await keep(owner.scope, channel("C01", "secret", { isPrivate: true }));
    for (const role of ["explorer", "viewer", "guest"] as const)
      expect((await (await makeMember(owner.scope, role)).call("GET", "/v1/slack/channels")).status).toBe(403);
    const outsider = await makeConnected();
    expect((await outsider.call("GET", "/v1/slack/channels")).body.items).toEqual([]);
  });

  it("are fetched anew in the background", async () => {
    const owner = await makeConnected();
    expect((await owner.call("POST", "/v1/slack/channels/sync")).status).toBe(202);
    expect(env.DELIVERIES.send).toHaveBeenCalledWith(
      expect.objectContaining({ kind: "sync_channels", workspace: owner.scope.workspaceId }),
    );
    expectProblem(await (await makeAdmin()).call("POST", "/v1/slack/channels/sync"), 409, "conflict");
  });
});

describe("a check of a channel", () => {
  const check = (owner: Owner, given: string) =>
    owner.call("POST", "/v1/slack/channels/checks", { body: { channel: given } });

  it.each([GENERAL, `https://acme.slack.com/archives/${GENERAL}/p1800000000`, ` ${GENERAL} `])(
    "takes an id or a link: %s",
    async (given) => {
      const owner = await makeConnected();
      expect((await check(owner, given)).body).toMatchObject({
        id: GENERAL,
        name: "general",
        private: false,
        archived: false,
        usable: true,
        reason: null,
        can_share_files: true,
      });
    },
  );

  it("takes a name that is known, and keeps what Slack says now", async () => {
    const owner = await makeConnected();
    await keep(owner.scope, channel(GENERAL, "once-general"));
    expect((await check(owner, "#once-general")).body).toMatchObject({ name: "general" });
    const listed = await owner.call("GET", "/v1/slack/channels?q=general");
    expect(listed.body.items).toMatchObject([{ id: GENERAL, name: "general" }]);
  });

  it("says of what Slack does not show how the app is invited", async () => {
    const owner = await makeConnected();
    const { body } = await check(owner, "C0NOWHERE");
    expect(body).toMatchObject({ name: null, usable: false, reason: "channel_not_found" });
    expect(body.fix).toContain("/invite");
  });

  it("sees a private channel once the app is in it", async () => {
    const owner = await makeConnected({ scopes: "chat:write,channels:read,groups:read" });
    const slack = (method: string, args: Record<string, string>) =>
      fetch(`${env.SLACK_URL}/api/${method}`, {
        method: "POST",
        headers: { authorization: "Bearer xoxb-hands" },
        body: new URLSearchParams(args),
      }).then((answer) => answer.json() as Promise<{ ok: boolean; channel: { id: string } }>);
    const made = await slack("conversations.create", { name: `leads-${Date.now()}`, is_private: "true" });
    expect(made.ok, JSON.stringify(made)).toBe(true);
    expect((await check(owner, made.channel.id)).body).toMatchObject({ private: true, member: true, usable: true });
    await slack("conversations.archive", { channel: made.channel.id });
    expect((await check(owner, made.channel.id)).body).toMatchObject({
      archived: true,
      usable: false,
      reason: "channel_archived",
      can_share_files: false,
    });
  });

  it.each(["", "a b", "https://example.com/C01", "#nobody-knows", "@ada"])("refuses %j", async (given) => {
    const refused = await check(await makeConnected(), given);
    expectProblem(refused, 422, "invalid_input");
    expect(refused.body.errors[0].path).toBe("/channel");
  });
});

describe("on one's own machine", () => {
  it("a stand-in is connected at once, with channels of every kind, and nothing leaves", async () => {
    const owner = await makeAdmin();
    const here = inDeployment({ LOCAL_OUTBOX: "true", SLACK_CLIENT_ID: "" }, owner);
    const connected = await here("POST", "/v1/slack/connection");
    expect(connected.body).toMatchObject({ authorize_url: null, connection: { state: "connected" } });
    const { items } = (await here("GET", "/v1/slack/channels")).body;
    expect(items.map(({ name }: { name: string }) => name)).toEqual(["alerts", "general", "leads", "reports"]);
    expect((await here("POST", "/v1/slack/links", { method: "sign_in" })).body).toMatchObject({ linked: true });
    const old = await here("POST", "/v1/slack/channels/checks", { channel: "C0LOCALOLD" });
    expect(old.body).toMatchObject({ usable: false, reason: "channel_archived" });
    expect((await here("POST", "/v1/slack/channels/sync")).status).toBe(202);
    expect((await here("DELETE", "/v1/slack/connection")).status).toBe(204);
  });
});
