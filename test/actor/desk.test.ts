/** A verb is one transaction: what throws leaves nothing, neither in the rows nor in the memory. */
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import type { Project } from "../../src/actor/project.ts";
import type { ProjectVerbs } from "../../src/actor/rpc.ts";
import { ScheduleTable } from "../../src/actor/schedule-table.ts";
import { alarmOf, evict, loseMessages, makeWorld, setClock, sql, unwrap, type World } from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");

/** What a verb throws, caught inside the actor: a fault that crosses the border would be one of the test run as well. */
const faultOf = (world: World, verb: (project: ProjectVerbs) => Promise<unknown>): Promise<string> =>
  runInDurableObject<Project, string>(world.stub as DurableObjectStub<Project>, async (project) => {
    try {
      await verb(project);
      return "no fault";
    } catch (cause) {
      return String(cause);
    }
  });

/** From here on rows of this table cannot be written. */
const breakWritesOf = (world: World, table: string) =>
  sql(
    world,
    `CREATE TRIGGER broken BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'The disk of this test is broken'); END`,
  );
const mend = (world: World) => sql(world, "DROP TRIGGER broken");

describe("a verb that throws", () => {
  it("leaves no schedule, no place in the queue and no alarm", async () => {
    setClock(NINE);
    const world = await makeWorld();
    await breakWritesOf(world, "due");
    expect(await faultOf(world, (project) => project.saveSchedules([{ schedule: "hourly", fn: "work" }]))).toContain(
      "broken",
    );
    expect(await sql(world, "SELECT id FROM schedules")).toEqual([]);
    expect(await sql(world, "SELECT at FROM due")).toEqual([]);
  });

  it("half-way through a batch leaves none of the batch", async () => {
    const world = await makeWorld();
    const put = ScheduleTable.prototype.put;
    let puts = 0;
    vi.spyOn(ScheduleTable.prototype, "put").mockImplementation(function (this: ScheduleTable, schedule) {
      puts += 1;
      if (puts === 3) throw new Error("half-way");
      put.call(this, schedule);
    });
    const inputs = [1, 2, 3, 4].map(() => ({ schedule: "hourly", fn: "work" }));
    expect(await faultOf(world, (project) => project.saveSchedules(inputs))).toContain("half-way");
    expect(unwrap(await world.project.schedules({}, { limit: 9 })).items).toEqual([]);
  });

  it("leaves the schedule as it was, in the memory as on the disk", async () => {
    setClock(NINE);
    const world = await makeWorld();
    const schedule = await world.schedule({ schedule: "hourly", fn: "work" });
    await breakWritesOf(world, "due");
    expect(await faultOf(world, (project) => project.changeSchedule(schedule.id, { schedule: "daily" }))).toContain(
      "broken",
    );
    expect(unwrap(await world.project.schedule(schedule.id))).toEqual(schedule);
    await evict(world);
    expect(unwrap(await world.project.schedule(schedule.id))).toEqual(schedule);
    await mend(world);
    const changed = unwrap(await world.project.changeSchedule(schedule.id, { schedule: "daily" }));
    expect(changed.spec.expression).toBe("daily");
  });

  it("leaves the published version and the settings as they were", async () => {
    const world = await makeWorld();
    const next = unwrap(await world.project.addVersion([world.fn("new", "ok", { schedule: "hourly" })]));
    await breakWritesOf(world, "due");
    expect(await faultOf(world, (project) => project.publish(next.number))).toContain("broken");
    expect(unwrap(await world.project.published()).number).toBe(1);
    await mend(world);
    expect(unwrap(await world.project.publish(next.number)).created).toEqual(["new"]);
  });

  it("hands nothing over to the queue", async () => {
    const { Dispatcher } = await import("../../src/actor/dispatcher.ts");
    const world = await makeWorld();
    loseMessages();
    await breakWritesOf(world, "runs");
    expect(await faultOf(world, (project) => project.startRun({ fn: "work", context: "app" }))).toContain("broken");
    expect(vi.mocked(Dispatcher.prototype.send)).not.toHaveBeenCalled();
  });

  it("does not use its idempotency key up", async () => {
    const world = await makeWorld();
    loseMessages();
    const wish = { key: "k", fingerprint: "f" };
    const start = (project: ProjectVerbs) => project.startRun({ fn: "work", context: "app" }, wish);
    await breakWritesOf(world, "runs");
    expect(await faultOf(world, start)).toContain("broken");
    await mend(world);
    const started = await start(world.project);
    expect(started.replayed).toBeUndefined();
    expect(await start(world.project)).toMatchObject({ replayed: true, value: { id: unwrap(started).id } });
    expect(await world.live()).toHaveLength(1);
  });
});

describe("a verb that succeeds", () => {
  it("has its alarm set when it answers", async () => {
    setClock(NINE);
    const world = await makeWorld();
    await world.schedule({ schedule: "in 10 minutes", fn: "work" });
    expect(await alarmOf(world)).toBe(NINE + 600_000);
    await world.schedule({ schedule: "in 5 minutes", fn: "work" });
    expect(await alarmOf(world)).toBe(NINE + 300_000);
  });

  it("hands its run over once, and a repeated one under the same key hands over none", async () => {
    const { Dispatcher } = await import("../../src/actor/dispatcher.ts");
    const world = await makeWorld();
    loseMessages();
    const wish = { key: "k", fingerprint: "f" };
    for (let times = 0; times < 3; times += 1) await world.project.startRun({ fn: "work", context: "app" }, wish);
    expect(vi.mocked(Dispatcher.prototype.send).mock.calls.flatMap(([keys]) => keys)).toHaveLength(1);
  });
});

describe("the registry", () => {
  it("is told of the first active schedule, and not of the next ones", async () => {
    const { ProjectRegistry } = await import("../../src/directory/registry.ts");
    const told = vi.spyOn(ProjectRegistry.prototype, "setActive").mockResolvedValue();
    const world = await makeWorld();
    await world.schedule({ schedule: "hourly", fn: "work" });
    await world.schedule({ schedule: "daily", fn: "work" });
    await vi.waitFor(() => expect(told.mock.calls.map(([, active, order]) => [active, order])).toEqual([[true, 1]]));
  });

  it("being down harms nobody, and the next save tells it again", async () => {
    const { ProjectRegistry } = await import("../../src/directory/registry.ts");
    vi.spyOn(console, "error").mockImplementation(() => {});
    const told = vi.spyOn(ProjectRegistry.prototype, "setActive").mockRejectedValueOnce(new Error("D1 is down"));
    told.mockResolvedValue();
    const world = await makeWorld();
    const schedule = await world.schedule({ schedule: "hourly", fn: "work" });
    unwrap(await world.project.cancelSchedule(schedule.id));
    expect(await world.project.checkUp(false)).toMatchObject({ active: false });
    await world.schedule({ schedule: "hourly", fn: "work" });
    await vi.waitFor(() => expect(told.mock.calls.at(-1)?.slice(1)).toEqual([true, 2]));
  });
});
