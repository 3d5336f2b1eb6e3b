import { describe, expect, it, vi } from "vitest";
import type { RunKey } from "../../src/domain/claim.ts";
import type { Outcome, Output, Run } from "../../src/domain/run.ts";
import { eventually, evict, loseMessages, makeWorld, ringAt, setClock, unwrap, type World } from "../support/world.ts";

const START = Date.parse("2027-01-15T09:00:00.000Z");

const keyOf = (run: Run): RunKey => ({ schedule: run.scheduleId, run: run.id });

/** A run that is queued and whose message was lost, so that the test is its executor. */
async function queuedRun(retry = 0): Promise<{ world: World; key: RunKey; run: Run }> {
  setClock(START - 10_000);
  const world = await makeWorld();
  await world.schedule({
    schedule: "in 10 seconds",
    fn: "work",
    retry: { attempts: retry, delay: 5_000 },
    args: { a: 1 },
  });
  loseMessages();
  await ringAt(world, START);
  const [run] = await world.live();
  if (run === undefined) throw new Error("Nothing was fired");
  return { world, key: keyOf(run), run };
}

const failure = (at: number, more: object = {}): Outcome => ({
  kind: "failed",
  at,
  error: { reason: "http_status", message: "The function answered 500.", status: 500 },
  ...more,
});

describe("claiming a run", () => {
  it("gives the executor all that it needs", async () => {
    const { world, key, run } = await queuedRun();
    const [claim] = await world.project.begin([key]);
    expect(claim).toMatchObject({
      args: { a: 1 },
      functions: [{ name: "work" }],
      whole: false,
      facts: { id: run.id, scheduled: true, context: "scheduled", attempt: 0, version: 1, origin_run_id: null },
    });
  });

  it("turns a second copy of the message away, also after an eviction", async () => {
    const { world, key } = await queuedRun();
    expect(await world.project.begin([key, key])).toHaveLength(1);
    await evict(world);
    expect(await world.project.begin([key])).toEqual([]);
  });

  it("turns away what is unknown, held or over", async () => {
    const { world, key } = await queuedRun();
    unwrap(await world.project.cancelRun(key.run));
    expect(await world.project.begin([key])).toEqual([]);
    expect(await world.project.begin([{ ...key, schedule: null }])).toEqual([]);
  });

  it("fails a run whose function has left the published version, and says so", async () => {
    const { world, key } = await queuedRun();
    const next = unwrap(await world.project.addVersion([world.fn("other")]));
    unwrap(await world.project.publish(next.number));
    expect(await world.project.begin([key])).toEqual([]);
    const [run] = await eventually(
      () => world.logged(),
      (runs) => runs.length === 1,
    );
    expect(run).toMatchObject({ status: "failed", error: { reason: "function_missing" } });
    expect(run?.error?.message).toBe("Version 2 has no function work.");
  });
});

