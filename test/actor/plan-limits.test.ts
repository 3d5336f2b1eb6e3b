/** What a plan allows, held where schedules are saved and runs begin. */
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { RunTable } from "../../src/actor/run-table.ts";
import type { RunId } from "../../src/domain/ids.ts";
import type { PlanName } from "../../src/domain/plan.ts";
import type { ScheduleInput } from "../../src/domain/schedule.ts";
import {
  eventually,
  evict,
  loseMessages,
  makeWorld,
  ringAt,
  setClock,
  sql,
  unwrap,
  type World,
} from "../support/world.ts";

const at = (time: string): number => Date.parse(`2027-01-15T${time}Z`);

async function on(plan: PlanName, functions?: Parameters<typeof makeWorld>[0]): Promise<World> {
  setClock(at("08:30:00"));
  return makeWorld(functions, { plan });
}

const save = async (world: World, ...schedules: readonly (string | ScheduleInput)[]) => {
  const inputs = schedules.map((one) => (typeof one === "string" ? { schedule: one, fn: "work" } : one));
  return unwrap(await world.project.saveSchedules(inputs));
};
const refusal = (limit: string, more: Record<string, unknown> = {}) => ({
  ok: false,
  error: { code: "limit_reached", limit, ...more },
});

describe("schedules_per_project", () => {
  it("lets in as many as the plan allows, and answers each of a batch for itself", async () => {
    const world = await on("professional");
    expect(await save(world, "@daily", "@weekly")).toMatchObject([
      { ok: true },
      refusal("schedules_per_project", { allowed: 1, used: 2, plan: "team" }),
    ]);
  });

  it("counts what lives: a cancelled one makes room, a paused one does not", async () => {
    const world = await on("professional");
    const { id } = await world.schedule({ schedule: "@daily", fn: "work" });
    unwrap(await world.project.pauseSchedule(id, null));
    expect(await save(world, "@weekly")).toMatchObject([refusal("schedules_per_project")]);
    unwrap(await world.project.cancelSchedule(id));
    expect(await save(world, "@weekly")).toMatchObject([{ ok: true }]);
    await evict(world);
    expect(await save(world, "@monthly")).toMatchObject([refusal("schedules_per_project")]);
  });

  it("counts nothing that was rolled back or refused", async () => {
    const world = await on("professional");
    expect(await save(world, "never ever", "*/5 * * * *", "@daily")).toMatchObject([
      { error: { code: "invalid" } },
      refusal("custom_schedules"),
      { ok: true },
    ]);
  });

  it("leaves an upsert by key alone: it makes no new one", async () => {
    const world = await on("professional");
    const key = "report";
    await save(world, { schedule: "@daily", fn: "work", key });
    expect(await save(world, { schedule: "@weekly", fn: "work", key })).toMatchObject([
      { ok: true, value: { change: "updated" } },
    ]);
  });

  it("counts a one-time schedule until it has run", async () => {
    loseMessages();
    const world = await on("team");
    const items = Array.from({ length: 999 }, () => "@daily");
    expect((await save(world, ...items, "in 10 minutes")).every((one) => one.ok)).toBe(true);
    expect(await save(world, "@daily")).toMatchObject([
      refusal("schedules_per_project", { allowed: 1_000, used: 1_001 }),
    ]);
    await ringAt(world, at("08:40:00"));
    expect(await save(world, "@daily")).toMatchObject([{ ok: true }]);
  });
});

describe("custom_schedules", () => {
  it.each(["@hourly", "every day at 9am", "0 9 * * *", "every monday at 9am", "0 9 L * *"])(
    "allows %s",
    async (text) => {
      expect(await save(await on("professional"), text)).toMatchObject([{ ok: true }]);
    },
  );

  it.each(["0 9 * * MON-FRI", "every 2 hours", "in 10 minutes", "2027-03-01T10:00:00Z"])("refuses %s", async (text) => {
    const refused = refusal("custom_schedules", { allowed: false, used: true, plan: "team" });
    expect(await save(await on("professional"), text)).toMatchObject([refused]);
  });

  it("is said after what is wrong with the input itself", async () => {
    const world = await on("professional");
    const [answer] = await save(world, { schedule: "0 9 * * MON-FRI", fn: "unknown" });
    expect(answer).toMatchObject({ error: { code: "invalid" } });
  });

  it("holds for a change too, which may change all else", async () => {
    const world = await on("professional");
    const { id } = await world.schedule({ schedule: "@daily", fn: "work" });
    expect(await world.project.changeSchedule(id, { schedule: "*/5 * * * *" })).toMatchObject(
      refusal("custom_schedules"),
    );
    expect(await world.project.changeSchedule(id, { args: { a: 1 } })).toMatchObject({ ok: true });
    expect(await world.project.changeSchedule(id, { schedule: "@hourly" })).toMatchObject({ ok: true });
  });
});

describe("shortest_interval", () => {
  it("is the least time between two occurrences, in whatever way they are named", async () => {
    const world = await on("team");
    expect(await save(world, "* * * * *", "every 30 seconds", "0,30 0 9 * * *", "every minute")).toMatchObject([
      { ok: true },
      refusal("shortest_interval", { allowed: 60_000, used: 30_000, plan: "enterprise" }),
      refusal("shortest_interval", { used: 30_000 }),
      { ok: true },
    ]);
  });
});

