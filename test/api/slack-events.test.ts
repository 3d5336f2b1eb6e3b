/** `/slack/events`: what Slack tells of its teams, proven by its signature. */

import { env } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { findSlackChannel, keepSlackChannels } from "../../src/directory/slack-channels.ts";
import { findSlackConnection } from "../../src/directory/slack-connections.ts";
import { readSlackChannelId } from "../../src/domain/news/slack-channel.ts";
import { newId, now } from "../../src/system.ts";
import { connectSlack } from "../support/slack-connected.ts";
import { auditOf, call, expectProblem, makeAdmin } from "./caller.ts";

const ID = readSlackChannelId("C0REPORTS");

function tell(payload: unknown, headers: Record<string, string> = {}) {
  const body = typeof payload === "string" ? payload : JSON.stringify(payload);
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = `v0=${createHmac("sha256", "slack-signing-secret").update(`v0:${timestamp}:${body}`).digest("hex")}`;
  const signed = { "x-slack-request-timestamp": timestamp, "x-slack-signature": signature };
  return call("POST", "/slack/events", { body, headers: { ...signed, ...headers } });
}

/** A workspace that is connected to a team, which has the channel #reports. */
async function makeTeam() {
  const team = { id: `T${newId().replaceAll("-", "").toUpperCase()}`, name: "Fake" };
  const { scope } = await makeAdmin();
  await connectSlack(scope, "xoxb-fake", { team });
  const reports = { id: ID, name: "reports", isPrivate: false, isMember: true, isArchived: false };
  await keepSlackChannels(env.DIRECTORY, scope, team.id, [reports], now());
  const event = (inner: object, event_time = Math.floor(Date.now() / 1_000) + 1) =>
    tell({ type: "event_callback", team_id: team.id, event_id: "Ev1", event_time, event: inner });
  const state = async () => (await findSlackConnection(env.DIRECTORY, scope))?.state;
  const channel = () => findSlackChannel(env.DIRECTORY, scope, ID);
  return { team, scope, event, state, channel };
}

describe("an event", () => {
  it("that asks whether the address is ours is answered", async () => {
    const answer = await tell({ type: "url_verification", challenge: "3eZbrw1aB" });
    expect([answer.status, answer.body]).toEqual([200, { challenge: "3eZbrw1aB" }]);
  });

  it.each([
    ["unsigned", { "x-slack-signature": "" }],
    ["signed by somebody else", { "x-slack-signature": `v0=${"0".repeat(64)}` }],
    ["old", { "x-slack-request-timestamp": "1500000000" }],
  ])("that is %s changes nothing", async (_, headers) => {
    const { team, state } = await makeTeam();
    const event = { type: "event_callback", team_id: team.id, event: { type: "app_uninstalled" } };
    expectProblem(await tell(event, headers), 401, "unauthorized");
    expect(await state()).toBe("connected");
  });

  it.each(["not json", "[]", "null", '"text"'])("that is none is refused: %s", async (body) => {
    expectProblem(await tell(body), 400, "malformed_json");
  });

  it("that is too large is refused before it is read", async () => {
    expectProblem(await tell({ type: "event_callback", event: "x".repeat(300_000) }), 413, "body_too_large");
  });

  it.each([
    { type: "event_callback" },
    { type: "event_callback", team_id: "T0NOBODY", event: { type: "app_uninstalled" } },
    { type: "event_callback", team_id: "T0NOBODY", event: { type: "reaction_added" } },
    { type: "something_new" },
  ])("that concerns nobody is answered like any other: %j", async (payload) => {
    expect((await tell(payload)).status).toBe(200);
  });
});

describe("a team that throws the app out", () => {
  it.each([{ type: "app_uninstalled" }, { type: "tokens_revoked", tokens: { oauth: [], bot: ["U0BOT"] } }])(
    "breaks the connection of its workspace, once: %j",
    async (inner) => {
      const { event, state, scope } = await makeTeam();
      await event(inner);
      await event(inner);
      expect(await state()).toBe("broken");
      expect(await findSlackConnection(env.DIRECTORY, scope)).toMatchObject({
        trouble: { reason: "slack_disconnected", code: inner.type },
      });
      expect(await auditOf(scope, "slack.disconnected")).toHaveLength(1);
    },
  );

  it("is not believed of a connection that is newer", async () => {
    const { event, state } = await makeTeam();
    await event({ type: "app_uninstalled" }, Math.floor(Date.now() / 1_000) - 60);
    expect(await state()).toBe("connected");
  });

  it("is another affair than people's own tokens", async () => {
    const { event, state } = await makeTeam();
    await event({ type: "tokens_revoked", tokens: { oauth: ["U1"], bot: [] } });
    expect(await state()).toBe("connected");
  });
});

describe("a channel that changes", () => {
  it.each([
    [{ type: "channel_rename", channel: { id: ID, name: "numbers" } }, { name: "numbers" }],
    [{ type: "group_rename", channel: { id: ID, name: "numbers" } }, { name: "numbers" }],
    [{ type: "channel_archive", channel: ID, user: "U1" }, { isArchived: true }],
    [{ type: "member_left_channel", channel: ID, user: "U0BOT" }, { isMember: false }],
    [{ type: "member_left_channel", channel: ID, user: "U0ADA" }, { isMember: true }],
    [{ type: "channel_left", channel: ID }, { isMember: false }],
  ])("is known as it is now: %j", async (inner, expected) => {
    const { event, channel } = await makeTeam();
    expect((await event(inner)).status).toBe(200);
    expect(await channel()).toMatchObject(expected);
  });

  it("back and forth is as it was", async () => {
    const { event, channel } = await makeTeam();
    for (const type of ["channel_archive", "channel_unarchive"]) await event({ type, channel: ID });
    for (const type of ["member_left_channel", "member_joined_channel"])
      await event({ type, channel: ID, user: "U0BOT" });
    expect(await channel()).toMatchObject({ isArchived: false, isMember: true });
  });

  it("and is deleted is not in the list any more", async () => {
    const { event, channel } = await makeTeam();
    await event({ type: "channel_deleted", channel: ID });
    expect(await channel()).toBeNull();
  });
});
