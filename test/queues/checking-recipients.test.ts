/** Whoever looks after a project is warned before the hour of recipients whom news would not reach: by mail, once a day. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { reachProject } from "../../src/actor/reach.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/domain/time/instant.ts";
import type { Env } from "../../src/env.ts";
import { sweep } from "../../src/queues/sweep.ts";
import { now } from "../../src/system.ts";
import type { Person } from "../api/caller.ts";
import { handle, LOCAL, WITH_SLACK } from "../support/hand-queue.ts";
import { EIGHT, makeNewsWorld, type NewsWorld } from "../support/news-world.ts";
import { connectSlack } from "../support/slack-connected.ts";
import { archiveChannel, makeSlackChannel } from "../support/slack-hands.ts";
import { makeSlackTeam } from "../support/slack-team.ts";
import { setClock, unwrap } from "../support/world.ts";

let world: NewsWorld;
beforeEach(async () => {
  for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
  world = await makeNewsWorld();
});

/** Slack is asked for real; what is sent stays in the outbox. */
const ASKING = { ...LOCAL, ...WITH_SLACK } as Env;

/** Looks once, and sends the warnings that it leads to. */
async function check(environment: Env = ASKING): Promise<void> {
  const { workspaceId: workspace, projectId: project } = world.scope;
  expect(await handle([{ kind: "check_recipients", workspace, project }], environment)).toEqual({
    acks: ["0"],
    again: [],
  });
  await world.queue.pump();
}

/** Warnings so far, oldest first, as text. */
const warnings = async (): Promise<readonly { readonly recipient: string; readonly text: string }[]> =>
  (await world.outbox())
    .filter(({ title }) => title.includes("will not reach"))
    .map(({ recipient, body }) => ({ recipient, text: JSON.stringify(body) }))
    .toReversed();

const expectWarned = async (...words: readonly string[]): Promise<void> => {
  const [warning, ...more] = await warnings();
  expect([warning?.recipient, more]).toEqual(["ada@acme.test", []]);
  for (const word of words) expect(warning?.text).toContain(word);
};

async function endpoint(): Promise<string> {
  const made = await world.ada.call("POST", "/v1/webhooks", {
    body: { name: "Ops", url: `${env.RECEIVER}/x/ok`, events: [] },
  });
  return made.body.id;
}

const leave = (member: Person) => world.ada.call("DELETE", `/v1/members/${member.id}`);

describe("the owner is warned by mail", () => {
  it("of a member who was deactivated since, with what mends it; once a day, and of a new trouble at once", async () => {
    const [bob, eve] = [await world.member("bob"), await world.member("eve")];
    await world.schedule([{ users: [bob.id, eve.id, world.ada.id] }]);
    await check();
    expect(await warnings()).toEqual([]);
    await leave(bob);
    await check();
    await expectWarned(bob.email, "Take");
    setClock(now() + 20 * MINUTE_MS);
    await check();
    expect(await warnings()).toHaveLength(1);
    await leave(eve);
    await check();
    expect(await warnings()).toHaveLength(2);
    setClock(Date.parse(EIGHT) + DAY_MS);
    await check();
    expect(await warnings()).toHaveLength(3);
  });

  it("of a member whose access was taken away since: a run gives none", async () => {
    const bob = await world.member("bob");
    await world.schedule([{ users: [bob.id] }]);
    await world.ada.call("PATCH", `${world.at}/access`, { body: { user: bob.id, access: "none" } });
    await check();
    await expectWarned(bob.email, "Share the project");
  });

  it("of an endpoint that was disabled, and of one that was deleted", async () => {
    const [off, gone] = [await endpoint(), await endpoint()];
    await world.schedule([{ webhooks: [off, gone] }]);
    await world.ada.call("PATCH", `/v1/webhooks/${off}`, { body: { enabled: false } });
    await world.ada.call("DELETE", `/v1/webhooks/${gone}`);
    await check();
    await expectWarned("Enable the endpoint", "no such webhook endpoint");
  });

  it("of a group that is empty since, and of one that was deleted", async () => {
    const made = await Promise.all(
      ["Readers", "Writers"].map((name) => world.ada.call("POST", "/v1/groups", { body: { name } })),
    );
    const [empty, gone] = made.map(({ body }) => body.id);
    await world.schedule([{ groups: [empty, gone] }]);
    await world.ada.call("DELETE", `/v1/groups/${gone}`);
    await check();
    await expectWarned("Readers", "Nobody is in the group", "There is no such group");
  });

  it("of each recipient once, of fifty in one message, and of the others when these are mended", async () => {
    const groups = await Promise.all(
      Array.from({ length: 52 }, async (_, place) => {
        const { body } = await world.ada.call("POST", "/v1/groups", { body: { name: `Group ${place}` } });
        return String(body.id);
      }),
    );
    await world.schedule([{ groups: groups.slice(0, 51) }, { groups: groups.slice(1), on: "failure" }]);
    await check();
    const [warning, ...more] = await warnings();
    expect(warning?.text).toContain("50 recipients");
    expect(more).toEqual([]);
  });

  it("of a channel that was archived since", async () => {
    await connectSlack(world.ada.scope, "xoxb-ground");
    const channel = await makeSlackChannel(`old-${world.scope.projectId}`);
    await world.schedule([{ slack_channels: [channel] }]);
    await check();
    expect(await warnings()).toEqual([]);
    await archiveChannel(channel);
    await check();
    await expectWarned("Unarchive");
  });

  it("of a channel that the app was removed from, and of a connection that ended", async () => {
    await connectSlack(world.ada.scope, "xoxb-ground", { scopes: "chat:write,channels:read,groups:read" });
    const channel = await makeSlackChannel(`left-${world.scope.projectId}`);
    await world.schedule([{ slack_channels: [channel] }]);
    const { via } = await makeSlackTeam({ mishaps: { "conversations.info": [{ error: "channel_not_found" }] } });
    await check({ ...ASKING, SLACK_URL: via.url } as Env);
    await expectWarned("/invite");
    await world.ada.call("DELETE", "/v1/slack/connection");
    await check();
    const all = await warnings();
    expect([all.length, all[1]?.text]).toEqual([2, expect.stringContaining("connects Slack")]);
  });

  it("in one message for all the recipients of a schedule", async () => {
    const [bob, eve] = [await world.member("bob"), await world.member("eve")];
    await world.schedule([{ users: [bob.id] }, { users: [eve.id] }]);
    for (const one of [bob, eve]) await leave(one);
    await check();
    await expectWarned(bob.email, eve.email);
  });
});

