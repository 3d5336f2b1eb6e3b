/** A cancel is a fence: what of a schedule is on its way when it is cancelled does not slip past, however it was named. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { reachProject } from "../../src/actor/reach.ts";
import { projectLine } from "../../src/api/project-line.ts";
import { cancelByEvent } from "../../src/api/schedule-events.ts";
import type { RunKey } from "../../src/domain/claim.ts";
import type { Run } from "../../src/domain/run.ts";
import type { Schedule, ScheduleInput } from "../../src/domain/schedule.ts";
import { eventually, evict, loseMessages, makeWorld, ringAt, setClock, unwrap, type World } from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");

const keyOf = (run: Run): RunKey => ({ schedule: run.scheduleId, run: run.id });

/** The three ways to name what is cancelled. Each answers how many schedules it ended. */
const WAYS: readonly (readonly [string, (world: World, schedule: Schedule) => Promise<number>])[] = [
  [
    "by its id",
    async ({ project }, { id }) => (unwrap(await project.cancelSchedule(id)).state === "cancelled" ? 1 : 0),
  ],
  ["by its function", async ({ project }) => unwrap(await project.cancelSchedulesOf("work", false)).cancelled],
  [
    "by an event",
    async ({ scope }, { id }) => unwrap(await cancelByEvent(projectLine(env, scope), { "schedule-id": id })).cancelled,
  ],
];

/** A schedule whose time comes while nothing that is sent arrives: its messages are delivered by the test. */
async function fired(input: Partial<ScheduleInput>, times: readonly number[] = [NINE]) {
  setClock(NINE - 60_000);
  const world = await makeWorld();
  const schedule = await world.schedule({ schedule: "every minute", fn: "work", ...input });
  loseMessages();
  for (const time of times) await ringAt(world, time);
  return { world, schedule, runs: await world.live() };
}

/** The messages of these runs come at last: nothing of them may be begun. */
async function expectNothingBegins(world: World, runs: readonly Run[]): Promise<void> {
  expect(runs.length).toBeGreaterThan(0);
  expect(await world.project.begin(runs.map(keyOf))).toEqual([]);
  await evict(world);
  expect(await reachProject(env, world.scope).begin(runs.map(keyOf))).toEqual([]);
  await ringAt(world, NINE + 10 * 60_000);
  expect(await world.calls()).toEqual([]);
}

const statusesOf = async (world: World, count: number) =>
  (
    await eventually(
      () => world.logged(),
      (runs) => runs.length === count,
    )
  ).map((run) => run.status);