describe("what is used", () => {
  it("counts the running runs and reads none of those that wait", async () => {
    loseMessages();
    const world = await on("professional");
    const ids: RunId[] = [];
    for (let index = 0; index < 4; index += 1) {
      ids.push(unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" })).id);
    }
    await world.project.begin(ids.slice(0, 2).map((run) => ({ schedule: null, run })));
    const readAll = vi.spyOn(RunTable.prototype, "onTheirWay");
    expect(unwrap(await world.project.usage())).toMatchObject({ running: 2, runsToday: 4 });
    expect(readAll).not.toHaveBeenCalled();
  });
});

describe("a publication", () => {
  const withSchedules =
    (...schedules: readonly string[]) =>
    ({ fn }: Pick<World, "fn">) =>
      schedules.map((schedule, index) => fn(`fn-${index}`, "ok", { schedule }));

  async function publish(world: World, ...schedules: readonly string[]) {
    const { number } = unwrap(await world.project.addVersion(withSchedules(...schedules)(world)));
    return world.project.publish(number);
  }

  it("is refused as a whole when its functions' schedules are too many or not allowed", async () => {
    const world = await on("professional");
    expect(await publish(world, "@daily", "@weekly")).toMatchObject(refusal("schedules_per_project", { used: 2 }));
    expect(await publish(world, "*/5 * * * *")).toMatchObject(refusal("custom_schedules"));
    expect(unwrap(await world.project.schedules({}, { limit: 10 })).items).toEqual([]);
    expect(await publish(world, "@daily")).toMatchObject({ ok: true });
  });

  it("takes away before it adds, so that one may stand for another", async () => {
    const world = await on("professional", withSchedules("@daily"));
    const { number } = unwrap(await world.project.addVersion([world.fn("other", "ok", { schedule: "@weekly" })]));
    expect(await world.project.publish(number)).toMatchObject({ ok: true, value: { created: ["other"] } });
  });
});

describe("runs_per_day", () => {
  const used = (world: World, runs: number) =>
    sql(world, "INSERT INTO settings (name, value) VALUES ('runsOfDay', ?1)", JSON.stringify({ day: dayOf(), runs }));
  const dayOf = (): number => Math.floor(at("08:30:00") / 86_400_000);

  async function nearlySpent(runs = 999): Promise<World> {
    loseMessages();
    const world = await on("professional");
    await used(world, runs);
    await evict(world);
    return world;
  }

  it("refuses a run that is asked for", async () => {
    const world = await nearlySpent();
    const { id } = await world.schedule({ schedule: "@daily", fn: "work" });
    unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" }));
    const refused = refusal("runs_per_day", { allowed: 1_000, used: 1_001, plan: "team" });
    expect(await world.project.startRun({ fn: "work", context: "api-triggered" })).toMatchObject(refused);
    expect(await world.project.runNow(id)).toMatchObject(refused);
  });

  it("refuses a backfill that does not fit as a whole", async () => {
    const world = await nearlySpent(997);
    const { id } = await world.schedule({ schedule: "@hourly", fn: "work" });
    const range = (from: string) => ({ from: at(from), to: at("08:00:00") });
    expect(await world.project.backfill(id, range("04:00:00"))).toMatchObject(refusal("runs_per_day", { used: 1_001 }));
    expect(await world.project.backfill(id, range("05:00:00"))).toMatchObject({ ok: true });
  });

  it("turns an occurrence over it into a skipped one that says so, until the day is over", async () => {
    const world = await nearlySpent();
    const { id } = await world.schedule({ schedule: "@hourly", fn: "work", overlap: "allow_all" });
    for (const hour of ["09", "10"]) await ringAt(world, at(`${hour}:00:00`));
    const [skipped] = await eventually(
      () => world.logged(),
      (runs) => runs.length === 1,
    );
    expect(skipped).toMatchObject({ scheduleId: id, scheduledFor: at("10:00:00"), status: "skipped", unrun: "limit" });
    await ringAt(world, at("09:00:00") + 16 * 3_600_000);
    expect((await world.live()).filter((run) => run.status === "queued")).toHaveLength(2);
  });

  it("counts retries and refuses none", async () => {
    const world = await nearlySpent();
    const run = unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" }));
    await sql(world, `UPDATE runs SET retry = '{"attempts":3,"delay":1000,"backoff":"fixed"}'`);
    await world.project.begin([{ schedule: null, run: run.id }]);
    const error = { reason: "exception", message: "No." } as const;
    await world.project.finish([
      { run: { schedule: null, run: run.id }, outcome: { kind: "failed", at: at("08:30:01"), error } },
    ]);
    await ringAt(world, at("08:30:05"));
    expect(await world.live()).toContainEqual(expect.objectContaining({ attempt: 1, status: "queued" }));
  });

  it("costs no row for most runs, and forgets less than a hundredth with an instance", async () => {
    loseMessages();
    const world = await on("professional");
    const start = () => world.project.startRun({ fn: "work", context: "api-triggered" });
    const written: number[] = [];
    await runInDurableObject(world.stub, (_, { storage }) => {
      const exec = storage.sql.exec.bind(storage.sql);
      vi.spyOn(Object.getPrototypeOf(storage.sql), "exec").mockImplementation((query, ...bindings) => {
        const cursor = exec(String(query), ...bindings);
        if (String(query).startsWith("INSERT INTO settings")) written.push(cursor.rowsWritten);
        return cursor;
      });
    });
    for (let index = 0; index < 95; index += 1) unwrap(await start());
    expect(written.reduce((sum, rows) => sum + rows, 0)).toBeGreaterThanOrEqual(9);
    expect(written.reduce((sum, rows) => sum + rows, 0)).toBeLessThanOrEqual(10);
    const [row] = await sql(world, "SELECT value ->> 'runs' AS runs FROM settings WHERE name = 'runsOfDay'");
    expect(Math.abs(Number(row?.runs) - 95)).toBeLessThanOrEqual(10);
  });
});
