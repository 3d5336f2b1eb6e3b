/** What the app shows: which runs feed it, in what order, and what of it the published version still has. */
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { Project } from "../../src/actor/project.ts";
import type { RunKey } from "../../src/domain/claim.ts";
import type { Output, Run } from "../../src/domain/run.ts";
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

const NINE = Date.parse("2027-01-15T09:00:00.000Z");
/** Shorter than a lease: a run may go on while the next occurrence comes. */
const STEP = 10_000;

const keyOf = (run: Run): RunKey => ({ schedule: run.scheduleId, run: run.id });

const left = (value: string | null): Output => ({
  stored: "inline",
  json: JSON.stringify({ items: [{ fn: "work", value }] }),
});

/** A project whose messages are lost, so that the test is its executor. */
async function silentWorld(): Promise<World> {
  setClock(NINE - 60_000);
  loseMessages();
  return makeWorld(({ fn }) => [fn("work"), fn("other")]);
}

const succeed = (world: World, run: RunKey, output: Output | null) =>
  world.project.finish([{ run, outcome: { kind: "succeeded", at: Date.now(), output } }]);

/** The occurrences of `time` are begun, by function. */
async function begun(world: World, time: number): Promise<ReadonlyMap<string | null, RunKey>> {
  await ringAt(world, time);
  const due = (await world.live()).filter((run) => run.scheduledFor === time && run.status === "queued");
  const claims = await world.project.begin(due.map(keyOf));
  expect(claims).toHaveLength(due.length);
  return new Map(due.map((run) => [run.fn, keyOf(run)]));
}

const keyIn = (runs: ReadonlyMap<string | null, RunKey>, fn: string | null): RunKey => {
  const key = runs.get(fn);
  if (key === undefined) throw new Error(`No run of ${fn}`);
  return key;
};

/** What is shown, as `function: text`; the whole project is `*`. */
const shown = async (world: World) =>
  unwrap(await world.project.app()).items.map(({ fn, output }) => {
    const value = output.stored === "inline" ? JSON.parse(output.json).items[0]?.value : output.key;
    return `${fn ?? "*"}: ${value}`;
  });

const often = async (world: World, ...fns: readonly (string | undefined)[]) => {
  for (const fn of fns) await world.schedule({ schedule: "*/10 * * * * *", fn, overlap: "allow_all" });
};

describe("the app", () => {
  it("shows nothing before anything has run, and knows the functions of the published version", async () => {
    const world = await silentWorld();
    expect(unwrap(await world.project.app())).toEqual({
      opensWith: "previous",
      url: null,
      functions: ["work", "other"],
      items: [],
    });
  });

  it("shows the latest scheduled run of the whole project, and over it later ones of single functions", async () => {
    const world = await silentWorld();
    await often(world, undefined, "work");
    const nine = await begun(world, NINE);
    await succeed(world, keyIn(nine, null), left("whole at 9"));
    expect(await shown(world)).toEqual(["*: whole at 9"]);
    await succeed(world, keyIn(nine, "work"), left("work at 9"));
    expect(await shown(world)).toEqual(["*: whole at 9", "work: work at 9"]);
    const later = await begun(world, NINE + STEP);
    await succeed(world, keyIn(later, null), left("whole at the next step"));
    expect(await shown(world)).toEqual(["*: whole at the next step"]);
  });

  it("never goes back: a run of an earlier occurrence that ends late changes nothing", async () => {
    const world = await silentWorld();
    await often(world, undefined, "work");
    const nine = await begun(world, NINE);
    const later = await begun(world, NINE + STEP);
    await succeed(world, keyIn(later, "work"), left("work at the next step"));
    await succeed(world, keyIn(nine, null), left("whole at 9"));
    await succeed(world, keyIn(nine, "work"), left("work at 9"));
    expect(await shown(world)).toEqual(["*: whole at 9", "work: work at the next step"]);
    await succeed(world, keyIn(later, null), left("whole at the next step"));
    expect(await shown(world)).toEqual(["*: whole at the next step"]);
  });

  it("is fed by good runs only, and not by those that somebody started by hand", async () => {
    const world = await silentWorld();
    await often(world, "work");
    const { id } = await world.schedule({ schedule: "daily", fn: "work" });
    const nine = await begun(world, NINE);
    const error = { reason: "exception", message: "No rows." } as const;
    const failed = { kind: "failed", at: NINE, error, output: left("half") } as const;
    await world.project.finish([{ run: keyIn(nine, "work"), outcome: failed }]);
    const byHand = [
      unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" })),
      unwrap(await world.project.startRun({ context: "app" })),
      unwrap(await world.project.startRun({ fn: "work", context: "logic", version: 1 })),
      unwrap(await world.project.runNow(id)),
    ].map(keyOf);
    expect(await world.project.begin(byHand)).toHaveLength(4);
    for (const run of byHand) await succeed(world, run, left("mine"));
    expect(await shown(world)).toEqual([]);
  });

  it("costs no row for a run that left nothing, unless that takes the place of something", async () => {
    const world = await silentWorld();
    await often(world, "work");
    await succeed(world, keyIn(await begun(world, NINE), "work"), left(null));
    expect(await shown(world)).toEqual([]);
    await succeed(world, keyIn(await begun(world, NINE + STEP), "work"), left("rows"));
    await succeed(world, keyIn(await begun(world, NINE + 2 * STEP), "work"), left(null));
    expect(await shown(world)).toEqual(["work: null"]);
  });

  it("shows nothing of a function that the published version does not have any more", async () => {
    const world = await silentWorld();
    await often(world, "work");
    await succeed(world, keyIn(await begun(world, NINE), "work"), left("rows"));
    const { number } = unwrap(await world.project.addVersion([world.fn("other")]));
    unwrap(await world.project.publish(number));
    expect(await shown(world)).toEqual([]);
    unwrap(await world.project.publish(1));
    expect(await shown(world)).toEqual(["work: rows"]);
  });

  it("clears away what functions left that are gone, once that is much", async () => {
    const world = await silentWorld();
    await sql(
      world,
      `WITH RECURSIVE number (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < 600)
       INSERT INTO app_items SELECT 'gone-' || i, ?1, 1, 1, '{"stored":"inline","json":"{}"}' FROM number`,
      "01916d8a-9c12-7f00-8000-123456789abc",
    );
    unwrap(await world.project.publish(1));
    expect(await sql(world, "SELECT fn FROM app_items")).toEqual([]);
  });

  it("keeps what it shows across an eviction", async () => {
    const world = await silentWorld();
    await often(world, "work");
    await succeed(world, keyIn(await begun(world, NINE), "work"), left("rows"));
    await evict(world);
    expect(await shown(world)).toEqual(["work: rows"]);
  });

  it("changes with the run that feeds it, or not at all", async () => {
    const world = await silentWorld();
    await often(world, "work");
    const run = keyIn(await begun(world, NINE), "work");
    await sql(
      world,
      `CREATE TRIGGER broken BEFORE UPDATE ON runs WHEN new.status = 'succeeded' BEGIN SELECT RAISE(ABORT, 'broken'); END`,
    );
    const outcome = { kind: "succeeded", at: NINE, output: left("rows") } as const;
    // Caught inside the actor: a fault that crosses the border would be one of the test run as well.
    await runInDurableObject(world.stub as DurableObjectStub<Project>, (project) =>
      expect(project.finish([{ run, outcome }])).rejects.toThrow("broken"),
    );
    expect(await shown(world)).toEqual([]);
    await sql(world, "DROP TRIGGER broken");
    await succeed(world, run, left("rows"));
    expect(await shown(world)).toEqual(["work: rows"]);
  });
});

