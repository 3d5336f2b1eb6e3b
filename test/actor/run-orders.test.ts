/** Orders for captures leave the actor with the runs that call for them, whatever breaks in between. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { PAUSE_MS } from "../../src/actor/neighbours.ts";
import { NEWS_BUDGET_MS } from "../../src/domain/captures/capture.ts";
import type { NotificationInput } from "../../src/domain/notification.ts";
import type { Run } from "../../src/domain/run.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import { holdOrders } from "../support/capture-orders.ts";
import { alarmOf, eventually, evict, makeWorld, ringAt, setClock, sql, unwrap, type World } from "../support/world.ts";

const NINE = "2027-01-15T09:00:00.000Z";
const PNG: readonly NotificationInput[] = [{ capture: "png" }];

let said: unknown[] = [];
beforeEach(() => {
  said = [];
  vi.spyOn(console, "error").mockImplementation((line) => void said.push(line));
});

/** A project with one schedule, due at nine. */
async function worldWith(notifications: readonly NotificationInput[], behaviour = "ok"): Promise<World> {
  setClock("2027-01-15T08:00:00.000Z");
  const world = await makeWorld(({ fn }) => [fn("work", behaviour)]);
  await world.schedule({ schedule: "every day at 9am", fn: "work", notifications });
  return world;
}

/** Its run of nine o'clock, in the log. */
async function runAtNine(world: World): Promise<Run> {
  await ringAt(world, NINE);
  const [run] = await eventually(world.logged, (runs) => runs.length === 1);
  if (run === undefined) throw new Error("No run");
  return run;
}

const rowsLeft = async (world: World) =>
  Number((await sql(world, "SELECT count(*) AS count FROM runs"))[0]?.count ?? Number.NaN);

describe("a run that went well", () => {
  it("has the captures ordered that its schedule's notifications want, once for all of them", async () => {
    const orders = holdOrders();
    const world = await worldWith([{ capture: "pdf" }, { on: "both", capture: "png" }, { capture: "pdf" }]);
    const run = await runAtNine(world);
    expect(orders.taken).toEqual([
      {
        workspace: world.scope.workspaceId,
        project: world.scope.projectId,
        run: run.id,
        formats: ["png", "pdf"],
        cause: "notification",
        orderedAt: expect.any(Number),
        newsBy: (run.finishedAt ?? 0) + NEWS_BUDGET_MS,
        plan: "enterprise",
      },
    ]);
    expect(
      await eventually(
        () => rowsLeft(world),
        (rows) => rows === 0,
      ),
    ).toBe(0);
  });

  it("has them ordered at once, and not only when the log has it", async () => {
    const orders = holdOrders();
    vi.spyOn(D1RunLog.prototype, "record").mockRejectedValue(new Error("D1 is down"));
    const world = await worldWith(PNG);
    await ringAt(world, NINE);
    expect(
      await eventually(
        async () => orders.taken.length,
        (count) => count === 1,
      ),
    ).toBe(1);
  });

  it("leaves nothing behind and orders nothing when no notification wants a capture", async () => {
    const orders = holdOrders();
    const world = await worldWith([]);
    await runAtNine(world);
    await eventually(
      () => rowsLeft(world),
      (rows) => rows === 0,
    );
    expect(orders.calls).toBe(0);
  });

  it("has captured what the notifications are at its end", async () => {
    const orders = holdOrders();
    const world = await worldWith(PNG, "slow-500");
    const [schedule] = unwrap(await world.project.schedules({}, { limit: 1 })).items;
    if (schedule === undefined) throw new Error("No schedule");
    unwrap(await world.project.runNow(schedule.id));
    await eventually(world.live, (runs) => runs[0]?.status === "running");
    unwrap(await world.project.changeSchedule(schedule.id, { notifications: [{ capture: "pdf" }] }));
    await eventually(world.logged, (runs) => runs.length === 1);
    expect(orders.taken.map(({ formats }) => formats)).toEqual([["pdf"]]);
  });

  it("is captured also when a person had it run now", async () => {
    const orders = holdOrders();
    const world = await worldWith(PNG);
    const [schedule] = unwrap(await world.project.schedules({}, { limit: 1 })).items;
    if (schedule === undefined) throw new Error("No schedule");
    const { id } = unwrap(await world.project.runNow(schedule.id));
    await eventually(
      async () => orders.taken.map(({ run }) => run),
      (runs) => runs.includes(id),
    );
  });
});

describe("a run that is not captured", () => {
  it("is one that failed", async () => {
    const orders = holdOrders();
    const world = await worldWith(PNG, "status-503");
    expect(await runAtNine(world)).toMatchObject({ status: "failed" });
    expect(orders.calls).toBe(0);
  });

  it("is one that no schedule made", async () => {
    const orders = holdOrders();
    const world = await worldWith(PNG);
    unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" }));
    await eventually(world.logged, (runs) => runs.length === 1);
    expect(orders.calls).toBe(0);
  });

  it("is one that repeats the past", async () => {
    const orders = holdOrders();
    const world = await worldWith(PNG);
    const [schedule] = unwrap(await world.project.schedules({}, { limit: 1 })).items;
    if (schedule === undefined) throw new Error("No schedule");
    const range = { from: Date.parse("2027-01-13T00:00:00Z"), to: Date.parse("2027-01-14T00:00:00Z") };
    unwrap(await world.project.backfill(schedule.id, range));
    expect(await eventually(world.logged, (runs) => runs.length === 1)).toMatchObject([{ cause: "backfill" }]);
    expect(orders.calls).toBe(0);
  });
});

