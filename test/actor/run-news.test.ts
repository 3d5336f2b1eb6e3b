/** What happens to runs and schedules is told to whoever asked for it, and costs nothing where nobody did. */
import { describe, expect, it, vi } from "vitest";
import type { AnnounceOrder } from "../../src/domain/news/delivery-order.ts";
import { WEBHOOK_EVENTS, type WebhookEvent } from "../../src/domain/news/news.ts";
import { type HandQueue, takeQueue } from "../support/hand-queue.ts";
import {
  alarmOf,
  eventually,
  evict,
  makeWorld,
  ringAt,
  ringThrough,
  setClock,
  sql,
  unwrap,
  type World,
} from "../support/world.ts";

const EIGHT = "2027-01-15T08:00:00.000Z";
const NINE = "2027-01-15T09:00:00.000Z";

/** A project whose endpoints asked for these events. */
async function worldHearing(events: readonly WebhookEvent[] = WEBHOOK_EVENTS, behaviour = "ok") {
  setClock(EIGHT);
  const queue = takeQueue();
  const world = await makeWorld(({ fn }) => [fn("work", behaviour)]);
  unwrap(await world.project.changePlan({ plan: "enterprise", order: 1, events }));
  return { world, queue };
}

const announced = ({ sent }: HandQueue) =>
  sent.filter((order): order is AnnounceOrder => order.kind === "announce").map(({ news }) => news);

const nine = (world: World, more: object = {}) => world.schedule({ schedule: "every day at 9am", fn: "work", ...more });

describe("an endpoint that asked for it", () => {
  it("is told that a run succeeded, with the facts as they were", async () => {
    const { world, queue } = await worldHearing();
    const { id } = await nine(world, { schedule: "every day at 10am", timezone: "Europe/Berlin" });
    await ringAt(world, NINE);
    const [news] = await eventually(
      async () => announced(queue),
      (all) => all.length === 1,
    );
    expect(news).toMatchObject({
      event: "run.succeeded",
      audience: "endpoints",
      isTest: false,
      waitsUntil: null,
      run: { status: "succeeded", scheduledFor: Date.parse(NINE), cause: "occurrence", error: null },
      schedule: { id, expression: "every day at 10am", timezone: "Europe/Berlin", fn: "work" },
    });
    expect(news?.id).toBe(news?.run?.id);
    expect(news?.run).not.toHaveProperty("output");
  });

  it("is told that a run failed once its last attempt has, and not of the attempts before", async () => {
    const { world, queue } = await worldHearing(["run.failed"], "status-500");
    await nine(world, { retry: { attempts: 1, delay: 1_000 } });
    await ringThrough(world, NINE);
    await eventually(
      async () => {
        await ringThrough(world, Date.now() + 2_000);
        return (await world.logged()).length;
      },
      (runs) => runs === 2,
    );
    expect(announced(queue)).toMatchObject([
      { event: "run.failed", run: { attempt: 1, retryAt: null, error: { reason: "http_status" } } },
    ]);
  });

  it("is told of occurrences that were missed, as one row that stands for many", async () => {
    const { world, queue } = await worldHearing(["run.missed"]);
    await nine(world, { schedule: "every hour", catchup: "none" });
    await ringAt(world, "2027-01-15T13:30:00.000Z");
    const told = await eventually(
      async () => announced(queue),
      (all) => all.length > 0,
    );
    expect(told).toMatchObject([{ event: "run.missed", run: { status: "missed", unrun: expect.any(String) } }]);
  });

  it("is told of an occurrence that was skipped", async () => {
    const { world, queue } = await worldHearing(["run.skipped"]);
    const { id } = await nine(world);
    unwrap(await world.project.skipNext(id));
    await ringAt(world, NINE);
    const told = await eventually(
      async () => announced(queue),
      (all) => all.length > 0,
    );
    expect(told).toMatchObject([{ event: "run.skipped", run: { unrun: "requested" } }]);
  });

  it("is told that a schedule was paused, and why", async () => {
    const { world, queue } = await worldHearing(["schedule.paused"]);
    const { id } = await nine(world);
    unwrap(await world.project.pauseSchedule(id, "Holidays"));
    const told = await eventually(
      async () => announced(queue),
      (all) => all.length > 0,
    );
    expect(told).toMatchObject([{ event: "schedule.paused", run: null, reason: "Holidays", schedule: { id } }]);
    expect(await sql(world, "SELECT * FROM notices")).toEqual([]);
  });

  it("is told of a pause once, though the schedule is paused again with another reason", async () => {
    const { world, queue } = await worldHearing(["schedule.paused"]);
    const { id } = await nine(world);
    unwrap(await world.project.pauseSchedule(id, "Holidays"));
    unwrap(await world.project.pauseSchedule(id, "Longer holidays"));
    await eventually(
      async () => announced(queue),
      (all) => all.length > 0,
    );
    expect(announced(queue)).toHaveLength(1);
  });

  it("is told of a pause when the queue answers again, also by an instance that was thrown out meanwhile", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { world, queue } = await worldHearing(["schedule.paused"]);
    const { id } = await nine(world);
    queue.isDown = true;
    unwrap(await world.project.pauseSchedule(id, null));
    await eventually(
      () => sql(world, "SELECT id FROM notices"),
      (rows) => rows.length === 1,
    );
    await evict(world);
    queue.isDown = false;
    const alarm = await eventually(
      () => alarmOf(world),
      (at) => at !== null,
    );
    await ringAt(world, (alarm ?? 0) + 60_000);
    const told = await eventually(
      async () => announced(queue),
      (all) => all.length > 0,
    );
    expect(told).toMatchObject([{ event: "schedule.paused" }]);
    await eventually(
      () => sql(world, "SELECT id FROM notices"),
      (rows) => rows.length === 0,
    );
  });

  it("is told of a run that the API asked for, and of none that a visitor started", async () => {
    const { world, queue } = await worldHearing(["run.succeeded"]);
    const asked = unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" }));
    const visit = unwrap(await world.project.startRun({ fn: "work", context: "app" }));
    await eventually(world.logged, (runs) => runs.length === 2);
    const told = announced(queue).map(({ id }) => id);
    expect(told).toEqual([asked.id]);
    expect(told).not.toContain(visit.id);
  });

  it("is not told of a past that is repeated", async () => {
    const { world, queue } = await worldHearing(["run.succeeded"]);
    const { id } = await nine(world);
    const range = { from: Date.parse("2027-01-12T00:00:00.000Z"), to: Date.parse("2027-01-13T00:00:00.000Z") };
    unwrap(await world.project.backfill(id, range));
    await eventually(world.logged, (runs) => runs.length === 1);
    expect(announced(queue)).toEqual([]);
  });
});

