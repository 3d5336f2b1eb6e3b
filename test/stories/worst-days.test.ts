/** Days on which several things go wrong at once: each was a fault once, found by reading. */
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { RunTable } from "../../src/actor/run-table.ts";
import { ARGS_MAX_LENGTH } from "../../src/domain/schedule-input.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import {
  eventually,
  evict,
  loseMessages,
  makeWorld,
  ring,
  ringAt,
  ringThrough,
  setClock,
  sql,
  unwrap,
} from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");
const HOUR = 3_600_000;

const alarmOf = (stub: DurableObjectStub) => runInDurableObject(stub, (_, state) => state.storage.getAlarm());

describe("a lost alarm", () => {
  it("is set again by the first call that reaches a new instance, for what is soonest", async () => {
    setClock(NINE - 60_000);
    const world = await makeWorld();
    await world.schedule({ schedule: "every day at 9am", fn: "work" });
    await runInDurableObject(world.stub, (_, state) => state.storage.deleteAlarm());
    await evict(world);
    await world.schedule({ schedule: "2027-12-01T00:00:00Z", fn: "work" });
    expect(await alarmOf(world.stub)).toBe(NINE);
  });
});

describe("the run log", () => {
  it("is never given a run that has not ended, whatever a rolled-back transaction left in the memory", async () => {
    setClock(NINE - 60_000);
    const world = await makeWorld();
    await world.schedule({ schedule: "* * * * *", fn: "work", overlap: "cancel_other" });
    loseMessages();
    await ringAt(world, NINE);
    vi.spyOn(console, "warn").mockImplementation(() => {});
    vi.spyOn(console, "error").mockImplementation(() => {});
    // The second occurrence cancels the first run, and then its own run cannot be written.
    vi.spyOn(RunTable.prototype, "add").mockImplementation(() => {
      throw new Error("The disk is full");
    });
    await ringAt(world, NINE + 60_000);
    vi.mocked(RunTable.prototype.add).mockRestore();
    await ring(world);
    expect((await world.live()).map((run) => [run.scheduledFor, run.status])).toContainEqual([NINE, "queued"]);
  });

  it("that hangs does not keep the project awake: the alarm waits for the write's time to pass", async () => {
    setClock(NINE - 60_000);
    const world = await makeWorld();
    await world.schedule({ schedule: "every day at 9am", fn: "work" });
    let hangs = true;
    vi.spyOn(D1RunLog.prototype, "record").mockImplementation(async () => {
      while (hangs) await scheduler.wait(10);
    });
    await ringAt(world, NINE);
    await eventually(
      () => world.live(),
      (runs) => runs.some((run) => run.status === "succeeded"),
    );
    await vi.waitFor(() => expect(D1RunLog.prototype.record).toHaveBeenCalled(), { timeout: 5_000 });
    await ringAt(world, NINE + 16_000);
    expect(await alarmOf(world.stub)).toBeGreaterThanOrEqual(NINE + 30_000);
    hangs = false;
  });
});

describe("a spread", () => {
  it("keeps an occurrence that has not started through a change of something else", async () => {
    setClock(NINE - 60_000);
    const world = await makeWorld();
    const schedule = await world.schedule({ schedule: "every day at 9am", fn: "work", spread: 10 * HOUR });
    const [due] = await sql(world, "SELECT at FROM due");
    setClock(NINE + 1_000);
    unwrap(await world.project.changeSchedule(schedule.id, { ends_at: "2027-06-01T00:00:00Z" }));
    loseMessages();
    await ringAt(world, Number(due?.at));
    expect(await world.live()).toMatchObject([{ scheduledFor: NINE, effectiveAt: due?.at }]);
  });

  it("never starts a run before its own effective time, though the ring is late", async () => {
    setClock(NINE - 60_000);
    const world = await makeWorld();
    const more = { overlap: "allow_all", catchup: "all" } as const;
    await world.project.saveSchedules(
      Array.from({ length: 20 }, () => ({ schedule: "0,5 9 * * *", fn: "work", spread: 2 * HOUR, ...more })),
    );
    loseMessages();
    await ringAt(world, NINE + 10 * 60_000);
    const runs = await world.live();
    expect(runs.length).toBeGreaterThan(0);
    expect(runs.filter((run) => run.effectiveAt > NINE + 10 * 60_000)).toEqual([]);
  });
});

describe("a run", () => {
  it("keeps the version that was asked for through its retries", async () => {
    setClock(NINE);
    const world = await makeWorld(({ fn }) => [fn("work", "status-500", { retry: { attempts: 1, delay: 1_000 } })]);
    const second = unwrap(await world.project.addVersion([world.fn("work")]));
    unwrap(await world.project.publish(second.number));
    unwrap(await world.project.startRun({ fn: "work", version: 1, context: "api-triggered" }));
    await eventually(
      () => world.live(),
      ([run]) => run?.status === "pending_retry",
    );
    await ringThrough(world, NINE + 1_000);
    const runs = await eventually(
      () => world.logged(),
      (all) => all.length === 2,
    );
    expect(runs.map((run) => run.version)).toEqual([1, 1]);
  });

  it("is refused when its arguments are larger than a row should carry", async () => {
    const world = await makeWorld();
    const args = "x".repeat(ARGS_MAX_LENGTH);
    const issues = [{ path: "/args" }];
    expect(await world.project.startRun({ fn: "work", context: "api-triggered", args })).toMatchObject({
      error: { issues },
    });
    const [saved] = unwrap(await world.project.saveSchedules([{ schedule: "daily", fn: "work", args }]));
    expect(saved).toMatchObject({ ok: false, error: { issues } });
  });

  it("of a cancelled schedule ends as it ends and is not tried again", async () => {
    setClock(NINE - 60_000);
    const world = await makeWorld();
    const schedule = await world.schedule({ schedule: "every day at 9am", fn: "work", retry: 3 });
    loseMessages();
    await ringAt(world, NINE);
    const [run] = await world.live();
    if (run === undefined) throw new Error("Nothing was fired");
    const key = { schedule: schedule.id, run: run.id };
    await world.project.begin([key]);
    unwrap(await world.project.cancelSchedule(schedule.id));
    const error = { reason: "http_status", message: "The function answered 500." } as const;
    await world.project.finish([{ run: key, outcome: { kind: "failed", at: NINE, error } }]);
    const logged = await eventually(
      () => world.logged(),
      (runs) => runs.length === 1,
    );
    expect(logged).toMatchObject([{ status: "failed", retryAt: null }]);
  });
});

describe("a backfill", () => {
  it("and the occurrences of its schedule do not stand in each other's way", async () => {
    setClock(NINE - 60_000);
    const world = await makeWorld();
    const schedule = await world.schedule({ schedule: "* * * * *", fn: "work" });
    loseMessages();
    setClock(NINE - 1);
    unwrap(await world.project.backfill(schedule.id, { from: NINE - 60_000, to: NINE - 1 }));
    await ringAt(world, NINE);
    const live = await world.live();
    expect(live.map((run) => [run.cause, run.status])).toEqual([
      ["backfill", "queued"],
      ["occurrence", "queued"],
    ]);
  });
});
