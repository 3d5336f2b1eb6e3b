/** Connecting a workspace to Slack, and a member to their account there: with a real Slack, and each way that goes wrong. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { breakSlackConnection, findSlackConnection } from "../../../src/directory/slack-connections.ts";
import { findSlackLink } from "../../../src/directory/slack-links.ts";
import { SLACK_STATE_MS } from "../../../src/directory/slack-states.ts";
import { now } from "../../../src/system.ts";
import { hold, makeMember, type Person } from "../../api/caller.ts";
import { agreeInSlack } from "../../support/slack-hands.ts";
import { setClock } from "../../support/world.ts";
import { actsIn, Browser, dump, makeTeam, type Page } from "../browser.ts";

beforeEach(() => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  // What is ordered is not done here: test/queues/slack-channels.test.ts.
  vi.spyOn(env.DELIVERIES, "send").mockResolvedValue({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A signed-in admin, who also calls the API. */
async function makeScene() {
  // The emulator has one team, and one workspace alone can be connected to it.
  await env.DIRECTORY.prepare("DELETE FROM slack_connections").run();
  return joinScene();
}

async function joinScene() {
  const team = await makeTeam();
  const browser = new Browser();
  await browser.signIn(team.email);
  const ada = await hold(team.scope, team.adminId, team.email);
  return { ...team, browser, ada };
}