describe("reporting a run", () => {
  it("keeps the first outcome and ignores what comes later", async () => {
    const { world, key } = await queuedRun();
    await world.project.begin([key]);
    await world.project.finish([{ run: key, outcome: { kind: "succeeded", at: START + 5, output: null } }]);
    await world.project.finish([{ run: key, outcome: failure(START + 6) }]);
    const [run] = await eventually(
      () => world.logged(),
      (runs) => runs.length === 1,
    );
    expect(run).toMatchObject({ status: "succeeded", finishedAt: START + 5 });
  });

  it("ignores the outcome of a run that nobody claimed", async () => {
    const { world, key } = await queuedRun();
    await world.project.finish([{ run: key, outcome: { kind: "succeeded", at: START, output: null } }]);
    expect(await world.live()).toMatchObject([{ status: "queued" }]);
  });

  it("a failure with retries left waits for its retry, which is a run of its own, linked to the first", async () => {
    const { world, key, run } = await queuedRun(2);
    await world.project.begin([key]);
    await world.project.finish([{ run: key, outcome: failure(START + 100) }]);
    expect(await world.live()).toMatchObject([{ status: "pending_retry", retryAt: START + 5_100 }]);
    await ringAt(world, START + 5_100);
    const retry = (await world.live()).find((one) => one.id !== run.id);
    expect(retry).toMatchObject({
      status: "queued",
      attempt: 1,
      originRunId: run.id,
      cause: "retry",
      scheduledFor: START,
    });
    const [failed] = await eventually(
      () => world.logged(),
      (runs) => runs.length === 1,
    );
    expect(failed).toMatchObject({ id: run.id, status: "failed", retryAt: START + 5_100 });
  });

  it("links the second retry to the first run too, and stops when the attempts are used up", async () => {
    const { world, run } = await queuedRun(2);
    for (const attempt of [0, 1, 2]) {
      const live = (await world.live()).find((one) => one.attempt === attempt);
      if (live === undefined) throw new Error("No run");
      await world.project.begin([keyOf(live)]);
      await world.project.finish([{ run: keyOf(live), outcome: failure(START + attempt * 10_000) }]);
      await ringAt(world, START + attempt * 10_000 + 5_000);
      // The one that failed leaves for the log; what stays is the retry.
      await eventually(
        () => world.live(),
        (runs) => runs.every((one) => one.id !== live.id),
      );
    }
    const runs = await eventually(
      () => world.logged(),
      (all) => all.length === 3,
    );
    expect(runs.map((one) => one.originRunId).filter((origin) => origin === run.id)).toHaveLength(2);
    await eventually(
      () => world.live(),
      (live) => live.length === 0,
    );
  });

  it("does not retry what asked never to be", async () => {
    const { world, key } = await queuedRun(3);
    await world.project.begin([key]);
    await world.project.finish([{ run: key, outcome: failure(START, { retry: "never" }) }]);
    expect(
      await eventually(
        () => world.logged(),
        (runs) => runs.length === 1,
      ),
    ).toMatchObject([{ status: "failed" }]);
  });

  it("waits as long as the function asked for, when that is longer", async () => {
    const { world, key } = await queuedRun(1);
    await world.project.begin([key]);
    await world.project.finish([{ run: key, outcome: failure(START, { retry: { after: 60_000 } }) }]);
    expect(await world.live()).toMatchObject([{ retryAt: START + 60_000 }]);
  });
});

const produced = (...values: readonly string[]): Output => ({
  stored: "inline",
  json: JSON.stringify({ items: values.map((value) => ({ fn: "work", value })) }),
});

describe("the progress of a run", () => {
  it("is what its output shows while it runs, and what it ends with takes its place", async () => {
    const { world, key } = await queuedRun();
    await world.project.begin([key]);
    await world.project.progress([{ run: key, output: produced("one") }]);
    expect(unwrap(await world.project.run(key.run))).toMatchObject({ status: "running", output: produced("one") });
    await world.project.finish([
      { run: key, outcome: { kind: "succeeded", at: START + 5, output: produced("one", "two") } },
    ]);
    expect(unwrap(await world.project.run(key.run)).output).toEqual(produced("one", "two"));
  });

  it("changes nothing before the run begins and after it has ended, and makes no run", async () => {
    const { world, key } = await queuedRun();
    await world.project.progress([{ run: key, output: produced("early") }]);
    expect(unwrap(await world.project.run(key.run)).output).toBeNull();
    await world.project.begin([key]);
    await world.project.finish([{ run: key, outcome: { kind: "succeeded", at: START + 5, output: produced("end") } }]);
    await world.project.progress([{ run: key, output: produced("late") }]);
    expect(unwrap(await world.project.run(key.run)).output).toEqual(produced("end"));
    await world.project.progress([{ run: { ...key, schedule: null }, output: produced("nobody's") }]);
    await world.project.progress([]);
    expect(await world.live()).toHaveLength(1);
  });

  it("is kept by a run that fails, also while its retry is due, and the retry begins with nothing", async () => {
    const { world, key } = await queuedRun(1);
    await world.project.begin([key]);
    await world.project.progress([{ run: key, output: produced("one") }]);
    await world.project.finish([{ run: key, outcome: failure(START + 5, { output: produced("one", "two") }) }]);
    expect(unwrap(await world.project.run(key.run))).toMatchObject({
      status: "pending_retry",
      output: produced("one", "two"),
    });
    await ringAt(world, START + 6_000);
    const runs = [...(await world.live()), ...(await world.logged())];
    expect(runs.find((run) => run.id === key.run)?.output).toEqual(produced("one", "two"));
    expect(runs.find((run) => run.attempt === 1)?.output).toBeNull();
  });

  it.each([
    ["lost", async () => {}],
    ["timed out", (world: World, key: RunKey) => world.project.finish([{ run: key, outcome: TIMED_OUT }])],
    ["cancelled", (world: World, key: RunKey) => world.project.cancelRun(key.run)],
  ])("is kept by a run that is %s", async (_, ends) => {
    const { world, key } = await queuedRun();
    await world.project.begin([key]);
    await world.project.progress([{ run: key, output: produced("one") }]);
    await ends(world, key);
    await ringAt(world, START + 60_000);
    const [run] = await eventually(
      () => world.logged(),
      (logged) => logged.length === 1,
    );
    expect(run?.output).toEqual(produced("one"));
  });

  const TIMED_OUT = {
    kind: "failed",
    at: START + 5,
    error: { reason: "timeout", message: "It took too long." },
  } as const;
});

