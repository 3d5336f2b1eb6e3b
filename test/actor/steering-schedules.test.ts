import { describe, expect, it, vi } from "vitest";
import { eventually, loseMessages, makeWorld, ringAt, setClock, sql, unwrap, type World } from "../support/world.ts";

const NOTHING_PAUSED = { paused: [], resumed: [] };

const at = (time: string): number => Date.parse(`2027-01-15T${time}Z`);

async function hourly(more: Record<string, unknown> = {}) {
  setClock(at("08:30:00"));
  const world = await makeWorld();
  const schedule = await world.schedule({ schedule: "every hour", fn: "work", ...more });
  return { world, id: schedule.id };
}

const dueTimes = async (world: World) => (await sql(world, "SELECT at FROM due")).map((row) => Number(row.at));

describe("pausing", () => {
  it("keeps occurrences from coming due, says why, and leaves one ledger row for them on resume", async () => {
    const { world, id } = await hourly();
    expect(unwrap(await world.project.pauseSchedule(id, "maintenance"))).toMatchObject({
      state: "paused",
      reason: "maintenance",
    });
    await ringAt(world, at("11:30:00"));
    expect(await world.live()).toEqual([]);
    expect(unwrap(await world.project.resumeSchedule(id))).toMatchObject({ state: "active", reason: null });
    expect(
      await eventually(
        () => world.logged(),
        (runs) => runs.length === 1,
      ),
    ).toMatchObject([{ status: "skipped", unrun: "paused", count: 3, scheduledFor: at("11:00:00") }]);
    expect(await dueTimes(world)).toEqual([at("12:00:00")]);
  });

  it("twice keeps the first moment and the newer reason", async () => {
    const { world, id } = await hourly();
    unwrap(await world.project.pauseSchedule(id, "one"));
    setClock(at("09:30:00"));
    unwrap(await world.project.pauseSchedule(id, "two"));
    setClock(at("09:40:00"));
    unwrap(await world.project.resumeSchedule(id));
    expect(
      await eventually(
        () => world.logged(),
        (runs) => runs.length === 1,
      ),
    ).toMatchObject([{ count: 1 }]);
  });

  it("is refused for a schedule that has ended", async () => {
    const { world, id } = await hourly();
    unwrap(await world.project.cancelSchedule(id));
    expect(await world.project.pauseSchedule(id, null)).toMatchObject({ ok: false, error: { code: "conflict" } });
    expect(await world.project.resumeSchedule(id)).toMatchObject({ ok: false, error: { code: "conflict" } });
  });

  it("lets a one-time schedule whose time passed meanwhile end with a ledger row", async () => {
    const { world } = await hourly();
    const once = await world.schedule({ schedule: "in 10 minutes", fn: "work" });
    unwrap(await world.project.pauseSchedule(once.id, null));
    setClock(at("09:30:00"));
    expect(unwrap(await world.project.resumeSchedule(once.id)).state).toBe("completed");
    expect(
      await eventually(
        () => world.logged(),
        (runs) => runs.length === 1,
      ),
    ).toMatchObject([{ unrun: "paused" }]);
  });
});

describe("cancelling", () => {
  it("takes the schedule from the queue and cancels what has not begun, so that nothing slips past", async () => {
    const { world, id } = await hourly();
    loseMessages();
    await ringAt(world, at("09:00:00"));
    const [run] = await world.live();
    unwrap(await world.project.cancelSchedule(id));
    expect(await world.project.begin([{ schedule: id, run: run?.id ?? (id as never) }])).toEqual([]);
    expect(
      await eventually(
        () => world.logged(),
        (runs) => runs.length === 1,
      ),
    ).toMatchObject([{ status: "cancelled" }]);
    expect(await dueTimes(world)).toEqual([]);
  });

  it("again changes nothing", async () => {
    const { world, id } = await hourly();
    const first = unwrap(await world.project.cancelSchedule(id));
    setClock(at("10:00:00"));
    expect(unwrap(await world.project.cancelSchedule(id))).toEqual(first);
  });

  it("by function counts first and cancels all of that function only", async () => {
    const { world } = await hourly();
    await world.schedule({ schedule: "daily", fn: "work" });
    const whole = await world.schedule({ schedule: "daily" });
    expect(unwrap(await world.project.cancelSchedulesOf("work", true))).toEqual({ cancelled: 2 });
    expect(unwrap(await world.project.cancelSchedulesOf("work", false))).toEqual({ cancelled: 2 });
    expect(
      unwrap(await world.project.schedules({ state: "active" }, { limit: 10 })).items.map((one) => one.id),
    ).toEqual([whole.id]);
  });
});

