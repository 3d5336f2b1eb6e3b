/** A delivery is made when it is due, tried again by its plan, and whoever looks after it hears when it is not made. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { reachProject } from "../../src/actor/reach.ts";
import { LOCAL_CHANNELS, LOCAL_TEAM } from "../../src/delivery/slack/local.ts";
import { readMemberId } from "../../src/domain/ids.ts";
import { readSlackChannelId } from "../../src/domain/news/slack-channel.ts";
import type { NotificationInput } from "../../src/domain/notification.ts";
import { DAY_MS, MINUTE_MS } from "../../src/domain/time/instant.ts";
import type { Env } from "../../src/env.ts";
import { sweepDeliveries } from "../../src/queues/sweeping-deliveries.ts";
import { newId, now } from "../../src/system.ts";
import { give } from "../api/caller.ts";
import { keepCaptured, keepFailed } from "../support/captured.ts";
import { handle, LOCAL, WITH_SLACK } from "../support/hand-queue.ts";
import { makeNewsWorld, type NewsWorld, NINE } from "../support/news-world.ts";
import { eventually, ringThrough, setClock, unwrap } from "../support/world.ts";

/** The house with a mail service that answers so. */
const mailing = (send: (letter: unknown) => Promise<unknown>): Env =>
  ({ ...env, EMAIL: { send }, MAIL_FROM: "carillon@acme.test", PUBLIC_URL: "https://carillon.test" }) as unknown as Env;

const refusing = (code: string) => async () => {
  throw Object.assign(new Error(`The service says ${code}`), { code });
};

async function endpoint(world: NewsWorld, behaviour: string, events: readonly string[] = []): Promise<string> {
  const url = `${env.RECEIVER}/${newId()}/${behaviour}`;
  const made = await world.ada.call("POST", "/v1/webhooks", { body: { name: "Ops", url, events } });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.id;
}

describe("a delivery that fails for now", () => {
  it("is tried again after the plan's wait, by a message of its own, and says so", async () => {
    const world = await makeNewsWorld();
    await world.schedule([{ users: [world.ada.id] }]);
    const run = await world.runAtNine();
    const house = mailing(refusing("E_RATE_LIMIT_EXCEEDED"));
    await world.queue.pump(house);
    const [delivery] = await world.deliveries(run.id);
    expect(delivery).toMatchObject({ state: "retrying", attempts: 1, failure: { reason: "rate_limited" } });
    expect((delivery?.nextAt ?? 0) - now()).toBeGreaterThan(20_000);
    await world.queue.pumpThrough(now() + MINUTE_MS);
    expect(await world.deliveries(run.id)).toMatchObject([{ state: "sent", attempts: 2, failure: null, nextAt: null }]);
  });

  it("waits in the ledger alone where the wait is long, and is found by the sweep", async () => {
    const world = await makeNewsWorld();
    const hook = await endpoint(world, "after-3");
    await world.schedule([{ webhooks: [hook] }]);
    const run = await world.runAtNine();
    await world.queue.pumpThrough(now() + 10 * MINUTE_MS);
    const [delivery] = await world.deliveries(run.id);
    expect(delivery).toMatchObject({ channel: "webhook", state: "retrying", attempts: 3 });
    expect(world.queue.held).toEqual([]);
    setClock((delivery?.nextAt ?? 0) + 1_000);
    await sweepDeliveries(LOCAL);
    await world.queue.pump();
    expect(await world.deliveries(run.id)).toMatchObject([{ state: "sent", attempts: 4 }]);
  });

  it("is not tried early by a message that comes twice", async () => {
    const world = await makeNewsWorld();
    const hook = await endpoint(world, "status-503");
    await world.schedule([{ webhooks: [hook] }]);
    const run = await world.runAtNine();
    await world.queue.pump();
    const deliver = world.queue.sent.find(({ kind }) => kind === "deliver");
    await handle([deliver, deliver]);
    expect(await world.deliveries(run.id)).toMatchObject([{ attempts: 1 }]);
  });

  it("is given up when the plan is over, and whoever looks after the project hears by another way", async () => {
    const world = await makeNewsWorld();
    const hook = await endpoint(world, "status-500");
    await world.schedule([{ webhooks: [hook] }]);
    const run = await world.runAtNine();
    for (let days = 0; days < 5; days += 0.25) {
      await world.queue.pump();
      setClock(now() + DAY_MS / 4);
      await sweepDeliveries(LOCAL);
    }
    const [delivery] = await world.deliveries(run.id);
    expect(delivery).toMatchObject({ state: "failed", attempts: 10, nextAt: null, failure: { code: "500" } });
    expect(delivery?.log).toHaveLength(10);
    expect(delivery?.told).toEqual([{ channel: "email", to: ["ada@acme.test"] }]);
    expect((await world.outbox()).map(({ recipient }) => recipient)).toEqual(["ada@acme.test"]);
  });
});