describe("an order", () => {
  it("is sent when the queue answers again, while the run is in the log already", async () => {
    const orders = holdOrders();
    orders.isDown = true;
    const world = await worldWith(PNG);
    const run = await runAtNine(world);
    await eventually(
      () => sql(world, "SELECT logged FROM runs"),
      (rows) => rows[0]?.logged === 1,
    );
    expect(said).toContainEqual(expect.objectContaining({ event: "orders_not_sent" }));
    const at = await eventually(
      () => alarmOf(world),
      (alarm) => alarm !== null && alarm < Date.parse(NINE) + 60_000,
    );
    orders.isDown = false;
    await ringAt(world, at ?? 0);
    await eventually(
      async () => orders.taken,
      (taken) => taken.length > 0,
    );
    expect(orders.taken[0]).toMatchObject({ run: run.id, newsBy: (run.finishedAt ?? 0) + NEWS_BUDGET_MS });
    expect(
      await eventually(
        () => rowsLeft(world),
        (rows) => rows === 0,
      ),
    ).toBe(0);
    expect(await world.logged()).toHaveLength(1);
  });

  it("is not asked of the queue again before its time, however often the project wakes", async () => {
    const orders = holdOrders();
    orders.isDown = true;
    const world = await worldWith(PNG);
    await runAtNine(world);
    await eventually(
      () => sql(world, "SELECT logged FROM runs"),
      (rows) => rows[0]?.logged === 1,
    );
    const { calls } = orders;
    for (let wake = 0; wake < 5; wake += 1) await world.project.checkUp(false);
    await scheduler.wait(PAUSE_MS);
    expect(orders.calls).toBe(calls);
  });

  it("is sent by the next instance when this one was thrown out before", async () => {
    const orders = holdOrders();
    orders.isDown = true;
    const world = await worldWith(PNG);
    const run = await runAtNine(world);
    await eventually(
      () => sql(world, "SELECT logged FROM runs"),
      (rows) => rows[0]?.logged === 1,
    );
    await evict(world);
    orders.isDown = false;
    await ringAt(world, "2027-01-15T09:05:00.000Z");
    const taken = await eventually(
      async () => orders.taken,
      (all) => all.length > 0,
    );
    expect(taken).toMatchObject([{ run: run.id }]);
    expect(
      await eventually(
        () => rowsLeft(world),
        (rows) => rows === 0,
      ),
    ).toBe(0);
  });

  it("is sent once more, not lost, when the instance was thrown out before the log had the run", async () => {
    const orders = holdOrders();
    const record = vi.spyOn(D1RunLog.prototype, "record").mockRejectedValue(new Error("D1 is down"));
    const world = await worldWith(PNG);
    await ringAt(world, NINE);
    await eventually(
      async () => orders.taken.length,
      (count) => count === 1,
    );
    await evict(world);
    record.mockRestore();
    await ringAt(world, "2027-01-15T09:05:00.000Z");
    const [run] = await eventually(world.logged, (runs) => runs.length === 1);
    expect(new Set(orders.taken.map((order) => order.run))).toEqual(new Set([run?.id]));
    expect(
      await eventually(
        () => rowsLeft(world),
        (rows) => rows === 0,
      ),
    ).toBe(0);
  });

  it("that cannot be made out, because the schedule cannot be read, keeps no run from ending or from the log", async () => {
    const orders = holdOrders();
    const world = await worldWith(PNG, "slow-500");
    const [schedule] = unwrap(await world.project.schedules({}, { limit: 1 })).items;
    if (schedule === undefined) throw new Error("No schedule");
    unwrap(await world.project.runNow(schedule.id));
    await eventually(world.live, (runs) => runs[0]?.status === "running");
    await sql(world, "UPDATE schedules SET spec = '{'");
    await evict(world);
    expect(await eventually(world.logged, (runs) => runs.length === 1)).toMatchObject([{ status: "succeeded" }]);
    expect(said).toContainEqual(expect.objectContaining({ event: "schedule_unreadable" }));
    expect(orders.calls).toBe(0);
  });

  it("is not sent for a project that was deleted", async () => {
    const orders = holdOrders();
    orders.isDown = true;
    const world = await worldWith(PNG);
    await runAtNine(world);
    await eventually(
      () => sql(world, "SELECT logged FROM runs"),
      (rows) => rows[0]?.logged === 1,
    );
    orders.isDown = false;
    await world.project.close();
    await ringAt(world, "2027-01-15T09:05:00.000Z");
    expect(orders.taken).toEqual([]);
  });
});
