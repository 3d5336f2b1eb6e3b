/** The consumer, called as the queue calls it; what it hands to a lot is executed by the test. */
import { createExecutionContext, createMessageBatch, getQueueResult, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Dispatcher } from "../../src/actor/dispatcher.ts";
import type { Claim, RunRef } from "../../src/domain/claim.ts";
import { readProjectId, readRunId, readWorkspaceId } from "../../src/domain/ids.ts";
import type { Report } from "../../src/queues/outcome-reporter.ts";
import { CODE_LOT_SIZE, LOT_SIZE } from "../../src/queues/run-lot.ts";
import { consumeDeadRuns, consumeRuns, type StartLot } from "../../src/queues/runs.ts";
import { newId, now } from "../../src/system.ts";
import { eventually, loseMessages, makeWorld, unwrap, type World } from "../support/world.ts";

const waiting = { ...env, CONSUMER_WAITS: "true" };

let said: unknown[] = [];
const errors = (): readonly unknown[] => said;

beforeEach(() => {
  said = [];
  vi.spyOn(console, "warn").mockImplementation(() => {});
  vi.spyOn(console, "error").mockImplementation((line) => void said.push(line));
});

/** Runs that are queued and whose own messages never arrive. */
async function queuedRuns(
  count: number,
  functions?: Parameters<typeof makeWorld>[0],
): Promise<{ world: World; refs: readonly RunRef[] }> {
  loseMessages();
  const world = await makeWorld(functions);
  const refs: RunRef[] = [];
  for (let index = 0; index < count; index += 1) {
    const { id } = unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" }));
    refs.push(refOf(world, id));
  }
  // Only what was handed over can arrive; those beyond the project's own share go when it has been lent slots.
  const handed = () => vi.mocked(Dispatcher.prototype.send).mock.calls.flatMap(([keys]) => keys.map((key) => key.run));
  await vi.waitFor(() => expect(handed()).toEqual(expect.arrayContaining(refs.map((ref) => ref.run))));
  return { world, refs };
}

const refOf = ({ scope }: World, run: RunRef["run"]): RunRef => ({
  workspace: scope.workspaceId,
  project: scope.projectId,
  schedule: null,
  run,
});

const batchOf = (bodies: readonly unknown[], queue = "carillon-runs") =>
  createMessageBatch<RunRef>(
    queue,
    bodies.map((body, index) => ({ id: String(index), timestamp: new Date(now()), attempts: 1, body: body as RunRef })),
  );

/** A lot that ends every run well at once, and notes what it was given. */
function quickLot(): StartLot & { readonly lots: (readonly Claim[])[] } {
  const lots: (readonly Claim[])[] = [];
  const execute = async (claims: readonly Claim[]): Promise<readonly Report[]> => {
    lots.push(claims);
    return claims.map(({ ref }) => ({ ref, outcome: { kind: "succeeded", at: now(), output: null } }));
  };
  return { lots, execute };
}

async function consume(bodies: readonly unknown[], lot: StartLot = quickLot()) {
  const [batch, context] = [batchOf(bodies), createExecutionContext()];
  await consumeRuns(batch, waiting, context, lot);
  await waitOnExecutionContext(context);
  return getQueueResult(batch, context);
}

/** A message for a project of which nobody has heard. */
const stranger = (): RunRef => ({
  workspace: readWorkspaceId(newId()),
  project: readProjectId(newId()),
  schedule: null,
  run: readRunId(newId()),
});

function makeUnreachable({ project }: RunRef): void {
  const getByName = env.PROJECT.getByName.bind(env.PROJECT);
  const begin = () => Promise.reject(new Error("Durable Object reset because its code was updated."));
  vi.spyOn(env.PROJECT, "getByName").mockImplementation((name) =>
    name.endsWith(project) ? Object.assign(Object.create(null), { begin, undeliverable: begin }) : getByName(name),
  );
}

