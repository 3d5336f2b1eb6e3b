/** How many runs of a project may be on their way at one time, and what becomes of the others. */
import { describe, expect, it, vi } from "vitest";
import { Dispatcher } from "../../src/actor/dispatcher.ts";
import { OWN_SLOTS, QUEUED_AT_MOST } from "../../src/actor/run-gate.ts";
import { RunSlots } from "../../src/actor/run-slots.ts";
import type { RunKey } from "../../src/domain/claim.ts";
import { PLANS, type PlanName } from "../../src/domain/plan.ts";
import { SECOND_MS } from "../../src/domain/time/instant.ts";
import { alarmOf, evict, makeWorld, ringAt, setClock, sql, unwrap, type World } from "../support/world.ts";

const START = Date.parse("2027-01-15T08:30:00Z");
const LIMIT = PLANS.professional.concurrentRunsPerProject;

/** A project whose messages arrive nowhere; what was handed to the queue is noted. */
async function gated(plan: PlanName = "professional") {
  setClock(START);
  const sent: RunKey[] = [];
  vi.spyOn(Dispatcher.prototype, "send").mockImplementation(async (keys) => void sent.push(...keys));
  const world = await makeWorld(undefined, { plan });
  return { world, sent };
}

async function start(world: World, runs: number): Promise<void> {
  for (let index = 0; index < runs; index += 1) {
    // One after another: ids of one millisecond are in no order.
    setClock(Date.now() + 1);
    unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" }));
  }
}

const finish = (world: World, keys: readonly RunKey[]) =>
  world.project.finish(keys.map((run) => ({ run, outcome: { kind: "succeeded", at: Date.now(), output: null } })));

const begun = async (world: World) => (await world.live()).filter((run) => run.status === "running").length;
/** A call that hands over what may go, once the slots that were asked for are there. */
const settled = async (sent: readonly RunKey[], count: number) =>
  vi.waitFor(() => expect(sent).toHaveLength(count), { interval: 5 });

function slotsAreGone(): void {
  vi.spyOn(RunSlots.prototype, "hold").mockRejectedValue(new Error("Network connection lost."));
  vi.spyOn(console, "warn").mockImplementation(() => {});
}

describe("a few runs", () => {
  it("go at once and ask nobody", async () => {
    const { world, sent } = await gated();
    const hold = vi.spyOn(RunSlots.prototype, "hold");
    await start(world, OWN_SLOTS);
    expect(sent).toHaveLength(OWN_SLOTS);
    expect(hold).not.toHaveBeenCalled();
  });
});

