/** What came due while a schedule was active is decided, also when somebody steers it before the alarm has rung. */
import { describe, expect, it, vi } from "vitest";
import type { Run } from "../../src/domain/run.ts";
import type { Schedule, ScheduleInput } from "../../src/domain/schedule.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import {
  alarmOf,
  eventually,
  loseMessages,
  makeWorld,
  ring,
  ringAt,
  setClock,
  sql,
  unwrap,
  type World,
} from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");
const MINUTE = 60_000;

/** A schedule of which 09:00 is overdue: its alarm has not rung. */
async function overdue(more: Partial<ScheduleInput> = {}): Promise<{ world: World; schedule: Schedule }> {
  setClock(NINE - 30_000);
  const world = await makeWorld();
  const schedule = await world.schedule({ schedule: "0 * * * *", fn: "work", ...more });
  loseMessages();
  setClock(NINE + 5_000);
  return { world, schedule };
}

const decisions = async (world: World, count: number): Promise<readonly string[]> =>
  (
    await eventually(
      async () => [...(await world.logged()), ...(await world.live())],
      (runs) => runs.length >= count,
    )
  ).map(inWords);

const inWords = (run: Run): string => `${new Date(run.scheduledFor).toISOString().slice(11, 19)} ${run.status}`;

describe("an occurrence that is overdue", () => {
  it("runs although the schedule is paused before the alarm rings", async () => {
    const { world, schedule } = await overdue();
    expect(unwrap(await world.project.pauseSchedule(schedule.id, null)).state).toBe("paused");
    expect(await decisions(world, 1)).toEqual(["09:00:00 queued"]);
  });

  it("is cancelled with its schedule", async () => {
    const { world, schedule } = await overdue();
    expect(unwrap(await world.project.cancelSchedule(schedule.id)).state).toBe("cancelled");
    expect(await decisions(world, 1)).toEqual(["09:00:00 cancelled"]);
  });

  it.each([
    ["another expression", { schedule: "30 * * * *" }],
    ["another zone", { timezone: "Asia/Kolkata" }],
    ["an end", { ends_at: "2027-01-16T00:00:00Z" }],
  ])("runs although the schedule is given %s", async (_, patch) => {
    const { world, schedule } = await overdue();
    unwrap(await world.project.changeSchedule(schedule.id, patch));
    expect(await decisions(world, 1)).toEqual(["09:00:00 queued"]);
  });

  it("runs although the schedule is saved anew under its key", async () => {
    const { world, schedule } = await overdue({ key: "mine" });
    expect((await world.schedule({ schedule: "30 * * * *", fn: "work", key: "mine" })).id).toBe(schedule.id);
    expect(await decisions(world, 1)).toEqual(["09:00:00 queued"]);
  });

  it("runs although another version is published that changes the schedule of its function", async () => {
    setClock(NINE - 30_000);
    const world = await makeWorld(({ fn }) => [fn("work", "ok", { schedule: "0 * * * *" })]);
    loseMessages();
    setClock(NINE + 5_000);
    const next = unwrap(await world.project.addVersion([world.fn("work", "ok", { schedule: "30 * * * *" })]));
    unwrap(await world.project.publish(next.number));
    expect(await decisions(world, 1)).toEqual(["09:00:00 queued"]);
  });

  it("completes a one-time schedule, which then can be neither paused nor changed; its key is free again", async () => {
    const { world, schedule } = await overdue({ schedule: "2027-01-15T09:00:00Z", key: "mine" });
    expect(await world.project.pauseSchedule(schedule.id, null)).toMatchObject({
      ok: false,
      error: { code: "conflict" },
    });
    expect(await world.project.changeSchedule(schedule.id, { schedule: "in 1 hour" })).toMatchObject({ ok: false });
    const again = await world.schedule({ schedule: "in 1 hour", fn: "work", key: "mine" });
    expect(again.id).not.toBe(schedule.id);
    expect(await decisions(world, 1)).toEqual(["09:00:00 queued"]);
  });

  it("is handed over by the ring that was late", async () => {
    const { world, schedule } = await overdue();
    unwrap(await world.project.pauseSchedule(schedule.id, null));
    expect(await alarmOf(world)).toBeLessThanOrEqual(NINE + 5_001);
    vi.restoreAllMocks();
    await ring(world);
    await eventually(
      () => world.logged(),
      (runs) => runs[0]?.status === "succeeded",
    );
  });

  it("of a schedule that cannot be decided about does not keep anybody from cancelling it", async () => {
    const { world, schedule } = await overdue();
    await sql(
      world,
      "CREATE TRIGGER broken BEFORE INSERT ON runs BEGIN SELECT RAISE(ABORT, 'The disk of this test is broken'); END",
    );
    vi.spyOn(console, "error").mockImplementation(() => {});
    expect(unwrap(await world.project.cancelSchedule(schedule.id)).state).toBe("cancelled");
  });
});