describe("one schedule's trouble", () => {
  it("keeps nobody from being warned of another's, and is tried again", async () => {
    const bob = await world.member("bob");
    for (const subject of ["One", "Two"]) await world.schedule([{ users: [bob.id], subject }]);
    await leave(bob);
    const { workspaceId: workspace, projectId: project } = world.scope;
    vi.spyOn(LOCAL.DELIVERIES, "sendBatch").mockRejectedValueOnce(new Error("Too large"));
    const order = { kind: "check_recipients", workspace, project } as const;
    expect((await handle([order], ASKING)).again).toHaveLength(1);
    await world.queue.pump();
    expect(await warnings()).toHaveLength(1);
    await check();
    expect(await warnings()).toHaveLength(2);
  });
});

describe("nobody is warned", () => {
  it("of what somebody chose", async () => {
    const [off, away] = [await world.member("off"), await world.member("away")];
    await off.call("PATCH", "/v1/me/preferences", { body: { notifications: { email: false, slack: false } } });
    const { id } = await world.schedule([{ users: [off.id, away.id] }]);
    await env.DIRECTORY.prepare(
      "INSERT INTO unsubscriptions (workspace_id, member_id, project_id, schedule_id, at) VALUES (?1, ?2, ?3, ?4, 1)",
    )
      .bind(world.scope.workspaceId, away.id, world.scope.projectId, id)
      .run();
    await check();
    expect(await warnings()).toEqual([]);
  });

  it("while Slack does not answer: it may be well by then", async () => {
    await connectSlack(world.ada.scope, "xoxb-ground");
    await world.schedule([{ slack_channels: ["C000000001"] }]);
    const { via } = await makeSlackTeam({ mishaps: { "conversations.info": [{ status: 503 }, { status: 503 }] } });
    await check({ ...ASKING, SLACK_URL: via.url } as Env);
    expect(await warnings()).toEqual([]);
  });

  it("of a schedule that is not due within three hours, or is paused", async () => {
    const bob = await world.member("bob");
    await world.schedule([{ users: [bob.id] }], { schedule: "every day at 11:30am" });
    const paused = await world.schedule([{ users: [bob.id] }]);
    unwrap(await reachProject(env, world.scope).pauseSchedule(paused.id as never, null));
    await leave(bob);
    await check();
    expect(await warnings()).toEqual([]);
    setClock(Date.parse(EIGHT) + HOUR_MS);
    await check();
    await expectWarned(bob.email, "11:30");
  });

  it("of a project that was deleted meanwhile", async () => {
    const bob = await world.member("bob");
    await world.schedule([{ users: [bob.id] }]);
    await leave(bob);
    await world.ada.call("DELETE", world.at);
    await check();
    expect(world.queue.sent).toEqual([]);
  });
});

describe("the sweep", () => {
  it("has a project looked at once an hour, if anybody is to hear of what is due soon", async () => {
    const other = await makeNewsWorld();
    await other.schedule([{ capture: "png" }]);
    await other.schedule([{ users: [other.ada.id] }], { schedule: "every day at 3pm" });
    await world.schedule([{ users: [world.ada.id] }]);
    const ordered: string[] = [];
    for (let minutes = 0; minutes < 60; minutes += 5) {
      setClock(Date.parse(EIGHT) + minutes * MINUTE_MS);
      await sweep(env as unknown as Env);
    }
    for (const { kind, ...order } of other.queue.sent)
      if (kind === "check_recipients" && "project" in order) ordered.push(order.project);
    expect(ordered.filter((project) => [world, other].some(({ scope }) => scope.projectId === project))).toEqual([
      world.scope.projectId,
    ]);
  });
});
