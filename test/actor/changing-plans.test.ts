/** Another plan deletes nothing: what no longer fits is paused, what fits again goes on, and what people paused is theirs. */

import { describe, expect, it } from "vitest";
import type { ScheduleId } from "../../src/domain/ids.ts";
import type { WebhookEvent } from "../../src/domain/news/news.ts";
import type { PlanName } from "../../src/domain/plan.ts";
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

/** A project of an enterprise with these schedules, oldest first. */
async function worldWith(...schedules: readonly string[]) {
  setClock(at("08:30:00"));
  loseMessages();
  const world = await makeWorld();
  const ids: ScheduleId[] = [];
  for (const [index, schedule] of schedules.entries()) {
    setClock(at("08:30:00") + index);
    ids.push((await world.schedule({ schedule, fn: "work" })).id);
  }
  return { world, ids };
}

const changePlan = async (world: World, plan: PlanName, order = 0) =>
  unwrap(await world.project.changePlan({ plan, order }));
const all = async (world: World) => unwrap(await world.project.schedules({}, { limit: 100 })).items;
const states = async (world: World) => (await all(world)).map((schedule) => schedule.state);

describe("a smaller plan", () => {
  it("keeps the oldest, and pauses the others with a reason that names limit and plan", async () => {
    const { world, ids } = await worldWith("@daily", "@weekly", "@monthly");
    const change = await changePlan(world, "professional");
    expect(change.resumed).toEqual([]);
    expect(change.paused.map(({ id }) => id)).toEqual(ids.slice(1));
    expect(await states(world)).toEqual(["active", "paused", "paused"]);
    const [, second] = await all(world);
    expect(second?.reason).toBe(change.paused[0]?.reason);
    expect(second?.reason).toMatch(/professional.* one schedule .*schedules_per_project/);
  });

  it("pauses what it does not allow, which then takes no place", async () => {
    const { world, ids } = await worldWith("*/5 * * * *", "in 2 days", "@daily");
    const { paused } = await changePlan(world, "professional");
    expect(paused.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    for (const { reason } of paused) expect(reason).toMatch(/professional.*custom_schedules/);
    expect(await states(world)).toEqual(["paused", "paused", "active"]);
  });

  it("pauses what comes too often for it", async () => {
    const { world } = await worldWith("every 10 seconds", "* * * * *");
    const { paused } = await changePlan(world, "team");
    expect(paused).toMatchObject([{ reason: expect.stringMatching(/team.*every minute.*shortest_interval/) }]);
    expect(await states(world)).toEqual(["paused", "active"]);
  });

  it("leaves no occurrence of what it pauses undecided, and fires none from then on", async () => {
    const { world, ids } = await worldWith("@daily", "0 9-12 * * *");
    setClock(at("09:00:30"));
    await changePlan(world, "professional");
    expect((await world.live()).map((run) => [run.scheduleId, run.scheduledFor])).toEqual([[ids[1], at("09:00:00")]]);
    await ringAt(world, at("11:30:00"));
    expect((await world.live()).filter((run) => run.scheduledFor > at("09:00:00"))).toEqual([]);
  });
});

describe("a better plan", () => {
  it("resumes exactly what an earlier one had paused and now fits; the time between is one ledger row", async () => {
    const { world, ids } = await worldWith("@daily", "0 9-12 * * *", "every 10 seconds");
    await changePlan(world, "professional");
    setClock(at("11:30:00"));
    expect(await changePlan(world, "team")).toEqual({ paused: [], resumed: [ids[1]] });
    expect(await states(world)).toEqual(["active", "active", "paused"]);
    const logged = await eventually(
      () => world.logged(),
      (runs) => runs.length === 1,
    );
    expect(logged).toMatchObject([{ scheduleId: ids[1], status: "skipped", unrun: "paused", count: 3 }]);
    expect(await changePlan(world, "enterprise")).toEqual({ paused: [], resumed: [ids[2]] });
    expect(await states(world)).toEqual(["active", "active", "active"]);
  });

  it("leaves a person's pause alone, made before, or made of the plan's", async () => {
    const { world, ids } = await worldWith("@daily", "@weekly", "@monthly");
    const [, weekly, monthly] = ids;
    if (weekly === undefined || monthly === undefined) throw new Error("Not saved");
    unwrap(await world.project.pauseSchedule(weekly, "holidays"));
    await changePlan(world, "professional");
    unwrap(await world.project.pauseSchedule(monthly, "mine now"));
    await evict(world);
    expect(await changePlan(world, "enterprise")).toEqual({ paused: [], resumed: [] });
    expect((await all(world)).map(({ state, reason }) => [state, reason])).toEqual([
      ["active", null],
      ["paused", "holidays"],
      ["paused", "mine now"],
    ]);
  });

  it("says the new reason where something stays paused for another one", async () => {
    const { world } = await worldWith("every 10 seconds");
    await changePlan(world, "professional");
    expect(await changePlan(world, "team")).toEqual({ paused: [], resumed: [] });
    expect((await all(world))[0]?.reason).toMatch(/team.*shortest_interval/);
  });
});

describe("the same plan again", () => {
  it("changes nothing and writes nothing", async () => {
    const { world } = await worldWith("@daily", "@weekly");
    await changePlan(world, "professional");
    const before = await sql(world, "SELECT * FROM schedules");
    expect(await changePlan(world, "professional")).toEqual({ paused: [], resumed: [] });
    expect(await sql(world, "SELECT * FROM schedules")).toEqual(before);
  });
});

describe("resuming by a person", () => {
  it("is refused with the limit while the plan does not allow it", async () => {
    const { world, ids } = await worldWith("@daily", "@weekly", "*/5 * * * *");
    await changePlan(world, "professional");
    const [daily, weekly, custom] = ids;
    if (daily === undefined || weekly === undefined || custom === undefined) throw new Error("Not saved");
    const error = { code: "limit_reached", plan: "team" };
    expect(await world.project.resumeSchedule(weekly)).toMatchObject({
      ok: false,
      error: { ...error, limit: "schedules_per_project", allowed: 1, used: 2 },
    });
    expect(await world.project.resumeSchedule(custom)).toMatchObject({
      ok: false,
      error: { ...error, limit: "custom_schedules" },
    });
    unwrap(await world.project.cancelSchedule(daily));
    expect(await world.project.resumeSchedule(weekly)).toMatchObject({ ok: true, value: { state: "active" } });
    expect(await world.project.resumeSchedule(custom)).toMatchObject({ ok: false });
  });

  it("is allowed for what a person had paused and still has its place", async () => {
    const { world, ids } = await worldWith("@daily", "@weekly");
    const [daily] = ids;
    if (daily === undefined) throw new Error("Not saved");
    unwrap(await world.project.pauseSchedule(daily, null));
    await changePlan(world, "professional");
    expect(await states(world)).toEqual(["paused", "paused"]);
    expect(await world.project.resumeSchedule(daily)).toMatchObject({ ok: true });
  });
});

describe("the watchdog", () => {
  it("brings the plan to a project that was not told of it, and says what that did", async () => {
    const { world, ids } = await worldWith("@daily", "@weekly");
    expect(await world.project.checkUp(false, { plan: "professional", order: 0 })).toMatchObject({
      repaired: false,
      paused: [{ id: ids[1] }],
      resumed: [],
    });
    expect(await world.project.checkUp(false, { plan: "professional", order: 0 })).toMatchObject({
      paused: [],
      resumed: [],
    });
    expect(await world.project.checkUp(false)).toMatchObject({ paused: [], resumed: [] });
    expect(await world.project.checkUp(false, { plan: "enterprise", order: 0 })).toMatchObject({
      paused: [],
      resumed: [ids[1]],
    });
  });
});

describe("a notice of a plan", () => {
  it("that comes behind a later one changes nothing: the watchdog may have read the plan before it was changed", async () => {
    const world = await makeWorld();
    await changePlan(world, "team", 2);
    const schedule = await world.schedule({ schedule: "*/5 * * * *", fn: "work" });
    expect(await changePlan(world, "professional", 1)).toEqual({ paused: [], resumed: [] });
    expect(unwrap(await world.project.schedule(schedule.id)).state).toBe("active");
    expect(await changePlan(world, "professional", 3)).toMatchObject({ paused: [{ id: schedule.id }] });
  });

  it("brings what endpoints ask for, which is kept over an eviction, and the same again writes nothing", async () => {
    const world = await makeWorld();
    const told = () => sql(world, "SELECT value FROM settings WHERE name = 'events'");
    const tell = async (events: readonly WebhookEvent[] | undefined, order: number) =>
      unwrap(await world.project.changePlan({ plan: "enterprise", order, events }));
    await tell(["run.failed", "run.missed"], 1);
    expect(await told()).toEqual([{ value: '["run.failed","run.missed"]' }]);
    // Told apart from what would be written anew.
    await sql(world, "UPDATE settings SET value = '[\"run.failed\", \"run.missed\"]' WHERE name = 'events'");
    await evict(world);
    await tell(["run.failed", "run.missed"], 1);
    expect(await told()).toEqual([{ value: '["run.failed", "run.missed"]' }]);
    await tell(["run.skipped"], 0);
    expect(await told()).toEqual([{ value: '["run.failed", "run.missed"]' }]);
    await tell(undefined, 2);
    expect(await told()).toEqual([{ value: '["run.failed", "run.missed"]' }]);
    await world.project.checkUp(false, { plan: "enterprise", order: 3, events: [] });
    expect(await told()).toEqual([{ value: "[]" }]);
  });
});