describe("an occurrence whose start is spread", () => {
  it("and that is paused before it starts is in the ledger as paused", async () => {
    const { world, schedule } = await overdue({ spread: "30 minutes" });
    const [due] = await sql(world, "SELECT at FROM due");
    expect(Number(due?.at)).toBeGreaterThan(NINE + 5_000);
    unwrap(await world.project.pauseSchedule(schedule.id, null));
    setClock(NINE + 40 * MINUTE);
    unwrap(await world.project.resumeSchedule(schedule.id));
    expect(await decisions(world, 1)).toEqual(["09:00:00 skipped"]);
  });
});

describe("a change of expression", () => {
  it("leaves nothing behind in the queue that a later occurrence could run into", async () => {
    setClock(NINE - 30_000);
    const world = await makeWorld();
    const schedule = await world.schedule({ schedule: "0 * * * *", fn: "work", overlap: "allow_all" });
    loseMessages();
    await ringAt(world, NINE);
    unwrap(await world.project.changeSchedule(schedule.id, { schedule: "*/30 * * * *" }));
    await ringAt(world, NINE + 30 * MINUTE);
    await ringAt(world, NINE + 60 * MINUTE);
    expect(await sql(world, "SELECT nominal FROM due")).toEqual([{ nominal: NINE + 90 * MINUTE }]);
    expect(unwrap(await world.project.schedule(schedule.id)).state).toBe("active");
    expect(await decisions(world, 3)).toEqual(["09:00:00 queued", "09:30:00 queued", "10:00:00 queued"]);
  });

  it("is not stopped by a stale row that stands where the schedule goes next", async () => {
    setClock(NINE - 30_000);
    const world = await makeWorld();
    const schedule = await world.schedule({ schedule: "0 * * * *", fn: "work" });
    loseMessages();
    await sql(world, "INSERT INTO due SELECT at + 3600000, schedule_id, nominal + 3600000, -1 FROM due");
    await ringAt(world, NINE);
    expect(unwrap(await world.project.schedule(schedule.id)).state).toBe("active");
    expect(await sql(world, "SELECT nominal, generation FROM due")).toEqual([
      { nominal: NINE + 60 * MINUTE, generation: 0 },
    ]);
  });
});

describe("a ledger row that the log refused", () => {
  it("has the alarm set for it, also when nothing else is due any more", async () => {
    const { world, schedule } = await overdue({ schedule: "2027-01-15T09:30:00Z" });
    unwrap(await world.project.pauseSchedule(schedule.id, null));
    setClock(NINE + 60 * MINUTE);
    await ring(world);
    vi.spyOn(console, "error").mockImplementation(() => {});
    const record = vi.spyOn(D1RunLog.prototype, "record").mockRejectedValue(new Error("D1 is down"));
    unwrap(await world.project.resumeSchedule(schedule.id));
    await vi.waitFor(() => expect(record).toHaveBeenCalled());
    await vi.waitFor(async () => expect(await alarmOf(world)).toBeGreaterThan(NINE + 60 * MINUTE));
    record.mockRestore();
    await ringAt(world, NINE + 61 * MINUTE);
    expect(await decisions(world, 1)).toEqual(["09:30:00 skipped"]);
  });
});