const wayOf = async (who: Person, path = "/v1/slack/connection", body?: object): Promise<URL> => {
  const answer = await who.call("POST", path, body === undefined ? {} : { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return new URL(answer.body.authorize_url);
};

const agree = (way: URL): Promise<string> => agreeInSlack(way.href);

const connect = async ({ browser, ada }: { browser: Browser; ada: Person }): Promise<Page> =>
  browser.get(await agree(await wayOf(ada)));

describe("an admin who agrees in Slack", () => {
  it("connects the workspace, with a token that nobody can read, and the audit has it", async () => {
    const scene = await makeScene();
    const page = await connect(scene);
    expect(page.text).toContain("is connected to the Slack team Acme");
    const shown = await scene.ada.call("GET", "/v1/slack/connection");
    expect(shown.body).toMatchObject({
      state: "connected",
      team: { id: "T000000001", name: "Acme" },
      connected_by: scene.email,
      trouble: null,
    });
    expect(shown.body.features.every(({ available }: { available: boolean }) => available)).toBe(true);
    expect(await dump("slack_connections")).not.toContain("xoxb");
    expect((await actsIn(scene.scope)).map(({ act }) => act)).toContain("slack.connected");
    expect(env.DELIVERIES.send).toHaveBeenCalledWith(
      expect.objectContaining({ kind: "sync_channels", stage: "joined" }),
    );
  });

  it("mends a connection that was broken", async () => {
    const scene = await makeScene();
    await connect(scene);
    const before = await findSlackConnection(env.DIRECTORY, scene.scope);
    const trouble = { reason: "slack_disconnected", message: "Slack answered token_revoked." } as const;
    await breakSlackConnection(env.DIRECTORY, scene.scope, { connectedAt: before?.connectedAt ?? 0, trouble }, now());
    expect((await scene.ada.call("GET", "/v1/slack/connection")).body).toMatchObject({
      state: "broken",
      trouble: { reason: "slack_disconnected", fix: expect.stringContaining("connects Slack again") },
    });
    await connect(scene);
    expect((await scene.ada.call("GET", "/v1/slack/connection")).body).toMatchObject({
      state: "connected",
      trouble: null,
    });
  });

  it("of another team, ends what was known of the first", async () => {
    const scene = await makeScene();
    await connect(scene);
    await scene.ada.call("POST", "/v1/slack/links", { body: { method: "email" } });
    await env.DIRECTORY.prepare("UPDATE slack_connections SET team_id = 'T0OTHER' WHERE workspace_id = ?1")
      .bind(scene.scope.workspaceId)
      .run();
    for (const table of ["slack_links", "slack_channels"])
      await env.DIRECTORY.prepare(`UPDATE ${table} SET team_id = 'T0OTHER' WHERE workspace_id = ?1`)
        .bind(scene.scope.workspaceId)
        .run();
    await connect(scene);
    expect(await findSlackLink(env.DIRECTORY, scene.scope, scene.adminId)).toBeNull();
  });
});

describe("a team that another workspace of the deployment is connected to", () => {
  it("is refused, with what to do, and nothing changes on either side", async () => {
    const [first, second] = [await makeScene(), await joinScene()];
    await connect(first);
    const page = await connect(second);
    expect([page.status, page.text.includes("one alone can be"), page.text.includes("Acme")]).toEqual([
      422,
      true,
      true,
    ]);
    expect(await findSlackConnection(env.DIRECTORY, second.scope)).toBeNull();
    expect((await actsIn(second.scope)).map(({ act }) => act)).not.toContain("slack.connected");
    expect((await first.ada.call("GET", "/v1/slack/connection")).body.state).toBe("connected");
    await first.ada.call("DELETE", "/v1/slack/connection");
    expect((await connect(second)).status).toBe(200);
  });
});

describe("when the queue takes no order", () => {
  it("the workspace is connected and what was held goes out all the same; the channels can be fetched at once", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    vi.mocked(env.DELIVERIES.send).mockRejectedValueOnce(new Error("down"));
    const scene = await makeScene();
    expect((await connect(scene)).status).toBe(200);
    vi.mocked(env.DELIVERIES.send).mockClear();
    for (const _ of [1, 2, 3]) expect((await scene.ada.call("POST", "/v1/slack/channels/sync")).status).toBe(202);
    expect(env.DELIVERIES.send).toHaveBeenCalledOnce();
  });
});

describe("a way back", () => {
  it("works once", async () => {
    const scene = await makeScene();
    const back = await agree(await wayOf(scene.ada));
    expect((await scene.browser.get(back)).status).toBe(200);
    const again = await scene.browser.get(back);
    expect([again.status, again.text.includes("has been used")]).toEqual([422, true]);
  });

  it("works for ten minutes", async () => {
    const scene = await makeScene();
    const back = await agree(await wayOf(scene.ada));
    setClock(Date.now() + SLACK_STATE_MS + 1_000);
    expect((await scene.browser.get(back)).text).toContain("has expired");
    expect(await findSlackConnection(env.DIRECTORY, scene.scope)).toBeNull();
  });

  it("is for whoever went, and stays theirs when somebody else brings it", async () => {
    const [scene, other] = [await makeScene(), await makeScene()];
    const back = await agree(await wayOf(scene.ada));
    const stolen = await other.browser.get(back);
    expect([stolen.status, stolen.text.includes("Somebody else went to Slack")]).toEqual([403, true]);
    expect(await findSlackConnection(env.DIRECTORY, other.scope)).toBeNull();
    expect((await scene.browser.get(back)).status).toBe(200);
  });

  it("asks a browser that is not signed in to sign in, and stays good", async () => {
    const scene = await makeScene();
    const back = await agree(await wayOf(scene.ada));
    expect((await new Browser().get(back)).text).toContain("Sign in to Carillon first");
    expect((await scene.browser.get(back)).status).toBe(200);
  });

  it.each([
    ["was not agreed to", "error=access_denied", "You did not agree in Slack."],
    ["Slack refuses", "error=invalid_scope", "Slack did not agree: invalid_scope."],
    ["brings no code", "", "Slack did not agree: no code."],
    ["brings a code that is none", "code=none", "Slack did not agree: invalid_code."],
  ])("that %s says so, and connects nothing", async (_, query, said) => {
    const scene = await makeScene();
    const state = (await wayOf(scene.ada)).searchParams.get("state");
    const page = await scene.browser.get(`/slack/callback?${query}&state=${state}`);
    expect([page.status, page.text.includes(said)]).toEqual([422, true]);
    expect(page.text).toContain("Start again");
    expect(await findSlackConnection(env.DIRECTORY, scene.scope)).toBeNull();
  });

  it.each(["", "state=", "state=none", `state=${"A".repeat(43)}`])(
    "that nobody went is not known: %s",
    async (query) => {
      const scene = await makeScene();
      const page = await scene.browser.get(`/slack/callback?code=x&${query}`);
      expect([page.status, page.text.includes("Nobody went to Slack")]).toEqual([422, true]);
    },
  );

  it("is of no use to whoever is no admin any more", async () => {
    const scene = await makeScene();
    const back = await agree(await wayOf(scene.ada));
    await env.DIRECTORY.prepare("UPDATE members SET role = 'editor' WHERE id = ?1").bind(scene.adminId).run();
    const page = await scene.browser.get(back);
    expect([page.status, page.text.includes("Only admins")]).toEqual([403, true]);
  });

  it("is of no use in a plan without Slack", async () => {
    const scene = await makeScene();
    const back = await agree(await wayOf(scene.ada));
    await env.DIRECTORY.prepare("UPDATE workspaces SET plan = 'professional' WHERE id = ?1")
      .bind(scene.scope.workspaceId)
      .run();
    expect((await scene.browser.get(back)).text).toContain("plan has no Slack");
  });

  it("does not lead into a deployment without Slack", async () => {
    const page = await new Browser(undefined, { SLACK_CLIENT_ID: "" }).get("/slack/callback?code=x&state=y");
    expect([page.status, page.text.includes("There is no Slack here")]).toEqual([422, true]);
  });

  it("shows what Slack says without believing it", async () => {
    const scene = await makeScene();
    const state = (await wayOf(scene.ada)).searchParams.get("state");
    const page = await scene.browser.get(`/slack/callback?error=%3Cscript%3E&state=${state}`);
    expect(page.text).toContain("&lt;script&gt;");
  });
});

describe("a member who signs in to Slack", () => {
  it("is linked to who they are there", async () => {
    const scene = await makeScene();
    await connect(scene);
    const way = await wayOf(scene.ada, "/v1/slack/links", { method: "sign_in" });
    expect(way.searchParams.get("user_scope")).toBe("users:read");
    expect(way.searchParams.get("scope")).toBeNull();
    const page = await scene.browser.get(await agree(way));
    expect(page.text).toContain("You are known in the Slack team Acme");
    const link = await scene.ada.call("GET", "/v1/slack/links");
    expect(link.body).toMatchObject({ linked: true, slack_user: expect.stringMatching(/^U/) });
    expect((await actsIn(scene.scope)).map(({ act }) => act)).toContain("slack.linked");
  });

  it("in another team than the workspace's is not", async () => {
    const scene = await makeScene();
    await connect(scene);
    const back = await agree(await wayOf(scene.ada, "/v1/slack/links", { method: "sign_in" }));
    await env.DIRECTORY.prepare("UPDATE slack_connections SET team_id = 'T0OTHER' WHERE workspace_id = ?1")
      .bind(scene.scope.workspaceId)
      .run();
    expect((await scene.browser.get(back)).text).toContain("another Slack team");
    expect(await findSlackLink(env.DIRECTORY, scene.scope, scene.adminId)).toBeNull();
  });

  it("when nobody connects the workspace any more is not", async () => {
    const scene = await makeScene();
    await connect(scene);
    const back = await agree(await wayOf(scene.ada, "/v1/slack/links", { method: "sign_in" }));
    await scene.ada.call("DELETE", "/v1/slack/connection");
    expect((await scene.browser.get(back)).text).toContain("not connected to Slack any more");
  });

  it("who is no admin links themselves, and connects nothing", async () => {
    const scene = await makeScene();
    await connect(scene);
    const viewer = await makeMember(scene.scope, "viewer");
    expect((await viewer.call("POST", "/v1/slack/connection")).status).toBe(403);
    expect((await viewer.call("POST", "/v1/slack/links", { body: { method: "sign_in" } })).status).toBe(200);
  });
});
