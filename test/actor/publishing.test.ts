import { describe, expect, it } from "vitest";
import { makeWorld, setClock, unwrap, type World } from "../support/world.ts";

const active = async (world: World) =>
  unwrap(await world.project.schedules({ state: "active" }, { limit: 50 })).items.map(
    (one) => `${one.origin} ${one.spec.fn}`,
  );

async function publish(world: World, functions: Parameters<World["project"]["addVersion"]>[0], dryRun = false) {
  const version = unwrap(await world.project.addVersion(functions));
  return world.project.publish(version.number, { dryRun });
}

describe("publishing a version", () => {
  it("creates, changes, removes and leaves the schedules that functions bring", async () => {
    setClock("2027-01-15T08:00:00Z");
    const world = await makeWorld(({ fn }) => [
      fn("stays", "ok", { schedule: "every day at 9am" }),
      fn("changes", "ok", { schedule: "hourly" }),
      fn("goes", "ok", { schedule: "daily" }),
      fn("plain"),
    ]);
    await world.schedule({ schedule: "in 10 minutes", fn: "plain" });
    const plan = await publish(world, [
      world.fn("stays", "ok", { schedule: "every day at 9am" }),
      world.fn("changes", "ok", { schedule: "every 2 hours" }),
      world.fn("comes", "ok", { schedule: "weekly" }),
      world.fn("plain"),
    ]);
    expect(unwrap(plan)).toEqual({
      version: 2,
      created: ["comes"],
      changed: ["changes"],
      removed: ["goes"],
      unchanged: ["stays"],
      run: null,
    });
    expect((await active(world)).sort()).toEqual([
      "dynamic plain",
      "metadata changes",
      "metadata comes",
      "metadata stays",
    ]);
  });

  it("only says what it would do in a dry run", async () => {
    const world = await makeWorld();
    expect(unwrap(await publish(world, [world.fn("new", "ok", { schedule: "daily" })], true)).created).toEqual(["new"]);
    expect(await active(world)).toEqual([]);
    expect(unwrap(await world.project.published()).number).toBe(1);
  });

  it.each([
    ["a wrong expression", "every blue moon"],
    ["a one-time expression", "in 10 minutes"],
  ])("is refused as a whole for %s, naming the function's place", async (_, schedule) => {
    const world = await makeWorld();
    const refused = await publish(world, [
      world.fn("good", "ok", { schedule: "daily" }),
      world.fn("bad", "ok", { schedule }),
    ]);
    expect(refused).toMatchObject({
      ok: false,
      error: { code: "invalid", issues: [{ path: "/functions/1/schedule" }] },
    });
    expect(await active(world)).toEqual([]);
    expect(unwrap(await world.project.published()).number).toBe(1);
  });

  it("of an older version rolls back", async () => {
    const world = await makeWorld(({ fn }) => [fn("a", "ok", { schedule: "daily" })]);
    unwrap(await publish(world, [world.fn("b")]));
    expect(await active(world)).toEqual([]);
    expect(unwrap(await world.project.publish(1)).created).toEqual(["a"]);
    expect(unwrap(await world.project.version(2)).state).toBe("retired");
  });

  it("names the newest unpublished version the draft", async () => {
    const world = await makeWorld();
    unwrap(await world.project.addVersion([world.fn("x")]));
    unwrap(await world.project.addVersion([world.fn("y")]));
    const states = unwrap(await world.project.versions({ limit: 10 })).items.map((version) => version.state);
    expect(states).toEqual(["draft", "retired", "published"]);
  });
});