describe("skipping the next occurrence", () => {
  it("leaves a ledger row in its place, and the one after it runs", async () => {
    const { world, id } = await hourly();
    expect(unwrap(await world.project.skipNext(id)).skipped).toBe(at("09:00:00"));
    await ringAt(world, at("09:00:00"));
    await ringAt(world, at("10:00:00"));
    expect(
      await eventually(
        () => world.logged(),
        (runs) => runs.length === 2,
      ),
    ).toMatchObject([
      { status: "skipped", unrun: "requested", scheduledFor: at("09:00:00") },
      { status: "succeeded", scheduledFor: at("10:00:00") },
    ]);
    expect(unwrap(await world.project.schedule(id)).skips).toEqual([]);
  });

  it("twice skips two", async () => {
    const { world, id } = await hourly();
    unwrap(await world.project.skipNext(id));
    expect(unwrap(await world.project.skipNext(id)).skipped).toBe(at("10:00:00"));
  });

  it("with a spread skips the occurrence that has not started, though its nominal time has passed", async () => {
    const { world, id } = await hourly({ spread: "50 minutes" });
    const [start] = await dueTimes(world);
    setClock((start ?? 0) - 1);
    expect(unwrap(await world.project.skipNext(id)).skipped).toBe(at("09:00:00"));
  });
});

describe("running now", () => {
  it("starts a run of its own and leaves the occurrences alone", async () => {
    const { world, id } = await hourly();
    const before = await dueTimes(world);
    const run = unwrap(await world.project.runNow(id));
    expect(run).toMatchObject({ scheduleId: id, cause: "manual", context: "api-triggered" });
    await eventually(
      () => world.logged(),
      (runs) => runs.some((one) => one.id === run.id && one.status === "succeeded"),
    );
    expect(await dueTimes(world)).toEqual(before);
  });
});

describe("a backfill", () => {
  it("runs the occurrences of a past range one after another, as runs of their own", async () => {
    const { world, id } = await hourly();
    setClock(at("12:30:00"));
    const range = { from: at("09:00:00"), to: at("12:00:00") };
    expect(unwrap(await world.project.backfill(id, range))).toMatchObject({ occurrences: 3 });
    const runs = await eventually(
      () => world.logged(),
      (all) => all.length === 3,
    );
    expect(runs.map((run) => [run.cause, run.status, run.scheduledFor])).toEqual([
      ["backfill", "succeeded", at("09:00:00")],
      ["backfill", "succeeded", at("10:00:00")],
      ["backfill", "succeeded", at("11:00:00")],
    ]);
    expect(unwrap(await world.project.backfill(id, range)).occurrences).toBe(3);
    expect(
      await eventually(
        () => world.logged(),
        (all) => all.length === 6,
      ),
    ).toHaveLength(6);
  });

  it.each([
    ["a range that is not over", at("09:00:00"), at("13:00:00"), "invalid"],
    ["a range turned round", at("11:00:00"), at("10:00:00"), "invalid"],
    ["more than the limit", at("09:00:00") - 60 * 86_400_000, at("12:00:00"), "limit_reached"],
  ])("of %s is refused", async (_, from, to, code) => {
    const { world, id } = await hourly();
    setClock(at("12:30:00"));
    expect(await world.project.backfill(id, { from, to })).toMatchObject({ ok: false, error: { code } });
    expect(await world.live()).toEqual([]);
  });
});

describe("the watchdog", () => {
  it("arms a lost alarm again and says that it did", async () => {
    const { world } = await hourly();
    const { runInDurableObject } = await import("cloudflare:test");
    await runInDurableObject(world.stub, (_, state) => state.storage.deleteAlarm());
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    expect(await world.project.checkUp(false)).toEqual({ repaired: true, active: true, ...NOTHING_PAUSED });
    expect(warned).toHaveBeenCalledWith(expect.objectContaining({ event: "alarm_repaired", due: at("09:00:00") }));
    expect(await runInDurableObject(world.stub, (_, state) => state.storage.getAlarm())).toBe(at("09:00:00"));
    expect(await world.project.checkUp(false)).toEqual({ repaired: false, active: true, ...NOTHING_PAUSED });
  });

  it("finds nothing to do in a project without schedules", async () => {
    setClock(at("08:00:00"));
    const world = await makeWorld();
    expect(await world.project.checkUp(false)).toEqual({ repaired: false, active: false, ...NOTHING_PAUSED });
  });
});
