/** The tables keep the promises that the code relies on: what is impossible does not get in, whoever writes it. */
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { isOpened, migrate } from "../../src/actor/schema.ts";
import { evict, makeWorld, sql } from "../support/world.ts";

type Row = Record<string, string | number | null>;

const RUN: Row = {
  schedule_id: "s",
  id: "r",
  context: "scheduled",
  cause: "occurrence",
  status: "queued",
  attempt: 0,
  scheduled_for: 1,
  effective_at: 1,
  queued_at: 1,
  retry: "{}",
  timeout: 1,
  lane: "",
};
const SCHEDULE: Row = {
  id: "s",
  origin: "dynamic",
  state: "active",
  input: "{}",
  spec: "{}",
  created_at: 1,
  updated_at: 1,
};

async function insert(table: string, row: Row, twice?: Row): Promise<unknown> {
  const world = await makeWorld();
  return runInDurableObject(world.stub, (_, { storage }) => {
    for (const one of twice === undefined ? [row] : [row, twice]) {
      const names = Object.keys(one);
      const places = names.map((_name, index) => `?${index + 1}`);
      const values = Object.values(one);
      storage.sql.exec(`INSERT INTO ${table} (${names.join(", ")}) VALUES (${places.join(", ")})`, ...values);
    }
  });
}

describe("the tables of a run", () => {
  it("let a possible one in", async () => {
    await insert("runs", RUN);
    await insert("runs", { ...RUN, status: "failed", finished_at: 2, attempt: 1, origin_run_id: "o" });
    await insert("runs", { ...RUN, status: "missed", finished_at: 2, unrun: "superseded", count: 7 });
  });

  it.each<readonly [string, Row]>([
    ["a state that there is not", { status: "lost" }],
    ["a context that there is not", { context: "cron" }],
    ["a cause that there is not", { cause: "chance" }],
    ["an attempt before the first", { attempt: -1 }],
    ["queued but finished", { finished_at: 2 }],
    ["running but finished", { status: "running", finished_at: 2 }],
    ["succeeded but not finished", { status: "succeeded" }],
    ["skipped without a reason", { status: "skipped", finished_at: 2 }],
    ["a reason not to run on one that ran", { status: "succeeded", finished_at: 2, unrun: "overlap" }],
    ["a retry of nothing", { attempt: 1 }],
    ["a first try that retries something", { origin_run_id: "o" }],
    ["half held", { held: 2 }],
    ["half a publication's", { of_publication: 2 }],
    ["a time that is a text", { scheduled_for: "nine" }],
  ])("keep out %s", async (_, spoiled) => {
    await expect(insert("runs", { ...RUN, ...spoiled })).rejects.toThrow(/constraint|cannot store/i);
  });

  it("keep a second row of the same run out", async () => {
    await expect(insert("runs", RUN, { ...RUN, status: "running" })).rejects.toThrow(/UNIQUE/);
  });
});

describe("the table of what the app shows", () => {
  it("has one item for a function, and one for the whole project", async () => {
    const item = { fn: "work", run_id: "r", scheduled_for: 1, finished_at: 1, output: "{}" };
    await insert("app_items", item, { ...item, fn: "" });
    await expect(insert("app_items", item, { ...item, run_id: "s" })).rejects.toThrow(/UNIQUE/);
  });
});

describe("the table of schedules", () => {
  it("lets a possible one in", async () => {
    await insert("schedules", SCHEDULE);
    await insert("schedules", { ...SCHEDULE, state: "paused", paused_at: 1 });
    await insert("schedules", { ...SCHEDULE, state: "cancelled", ended_at: 1 });
  });

  it.each<readonly [string, Row]>([
    ["a state that there is not", { state: "deleted" }],
    ["an origin that there is not", { origin: "magic" }],
    ["paused since never", { state: "paused" }],
    ["active but paused", { paused_at: 1 }],
    ["cancelled but not ended", { state: "cancelled" }],
    ["active but ended", { ended_at: 1 }],
  ])("keeps out %s", async (_, spoiled) => {
    await expect(insert("schedules", { ...SCHEDULE, ...spoiled })).rejects.toThrow(/constraint/i);
  });

  it("has one living schedule for a key, and any number of ended ones", async () => {
    const keyed = { ...SCHEDULE, key: "k" };
    await expect(insert("schedules", keyed, { ...keyed, id: "t" })).rejects.toThrow(/UNIQUE/);
    await insert("schedules", { ...keyed, state: "completed", ended_at: 1 }, { ...keyed, id: "t" });
  });
});

describe("migrations", () => {
  it("again change nothing, and the rows stay", async () => {
    const world = await makeWorld();
    const before = await sql(world, "SELECT sql FROM sqlite_master ORDER BY name");
    await runInDurableObject(world.stub, (_, { storage }) => {
      migrate(storage);
      migrate(storage);
    });
    await evict(world);
    expect(await sql(world, "SELECT sql FROM sqlite_master ORDER BY name")).toEqual(before);
    expect(await sql(world, "SELECT number FROM versions")).toEqual([{ number: 1 }]);
  });

  it("are noted by number and name, in order", async () => {
    const notes = await sql(await makeWorld(), "SELECT number, name FROM migrations ORDER BY number");
    for (const [index, { number, name }] of notes.entries()) {
      expect(number).toBe(index + 1);
      expect(name).toMatch(new RegExp(`^${String(index + 1).padStart(4, "0")}_[a-z_]+$`));
    }
    expect(notes).not.toEqual([]);
  });

  it("are what tells an opened project from one that nobody opened", async () => {
    const world = await makeWorld();
    const opened = () => runInDurableObject(world.stub, (_, { storage }) => isOpened(storage.sql));
    expect(await opened()).toBe(true);
    await world.project.close();
    expect(await opened()).toBe(false);
  });
});
