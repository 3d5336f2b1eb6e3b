/** A project that was closed is gone: nothing rings, nothing is found, and what comes late makes nothing. */
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import type { RunKey } from "../../src/domain/claim.ts";
import { readRunId } from "../../src/domain/ids.ts";
import { newId } from "../../src/system.ts";
import { alarmOf, evict, loseMessages, makeWorld, ring, setClock, unwrap, type World } from "../support/world.ts";

const NOTHING_PAUSED = { paused: [], resumed: [] };

async function closed(): Promise<{ world: World; key: RunKey }> {
  setClock("2027-01-15T08:59:00.000Z");
  loseMessages();
  const world = await makeWorld();
  await world.schedule({ schedule: "* * * * *", fn: "work" });
  const run = unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" }));
  await world.project.close();
  return { world, key: { schedule: null, run: run.id } };
}

const tables = (world: World) =>
  runInDurableObject(world.stub, (_, { storage }) =>
    storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'").toArray(),
  );

describe("a closed project", () => {
  it("has no alarm and no tables, also after its instance was thrown out", async () => {
    const { world } = await closed();
    for (const again of [() => {}, () => evict(world)]) {
      await again();
      expect([await alarmOf(world), await ring(world), await tables(world)]).toEqual([null, false, []]);
    }
  });

  it.each([
    ["begin", (world: World, key: RunKey) => world.project.begin([key]), []],
    ["finish", (world: World, key: RunKey) => world.project.finish([{ run: key, outcome: ended }]), undefined],
    ["undeliverable", (world: World, key: RunKey) => world.project.undeliverable([key]), undefined],
    ["checkUp", (world: World) => world.project.checkUp(false), { repaired: false, active: false, ...NOTHING_PAUSED }],
  ] as const)("makes nothing of a late %s, before and after an eviction", async (_, verb, answer) => {
    const { world, key } = await closed();
    for (const again of [() => {}, () => evict(world)]) {
      await again();
      expect(await verb(world, key)).toEqual(answer);
      expect([await alarmOf(world), await tables(world)]).toEqual([null, []]);
    }
  });

  it("complains of nothing when a finished run was on its way to the log", async () => {
    const complained = vi.spyOn(console, "error");
    loseMessages();
    const world = await makeWorld();
    const run = unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" }));
    await world.project.begin([{ schedule: null, run: run.id }]);
    const outcome = { kind: "succeeded", at: Date.now(), output: null } as const;
    await world.project.finish([{ run: { schedule: null, run: run.id }, outcome }]);
    await world.project.close();
    await scheduler.wait(700);
    expect(complained).not.toHaveBeenCalled();
    expect(await tables(world)).toEqual([]);
  });

  it("tells an executor that renews its lease to give the run up", async () => {
    const { world, key } = await closed();
    expect(await world.project.renew([key])).toEqual([key.run]);
  });

  it.each([
    ["a schedule", (world: World) => world.project.saveSchedules([{ schedule: "hourly", fn: "work" }])],
    ["a run", (world: World) => world.project.startRun({ fn: "work", context: "app" })],
    ["a version", (world: World) => world.project.addVersion([])],
    ["a setting", (world: World) => world.project.changeSettings({ timezone: "UTC" })],
    ["an answer", (world: World) => world.project.run(readRunId(newId()))],
  ])("takes and gives no %s", async (_, verb) => {
    const { world } = await closed();
    expect(await verb(world)).toMatchObject({ ok: false, error: { code: "not_found", what: "project" } });
    expect(await tables(world)).toEqual([]);
  });

  it("can be closed again", async () => {
    const { world } = await closed();
    await world.project.close();
    expect(await tables(world)).toEqual([]);
  });
});

const ended = { kind: "succeeded", at: 0, output: null } as const;
