/** `/slack`: connected by a link that leads there, with its channels, what is missing, and who one is. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hold, makeMember } from "../../api/caller.ts";
import { agreeInSlack, makeSlackChannel } from "../../support/slack-hands.ts";
import { makeTeam } from "../browser.ts";
import { browserOf } from "../project-team.ts";

beforeEach(() => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  vi.spyOn(env.DELIVERIES, "send").mockResolvedValue({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } });
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function makeScene() {
  // The emulator has one team, and one workspace alone can be connected to it.
  await env.DIRECTORY.prepare("DELETE FROM slack_connections").run();
  const team = await makeTeam();
  const owner = await hold(team.scope, team.adminId, team.email);
  return { ...team, owner, browser: await browserOf({ id: team.adminId }) };
}

const wayIn = (page: string): string =>
  (/<a class="button" href="([^"]+)" rel="noreferrer">/.exec(page)?.[1] ?? "").replaceAll("&amp;", "&");

async function makeConnected() {
  const scene = await makeScene();
  const { text } = await scene.browser.post("/slack");
  const back = await scene.browser.get(await agreeInSlack(wayIn(text)));
  expect(back.text).toContain('href="/slack"');
  return scene;
}

describe("the page of Slack", () => {
  it("leads to Slack by a link, since no form may, and shows the team afterwards", async () => {
    const { browser } = await makeConnected();
    const { text } = await browser.get("/slack");
    expect(text).toContain("<bdi>Acme</bdi>");
    expect(text).toContain("Everything that is asked for.");
  });

  it("says which scopes are missing, and what is so without them", async () => {
    const { browser, scope } = await makeConnected();
    await env.DIRECTORY.prepare(
      "UPDATE slack_connections SET scopes = 'chat:write,channels:read' WHERE workspace_id = ?1",
    )
      .bind(scope.workspaceId)
      .run();
    expect((await browser.get("/slack")).text).toContain(
      "Private channels are neither listed nor checked. Missing: groups:read.",
    );
  });

  it("checks a private channel: invite the app, then check again", async () => {
    const { browser } = await makeConnected();
    const channel = await makeSlackChannel(`secret-${crypto.randomUUID().slice(0, 8)}`, { isPrivate: true });
    const checked = await browser.post("/slack/checks", { channel });
    expect([checked.status, checked.text]).toEqual([200, expect.stringContaining("Check again")]);
    const refused = await browser.post("/slack/checks", { channel: "no <b> channel" });
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('id="channel-wrong"')]);
    expect(refused.text).toContain('value="no &lt;b&gt; channel"');
    expect((await browser.post("/slack/channels")).location).toBe("/slack?did=fetching#channels");
    expect((await browser.get("/slack?q=nowhere")).text).toContain("No channel of the list is called so.");
  });

  it("links oneself by signing in, and unlinks, also as a guest", async () => {
    const { scope } = await makeConnected();
    const guest = await makeMember(scope, "guest");
    const browser = await browserOf(guest);
    expect((await browser.get("/slack")).text).toContain("Link by my email address");
    expect((await browser.post("/slack/link", { home: "slack", method: "email" })).text).toContain(
      "Nobody in the Slack team",
    );
    const { text } = await browser.post("/slack/link", { home: "preferences", method: "sign_in" });
    expect((await browser.get(await agreeInSlack(wayIn(text)))).text).toContain('href="/preferences"');
    expect((await guest.call("GET", "/v1/slack/links")).body.linked).toBe(true);
    expect((await browser.post("/slack/link/removal", { home: "preferences" })).location).toBe(
      "/preferences?did=unlinked",
    );
    expect((await guest.call("GET", "/v1/slack/links")).body.linked).toBe(false);
  });

  it("disconnects after it was said what that does; an editor can do neither", async () => {
    const { browser, scope, owner } = await makeConnected();
    const editor = await browserOf(await makeMember(scope, "editor"));
    expect((await editor.get("/slack")).text).toContain("takes the role admin");
    expect((await editor.post("/slack")).status).toBe(422);
    expect((await editor.post("/slack/disconnection")).status).toBe(403);
    expect((await browser.get("/slack/disconnection")).text).toContain("Notifications keep their channels");
    expect((await browser.post("/slack/disconnection")).location).toBe("/slack?did=disconnected");
    expect((await owner.call("GET", "/v1/slack/connection")).body.state).toBe("not_connected");
  });

  it("says why the plan has none", async () => {
    const { browser, scope } = await makeScene();
    await env.DIRECTORY.prepare("UPDATE workspaces SET plan = 'professional' WHERE id = ?1")
      .bind(scope.workspaceId)
      .run();
    const refused = await browser.post("/slack");
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining("team")]);
  });
});