describe("where nobody asked", () => {
  it.each(["run.succeeded", "schedule.paused"] as const)("%s is told to nobody, and writes nothing", async (event) => {
    const { world, queue } = await worldHearing(WEBHOOK_EVENTS.filter((one) => one !== event));
    const { id } = await nine(world);
    if (event === "schedule.paused") unwrap(await world.project.pauseSchedule(id, null));
    else {
      await ringAt(world, NINE);
      await eventually(world.logged, (runs) => runs.length === 1);
    }
    expect(queue.sent).toEqual([]);
    expect(await sql(world, "SELECT * FROM notices")).toEqual([]);
  });
});

describe("a run with notifications of its own", () => {
  it("tells the recipients that it was asked for with", async () => {
    const { world, queue } = await worldHearing([]);
    const notifications = [{ on: "both", users: ["01930000-0000-7000-8000-00000000000a"] }] as never;
    const run = unwrap(await world.project.startRun({ fn: "work", context: "api-triggered", notifications }));
    await eventually(world.logged, (runs) => runs.length === 1);
    expect(announced(queue)).toMatchObject([
      { id: run.id, schedule: null, notifications: [{ users: ["01930000-0000-7000-8000-00000000000a"] }] },
    ]);
  });
});

describe("notifications that ask", () => {
  it("keep their places, so that each delivery knows which one it is of", async () => {
    const { world, queue } = await worldHearing([]);
    const users = ["01930000-0000-7000-8000-00000000000a"] as never;
    await nine(world, {
      notifications: [
        { on: "failure", users },
        { users, subject: "The numbers" },
      ],
    });
    await ringAt(world, NINE);
    const [news] = await eventually(
      async () => announced(queue),
      (all) => all.length === 1,
    );
    expect(news?.notifications).toMatchObject([null, { subject: "The numbers" }]);
  });
});
