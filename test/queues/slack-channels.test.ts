/** Fetching the channels of a team: page by page, patient, and without those that are gone. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  beginSlackSync,
  endSlackSync,
  findSlackChannel,
  keepSlackChannels,
  listSlackChannels,
} from "../../src/directory/slack-channels.ts";
import { findSlackConnection } from "../../src/directory/slack-connections.ts";
import type { WorkspaceScope } from "../../src/domain/access.ts";
import { firstSyncOrder, type SyncChannelsOrder } from "../../src/domain/news/delivery-order.ts";
import { readSlackChannelId } from "../../src/domain/news/slack-channel.ts";
import { HOUR_MS, MINUTE_MS } from "../../src/domain/time/instant.ts";
import { orderDailySlackSyncs, syncSlackChannels } from "../../src/queues/slack-channels.ts";
import { now } from "../../src/system.ts";
import { makeAdmin } from "../api/caller.ts";
import { makeEnv } from "../console/browser.ts";
import { connectSlack } from "../support/slack-connected.ts";
import type { FakeScript } from "../support/slack-fake.ts";
import { makeSlackTeam } from "../support/slack-team.ts";
import { setClock } from "../support/world.ts";

interface Sent {
  readonly order: SyncChannelsOrder;
  readonly delaySeconds: number;
}
let sent: Sent[] = [];

beforeEach(() => {
  sent = [];
  vi.spyOn(console, "warn").mockImplementation(() => {});
  vi.spyOn(env.DELIVERIES, "sendBatch").mockImplementation(async (messages) => {
    for (const { body, delaySeconds = 0 } of messages) sent.push({ order: body as SyncChannelsOrder, delaySeconds });
    return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const page = (channels: readonly unknown[], next_cursor = "") => ({
  text: JSON.stringify({ ok: true, channels, response_metadata: { next_cursor } }),
});
const one = (id: string, more: object = {}) => ({
  id,
  name: id.toLowerCase(),
  is_private: false,
  is_member: false,
  ...more,
});

async function makeSyncing(script: FakeScript) {
  const { scope } = await makeAdmin();
  await connectSlack(scope, "xoxb-fake");
  const { via, seen } = await makeSlackTeam(script);
  const sync = (order: SyncChannelsOrder) => syncSlackChannels(makeEnv({ SLACK_URL: via.url }), order);
  return { scope, seen, sync, names: () => namesIn(scope) };
}

const namesIn = async (scope: WorkspaceScope): Promise<readonly string[]> =>
  (await listSlackChannels(env.DIRECTORY, scope, {}, { limit: 100 })).map(({ name }) => name);

describe("a sync", () => {
  it("fetches first what the app is in, then the rest, a page for each message, and forgets what is gone", async () => {
    const { scope, seen, sync, names } = await makeSyncing({
      mishaps: {
        "users.conversations": [page([one("C01", { is_private: true })])],
        "conversations.list": [page([one("C02")], "dXNlcg"), page([one("C03"), { id: "D01" }, null])],
      },
    });
    const gone = { id: readSlackChannelId("C09"), name: "gone", isPrivate: false, isMember: true, isArchived: false };
    await keepSlackChannels(env.DIRECTORY, scope, "T000000001", [gone], now() - 60_000);
    await sync(firstSyncOrder(scope.workspaceId, now()));
    while (sent.length > 0 && sent.length < 9) {
      const { order, delaySeconds } = sent.pop() as Sent;
      expect(delaySeconds).toBe(3);
      await sync(order);
    }
    expect(await names()).toEqual(["c01", "c02", "c03"]);
    expect(await findSlackChannel(env.DIRECTORY, scope, readSlackChannelId("C01"))).toMatchObject({
      isPrivate: true,
      isMember: true,
    });
    expect((await findSlackConnection(env.DIRECTORY, scope))?.syncedAt).toBeGreaterThan(0);
    const { calls } = await seen();
    expect(calls.map(({ method }) => method)).toEqual([
      "users.conversations",
      "conversations.list",
      "conversations.list",
    ]);
    expect(calls[0]?.args).toEqual({ types: "public_channel,private_channel", exclude_archived: "true", limit: "200" });
    expect(calls[2]?.args.cursor).toBe("dXNlcg");
  });

  it("waits as long as Slack asks for, and goes on where it was", async () => {
    const { scope, sync } = await makeSyncing({ mishaps: { "conversations.list": [{ status: 429, retryAfter: 40 }] } });
    const order = { ...firstSyncOrder(scope.workspaceId, now()), stage: "all", cursor: "here" } as const;
    await sync(order);
    expect(sent).toEqual([{ order: { ...order, waits: 1 }, delaySeconds: 40 }]);
  });

  it("is given up when Slack asks for patience again and again, and keeps what it has", async () => {
    const { scope, sync } = await makeSyncing({ mishaps: { "conversations.list": [{ status: 429 }] } });
    const begun = await beginSlackSync(env.DIRECTORY, scope, now());
    await sync({ ...firstSyncOrder(scope.workspaceId, begun?.begunAt ?? 0), stage: "all", waits: 10 });
    expect(sent).toEqual([]);
    setClock(now() + MINUTE_MS);
    expect(await beginSlackSync(env.DIRECTORY, scope, now())).not.toBeNull();
  });

  it("counts patience anew with each page", async () => {
    const { scope, sync } = await makeSyncing({ mishaps: { "conversations.list": [page([one("C02")], "dXNlcg")] } });
    await sync({ ...firstSyncOrder(scope.workspaceId, now()), stage: "all", waits: 9 });
    expect(sent).toMatchObject([{ order: { cursor: "dXNlcg" } }]);
    expect(sent[0]?.order).not.toHaveProperty("waits");
  });

  it("that another one has followed asks Slack nothing", async () => {
    const { scope, seen, sync } = await makeSyncing({});
    await beginSlackSync(env.DIRECTORY, scope, now());
    await sync(firstSyncOrder(scope.workspaceId, now() - 1_000));
    expect([(await seen()).calls, sent]).toEqual([[], []]);
  });

  it("does without the first stage where there is none", async () => {
    const { scope, sync } = await makeSyncing({ mishaps: { "users.conversations": [{ error: "unknown_method" }] } });
    await sync(firstSyncOrder(scope.workspaceId, now()));
    expect(sent).toMatchObject([{ order: { stage: "all" } }]);
  });

  it("comes again when Slack is out of order", async () => {
    const { scope, sync } = await makeSyncing({ mishaps: { "users.conversations": [{ status: 503 }] } });
    await expect(sync(firstSyncOrder(scope.workspaceId, now()))).rejects.toThrow("could not be fetched");
  });

  it.each([
    ["token_revoked", "broken"],
    ["missing_scope", "connected"],
    ["invalid_cursor", "connected"],
  ])("ends at %s, and forgets nothing; the connection is %s", async (error, state) => {
    const { scope, sync, names } = await makeSyncing({ mishaps: { "users.conversations": [{ error }] } });
    const kept = { id: readSlackChannelId("C09"), name: "kept", isPrivate: false, isMember: true, isArchived: false };
    await keepSlackChannels(env.DIRECTORY, scope, "T000000001", [kept], now() - 60_000);
    await sync(firstSyncOrder(scope.workspaceId, now()));
    expect([sent, await names()]).toEqual([[], ["kept"]]);
    expect((await findSlackConnection(env.DIRECTORY, scope))?.state).toBe(state);
  });

  it("of a workspace that is not connected any more does nothing", async () => {
    const { scope } = await makeAdmin();
    await syncSlackChannels(makeEnv({}), firstSyncOrder(scope.workspaceId, now()));
    expect(sent).toEqual([]);
  });

  it("keeps nothing of a team that the workspace is not connected to", async () => {
    const { scope } = await makeAdmin();
    await connectSlack(scope, "xoxb-fake");
    const other = { id: readSlackChannelId("C09"), name: "other", isPrivate: false, isMember: true, isArchived: false };
    await keepSlackChannels(env.DIRECTORY, scope, "T0OTHER", [other], now());
    expect(await namesIn(scope)).toEqual([]);
  });
});

describe("a sync that is asked for", () => {
  it("begins when none is under way, none began within the minute, and none stopped within the hour", async () => {
    const { scope } = await makeAdmin();
    setClock(now() + HOUR_MS);
    const begin = async () => (await beginSlackSync(env.DIRECTORY, scope, now()))?.begunAt;
    expect(await begin()).toBeUndefined();
    await connectSlack(scope, "xoxb-fake");
    const first = await begin();
    expect(first).toBe(now());
    expect(await begin()).toBeUndefined();
    setClock(now() + MINUTE_MS);
    expect(await begin()).toBeUndefined();
    await endSlackSync(env.DIRECTORY, scope, "T000000001", first ?? 0, now());
    expect(await begin()).toBe(now());
    setClock(now() + HOUR_MS);
    expect(await begin()).toBe(now());
    await endSlackSync(env.DIRECTORY, scope, "T000000001", now(), now());
    expect(await begin()).toBeUndefined();
  });
});

describe("the daily syncs", () => {
  it("are of every connected workspace, and not of those that are broken", async () => {
    const [well, broken] = [await makeAdmin(), await makeAdmin()];
    await connectSlack(well.scope, "xoxb-fake");
    await connectSlack(broken.scope, "xoxb-fake");
    await env.DIRECTORY.prepare("UPDATE slack_connections SET state = 'broken', broken_at = 1 WHERE workspace_id = ?1")
      .bind(broken.scope.workspaceId)
      .run();
    await orderDailySlackSyncs(makeEnv({}));
    const workspaces = sent.map(({ order }) => order.workspace);
    expect(workspaces).toContain(well.scope.workspaceId);
    expect(workspaces).not.toContain(broken.scope.workspaceId);
  });
});
