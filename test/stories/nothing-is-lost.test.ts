/**
 * DESIGN.md section 10, promises 1 to 3. Each test takes a mechanism's worst day; take the mechanism out and it fails.
 */
import { describe, expect, it, vi } from "vitest";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import {
  eventually,
  evict,
  keepMessages,
  loseMessages,
  makeWorld,
  ring,
  ringAt,
  ringThrough,
  setClock,
  sql,
} from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");

async function dueAtNine(count: number) {
  setClock(NINE - 60_000);
  const world = await makeWorld();
  const inputs = Array.from({ length: count }, (_, index) => ({
    schedule: "every day at 9am",
    fn: "work",
    args: index,
  }));
  await world.project.saveSchedules(inputs);
  return world;
}

describe("no occurrence is lost and none runs twice", () => {
  it("when the queue loses every message", async () => {
    const world = await dueAtNine(20);
    loseMessages();
    await ringAt(world, NINE);
    await evict(world);
    keepMessages();
    await ringThrough(world, NINE + 15_000);
    await eventually(
      () => world.logged(),
      (runs) => runs.length === 20,
    );
    expect(await world.calls()).toHaveLength(20);
  });

  it("when the queue delivers every message three times", async () => {
    const world = await dueAtNine(20);
    const { Dispatcher } = await import("../../src/actor/dispatcher.ts");
    const send = Dispatcher.prototype.send;
    vi.spyOn(Dispatcher.prototype, "send").mockImplementation(async function (
      this: InstanceType<typeof Dispatcher>,
      keys,
    ) {
      return send.call(this, [...keys, ...keys, ...keys]);
    });
    await ringAt(world, NINE);
    const runs = await eventually(
      () => world.logged(),
      (all) => all.length === 20,
    );
    expect(new Set((await world.calls()).map((call) => call.headers["webhook-id"])).size).toBe(20);
    expect(await world.calls()).toHaveLength(20);
    expect(runs.every((run) => run.status === "succeeded")).toBe(true);
  });

  it("when the instance dies between the decision and the hand-over", async () => {
    const world = await dueAtNine(5);
    const { Dispatcher } = await import("../../src/actor/dispatcher.ts");
    vi.spyOn(Dispatcher.prototype, "send").mockRejectedValueOnce(new Error("the instance was shut down"));
    vi.spyOn(console, "error").mockImplementation(() => {});
    await ringAt(world, NINE);
    await evict(world);
    await ringThrough(world, NINE + 15_000);
    await eventually(
      () => world.logged(),
      (runs) => runs.length === 5,
    );
    expect(await world.calls()).toHaveLength(5);
  });

  it("when the alarm rings late, and again for the same moment", async () => {
    const world = await dueAtNine(3);
    await ringAt(world, NINE + 45 * 60_000);
    await ring(world);
    await ring(world);
    const runs = await eventually(
      () => world.logged(),
      (all) => all.length === 3,
    );
    expect(new Set(runs.map((run) => run.scheduledFor))).toEqual(new Set([NINE]));
  });

  it("when the clock jumps back after an occurrence was decided", async () => {
    const world = await dueAtNine(1);
    await ringAt(world, NINE + 10);
    await eventually(
      () => world.logged(),
      (runs) => runs.length === 1,
    );
    await ringAt(world, NINE - 30_000);
    await ringAt(world, NINE + 20);
    expect(await world.calls()).toHaveLength(1);
    expect(await sql(world, "SELECT nominal FROM due")).toEqual([{ nominal: NINE + 86_400_000 }]);
  });

  it("when an executor dies in the middle of a run: it is settled, and its retry carries on", async () => {
    setClock(NINE - 60_000);
    const world = await makeWorld();
    await world.schedule({ schedule: "every day at 9am", fn: "work", retry: { attempts: 1, delay: 1_000 } });
    loseMessages();
    await ringAt(world, NINE);
    const [run] = await world.live();
    if (run === undefined) throw new Error("Nothing was fired");
    await world.project.begin([{ schedule: run.scheduleId, run: run.id }]);
    await evict(world);
    keepMessages();
    await ringThrough(world, NINE + 30_000);
    const runs = await eventually(
      () => world.logged(),
      (all) => all.length === 2,
    );
    expect(runs.map((one) => [one.status, one.error?.reason, one.attempt])).toContainEqual(["failed", "lost", 0]);
    expect(runs.map((one) => [one.status, one.attempt])).toContainEqual(["succeeded", 1]);
  });
});

describe("a finished run reaches the log", () => {
  it("once, although the log was down for a while and the instance was thrown out meanwhile", async () => {
    const world = await dueAtNine(4);
    const down = vi.spyOn(D1RunLog.prototype, "record").mockRejectedValue(new Error("D1 is down"));
    vi.spyOn(console, "error").mockImplementation(() => {});
    await ringAt(world, NINE);
    await eventually(
      () => world.live(),
      (runs) => runs.length === 4 && runs.every((run) => run.status === "succeeded"),
    );
    await evict(world);
    await ringThrough(world, NINE + 5_000);
    expect(await world.logged()).toEqual([]);
    down.mockRestore();
    await ringThrough(world, NINE + 120_000);
    await eventually(
      () => world.logged(),
      (runs) => runs.length === 4,
    );
    expect(await world.live()).toEqual([]);
  });

  it("once, although the log answered with an error after it had written", async () => {
    const world = await dueAtNine(4);
    const record = D1RunLog.prototype.record;
    vi.spyOn(console, "error").mockImplementation(() => {});
    vi.spyOn(D1RunLog.prototype, "record").mockImplementationOnce(async function (this: D1RunLog, scope, runs) {
      await record.call(this, scope, runs);
      throw new Error("The connection broke after the write");
    });
    await ringAt(world, NINE);
    await eventually(
      () => world.logged(),
      (runs) => runs.length > 0,
    );
    await ringThrough(world, NINE + 60_000);
    await eventually(
      () => world.live(),
      (runs) => runs.length === 0,
    );
    expect(await world.logged()).toHaveLength(4);
  });
});