describe("a batch of messages", () => {
  it("is acknowledged once its runs are claimed, and their outcomes reach the project", async () => {
    const { world, refs } = await queuedRuns(3);
    const result = await consume(refs);
    expect(result.explicitAcks).toEqual(["0", "1", "2"]);
    const logged = await eventually(
      () => world.logged(),
      (runs) => runs.length === 3,
    );
    expect(logged.map((run) => run.status)).toEqual(["succeeded", "succeeded", "succeeded"]);
  });

  it("is executed in lots of at most six", async () => {
    const { refs } = await queuedRuns(2 * LOT_SIZE + 1);
    const lot = quickLot();
    await consume(refs, lot);
    expect(lot.lots.map((claims) => claims.length)).toEqual([LOT_SIZE, LOT_SIZE, 1]);
    expect(new Set(lot.lots.flat().map((claim) => claim.ref.run)).size).toBe(refs.length);
  });

  it("is executed in lots of at most four where it is code", async () => {
    const functions = () => [{ name: "work", kind: "code", export: "work" } as const];
    const { refs } = await queuedRuns(CODE_LOT_SIZE + 1, functions);
    const others = await queuedRuns(LOT_SIZE);
    const lot = quickLot();
    await consume([...refs, ...others.refs], lot);
    expect(lot.lots.map((claims) => claims.length).sort()).toEqual([1, CODE_LOT_SIZE, LOT_SIZE]);
  });

  it("is executed in lots that hold runs of one workspace alone", async () => {
    const [one, other] = [await queuedRuns(LOT_SIZE - 2), await queuedRuns(LOT_SIZE - 2)];
    const mixed = one.refs.flatMap((ref, index) => [ref, other.refs[index]]);
    const lot = quickLot();
    await consume(mixed, lot);
    const workspaces = lot.lots.map((claims) => new Set(claims.map((claim) => claim.ref.workspace)));
    expect(workspaces.map((lotOf) => lotOf.size)).toEqual([1, 1]);
    expect(lot.lots.flat()).toHaveLength(mixed.length);
  });

  it("asks each project once, whatever the order of its messages", async () => {
    const [one, other] = [await queuedRuns(2), await queuedRuns(2)];
    const asked: string[] = [];
    const getByName = (name: string) => {
      asked.push(name);
      return env.PROJECT.getByName(name);
    };
    const [a, b] = [one.refs, other.refs];
    const none: StartLot = { execute: async () => [] };
    const spied = { ...waiting, PROJECT: { ...env.PROJECT, getByName } as typeof env.PROJECT };
    await consumeRuns(batchOf([a[0], b[0], a[1], b[1]]), spied, createExecutionContext(), none);
    expect(asked).toHaveLength(2);
    for (const { world } of [one, other])
      expect((await world.live()).map((run) => run.status)).toEqual(["running", "running"]);
  });

  it("of copies executes one and acknowledges all", async () => {
    const { refs } = await queuedRuns(1);
    const lot = quickLot();
    const result = await consume([...refs, ...refs, ...refs], lot);
    expect(result.explicitAcks).toHaveLength(3);
    expect(lot.lots.flat()).toHaveLength(1);
  });

  it("of a project that is gone is acknowledged and executes nothing", async () => {
    const { world, refs } = await queuedRuns(1);
    await world.project.close();
    const lot = quickLot();
    expect((await consume(refs, lot)).explicitAcks).toEqual(["0"]);
    expect(lot.lots).toEqual([]);
  });

  it("comes again when its project cannot be reached, and the other projects' messages do not", async () => {
    const { refs } = await queuedRuns(1);
    const gone = stranger();
    makeUnreachable(gone);
    const result = await consume([gone, ...refs]);
    expect(result.explicitAcks).toEqual(["1"]);
    expect(result.retryMessages).toMatchObject([{ msgId: "0" }]);
  });

  it.each([
    ["nothing", null],
    ["a text", "hello"],
    ["ids that are none", { workspace: "w", project: "p", schedule: null, run: "r" }],
    ["no run", { ...stranger(), run: undefined }],
  ])("that holds %s beside a good message acknowledges both, executes the good one and says so", async (_, bad) => {
    const { refs } = await queuedRuns(1);
    const lot = quickLot();
    const result = await consume([bad, ...refs], lot);
    expect([...result.explicitAcks].sort()).toEqual(["0", "1"]);
    expect(lot.lots.flat()).toHaveLength(1);
    expect(errors()).toContainEqual(expect.objectContaining({ event: "message_not_understood" }));
  });

  it("is done with when one lot fails: its runs are left to their leases", async () => {
    const { world, refs } = await queuedRuns(LOT_SIZE + 1);
    const good = quickLot();
    let lots = 0;
    const execute: StartLot["execute"] = (claims) => {
      lots += 1;
      return lots === 1 ? Promise.reject(new Error("The lot was lost")) : good.execute(claims);
    };
    expect((await consume(refs, { execute })).explicitAcks).toHaveLength(LOT_SIZE + 1);
    const live = await eventually(
      () => world.live(),
      (runs) => runs.length === LOT_SIZE,
    );
    expect(live.every((run) => run.status === "running")).toBe(true);
  });
});

describe("a consumer that does not wait", () => {
  it("takes the next batch while slow runs go on", async () => {
    const { world, refs } = await queuedRuns(1);
    let end = (): void => {};
    const isOver = new Promise<void>((resolve) => {
      end = resolve;
    });
    const quick = quickLot();
    const slow: StartLot = { execute: (claims) => isOver.then(() => quick.execute(claims)) };
    const context = createExecutionContext();
    await consumeRuns(batchOf(refs), { ...env, CONSUMER_WAITS: "false" }, context, slow);
    expect(await world.live()).toMatchObject([{ status: "running" }]);
    end();
    await waitOnExecutionContext(context);
    await eventually(
      () => world.logged(),
      (runs) => runs.length === 1,
    );
  });
});

describe("dead letters", () => {
  it("are told to their project and acknowledged; a bad one among them harms nobody", async () => {
    const { world, refs } = await queuedRuns(1);
    const batch = batchOf([null, ...refs], "carillon-runs-dead");
    await consumeDeadRuns(batch, env);
    const result = await getQueueResult(batch, createExecutionContext());
    expect([...result.explicitAcks].sort()).toEqual(["0", "1"]);
    expect(errors()).toContainEqual(expect.objectContaining({ event: "runs_dead_lettered", runs: [refs[0]?.run] }));
    expect(await world.live()).toMatchObject([{ status: "queued" }]);
  });

  it("come again when their project cannot be reached", async () => {
    const gone = stranger();
    makeUnreachable(gone);
    const batch = batchOf([gone], "carillon-runs-dead");
    await consumeDeadRuns(batch, env);
    const result = await getQueueResult(batch, createExecutionContext());
    expect(result.explicitAcks).toEqual([]);
    expect(result.retryMessages).toHaveLength(1);
  });
});
