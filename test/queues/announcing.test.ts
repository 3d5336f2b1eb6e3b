/** News is expanded into one delivery for each recipient, once, however often it is told. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { handle, LOCAL } from "../support/hand-queue.ts";
import { makeNewsWorld } from "../support/news-world.ts";
import { ringThrough } from "../support/world.ts";

const kinds = (orders: readonly { readonly kind: string }[]) => orders.map(({ kind }) => kind);

describe("a run that went well", () => {
  it("is told to users, to the members of groups as they are by then, and to each person once", async () => {
    const world = await makeNewsWorld();
    const [bob, eve] = [await world.member("bob"), await world.member("eve")];
    const group = (await world.ada.call("POST", "/v1/groups", { body: { name: "Readers" } })).body;
    await world.ada.call("PUT", `/v1/groups/${group.id}/members/${bob.id}`);
    await world.schedule([{ users: [world.ada.id, bob.id], groups: [group.id] }]);
    await world.ada.call("PUT", `/v1/groups/${group.id}/members/${eve.id}`);
    const run = await world.runAtNine();
    expect(run.status).toBe("succeeded");
    expect(kinds(world.queue.sent)).toEqual(["announce"]);
    await world.queue.pump();
    const deliveries = await world.deliveries(run.id);
    expect(deliveries.map(({ recipient, channel, state }) => [recipient.name, channel, state]).toSorted()).toEqual(
      [
        ["ada@acme.test", "email", "sent"],
        [bob.email, "email", "sent"],
        [eve.email, "email", "sent"],
      ].toSorted(),
    );
    const mails = await world.outbox();
    expect(mails.map(({ recipient }) => recipient).toSorted()).toEqual(
      ["ada@acme.test", bob.email, eve.email].toSorted(),
    );
    expect(mails[0]?.title).toContain("Reports");
  });

  it("is told once, though the order comes twice and some deliveries were made in between", async () => {
    const world = await makeNewsWorld();
    await world.schedule([{ users: [world.ada.id] }]);
    const run = await world.runAtNine();
    const [order] = world.queue.sent;
    await world.queue.pump();
    world.queue.held = [{ order: order ?? expect.fail(), dueAt: 0 }];
    await world.queue.pump();
    const [delivery, ...more] = await world.deliveries(run.id);
    expect(more).toEqual([]);
    expect(delivery).toMatchObject({ state: "sent", attempts: 1, nextAt: null });
  });

  it("costs nothing more where nobody wants to hear of it", async () => {
    const world = await makeNewsWorld();
    await world.schedule([{ on: "failure", users: [world.ada.id] }]);
    await world.runAtNine();
    expect(world.queue.sent).toEqual([]);
  });

  it("goes to whoever prefers Slack there, if they are linked and it is connected, and by mail if not", async () => {
    const world = await makeNewsWorld();
    const bob = await world.member("bob");
    await bob.call("PATCH", "/v1/me/preferences", { body: { notifications: { email: false, slack: true } } });
    await world.schedule([{ users: [bob.id] }]);
    const run = await world.runAtNine();
    await world.queue.pump();
    expect(await world.deliveries(run.id)).toMatchObject([{ channel: "email", state: "sent" }]);
  });

  it("names in the ledger whom it did not go to, and why", async () => {
    const world = await makeNewsWorld();
    const [off, gone, away] = [await world.member("off"), await world.member("gone"), await world.member("away")];
    await off.call("PATCH", "/v1/me/preferences", { body: { notifications: { email: false, slack: false } } });
    const { id } = await world.schedule([{ users: [off.id, gone.id, away.id] }]);
    await world.ada.call("DELETE", `/v1/members/${gone.id}`);
    await env.DIRECTORY.prepare(
      "INSERT INTO unsubscriptions (workspace_id, member_id, project_id, schedule_id, at) VALUES (?1, ?2, ?3, ?4, 1)",
    )
      .bind(world.scope.workspaceId, away.id, world.scope.projectId, id)
      .run();
    const run = await world.runAtNine();
    await world.queue.pump();
    const reasons = (await world.deliveries(run.id)).map(({ state, failure }) => [state, failure?.reason]);
    expect(reasons.toSorted()).toEqual([
      ["suppressed", "deactivated"],
      ["suppressed", "preferences_off"],
      ["suppressed", "unsubscribed"],
    ]);
  });

  it("tells the project's owner of a recipient who cannot be reached, and not of one who does not want to be", async () => {
    const world = await makeNewsWorld();
    const [off, gone] = [await world.member("off"), await world.member("gone")];
    await off.call("PATCH", "/v1/me/preferences", { body: { notifications: { email: false, slack: false } } });
    await world.schedule([{ users: [off.id, gone.id] }]);
    await world.ada.call("DELETE", `/v1/members/${gone.id}`);
    await world.runAtNine();
    await world.queue.pump();
    const told = (await world.outbox()).filter(({ recipient }) => recipient === "ada@acme.test");
    expect(told).toHaveLength(1);
    expect(JSON.stringify(told[0]?.body)).toContain(gone.email);
  });
});

describe("when something breaks while news is announced", () => {
  it("a queue that is down loses none: the run stays in its project until the order is sent", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const world = await makeNewsWorld();
    await world.schedule([{ users: [world.ada.id] }]);
    world.queue.isDown = true;
    const run = await world.runAtNine();
    expect(world.queue.sent).toEqual([]);
    world.queue.isDown = false;
    await ringThrough(world, "2027-01-15T09:00:10.000Z");
    expect(kinds(world.queue.sent)).toEqual(["announce"]);
    await world.queue.pump();
    expect(await world.deliveries(run.id)).toMatchObject([{ state: "sent" }]);
  });

  it("a ledger that is down has the order come again", async () => {
    const world = await makeNewsWorld();
    await world.schedule([{ users: [world.ada.id] }]);
    await world.runAtNine();
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const broken = {
      ...LOCAL,
      RUNLOG: {
        ...env.RUNLOG,
        prepare: env.RUNLOG.prepare.bind(env.RUNLOG),
        batch: () => Promise.reject(new Error("D1 is down")),
      },
    };
    expect(await handle(world.queue.sent, broken as never)).toEqual({ acks: [], again: ["0"] });
  });
});