describe("more runs than the plan lets a project have at one time", () => {
  it("wait, and go on oldest first as others end", async () => {
    const { world, sent } = await gated();
    await start(world, LIMIT + 4);
    await settled(sent, LIMIT);
    const first = [...sent];
    expect(await world.project.begin(first)).toHaveLength(LIMIT);
    await finish(world, first.slice(0, 3));
    await settled(sent, LIMIT + 3);
    const ids = sent.map(({ run }) => run);
    expect(ids).toEqual([...ids].sort());
  });

  it("are never more than so many between claimed and ended, whatever messages arrive", async () => {
    const { world, sent } = await gated();
    await start(world, LIMIT + 5);
    await settled(sent, LIMIT);
    const keys = (await world.live()).map((run) => ({ schedule: null, run: run.id }));
    expect(await world.project.begin(keys)).toHaveLength(LIMIT);
    expect(await world.project.begin(keys)).toHaveLength(0);
    expect(await begun(world)).toBe(LIMIT);
    await finish(world, keys.slice(0, 2));
    await settled(sent, LIMIT + 2);
    expect(await world.project.begin(keys)).toHaveLength(2);
    expect(await begun(world)).toBe(LIMIT);
  });

  it("leave room when one waits for its own completion, or for its retry, or is cancelled", async () => {
    const { world, sent } = await gated();
    await start(world, LIMIT + 3);
    await settled(sent, LIMIT);
    const [accepted, retried, cancelled] = sent;
    if (accepted === undefined || retried === undefined || cancelled === undefined) throw new Error("Not sent");
    await world.project.begin([accepted, retried]);
    await sql(world, `UPDATE runs SET retry = '{"attempts":3,"delay":60000,"backoff":"fixed"}'`);
    const error = { reason: "exception", message: "No." } as const;
    await world.project.finish([
      { run: accepted, outcome: { kind: "accepted", at: START } },
      { run: retried, outcome: { kind: "failed", at: START, error } },
    ]);
    unwrap(await world.project.cancelRun(cancelled.run));
    await settled(sent, LIMIT + 3);
  });

  it("are sent again only where they were sent: what waits is looked at, and no message of it goes out", async () => {
    const { world, sent } = await gated();
    await start(world, LIMIT + 2);
    await settled(sent, LIMIT);
    await ringAt(world, START + 20 * SECOND_MS);
    expect(sent).toHaveLength(2 * LIMIT);
    expect(new Set(sent.map(({ run }) => run)).size).toBe(LIMIT);
    expect(await alarmOf(world)).not.toBeNull();
  });

  it("are all run after an eviction too, none twice, without one being sent that was sent before", async () => {
    const { world, sent } = await gated();
    await start(world, LIMIT + 5);
    await settled(sent, LIMIT);
    await world.project.begin(sent.slice(0, 4));
    await evict(world);
    const claims = await world.project.begin(sent.slice(4, LIMIT));
    expect(await begun(world)).toBeLessThanOrEqual(LIMIT);
    const done = [...sent.slice(0, 4), ...claims.map(({ ref }) => ({ schedule: ref.schedule, run: ref.run }))];
    await finish(world, done);
    for (let round = 0; round < 20 && (await world.live()).some((run) => run.status === "queued"); round += 1) {
      const keys = (await world.live()).map((run) => ({ schedule: null, run: run.id }));
      const next = await world.project.begin(keys);
      expect(await begun(world)).toBeLessThanOrEqual(LIMIT);
      await finish(
        world,
        next.map(({ ref }) => ({ schedule: ref.schedule, run: ref.run })),
      );
    }
    expect((await world.live()).filter((run) => run.status !== "succeeded")).toEqual([]);
  });

  it("wait again when the plan allows fewer than were already sent", async () => {
    const { world, sent } = await gated("team");
    await start(world, 30);
    await settled(sent, 30);
    unwrap(await world.project.changePlan("professional"));
    expect(await world.project.begin(sent)).toHaveLength(LIMIT);
    const running = (await world.live()).filter((run) => run.status === "running");
    const before = sent.length;
    await finish(
      world,
      running.map((run) => ({ schedule: null, run: run.id })),
    );
    await settled(sent, before + LIMIT);
  });
});

describe("the queue", () => {
  it("never holds more unbegun runs of a project than a share of it", async () => {
    const { world, sent } = await gated("enterprise");
    await start(world, QUEUED_AT_MOST + 20);
    await settled(sent, QUEUED_AT_MOST);
    await world.project.begin(sent.slice(0, 20));
    await settled(sent, QUEUED_AT_MOST + 20);
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

describe("slots that were lent", () => {
  it("are asked for in bulk and given back when nothing is on its way any more", async () => {
    const { world, sent } = await gated("enterprise");
    const hold = vi.spyOn(RunSlots.prototype, "hold");
    const { id } = await world.schedule({ schedule: "@hourly", fn: "work" });
    setClock(START + 40 * 60 * SECOND_MS);
    const range = { from: START - 60 * 24 * 3_600_000, to: START - 20 * 24 * 3_600_000 };
    await sql(world, "UPDATE schedules SET spec = replace(spec, '\"skip\"', '\"allow_all\"')");
    unwrap(await world.project.backfill(id, { from: range.from, to: range.to }));
    await start(world, 60);
    await settled(sent, 61);
    expect(hold.mock.calls.length).toBeLessThan(12);
    await world.project.begin(sent);
    unwrap(await world.project.cancelSchedule(id));
    await finish(world, sent);
    await vi.waitFor(() => expect(hold).toHaveBeenLastCalledWith(expect.objectContaining({ wanted: 0 })));
  });
});