describe("the run that a publication starts", () => {
  const refreshed = async (world: World, version = 1) =>
    unwrap(await world.project.publish(version, { refresh: true })).run;

  it("is of the whole project, in the context app, and shows the new version when it ends", async () => {
    const world = await silentWorld();
    const id = await refreshed(world);
    const [run] = await world.live();
    expect(run).toMatchObject({ id, fn: null, context: "app", cause: "api", status: "queued" });
    if (run === undefined) return;
    await evict(world);
    expect(await world.project.begin([keyOf(run)])).toMatchObject([
      { whole: true, facts: { context: "app", scheduled: false, version: 1 } },
    ]);
    await succeed(world, keyOf(run), left("fresh"));
    expect(await shown(world)).toEqual(["*: fresh"]);
  });

  it("is one and the same when the publication is repeated while it is on its way", async () => {
    const world = await silentWorld();
    const id = await refreshed(world);
    expect(await refreshed(world)).toBe(id);
    expect(await world.live()).toHaveLength(1);
  });

  it("is another one for a further version, once the first has begun", async () => {
    const world = await silentWorld();
    const first = await refreshed(world);
    const [run] = await world.live();
    if (run !== undefined) await world.project.begin([keyOf(run)]);
    const { number } = unwrap(await world.project.addVersion([world.fn("work")]));
    expect(await refreshed(world, number)).not.toBe(first);
    expect(await world.live()).toHaveLength(2);
  });

  it("is not started by a dry run, nor unasked", async () => {
    const world = await silentWorld();
    expect(unwrap(await world.project.publish(1, { refresh: true, dryRun: true })).run).toBeNull();
    expect(unwrap(await world.project.publish(1)).run).toBeNull();
    expect(await world.live()).toEqual([]);
  });

  it("is left out where the plan allows no run today: the version is published all the same", async () => {
    const world = await silentWorld();
    await sql(
      world,
      "INSERT OR REPLACE INTO settings (name, value) VALUES ('plan', '\"professional\"'), ('runsOfDay', ?1)",
      JSON.stringify({ day: Math.floor(Date.now() / 86_400_000), runs: 1_000_000_000 }),
    );
    await evict(world);
    const { number } = unwrap(await world.project.addVersion([world.fn("new")]));
    const plan = unwrap(await world.project.publish(number, { refresh: true }));
    expect(plan.run).toBeNull();
    expect(unwrap(await world.project.published()).number).toBe(number);
  });

  it("still feeds the app when it was lost and is tried again", async () => {
    const world = await silentWorld();
    await refreshed(world);
    await sql(world, `UPDATE runs SET retry = '{"attempts":1,"delay":1000,"backoff":"fixed"}'`);
    const [run] = await world.live();
    if (run === undefined) throw new Error("Nothing was started");
    await world.project.begin([keyOf(run)]);
    await ringAt(world, Date.now() + 60_000);
    await ringAt(world, Date.now() + 60_000);
    const retry = (await world.live()).find(({ attempt }) => attempt === 1);
    if (retry === undefined) throw new Error("Nothing was tried again");
    expect(retry).toMatchObject({ context: "app", originRunId: run.id, output: null });
    await world.project.begin([keyOf(retry)]);
    await succeed(world, keyOf(retry), left("second try"));
    expect(await shown(world)).toEqual(["*: second try"]);
    await eventually(
      () => world.logged(),
      (runs) => runs.length === 2,
    );
  });
});
