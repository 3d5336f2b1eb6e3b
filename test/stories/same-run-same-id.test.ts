/** DESIGN.md section 10, promise 2: whoever decides about an occurrence, whenever, speaks of the same run. */
import { describe, expect, it, vi } from "vitest";
import { deriveRunId } from "../../src/domain/ids.ts";
import { eventually, loseMessages, makeWorld, ringAt, setClock, unwrap, type World } from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");

/** A project in which the occurrence of nine has been decided; then its clock goes back, and its schedule is queued anew. */
async function decidedTwice(isLost: boolean): Promise<World> {
  setClock(NINE - 60_000);
  const world = await makeWorld();
  const { id } = await world.schedule({ schedule: "0 * * * *", fn: "work", overlap: "allow_all" });
  if (isLost) loseMessages();
  await ringAt(world, NINE);
  if (!isLost) await allLogged(world, 1);
  setClock(NINE - 30_000);
  unwrap(await world.project.pauseSchedule(id, null));
  unwrap(await world.project.resumeSchedule(id));
  await ringAt(world, NINE);
  return world;
}

const allLogged = (world: World, count: number) =>
  eventually(
    async () => [await world.live(), await world.logged()] as const,
    ([live, logged]) => live.length === 0 && logged.length >= count,
  );

describe("an occurrence that is decided again after the clock went back", () => {
  it("is the run that is there already, while that one lives", async () => {
    const world = await decidedTwice(true);
    expect(await world.live()).toHaveLength(1);
    expect(unwrap(await world.project.schedules({ state: "active" }, { limit: 9 })).items).toHaveLength(1);
  });

  it("is called under the same id and is in the log once, when it had ended", async () => {
    const world = await decidedTwice(false);
    const calls = await eventually(
      () => world.calls(),
      (all) => all.length === 2,
    );
    expect(new Set(calls.map((call) => call.headers["webhook-id"])).size).toBe(1);
    await allLogged(world, 1);
    expect(await world.logged()).toHaveLength(1);
  });
});

describe("the id of a run", () => {
  it("is made of its schedule and its nominal time, that of a retry of its first run and its attempt", async () => {
    setClock(NINE - 60_000);
    vi.spyOn(console, "error").mockImplementation(() => {});
    const world = await makeWorld(({ fn }) => [fn("work", "fail-1")]);
    const { id } = await world.schedule({ schedule: "0 * * * *", fn: "work", retry: { attempts: 1, delay: 1_000 } });
    await ringAt(world, NINE);
    await eventually(
      () => world.live(),
      ([run]) => run?.status === "pending_retry",
    );
    await ringAt(world, NINE + 60_000);
    await allLogged(world, 2);
    const first = deriveRunId({ of: id, scheduledFor: NINE, attempt: 0 });
    const second = deriveRunId({ of: first, scheduledFor: NINE, attempt: 1 });
    expect((await world.logged()).map((run) => run.id).sort()).toEqual([first, second].sort());
  });
});
