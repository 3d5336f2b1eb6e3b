/** How many runs of a project may be on their way at one time, and what becomes of the others. */
import { describe, expect, it, vi } from "vitest";
import { OWN_SLOTS, QUEUED_AT_MOST } from "../../src/actor/run-gate.ts";
import { RunSlots } from "../../src/actor/run-slots.ts";
import { PLANS } from "../../src/domain/plan.ts";
import { SECOND_MS } from "../../src/domain/time/instant.ts";
import { finish, gated, START, settled, start } from "../support/gated.ts";
import { alarmOf, evict, ringAt, setClock, sql, unwrap, type World } from "../support/world.ts";

const LIMIT = PLANS.professional.concurrentRunsPerProject;

const begun = async (world: World) => (await world.live()).filter((run) => run.status === "running").length;

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

  it("are all sent and run after an eviction too, none twice, whatever copies come of what was sent before", async () => {
    const { world, sent } = await gated();
    await start(world, LIMIT + 5);
    await settled(sent, LIMIT);
    await world.project.begin(sent.slice(0, 4));
    await evict(world);
    const begunIds = sent.slice(0, 4).map(({ run }) => run);
    let ended = sent.slice(0, 4);
    for (let arrived = 4; arrived < sent.length; ) {
      const messages = sent.slice(arrived);
      arrived = sent.length;
      const claims = await world.project.begin(messages);
      expect(await begun(world)).toBeLessThanOrEqual(LIMIT);
      begunIds.push(...claims.map(({ ref }) => ref.run));
      ended = [...ended, ...claims.map(({ ref }) => ({ schedule: ref.schedule, run: ref.run }))];
      await finish(world, ended);
      ended = [];
    }
    const live = await world.live();
    expect(live.filter((run) => run.status !== "succeeded")).toEqual([]);
    expect(live).toHaveLength(LIMIT + 5);
    expect(new Set(sent.map(({ run }) => run))).toEqual(new Set(live.map(({ id }) => id)));
    expect([...begunIds].sort()).toEqual(live.map(({ id }) => id).sort());
  });

  it("wait in the order in which they came when more arrive than may begin", async () => {
    const { world, sent } = await gated("team");
    await start(world, 30);
    await settled(sent, 30);
    unwrap(await world.project.changePlan({ plan: "professional", order: 0 }));
    const claims = await world.project.begin(sent.slice(0, 20));
    expect(claims).toHaveLength(LIMIT);
    const first = sent.splice(0, 30);
    // The ten that were sent and did not arrive go, and make room in the count of what is on its way.
    await finish(world, first.slice(0, LIMIT));
    for (const { run } of first.slice(20)) unwrap(await world.project.cancelRun(run));
    expect(sent).toEqual(first.slice(LIMIT, 20));
  });

  it("wait again when the plan allows fewer than were already sent", async () => {
    const { world, sent } = await gated("team");
    await start(world, 30);
    await settled(sent, 30);
    unwrap(await world.project.changePlan({ plan: "professional", order: 0 }));
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
