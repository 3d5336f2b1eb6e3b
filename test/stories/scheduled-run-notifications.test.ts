/** Promise: scheduled runs tell whom they are to tell, by mail and in Slack, in real messages that are read back as they arrived. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { readSlackChannelId } from "../../src/domain/news/slack-channel.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import { newId } from "../../src/system.ts";
import { auditOf, expectProblem, functionAt, give, makeMember, type Person } from "../api/caller.ts";
import { bytesOf } from "../support/captured.ts";
import { NINE } from "../support/news-world.ts";
import { capture, makeStory, type Story } from "../support/sending-story.ts";
import {
  agreeInSlack,
  fileOf,
  inviteToChannel,
  makeSlackChannel,
  messagesIn,
  threadOf,
} from "../support/slack-hands.ts";
import { eventually, ringThrough } from "../support/world.ts";

beforeEach(() => {
  for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
});

const channelName = () => `reports-${newId()}`;

const save = (story: Story, notifications: readonly object[], by: Person = story.ada) =>
  by.call("POST", `${story.at}/schedules`, { body: { schedule: "every day at 9am", fn: "work", notifications } });

describe("several schedules of a project", () => {
  it("tell each its own people, of its own successes, failures, or both", async () => {
    const story = await makeStory();
    const { ada, at, member } = story;
    await ada.call("POST", `${at}/versions`, {
      body: { functions: [functionAt("work"), functionAt("broken", "status-500")] },
    });
    await ada.call("PUT", `${at}/published`, { body: { version: 2 } });
    const people = [await member("glad"), await member("sorry"), await member("both"), await member("other")] as const;
    const [glad, sorry, both, other] = people;
    const kinds = (name: string) => [
      { on: "success", users: [glad.id], subject: `${name} went well` },
      { on: "failure", users: [sorry.id], subject: `${name} failed` },
      { on: "both", users: [both.id], subject: `${name} ended` },
    ];
    await story.schedule(kinds("Sales"));
    await story.schedule(kinds("Stock"), { fn: "broken" });
    await story.schedule([{ users: [other.id], subject: "Another" }]);
    await ringThrough(story, NINE);
    const log = new D1RunLog(env.RUNLOG);
    await eventually(
      () => log.list(story.scope, {}, { limit: 10 }),
      (runs) => runs.length === 3,
    );
    await story.send();
    expect(await story.subjects(glad)).toEqual(["Sales went well"]);
    expect(await story.subjects(sorry)).toEqual(["Stock failed"]);
    expect((await story.subjects(both)).toSorted()).toEqual(["Failed: Stock ended", "Sales ended"]);
    expect(await story.subjects(other)).toEqual(["Another"]);
    const [failure] = await story.mail(sorry);
    expect(failure?.mail.text).toContain("500");
  });
});

describe("users and groups", () => {
  it("are told by mail, the members of a group as they are when the run ends, each with the notification's own words", async () => {
    const story = await makeStory();
    const { ada, member } = story;
    const [bob, eve, late] = [await member("bob"), await member("eve"), await member("late")];
    const group = (await ada.call("POST", "/v1/groups", { body: { name: "Readers" } })).body.id;
    for (const one of [bob, eve]) await ada.call("PUT", `/v1/groups/${group}/members/${one.id}`);
    const body = "Numbers of the day.\n\nAsk <Ada> & co.";
    await story.schedule([{ users: [bob.id], groups: [group], subject: "Größe der Zahlen 📈", body }]);
    await ada.call("PUT", `/v1/groups/${group}/members/${late.id}`);
    await ada.call("DELETE", `/v1/groups/${group}/members/${eve.id}`);
    const run = await story.runAtNine();
    await story.send();
    expect([await story.subjects(eve), (await story.mail(late)).length]).toEqual([[], 1]);
    const [letter, ...more] = await story.mail(bob);
    expect(more).toEqual([]);
    expect(letter?.mail).toMatchObject({ subject: "Größe der Zahlen 📈", to: [{ address: bob.email }] });
    expect(letter?.mail.text).toContain("Ask <Ada> & co.");
    expect(letter?.mail.html).toContain("Ask &lt;Ada&gt; &amp; co.");
    expect(letter?.mail.html).toContain(`https://carillon.test/projects/${story.scope.projectId}/runs/${run.id}`);
    expect(letter?.raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click/m);
    expect(letter?.raw).toMatch(/^Auto-Submitted: auto-generated/m);
  });

  it("are told in Slack in place of mail, or in both, as each of them prefers", async () => {
    const story = await makeStory();
    const { ada, browser } = story;
    await story.installSlack();
    const way = await ada.call("POST", "/v1/slack/links", { body: { method: "sign_in" } });
    expect((await browser.get(await agreeInSlack(way.body.authorize_url))).text).toContain("You are known");
    const grace = await makeMember(ada.scope, "editor", { name: "grace" });
    await env.DIRECTORY.prepare("UPDATE members SET email = 'grace@acme.test' WHERE id = ?1").bind(grace.id).run();
    expect((await grace.call("POST", "/v1/slack/links", { body: { method: "email" } })).body.linked).toBe(true);
    const prefer = (who: Person, notifications: object) =>
      who.call("PATCH", "/v1/me/preferences", { body: { notifications } });
    await prefer(ada, { email: false, slack: true });
    await prefer(grace, { email: true, slack: true });
    const subject = `For people ${newId()}`;
    await story.schedule([{ users: [ada.id, grace.id], subject }]);
    const run = await story.runAtNine();
    await story.send();
    const ways = (await story.deliveries(run.id)).map(({ recipient, channel, state }) => [
      recipient.id === ada.id ? "ada" : "grace",
      channel,
      state,
    ]);
    expect(ways.toSorted()).toEqual([
      ["ada", "slack", "sent"],
      ["grace", "email", "sent"],
      ["grace", "slack", "sent"],
    ]);
    expect([await story.subjects(ada), await story.subjects({ email: "grace@acme.test" })]).toEqual([[], [subject]]);
    const direct = (await story.deliveries(run.id)).find(({ recipient }) => recipient.id === ada.id);
    const { channel } = Object(direct?.progress);
    expect(channel).toMatch(/^D/);
    expect(JSON.stringify(await messagesIn(channel))).toContain(subject);
  });

  it("who have no access are named before it is saved, and given app_only by saving it; the audit has each", async () => {
    const story = await makeStory();
    const { ada, at, member } = story;
    const [bob, eve] = [await member("bob"), await member("eve")];
    const group = (await ada.call("POST", "/v1/groups", { body: { name: "Readers" } })).body.id;
    await ada.call("PUT", `/v1/groups/${group}/members/${eve.id}`);
    const notifications = [{ users: [bob.id], groups: [group] }];
    const preview = await ada.call("POST", `${at}/notification-previews`, { body: { notifications } });
    expect(preview.body.grants).toMatchObject([
      { kind: "user", id: bob.id, access: "app_only" },
      { kind: "group", id: group, access: "app_only" },
    ]);
    expect((await eve.call("GET", at)).status).toBe(404);
    await story.schedule(notifications);
    const details = (await auditOf(ada.scope, "access.granted_automatically")).map(({ detail }) => detail);
    expect(details.map((detail) => JSON.parse(detail ?? ""))).toEqual([
      { grantee: { kind: "user", id: bob.id }, access: "app_only" },
      { grantee: { kind: "group", id: group }, access: "app_only" },
    ]);
    for (const one of [bob, eve])
      expect((await one.call("GET", at)).body.access?.access ?? "app_only").toBe("app_only");
    await story.runAtNine();
    await story.send();
    for (const one of [bob, eve]) expect(await story.mail(one)).toHaveLength(1);
  });
});

describe("a capture", () => {
  it("of PNG is shown in the mail, and of PDF attached to it", async () => {
    const story = await makeStory();
    const [bob, eve] = [await story.member("bob"), await story.member("eve")];
    await story.schedule([
      { users: [bob.id], capture: "png" },
      { users: [eve.id], capture: "pdf" },
    ]);
    const run = await story.runAtNine();
    await story.send();
    expect([await story.mail(bob), await story.mail(eve)]).toEqual([[], []]);
    await capture(story, run);
    const [shown] = await story.mail(bob);
    const [picture] = shown?.mail.attachments ?? [];
    expect(picture).toMatchObject({ mimeType: "image/png", disposition: "inline" });
    expect(shown?.mail.html).toContain(`src="cid:${picture?.contentId?.replaceAll(/[<>]/g, "")}"`);
    expect(new Uint8Array(picture?.content as ArrayBuffer)).toEqual(bytesOf("png"));
    const [attached] = await story.mail(eve);
    const [print] = attached?.mail.attachments ?? [];
    expect(print).toMatchObject({
      mimeType: "application/pdf",
      disposition: "attachment",
      filename: "reports-2027-01-15.pdf",
    });
    expect(new Uint8Array(print?.content as ArrayBuffer)).toEqual(bytesOf("pdf"));
  });

  it.each(["png", "pdf"] as const)(
    "of %s stands in the thread of its message in Slack, byte for byte",
    async (format) => {
      const story = await makeStory();
      await story.installSlack();
      const channel = await makeSlackChannel(channelName());
      expect((await save(story, [{ slack_channels: [channel], capture: format, subject: "The numbers" }])).status).toBe(
        201,
      );
      await capture(story, await story.runAtNine());
      const posted = (await messagesIn(channel)).filter(({ text }) => text.includes("The numbers"));
      expect(posted).toHaveLength(1);
      const [text, picture, ...more] = await threadOf(channel, posted[0] ?? expect.fail());
      expect([text?.files ?? [], more]).toEqual([[], []]);
      expect(picture?.files).toMatchObject([{ name: `reports-2027-01-15.${format}` }]);
      expect(await fileOf(picture ?? expect.fail())).toEqual(bytesOf(format));
    },
  );
});

describe("a Slack channel", () => {
  it("can be named once an admin has connected Slack, by whoever may edit, and by nobody else", async () => {
    const story = await makeStory();
    const { ada, at, member } = story;
    const [editor, viewer] = [await member("editor"), await member("viewer")];
    await give(ada, at, { user: editor.id }, "can_edit");
    await give(ada, at, { user: viewer.id }, "can_view");
    const channel = await makeSlackChannel(channelName());
    const notifications = [{ on: "both", slack_channels: [channel], subject: `For all ${channel}` }];
    const early = await save(story, notifications, editor);
    expectProblem(early, 422, "invalid_input");
    expect(early.body.errors).toMatchObject([{ path: "/notifications/0/slack_channels/0" }]);
    expectProblem(await editor.call("POST", "/v1/slack/connection"), 403, "forbidden");
    await story.installSlack();
    expectProblem(await save(story, notifications, viewer), 403, "forbidden");
    expect((await save(story, notifications, editor)).status).toBe(201);
    await story.runAtNine();
    await story.send();
    const posted = await messagesIn(channel);
    expect(posted.filter(({ text }) => text.includes(`For all ${channel}`))).toHaveLength(1);
  });

  it("that is private can be named after the app was invited, and checked again", async () => {
    const story = await makeStory();
    const { ada } = story;
    await story.installSlack();
    const channel = await makeSlackChannel(channelName(), { isPrivate: true });
    const check = async () => (await ada.call("POST", "/v1/slack/channels/checks", { body: { channel } })).body;
    const notifications = [{ slack_channels: [channel], subject: "Confidential" }];
    const before = await check();
    expect(before).toMatchObject({ usable: false, fix: expect.stringContaining("/invite") });
    const refused = await save(story, notifications);
    expectProblem(refused, 422, "invalid_input");
    expect(refused.body.errors[0]).toMatchObject({ path: "/notifications/0/slack_channels/0" });
    const bot = await env.DIRECTORY.prepare("SELECT bot_user_id FROM slack_connections WHERE workspace_id = ?1")
      .bind(story.scope.workspaceId)
      .first<{ bot_user_id: string }>();
    await inviteToChannel(channel, bot?.bot_user_id ?? "");
    expect(await check()).toMatchObject({ id: readSlackChannelId(channel), private: true, usable: true, reason: null });
    expect((await save(story, notifications)).status).toBe(201);
    await story.runAtNine();
    await story.send();
    expect(JSON.stringify(await messagesIn(channel))).toContain("Confidential");
  });
});

describe("the Professional plan", () => {
  it("has no Slack, and says which plan has; its preset schedules tell people by mail, with a capture", async () => {
    const story = await makeStory({ plan: "professional" });
    const bob = await makeMember(story.ada.scope, "editor", { name: "bob" });
    const refused = await save(story, [{ slack_channels: ["C000000001"] }]);
    expectProblem(refused, 403, "limit_reached");
    expect(refused.body).toMatchObject({ limit: "slack", plan: "team" });
    expectProblem(await story.ada.call("POST", "/v1/slack/connection"), 403, "limit_reached");
    const body = { schedule: "every 7 minutes", fn: "work", notifications: [{ users: [bob.id] }] };
    expectProblem(await story.ada.call("POST", `${story.at}/schedules`, { body }), 403, "limit_reached");
    await story.schedule([{ users: [bob.id], subject: "Every morning", capture: "png" }]);
    await capture(story, await story.runAtNine());
    const [letter] = await story.mail(bob);
    expect(letter?.mail.subject).toBe("Every morning");
    expect(letter?.mail.attachments).toHaveLength(1);
  });
});