describe("a delivery that fails for good", () => {
  it("does not keep the others from being made", async () => {
    const world = await makeNewsWorld();
    const bob = await world.member("bob");
    await world.schedule([{ users: [world.ada.id, bob.id] }]);
    const run = await world.runAtNine();
    const house = mailing(async (letter) => {
      if (JSON.stringify(letter).includes(bob.email)) await refusing("E_RECIPIENT_SUPPRESSED")();
    });
    await world.queue.pump(house);
    const states = (await world.deliveries(run.id)).map(({ recipient, state, failure }) => [
      recipient.name,
      state,
      failure?.reason,
    ]);
    expect(states.toSorted()).toEqual(
      [
        ["ada@acme.test", "sent", undefined],
        [bob.email, "failed", "address_refused"],
      ].toSorted(),
    );
  });

  it("says nothing of the run, which went well", async () => {
    const world = await makeNewsWorld();
    await world.schedule([{ users: [world.ada.id] }]);
    const run = await world.runAtNine();
    await world.queue.pump(mailing(refusing("E_RECIPIENT_SUPPRESSED")));
    const shown = (await world.ada.call("GET", `${world.at}/runs/${run.id}`)).body;
    expect(shown.status).toBe("succeeded");
    expect(shown.deliveries).toMatchObject([
      { state: "failed", failure: { reason: "address_refused", fix: expect.any(String) } },
    ]);
  });

  it("is told to the endpoints that asked for it", async () => {
    const world = await makeNewsWorld();
    const hook = await endpoint(world, "ok", ["delivery.failed"]);
    await world.schedule([{ users: [world.ada.id] }]);
    await world.runAtNine();
    await world.queue.pump(mailing(refusing("E_RECIPIENT_SUPPRESSED")));
    const { body } = await world.ada.call("GET", `/v1/webhooks/${hook}/deliveries`);
    expect(body.items).toMatchObject([{ event: "delivery.failed", state: "sent" }]);
  });

  it("can be sent again from what was kept, without running again", async () => {
    const world = await makeNewsWorld();
    await world.schedule([{ users: [world.ada.id], subject: "The numbers" }]);
    const run = await world.runAtNine();
    await world.queue.pump(mailing(refusing("E_RECIPIENT_SUPPRESSED")));
    const [failed] = await world.deliveries(run.id);
    setClock(now() + 10_000);
    const again = await world.ada.call("POST", `${world.at}/runs/${run.id}/deliveries/${failed?.id}/redelivery`, {
      body: {},
    });
    expect(again.status, JSON.stringify(again.body)).toBe(202);
    await world.queue.pump();
    expect(await world.deliveries(run.id)).toMatchObject([{ state: "sent", attempts: 1, failure: null }]);
    expect((await world.outbox()).map(({ title }) => title)).toContain("The numbers");
  });
});

