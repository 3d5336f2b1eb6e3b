/** Who is told of a schedule's runs: rules are made, looked at before they are saved, tried, changed and removed. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { keepSlackChannels } from "../../../src/directory/slack-channels.ts";
import { readSlackChannelId } from "../../../src/domain/news/slack-channel.ts";
import { now } from "../../../src/system.ts";
import { makeMember } from "../../api/caller.ts";
import { connectSlack } from "../../support/slack-connected.ts";
import { browserOf, makeProjectTeam } from "../project-team.ts";

async function makeScene(notifications: readonly object[] = []) {
  const team = await makeProjectTeam();
  const saved = await team.owner.call("POST", `${team.at}/schedules`, {
    body: { schedule: "every day at noon", fn: "work", notifications },
  });
  expect(saved.status, JSON.stringify(saved.body)).toBe(201);
  const path = `${team.path}/schedules/${saved.body.id}/notifications`;
  const browser = await browserOf(team.owner);
  const rules = async () => (await team.owner.call("GET", `${team.at}/schedules/${saved.body.id}`)).body.notifications;
  const was = async (of: string) =>
    /name="was" value="([^"]+)"/.exec((await browser.get(of)).text)?.[1]?.replaceAll("&quot;", '"') ?? "";
  const etag = async (of = path) => /name="etag" value="&quot;([^&]+)&quot;"/.exec((await browser.get(of)).text)?.[1];
  return { ...team, path, browser, rules, was, etag: async (of?: string) => `"${await etag(of)}"` };
}

describe("adding a notification", () => {
  it("saves what says nothing new at once, and then says it in a sentence with the names", async () => {
    const { browser, path, owner, rules, etag } = await makeScene();
    expect((await browser.get(path)).text).toContain("Nobody is told of its runs");
    const fields = {
      on: "both",
      attempts: "every",
      capture: "pdf",
      users: owner.id,
      subject: "Ours",
      etag: await etag(`${path}/new`),
    };
    expect((await browser.post(`${path}/new`, fields)).location).toBe(`${path}?did=saved`);
    expect(await rules()).toMatchObject([
      { on: "both", attempts: "every", capture: "pdf", users: [owner.id], subject: "Ours", body: null },
    ]);
    const { text } = await browser.get(path);
    expect(text).toContain("When a run ends, and at every failed attempt, 1 member is told, with a PDF of the app.");
    expect(text).toContain(owner.email);
  });

  it("first says who will be given access, and saves once that was seen", async () => {
    const { browser, path, owner, rules, etag } = await makeScene();
    const bo = await makeMember(owner.scope, "editor", { name: "<i>bo</i>" });
    const fields = { on: "failure", users: bo.id, etag: await etag(`${path}/new`) };
    const told = await browser.post(`${path}/new`, fields);
    expect(told.status).toBe(200);
    expect(told.text).toMatch(
      /&lt;i&gt;bo&lt;\/i&gt;[^<]*<\/bdi> has no access to the project, and will be given app_only/,
    );
    expect(told.text).toContain(`value="${bo.id}" checked`);
    expect(await rules()).toEqual([]);
    const [, ahead = ""] = /name="ahead" value="([^"]*)"/.exec(told.text) ?? [];
    expect((await browser.post(`${path}/new`, { ...fields, ahead })).status).toBe(303);
    expect(await rules()).toMatchObject([{ users: [bo.id] }]);
  });

  it("shows what is wrong beside its field, and keeps the rest", async () => {
    const { browser, path, rules, owner } = await makeScene();
    const fields = { on: "failure", capture: "png", users: owner.id, body: "<b>Look</b>" };
    const refused = await browser.post(`${path}/new`, fields);
    expect(refused.status).toBe(422);
    expect(refused.text).toMatch(/id="capture-wrong"><p[^>]*>A notification of failures takes no capture/);
    expect(refused.text).toContain("&lt;b&gt;Look&lt;/b&gt;");
    const unknown = await browser.post(`${path}/new`, { on: "failure", more_channels: "somewhere" });
    expect(unknown.text).toMatch(/id="more_channels-wrong"/);
    expect(await rules()).toEqual([]);
  });

  it("says who can connect Slack, and what the plan says of it", async () => {
    const { browser, path, scope, member } = await makeScene();
    expect((await browser.get(`${path}/new`)).text).toContain(
      'not connected to Slack. <a href="/slack">Connect it</a>',
    );
    const editor = await member("can_edit");
    expect((await editor.browser.get(`${path}/new`)).text).toContain("An admin of the workspace can connect it");
    await env.DIRECTORY.prepare("UPDATE workspaces SET plan = 'professional' WHERE id = ?1")
      .bind(scope.workspaceId)
      .run();
    const refused = await browser.post(`${path}/new`, { on: "failure", more_channels: "C0123456789" });
    expect(refused.text).toContain("plan does not include slack. The team plan lifts it.");
  });
});

describe("Slack channels", () => {
  it("are found by name, with what is in the way of those that news cannot go to, and a way to link oneself", async () => {
    const { browser, path, owner, rules } = await makeScene();
    await connectSlack(owner.scope, "xoxb-ground");
    const channel = { isMember: false, isArchived: false };
    const channels = [
      { ...channel, id: readSlackChannelId("C000000001"), name: "reports", isPrivate: false },
      { ...channel, id: readSlackChannelId("C000000002"), name: "<new>", isPrivate: true },
    ];
    await keepSlackChannels(env.DIRECTORY, owner.scope, "T000000001", channels, now());
    const { text } = await browser.get(`${path}/new`);
    expect(text).toContain("#reports");
    expect(text).toMatch(/private #&lt;new&gt;<small>Invite the app/);
    expect(text).toContain('<a href="/slack">Link it</a>');
    const typed = { users: owner.id, slack_channels: "C000000002", body: "Kept", search: "rep", find: "1" };
    const found = (await browser.post(`${path}/new`, typed)).text;
    expect(found).toContain("#reports");
    expect(found).toContain('value="C000000002" checked');
    expect(found).toContain("Kept");
    expect(await rules()).toEqual([]);
  });
});

describe("a notification that is there", () => {
  const RULES = [
    { on: "success", capture: "png" },
    { on: "failure", subject: "Second" },
  ];
  const makeTwo = async () => {
    const scene = await makeScene([{ ...RULES[0] }]);
    const users = [scene.owner.id];
    const [, id = ""] = /schedules\/([^/]+)/.exec(scene.path) ?? [];
    const body = { notifications: [RULES[0], { ...RULES[1], users }] };
    await scene.owner.call("PATCH", `${scene.at}/schedules/${id}`, { body });
    return { ...scene, schedule: `${scene.at}/schedules/${id}` };
  };

  it("is changed in its place, and removed", async () => {
    const { browser, path, rules, etag, was, owner } = await makeTwo();
    expect((await browser.get(`${path}/1`)).text).toContain('value="Second"');
    const seen = { etag: await etag(`${path}/1`), was: await was(`${path}/1`) };
    const fields = { on: "failure", users: owner.id, subject: "Changed", ...seen };
    expect((await browser.post(`${path}/1`, fields)).status).toBe(303);
    expect(await rules()).toMatchObject([{ capture: "png" }, { subject: "Changed" }]);
    await browser.post(`${path}/0/removal`, { etag: await etag() });
    expect(await rules()).toMatchObject([{ subject: "Changed" }]);
    expect((await browser.get(`${path}/7`)).status).toBe(404);
  });

  it("is left alone when somebody else changed the schedule meanwhile, with what was typed", async () => {
    const { browser, path, rules, etag, was, owner, schedule } = await makeTwo();
    const seen = await etag(`${path}/1`);
    await owner.call("PATCH", schedule, { body: { max_runs: 3 } });
    const fields = { on: "failure", users: owner.id, subject: "Mine", was: await was(`${path}/1`) };
    const told = await browser.post(`${path}/1`, { ...fields, etag: seen });
    expect(told.status).toBe(412);
    expect(told.text).toContain("still as you saw it: When a run fails, 1 member is told.");
    expect(told.text).toContain('value="Mine"');
    expect((await browser.post(`${path}/0/removal`, { etag: seen })).status).toBe(422);
    expect(await rules()).toMatchObject([{ capture: "png" }, { subject: "Second" }]);
  });

  it("is changed where it is by now, and another one in its place is not; gone, it is added when saved once more", async () => {
    const { browser, path, rules, etag, was, owner, schedule } = await makeTwo();
    const fields = { on: "failure", users: owner.id, subject: "Mine", was: await was(`${path}/1`) };
    const seen = await etag(`${path}/1`);
    const [, second] = await rules();
    const patched = await owner.call("PATCH", schedule, {
      body: { notifications: [second, { on: "both", capture: "png" }] },
    });
    expect(patched.status, JSON.stringify(patched.body)).toBe(200);
    const moved = await browser.post(`${path}/1`, { ...fields, etag: seen });
    expect(moved.text).toContain(`action="${path}/0"`);
    expect((await browser.post(`${path}/0`, { ...fields, etag: await etag() })).status).toBe(303);
    expect(await rules()).toMatchObject([{ subject: "Mine" }, { on: "both" }]);
    const gone = await browser.post(`${path}/0`, { ...fields, etag: await etag() });
    expect([gone.status, gone.text]).toEqual([412, expect.stringContaining(`action="${path}/new"`)]);
    expect(gone.text).toContain("not there any more as you saw it");
    expect(await rules()).toHaveLength(2);
    expect((await browser.post(`${path}/new`, { ...fields, etag: await etag() })).status).toBe(303);
    expect(await rules()).toHaveLength(3);
  });

  it("is tried now", async () => {
    const { browser, path } = await makeTwo();
    expect((await browser.post(`${path}/1/test`, { to: "me" })).location).toBe(`${path}?did=tested`);
    const refused = await browser.post(`${path}/0/test`, { to: "recipients" });
    expect(refused.text).toContain("The notification has no recipients");
  });

  it("is nobody's to see who may not change it", async () => {
    const { member, path } = await makeTwo();
    expect((await (await member("can_view")).browser.get(path)).status).toBe(403);
  });
});
