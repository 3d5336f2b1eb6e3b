/** Steps that belong together are one transaction: a disk that fails between two of them leaves neither. */
import { describe, expect, it, vi } from "vitest";
import { eventually, loseMessages, makeWorld, ringAt, setClock, sql, unwrap, type World } from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");

const breakDisk = (world: World, when: string) =>
  sql(world, `CREATE TRIGGER broken BEFORE ${when} BEGIN SELECT RAISE(ABORT, 'The disk of this test is broken'); END`);

async function dueAtNine(retry = 0): Promise<World> {
  setClock(NINE - 60_000);
  for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
  const world = await makeWorld();
  await world.schedule({ schedule: "0 9 * * *", fn: "work", retry: { attempts: retry, delay: 1_000 } });
  loseMessages();
  return world;
}

const rows = async (world: World) => (await world.live()).map((run) => `${run.attempt} ${run.status}`);

describe("deciding an occurrence", () => {
  it("makes no run when its schedule cannot be moved on", async () => {
    const world = await dueAtNine();
    await breakDisk(world, "UPDATE ON due");
    await ringAt(world, NINE);
    expect(await rows(world)).toEqual([]);
    expect(unwrap(await world.project.schedules({ state: "quarantined" }, { limit: 9 })).items).toHaveLength(1);
  });
});

describe("a retry", () => {
  async function failedRun(): Promise<World> {
    const world = await dueAtNine(1);
    await ringAt(world, NINE);
    const [run] = await world.live();
    if (run === undefined) throw new Error("Nothing was fired");
    const key = { schedule: run.scheduleId, run: run.id };
    await world.project.begin([key]);
    const error = { reason: "http_status", message: "The function answered 500.", status: 500 } as const;
    await world.project.finish([{ run: key, outcome: { kind: "failed", at: NINE, error } }]);
    return world;
  }

  it.each([
    ["the retry cannot be written", "INSERT ON runs WHEN NEW.attempt > 0"],
    ["the failed run cannot be settled", "UPDATE ON runs WHEN NEW.status = 'failed'"],
  ])("is neither made nor lost when %s", async (_, when) => {
    const world = await failedRun();
    await breakDisk(world, when);
    await ringAt(world, NINE + 1_000);
    expect(await rows(world)).toEqual(["0 pending_retry"]);
    await sql(world, "DROP TRIGGER broken");
    // What could not be looked after is put off for a minute.
    await ringAt(world, NINE + 61_000);
    const [failed] = await eventually(
      () => world.logged(),
      (runs) => runs.length === 1,
    );
    expect(failed?.status).toBe("failed");
    await eventually(
      () => rows(world),
      (now) => now.join() === "1 queued",
    );
  });
});