describe("a success with a capture", () => {
  const withPicture = (): Promise<NewsWorld> => makeNewsWorld("ok", { holdsCaptures: true });

  it("waits until the capture is there, and carries it", async () => {
    const world = await withPicture();
    await world.schedule([{ users: [world.ada.id], capture: "png" }]);
    const run = await world.runAtNine();
    await world.queue.pump();
    expect(await world.deliveries(run.id)).toMatchObject([{ state: "pending", attempts: 0, wants: "png" }]);
    await keepCaptured({ scope: world.scope, run: run.id, format: "png" }, now() + MINUTE_MS);
    const { workspaceId: workspace, projectId: project } = world.scope;
    await handle([{ kind: "release", workspace, project, news: run.id }]);
    await world.queue.pump();
    expect(await world.deliveries(run.id)).toMatchObject([{ state: "sent", failure: null }]);
    const [mail] = await world.outbox();
    expect(mail?.files).toMatchObject([{ contentType: "image/png" }]);
  });

  it("waits no longer than its budget, and goes with a link", async () => {
    const world = await withPicture();
    await world.schedule([{ users: [world.ada.id], capture: "pdf" }]);
    const run = await world.runAtNine();
    await world.queue.pump();
    expect(await world.outbox()).toEqual([]);
    await world.queue.pumpThrough((run.finishedAt ?? 0) + 61_000);
    expect(now() - (run.finishedAt ?? 0)).toBeLessThanOrEqual(61_000);
    expect(await world.deliveries(run.id)).toMatchObject([{ state: "sent", failure: { reason: "picture_late" } }]);
    expect((await world.outbox())[0]?.files).toEqual([]);
  });

  it("says that there is no picture when the capture fails, and why", async () => {
    const world = await withPicture();
    await world.schedule([{ users: [world.ada.id], capture: "png" }]);
    const run = await world.runAtNine();
    const failure = { reason: "blank", message: "The page was empty." } as const;
    await keepFailed({ scope: world.scope, run: run.id, format: "png" }, failure as never, now() + MINUTE_MS);
    await world.queue.pump();
    expect(await world.deliveries(run.id)).toMatchObject([{ state: "sent", failure: { reason: "picture_failed" } }]);
  });

  it("holds up no recipient who wants none, and no endpoint that asked for the event", async () => {
    const world = await withPicture();
    const hook = await endpoint(world, "ok", ["run.succeeded"]);
    const bob = await world.member("bob");
    await world.schedule([{ users: [world.ada.id], capture: "png" }, { users: [bob.id] }]);
    const run = await world.runAtNine();
    await world.queue.pump();
    const states = (await world.deliveries(run.id)).map(({ recipient, state }) => [recipient.id, state]);
    expect(Object.fromEntries(states)).toEqual({ [world.ada.id]: "pending", [bob.id]: "sent", [hook]: "sent" });
  });
});

describe("a picture that comes late", () => {
  it("follows the text in its Slack thread", async () => {
    const world = await makeNewsWorld("ok", { holdsCaptures: true });
    await tellChannel(world);
    const run = await world.runAtNine();
    await world.queue.pumpThrough((run.finishedAt ?? 0) + 61_000);
    expect(await world.deliveries(run.id)).toMatchObject([{ state: "sent", picture: "due" }]);
    await keepCaptured({ scope: world.scope, run: run.id, format: "png" }, now());
    const { workspaceId: workspace, projectId: project } = world.scope;
    await handle([{ kind: "release", workspace, project, news: run.id }]);
    await world.queue.pump();
    expect(await world.deliveries(run.id)).toMatchObject([{ state: "sent", picture: "sent", nextAt: null }]);
    const [picture, text] = await world.outbox();
    expect(picture).toMatchObject({ channel: "slack", files: [{ contentType: "image/png" }] });
    expect(text?.channel).toBe("slack");
  });

  it("is not waited for without end", async () => {
    const world = await makeNewsWorld("ok", { holdsCaptures: true });
    await tellChannel(world);
    const run = await world.runAtNine();
    await world.queue.pumpThrough((run.finishedAt ?? 0) + 61_000);
    for (let tries = 0; tries < 20; tries += 1) {
      setClock(now() + 5 * MINUTE_MS);
      await sweepDeliveries(LOCAL);
      await world.queue.pump();
    }
    expect(await world.deliveries(run.id)).toMatchObject([{ state: "sent", picture: "dropped", nextAt: null }]);
  });
});

/** A schedule that tells a channel of the stand-in for Slack that a machine of one's own has. */
async function tellChannel({ scope }: NewsWorld, more: Partial<NotificationInput> = { capture: "png" }): Promise<void> {
  await env.DIRECTORY.prepare(
    `INSERT INTO slack_connections
       (workspace_id, team_id, team_name, app_id, bot_user_id, token, scopes, state, connected_by, connected_at)
     VALUES (?1, ?2, ?3, 'A1', 'B1', '', '', 'connected', 'ada', 1)`,
  )
    .bind(scope.workspaceId, LOCAL_TEAM.id, LOCAL_TEAM.name)
    .run();
  const notifications = [{ slack_channels: [readSlackChannelId(LOCAL_CHANNELS[0].id)], ...more }];
  // Not by the API: the tests' deployment is connected to a Slack that this is not.
  unwrap(await reachProject(env, scope).saveSchedules([{ schedule: "every day at 9am", fn: "work", notifications }]));
}