describe.each(WAYS)("a schedule that is cancelled %s", (_, cancel) => {
  it("does not run any more though its message was on its way", async () => {
    const { world, schedule, runs } = await fired({});
    expect(await cancel(world, schedule)).toBe(1);
    await expectNothingBegins(world, runs);
    expect(await statusesOf(world, 1)).toEqual(["cancelled"]);
  });

  it("does not run its only time either: it is complete when it fires, and called off all the same", async () => {
    const { world, schedule, runs } = await fired({ schedule: "in 1 minute" });
    expect(unwrap(await world.project.schedule(schedule.id)).state).toBe("completed");
    expect(await cancel(world, schedule)).toBe(1);
    await expectNothingBegins(world, runs);
    expect(await statusesOf(world, 1)).toEqual(["cancelled"]);
    expect(unwrap(await world.project.schedule(schedule.id)).state).toBe("cancelled");
  });

  it("does not run what was due at the very moment, and not decided yet", async () => {
    const { world, schedule } = await fired({ schedule: "in 1 minute" }, []);
    setClock(NINE);
    expect(await cancel(world, schedule)).toBe(1);
    await ringAt(world, NINE);
    expect((await world.live()).map((run) => run.status)).toEqual(["cancelled"]);
    expect(await world.calls()).toEqual([]);
  });

  it("does not run what was held behind an earlier run, which itself ends as it ends", async () => {
    const { world, schedule, runs } = await fired({ overlap: "buffer_all", max_runs: 2 }, [NINE, NINE + 60_000]);
    const [first, held] = runs;
    if (first === undefined || held === undefined) throw new Error("Two occurrences were due");
    expect(await world.project.begin([keyOf(first)])).toHaveLength(1);
    expect(await cancel(world, schedule)).toBe(1);
    const outcome = { kind: "succeeded", at: Date.now(), output: null } as const;
    await world.project.finish([{ run: keyOf(first), outcome }]);
    await expectNothingBegins(world, [held]);
    expect(await statusesOf(world, 2)).toEqual(["succeeded", "cancelled"]);
  });

  it.each(["every minute", "in 1 minute"])("is not tried again, with a retry due: %s", async (text) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { world, schedule, runs } = await fired({ schedule: text, retry: { attempts: 3, delay: 1_000 } });
    await world.project.begin(runs.map(keyOf));
    await world.project.finish(runs.map((run) => ({ run: keyOf(run), outcome: FAILED })));
    expect((await world.live()).map((run) => run.status)).toEqual(["pending_retry"]);
    expect(await cancel(world, schedule)).toBe(1);
    await ringAt(world, NINE + 60_000);
    expect(await statusesOf(world, 1)).toEqual(["cancelled"]);
  });

  it("is not tried again either when its retry was made and is on its way", async () => {
    const { world, schedule, runs } = await fired({ schedule: "in 1 minute", retry: { attempts: 3, delay: 1_000 } });
    await world.project.begin(runs.map(keyOf));
    await world.project.finish(runs.map((run) => ({ run: keyOf(run), outcome: FAILED })));
    await ringAt(world, NINE + 5_000);
    const retries = (await world.live()).filter((run) => run.attempt === 1);
    expect(await cancel(world, schedule)).toBe(1);
    await expectNothingBegins(world, retries);
    expect((await statusesOf(world, 2)).toSorted()).toEqual(["cancelled", "failed"]);
  });

  it("is not tried again when it is running at that moment and then fails", async () => {
    const { world, schedule, runs } = await fired({ schedule: "in 1 minute", retry: { attempts: 3, delay: 1_000 } });
    expect(await world.project.begin(runs.map(keyOf))).toHaveLength(1);
    await cancel(world, schedule);
    await world.project.finish(runs.map((run) => ({ run: keyOf(run), outcome: FAILED })));
    expect(await statusesOf(world, 1)).toEqual(["failed"]);
  });
});

const FAILED = {
  kind: "failed",
  at: NINE + 10,
  error: { reason: "http_status", message: "The function answered 500.", status: 500 },
} as const;

describe("what has run its course", () => {
  it("has nothing left to cancel, and stays as it ended", async () => {
    const { world, schedule, runs } = await fired({ schedule: "in 1 minute" });
    await world.project.begin(runs.map(keyOf));
    const outcome = { kind: "succeeded", at: Date.now(), output: null } as const;
    await world.project.finish(runs.map((run) => ({ run: keyOf(run), outcome })));
    for (const [, cancel] of WAYS) expect(await cancel(world, schedule)).toBe(0);
    expect(unwrap(await world.project.schedule(schedule.id)).state).toBe("completed");
  });
});

it("a cancel by function leaves the runs of other functions, and those that nobody scheduled", async () => {
  setClock(NINE - 60_000);
  const world = await makeWorld(({ fn }) => [fn("work"), fn("other")]);
  loseMessages();
  await world.schedule({ schedule: "in 1 minute", fn: "work" });
  await world.schedule({ schedule: "in 1 minute", fn: "other" });
  unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" }));
  await ringAt(world, NINE);
  expect(unwrap(await world.project.cancelSchedulesOf("work", true)).cancelled).toBe(1);
  expect(await world.live()).toHaveLength(3);
  expect(unwrap(await world.project.cancelSchedulesOf("work", false)).cancelled).toBe(1);
  const left = (await world.live()).filter((run) => run.status === "queued");
  expect(left.map((run) => [run.fn, run.scheduleId === null]).sort()).toEqual([
    ["other", false],
    ["work", true],
  ]);
});