describe("a lease", () => {
  it("sends a run again whose message was lost, waiting longer each time", async () => {
    const { world } = await queuedRun();
    const times: number[] = [];
    for (const after of [15, 45, 105]) {
      await ringAt(world, START + after * 1_000 - 1);
      const sent = vi.mocked((await import("../../src/actor/dispatcher.ts")).Dispatcher.prototype.send);
      sent.mockClear();
      await ringAt(world, START + after * 1_000);
      times.push(sent.mock.calls.flatMap(([keys]) => keys).length);
    }
    expect(times).toEqual([1, 1, 1]);
  });

  it("settles a run as lost whose executor fell silent", async () => {
    const { world, key } = await queuedRun();
    await world.project.begin([key]);
    await ringAt(world, START + 29_999);
    expect(await world.live()).toMatchObject([{ status: "running" }]);
    await ringAt(world, START + 30_000);
    expect(
      await eventually(
        () => world.logged(),
        (runs) => runs.length === 1,
      ),
    ).toMatchObject([{ status: "failed", error: { reason: "lost" } }]);
  });

  it("holds as long as it is renewed", async () => {
    const { world, key } = await queuedRun();
    await world.project.begin([key]);
    for (const after of [15_000, 30_000, 45_000]) {
      setClock(START + after);
      expect(await world.project.renew([key])).toEqual([]);
      await evict(world);
      await ringAt(world, START + after + 10);
    }
    expect(await world.live()).toMatchObject([{ status: "running" }]);
  });

  it("tells the executor of a run that was cancelled meanwhile", async () => {
    const { world, key } = await queuedRun();
    await world.project.begin([key]);
    unwrap(await world.project.cancelRun(key.run));
    expect(await world.project.renew([key])).toEqual([key.run]);
  });

  it("lets the retry policy apply to what was lost", async () => {
    const { world, key } = await queuedRun(1);
    await world.project.begin([key]);
    await ringAt(world, START + 30_000);
    expect(await world.live()).toMatchObject([{ status: "pending_retry", error: { reason: "lost" } }]);
  });

  it("fails a run that the queue gave up ten times", async () => {
    const { world, key } = await queuedRun();
    await world.project.undeliverable([key]);
    expect(await world.live()).toMatchObject([{ status: "queued" }]);
    let at = START;
    for (let sends = 1; sends < 10; sends += 1) {
      at += 600_000;
      await ringAt(world, at);
    }
    await world.project.undeliverable([key]);
    expect(
      await eventually(
        () => world.logged(),
        (runs) => runs.length === 1,
      ),
    ).toMatchObject([{ status: "failed", error: { reason: "undeliverable" } }]);
  });
});

describe("a run that completes later", () => {
  async function acceptedRun(): Promise<{ world: World; key: RunKey }> {
    const { world, key } = await queuedRun();
    await world.project.begin([key]);
    await world.project.finish([{ run: key, outcome: { kind: "accepted", at: START + 50 } }]);
    return { world, key };
  }

  it("outlives the lease and ends with what its function reports", async () => {
    const { world, key } = await acceptedRun();
    await ringAt(world, START + 120_000);
    const outcome: Outcome = {
      kind: "succeeded",
      at: START + 130_000,
      output: { stored: "inline", json: '{"items":[]}' },
    };
    expect(unwrap(await world.project.completeRun(key.run, outcome))).toMatchObject({ status: "succeeded" });
    expect(await world.project.completeRun(key.run, outcome)).toMatchObject({ ok: false });
  });

  it("times out when nobody completes it", async () => {
    const { world } = await acceptedRun();
    await ringAt(world, START + 300_000);
    expect(
      await eventually(
        () => world.logged(),
        (runs) => runs.length === 1,
      ),
    ).toMatchObject([{ status: "timed_out", error: { reason: "timeout" } }]);
  });
});