describe("an owner whom no mail reaches", () => {
  it("is spoken for by the other admins, who hear of it in their place", async () => {
    const world = await makeNewsWorld();
    const eve = await world.member("eve");
    await env.DIRECTORY.prepare("UPDATE members SET role = 'admin' WHERE id = ?1").bind(eve.id).run();
    await world.schedule([{ users: [world.ada.id] }]);
    const run = await world.runAtNine();
    const sent: string[] = [];
    const house = mailing(async (letter) => {
      const { to } = letter as { readonly to: string };
      if (to === world.ada.email) throw Object.assign(new Error("Bounced"), { code: "E_RECIPIENT_SUPPRESSED" });
      sent.push(to);
    });
    await world.queue.pump(house);
    expect(sent).toEqual([eve.email]);
    expect(await world.deliveries(run.id)).toMatchObject([
      { state: "failed", told: [{ channel: "email", to: [eve.email] }] },
    ]);
  });
});

describe("news to Slack, when the connection is removed before it goes out", () => {
  it("goes to people by mail, and waits for another connection where it is for a channel", async () => {
    const world = await makeNewsWorld();
    const bob = await world.member("bob");
    await give(world.ada, world.at, { user: bob.id }, "app_only");
    await tellChannel(world, { users: [readMemberId(bob.id)] });
    await bob.call("PATCH", "/v1/me/preferences", { body: { notifications: { email: false, slack: true } } });
    await env.DIRECTORY.prepare(
      "INSERT INTO slack_links (workspace_id, member_id, team_id, user_id, linked_at) VALUES (?1, ?2, ?3, 'U1', 1)",
    )
      .bind(world.scope.workspaceId, bob.id, LOCAL_TEAM.id)
      .run();
    await env.DIRECTORY.prepare("UPDATE slack_connections SET state = 'broken', broken_at = 1 WHERE workspace_id = ?1")
      .bind(world.scope.workspaceId)
      .run();
    const run = await world.runAtNine();
    // In a deployment that sends to Slack: the broken connection holds both.
    await world.queue.pump({ ...LOCAL, ...WITH_SLACK } as Env);
    await world.ada.call("DELETE", "/v1/slack/connection");
    await sweepDeliveries(LOCAL);
    await world.queue.pump();
    const states = (await world.deliveries(run.id)).map(({ channel, recipient, state, failure }) => [
      channel,
      recipient.kind,
      state,
      failure?.reason,
    ]);
    expect(states.toSorted()).toEqual([
      ["email", "user", "sent", undefined],
      ["slack", "slack_channel", "retrying", "slack_not_connected"],
      ["slack", "user", "failed", "slack_not_connected"],
    ]);
  });
});

describe("a failed run", () => {
  it("is told after its last attempt, and after every one to whoever asked for that", async () => {
    const world = await makeNewsWorld("status-500");
    const bob = await world.member("bob");
    const notifications = [
      { on: "failure", users: [world.ada.id] },
      { on: "failure", attempts: "every", users: [bob.id] },
    ];
    await world.schedule(notifications, { retry: { attempts: 2, delay: 1_000 } });
    await ringThrough(world, NINE);
    await eventually(
      async () => {
        await ringThrough(world, now() + 2_000);
        return world.queue.sent.filter(({ kind }) => kind === "announce").length;
      },
      (told) => told === 3,
    );
    await world.queue.pump();
    const heard = (await world.outbox()).map(({ recipient }) => recipient).toSorted();
    expect(heard).toEqual(["ada@acme.test", bob.email, bob.email, bob.email].toSorted());
  });
});

