/** Ways to Slack and back, and that nothing of Slack is left of whoever is gone. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { forgetExpiredWaysIn } from "../../src/directory/expired-ways-in.ts";
import { SECRET_RANDOM_BYTES, secretText } from "../../src/directory/sessions.ts";
import { keepSlackChannels } from "../../src/directory/slack-channels.ts";
import { findSlackLink, keepSlackLink } from "../../src/directory/slack-links.ts";
import { keepSlackState, SLACK_STATE_MS, useSlackState } from "../../src/directory/slack-states.ts";
import { emptyWorkspace } from "../../src/directory/tombstones.ts";
import { readSlackChannelId } from "../../src/domain/news/slack-channel.ts";
import { DAY_MS } from "../../src/domain/time/instant.ts";
import { now, randomBytes } from "../../src/system.ts";
import { makeAdmin } from "../api/caller.ts";
import { scribeAt } from "../support/scribe.ts";
import { connectSlack } from "../support/slack-connected.ts";

async function makeWay(at = now()) {
  const { scope, id } = await makeAdmin();
  const go = async (from = at): Promise<string> => {
    const secret = secretText(randomBytes(SECRET_RANDOM_BYTES));
    await keepSlackState(env.DIRECTORY, scope, { member: id, purpose: "install", now: from }, secret);
    return secret;
  };
  const comeBack = (secret: string, to = at) => useSlackState(env.DIRECTORY, scope, id, secret, to);
  return { go, comeBack };
}

describe("a way to Slack and back", () => {
  it("is burnt by one of two who come back at the same time", async () => {
    const { go, comeBack } = await makeWay();
    const secret = await go();
    const ends = await Promise.all([comeBack(secret), comeBack(secret)]);
    expect(ends.filter(({ ok }) => ok)).toHaveLength(1);
    expect(ends).toContainEqual({ ok: false, error: "used" });
  });

  it("makes room for newer ones", async () => {
    const { go, comeBack } = await makeWay();
    const first = await go();
    for (let count = 1; count <= 20; count += 1) await go(now() + count);
    expect(await comeBack(first)).toEqual({ ok: false, error: "unknown" });
  });

  it("is remembered for a day after it has expired, and then forgotten", async () => {
    const at = now();
    const { go, comeBack } = await makeWay(at);
    const secret = await go();
    await forgetExpiredWaysIn(env.DIRECTORY, at + SLACK_STATE_MS);
    expect(await comeBack(secret, at + SLACK_STATE_MS)).toEqual({ ok: false, error: "expired" });
    await forgetExpiredWaysIn(env.DIRECTORY, at + SLACK_STATE_MS + DAY_MS);
    expect(await comeBack(secret, at + SLACK_STATE_MS)).toEqual({ ok: false, error: "unknown" });
  });
});

describe("a workspace that is emptied", () => {
  it("leaves nothing of Slack behind", async () => {
    const { scope, id, email } = await makeAdmin();
    await connectSlack(scope, "xoxb-fake");
    const channel = {
      id: readSlackChannelId("C09"),
      name: "reports",
      isPrivate: false,
      isMember: true,
      isArchived: false,
    };
    await keepSlackChannels(env.DIRECTORY, scope, "T000000001", [channel], now());
    const link = { teamId: "T000000001", userId: "U1" };
    expect((await keepSlackLink(env.DIRECTORY, scope, { id, email }, link, scribeAt())).ok).toBe(true);
    await keepSlackState(env.DIRECTORY, scope, { member: id, purpose: "link", now: now() }, "s".repeat(43));
    await env.DIRECTORY.prepare("UPDATE workspaces SET deleted_at = 1 WHERE id = ?1").bind(scope.workspaceId).run();
    await emptyWorkspace(env.DIRECTORY, scope, now());
    for (const table of ["slack_connections", "slack_channels", "slack_links", "slack_states"]) {
      const left = await env.DIRECTORY.prepare(`SELECT count(*) AS rows FROM ${table} WHERE workspace_id = ?1`)
        .bind(scope.workspaceId)
        .first("rows");
      expect([table, left]).toEqual([table, 0]);
    }
  });
});

describe("a link", () => {
  it("is to the connected team, and to no other", async () => {
    const { scope, id, email } = await makeAdmin();
    await connectSlack(scope, "xoxb-fake");
    const elsewhere = { teamId: "T0OTHER", userId: "U1" };
    expect(await keepSlackLink(env.DIRECTORY, scope, { id, email }, elsewhere, scribeAt())).toEqual({
      ok: false,
      error: "other_team",
    });
    expect(await findSlackLink(env.DIRECTORY, scope, id)).toBeNull();
  });
});
