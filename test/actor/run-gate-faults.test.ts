/** The gate when something fails: the memory, the queue, the slots, the storage, or the project itself goes. */
import { runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { Dispatcher, RESEND_AFTER_MS } from "../../src/actor/dispatcher.ts";
import type { Project } from "../../src/actor/project.ts";
import { OWN_SLOTS, RunGate } from "../../src/actor/run-gate.ts";
import { RunSlots } from "../../src/actor/run-slots.ts";
import { RunTable } from "../../src/actor/run-table.ts";
import { readProjectId } from "../../src/domain/ids.ts";
import { PLANS } from "../../src/domain/plan.ts";
import { SECOND_MS } from "../../src/domain/time/instant.ts";
import { newId } from "../../src/system.ts";
import { finish, gated, START, settled, slotsAreGone, start } from "../support/gated.ts";
import { alarmOf, evict, ringAt, setClock, sql, unwrap, type World } from "../support/world.ts";

const LIMIT = PLANS.professional.concurrentRunsPerProject;

/** The actor's own hands: what is wrong inside of it does not travel back over the border as an unhandled rejection. */
const inside = <Value>(world: World, work: (project: Project) => Promise<Value>) =>
  runInDurableObject(world.stub, (project: unknown) => work(project as Project));

async function rollBack(world: World): Promise<void> {
  await sql(world, "CREATE TRIGGER broken BEFORE INSERT ON versions BEGIN SELECT RAISE(ABORT, 'broken'); END");
  await inside(world, (project) => project.addVersion([]).catch(() => {}));
  await sql(world, "DROP TRIGGER broken");
}

describe("runs that wait when the memory of them is gone", () => {
  it("go at once when others end, though nothing was known of them any more", async () => {
    const hold = slotsAreGone();
    const { world, sent } = await gated();
    await start(world, LIMIT);
    expect(await world.project.begin(sent)).toHaveLength(OWN_SLOTS);
    const first = [...sent];
    await ringAt(world, START + 16 * SECOND_MS);
    await evict(world);
    await finish(world, first);
    expect(sent.slice(OWN_SLOTS)).toHaveLength(OWN_SLOTS);
    expect(new Set(sent.map(({ run }) => run)).size).toBe(LIMIT);
    hold.mockRestore();
  });

  it("go at once after a transaction was rolled back, and what the queue has is not sent anew", async () => {
    slotsAreGone();
    const { world, sent } = await gated();
    await start(world, LIMIT);
    await rollBack(world);
    await finish(world, []);
    expect(sent).toHaveLength(OWN_SLOTS);
    await world.project.begin(sent);
    const first = [...sent];
    await rollBack(world);
    await finish(world, first);
    expect(new Set(sent.map(({ run }) => run)).size).toBe(LIMIT);
    expect(sent).toHaveLength(LIMIT);
  });

  it.each([
    ["a renewal", (world: World) => world.project.renew([])],
    ["a check-up", (world: World) => world.project.checkUp(false)],
  ])("go with %s of an instance that knew nothing of them", async (_, call) => {
    const { world, sent } = await gated();
    await start(world, 3);
    await evict(world);
    await call(world);
    expect(sent.slice(3)).toEqual(sent.slice(0, 3));
  });
});

describe("without an answer from the workspace's slots", () => {
  it("a project goes on with its own share, and no run is lost or waits for ever", async () => {
    slotsAreGone();
    const { world, sent } = await gated();
    await start(world, LIMIT + 5);
    expect(sent).toHaveLength(OWN_SLOTS);
    for (let ended = 0; ended < LIMIT + 5; ended += OWN_SLOTS) {
      const keys = sent.slice(ended, ended + OWN_SLOTS);
      expect(await world.project.begin(keys)).toHaveLength(OWN_SLOTS);
      await finish(world, keys);
    }
    expect(new Set(sent.map(({ run }) => run)).size).toBe(LIMIT + 5);
  });

  it("asks again after a while, and not with every run", async () => {
    slotsAreGone();
    const { world, sent } = await gated();
    await start(world, LIMIT + 5);
    const hold = vi.mocked(RunSlots.prototype.hold);
    expect(hold).toHaveBeenCalledTimes(1);
    hold.mockRestore();
    setClock(START + 6 * SECOND_MS);
    await world.project.begin(sent.slice(0, 1));
    await settled(sent, LIMIT);
  });
});

describe("runs that the queue does not take", () => {
  const isDown = () =>
    vi.spyOn(Dispatcher.prototype, "send").mockImplementationOnce(async (keys) => {
      return keys;
    });

  it("give their places back and go in front with the next hand-over, not before", async () => {
    slotsAreGone();
    const { world, sent } = await gated();
    await start(world, LIMIT + OWN_SLOTS);
    const first = [...sent];
    await world.project.begin(first);
    const send = isDown();
    const calls = send.mock.calls.length;
    await finish(world, first);
    expect(sent).toHaveLength(OWN_SLOTS);
    expect(send).toHaveBeenCalledTimes(calls + 1);
    await finish(world, []);
    const ids = sent.map(({ run }) => run);
    expect(ids).toHaveLength(2 * OWN_SLOTS);
    expect(ids).toEqual((await world.live()).slice(0, 2 * OWN_SLOTS).map(({ id }) => id));
  });

  it("are looked at again as soon as if the message had been lost, however seldom that was while they waited", async () => {
    slotsAreGone();
    const { world, sent } = await gated();
    await start(world, LIMIT);
    const first = [...sent];
    await world.project.begin(first);
    const later = START + 20 * SECOND_MS;
    await ringAt(world, later);
    await world.project.renew(first);
    isDown();
    await finish(world, first);
    await sql(world, "DELETE FROM runs WHERE status <> 'queued'");
    expect(await sql(world, "SELECT max(wake_at) AS at FROM runs")).toEqual([{ at: later + RESEND_AFTER_MS }]);
    expect(await alarmOf(world)).toBeLessThanOrEqual(later + RESEND_AFTER_MS);
    await ringAt(world, later + RESEND_AFTER_MS);
    expect(sent).toHaveLength(LIMIT);
  });
});

describe("a project that was deleted", () => {
  it("hands nothing over, and is not looked at when an answer about slots comes late", async () => {
    const { world, sent } = await gated();
    const said = vi.spyOn(console, "error");
    const late = Promise.withResolvers<number>();
    vi.spyOn(RunSlots.prototype, "hold").mockReturnValue(late.promise);
    const handOver = vi.spyOn(RunGate.prototype, "handOver");
    await start(world, LIMIT);
    handOver.mockClear();
    await world.project.close();
    late.resolve(LIMIT);
    await vi.waitFor(() => expect(handOver).toHaveBeenCalledTimes(1));
    await expect(handOver.mock.results[0]?.value).resolves.toBeUndefined();
    expect(sent).toHaveLength(OWN_SLOTS);
    expect(said).not.toHaveBeenCalled();
  });

  it("is another one when it is opened again", async () => {
    const { world, sent } = await gated();
    await world.project.close();
    await world.project.open({ timezone: "UTC", plan: "professional" });
    const { number } = unwrap(await world.project.addVersion([world.fn("work")]));
    unwrap(await world.project.publish(number));
    await start(world, 1);
    expect(sent).toHaveLength(1);
  });
});

describe("a fault of the actor's own storage", () => {
  it("does not come out of the hand-over, and what could not be read is read the next time", async () => {
    const { world, sent } = await gated();
    await start(world, 2);
    await evict(world);
    vi.spyOn(console, "error").mockImplementation(() => {});
    const read = vi.spyOn(RunTable.prototype, "onTheirWay").mockImplementation(() => {
      throw new Error("disk I/O error");
    });
    expect(await world.project.renew([])).toEqual([]);
    read.mockRestore();
    await world.project.renew([]);
    expect(sent).toHaveLength(4);
  });
});

describe("slots that were lent", () => {
  /** What another project would be lent: asked for, and given back. */
  async function left(world: World): Promise<number> {
    const slots = exports.RunSlots.getByName(world.scope.workspaceId);
    const wish = { project: readProjectId(newId()), own: 0, cap: PLANS.team.concurrentRuns };
    const lent = await slots.hold({ ...wish, wanted: 1_000 });
    await slots.hold({ ...wish, wanted: 0 });
    return lent;
  }

  async function held(runs: number) {
    const { world, sent } = await gated("team");
    await start(world, runs);
    await settled(sent, runs);
    expect(await world.project.begin(sent)).toHaveLength(runs);
    return { world, sent, at: Date.now() };
  }

  it("stay with runs that go on for long, as their executors renew them", async () => {
    const { world, sent, at } = await held(30);
    for (let seconds = 10; seconds <= 120; seconds += 10) {
      setClock(at + seconds * SECOND_MS);
      expect(await world.project.renew(sent)).toEqual([]);
      expect(await left(world)).toBe(PLANS.team.concurrentRuns - sent.length);
    }
  });

  it("are asked for again with a renewal when they could not be had", async () => {
    const hold = slotsAreGone();
    const { world, sent } = await gated("team");
    await start(world, 30);
    await world.project.begin(sent);
    hold.mockResolvedValueOnce(3);
    setClock(Date.now() + 10 * SECOND_MS);
    await world.project.renew(sent);
    await settled(sent, OWN_SLOTS + 3);
    hold.mockRestore();
    setClock(Date.now() + 10 * SECOND_MS);
    await world.project.renew(sent);
    await settled(sent, 30);
  });
});