describe("somebody who has left meanwhile", () => {
  it("is not sent what is tried again, nor what somebody sends again", async () => {
    const world = await makeNewsWorld();
    const bob = await world.member("bob");
    await world.schedule([{ users: [bob.id] }]);
    const run = await world.runAtNine();
    await world.queue.pump(mailing(refusing("E_RATE_LIMIT_EXCEEDED")));
    const [delivery] = await world.deliveries(run.id);
    await world.ada.call("PATCH", `${world.at}/access`, { body: { user: bob.id, access: "none" } });
    await world.queue.pumpThrough(now() + MINUTE_MS);
    expect(await world.deliveries(run.id)).toMatchObject([{ state: "suppressed", failure: { reason: "no_access" } }]);
    await world.ada.call("POST", `${world.at}/runs/${run.id}/deliveries/${delivery?.id}/redelivery`, { body: {} });
    await world.queue.pump();
    expect(await world.deliveries(run.id)).toMatchObject([{ state: "suppressed", failure: { reason: "no_access" } }]);
    expect(await world.outbox()).toEqual([]);
  });
});

describe("somebody who loses access while the news waits for its capture", () => {
  it("gets neither the news nor the picture", async () => {
    const world = await makeNewsWorld("ok", { holdsCaptures: true });
    const bob = await world.member("bob");
    await world.schedule([{ users: [bob.id], capture: "png" }]);
    const run = await world.runAtNine();
    await world.queue.pump();
    await world.ada.call("PATCH", `${world.at}/access`, { body: { user: bob.id, access: "none" } });
    setClock(now() + 20_000);
    await keepCaptured({ scope: world.scope, run: run.id, format: "png" }, now() + MINUTE_MS);
    const { workspaceId: workspace, projectId: project } = world.scope;
    await handle([{ kind: "release", workspace, project, news: run.id }]);
    await world.queue.pump();
    expect(await world.deliveries(run.id)).toMatchObject([{ state: "suppressed", failure: { reason: "no_access" } }]);
    expect(await world.outbox()).toEqual([]);
  });
});

describe("what cannot be made ready", () => {
  it("is an attempt all the same: it ends, and whoever looks after the project hears of it", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const world = await makeNewsWorld();
    const hook = await endpoint(world, "ok");
    await world.schedule([{ webhooks: [hook] }]);
    const run = await world.runAtNine();
    // Whoever runs the deployment has changed its key, so that no secret can be opened any more.
    const changed = { ...LOCAL, CARILLON_KEY: Buffer.alloc(32, 9).toString("base64") };
    await world.queue.pump(changed);
    expect(await world.deliveries(run.id)).toMatchObject([
      { state: "retrying", attempts: 1, failure: { reason: "not_prepared" } },
    ]);
    for (let days = 0; days < 5; days += 0.25) {
      setClock(now() + DAY_MS / 4);
      await sweepDeliveries(LOCAL);
      await world.queue.pump(changed);
    }
    expect(await world.deliveries(run.id)).toMatchObject([
      { state: "failed", attempts: 10, told: [{ channel: "email" }] },
    ]);
  });
});

describe("a delivery that is sent again weeks later", () => {
  it("is waited for as long as a new one", async () => {
    const world = await makeNewsWorld();
    await world.schedule([{ users: [world.ada.id] }]);
    const run = await world.runAtNine();
    await world.queue.pump(mailing(refusing("E_RECIPIENT_SUPPRESSED")));
    setClock(now() + 7 * DAY_MS);
    const [failed] = await world.deliveries(run.id);
    await world.ada.call("POST", `${world.at}/runs/${run.id}/deliveries/${failed?.id}/redelivery`, { body: {} });
    await world.queue.pump(mailing(refusing("E_DAILY_LIMIT_EXCEEDED")));
    expect(await world.deliveries(run.id)).toMatchObject([
      { state: "retrying", round: 1, failure: { reason: "mail_limit" } },
    ]);
  });
});

describe("the owner", () => {
  it("is told of several people whom one trouble keeps from hearing in one message, and the ledger says of whom", async () => {
    const world = await makeNewsWorld();
    const [bob, cem] = [await world.member("bob"), await world.member("cem")];
    await world.schedule([{ users: [bob.id, cem.id] }]);
    const run = await world.runAtNine();
    await world.queue.pump(
      mailing(async (letter) => {
        if (!JSON.stringify(letter).includes("ada@acme.test")) await refusing("E_RECIPIENT_SUPPRESSED")();
      }),
    );
    const told = (await world.deliveries(run.id)).map((one) => one.told.length);
    expect(told.toSorted()).toEqual([0, 1]);
  });
});
