import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { mintProjectScope, type ProjectScope } from "../../src/domain/access.ts";
import { deriveRunId, readProjectId, readScheduleId, readWorkspaceId } from "../../src/domain/ids.ts";
import type { Run } from "../../src/domain/run.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import { newId } from "../../src/system.ts";
import { makeRun } from "../support/make-run.ts";

const log = new D1RunLog(env.RUNLOG);
const NINE = Date.parse("2027-01-15T09:00:00.000Z");
const ALL = { limit: 1_000 };
let scope: ProjectScope;

beforeEach(() => {
  scope = mintProjectScope(readWorkspaceId(newId()), readProjectId(newId()));
});

const listed = async (filter: Parameters<D1RunLog["list"]>[1] = {}, of = scope) => log.list(of, filter, ALL);
const ids = (runs: readonly Run[]) => runs.map((run) => run.id);

describe("recording", () => {
  it("keeps every field of a run", async () => {
    const full = makeRun({
      status: "failed",
      attempt: 2,
      originRunId: makeRun().id,
      cause: "retry",
      retryAt: NINE + 1,
      error: { reason: "http_status", message: "Quotes ' \" and \u0001 and ü", status: 500, excerpt: "a\nb" },
    });
    const plain = makeRun({ scheduleId: null, fn: null, version: null, startedAt: null, output: null });
    const missed = makeRun({ status: "missed", unrun: "superseded", count: 7 });
    await log.record(scope, [full, plain, missed]);
    for (const run of [full, plain, missed]) expect(await log.get(scope, run.id)).toEqual(run);
  });

  it("again changes nothing: the first row stays", async () => {
    const run = makeRun();
    await log.record(scope, [run]);
    await log.record(scope, [{ ...run, status: "failed" }, makeRun({ scheduledFor: NINE + 1 })]);
    expect((await log.get(scope, run.id))?.status).toBe("succeeded");
    expect(await listed()).toHaveLength(2);
  });

  it("writes no row that the database holds impossible, nor silently drops it", async () => {
    for (const impossible of [
      makeRun({ status: "queued" }),
      makeRun({ status: "skipped" }),
      makeRun({ unrun: "overlap" }),
      makeRun({ attempt: 1 }),
      makeRun({ originRunId: makeRun().id }),
      makeRun({ count: 0, status: "missed", unrun: "superseded" }),
      makeRun({ finishedAt: null }),
    ]) {
      await log.record(scope, [impossible]).catch(() => undefined);
      expect(await log.get(scope, impossible.id), JSON.stringify(impossible)).toBeNull();
    }
  });

  it("sends many rows in one statement, and in several when their outputs are big", async () => {
    const batch = vi.spyOn(env.RUNLOG, "batch");
    await log.record(scope, manyRuns(300));
    expect(batch.mock.calls.map(([statements]) => statements.length)).toEqual([1]);
    const big = { stored: "inline", json: JSON.stringify("x".repeat(4_000)) } as const;
    await log.record(
      scope,
      manyRuns(600).map((run) => ({ ...run, id: makeRun({ scheduledFor: run.scheduledFor }).id, output: big })),
    );
    expect(batch.mock.calls.at(-1)?.[0].length).toBeGreaterThan(1);
    expect(await listed()).toHaveLength(900);
  });

  it("of nothing asks the database nothing", async () => {
    const batch = vi.spyOn(env.RUNLOG, "batch");
    await log.record(scope, []);
    expect(batch).not.toHaveBeenCalled();
  });

  it("of a scheduled run that succeeded costs three written rows at most, and is counted by the database itself", async () => {
    const batch = vi.spyOn(env.RUNLOG, "batch");
    await log.record(scope, manyRuns(50));
    const results = (await batch.mock.results[0]?.value) as D1Result[];
    const written = results.reduce((sum, result) => sum + (result.meta.rows_written ?? 0), 0);
    expect(written).toBeGreaterThanOrEqual(50);
    expect(written).toBeLessThanOrEqual(3 * 50);
  });
});

describe("the list", () => {
  it("is newest first and goes on after the last row of a page", async () => {
    const runs = manyRuns(7);
    await log.record(scope, runs);
    const first = await log.list(scope, {}, { limit: 4 });
    const rest = await log.list(scope, {}, { limit: 4, before: first.at(-1)?.id });
    expect(ids([...first, ...rest])).toEqual(ids(runs).reverse());
  });

  it("is filtered by each field and by all of them", async () => {
    const schedule = readScheduleId(newId());
    const runs = [
      makeRun(),
      makeRun({ status: "failed" }),
      makeRun({ context: "api-triggered", cause: "api" }),
      makeRun({ fn: "other" }),
      makeRun({ scheduleId: schedule }),
      makeRun({ scheduleId: schedule, status: "failed", fn: "other", context: "logic" }),
    ];
    await log.record(scope, runs);
    const [, failed, api, other, scheduled, every] = ids(runs);
    const found = async (filter: Parameters<D1RunLog["list"]>[1]) => ids(await listed(filter)).sort();
    expect(await found({ status: "failed" })).toEqual([failed, every].sort());
    expect(await found({ status: "succeeded" })).toHaveLength(4);
    expect(await found({ context: "api-triggered" })).toEqual([api]);
    expect(await found({ fn: "other" })).toEqual([other, every].sort());
    expect(await found({ schedule })).toEqual([scheduled, every].sort());
    expect(await found({ schedule, status: "failed", fn: "other", context: "logic" })).toEqual([every]);
  });

  it.each([
    ["all", {}, "PRIMARY KEY"],
    ["one schedule's", { schedule: readScheduleId("019b3f0e-6c00-7f29-a1d8-09d9a834877a") }, "runs_of_schedule"],
    ["what failed", { status: "failed" }, "runs_not_succeeded"],
  ] as const)("of %s reads by an index and does not sort", async (_, filter, index) => {
    const plan = await planOf(() => listed(filter));
    expect(plan).toContain(index);
    expect(plan).not.toContain("TEMP B-TREE");
  });
});

describe("a chain", () => {
  it("is the first run and its retries in order, whichever have finished", async () => {
    const origin = makeRun({ status: "failed" });
    const retries = [2, 1].map((attempt) => makeRun({ attempt, originRunId: origin.id, cause: "retry" }));
    await log.record(scope, [...retries, makeRun()]);
    expect((await log.chain(scope, origin.id)).map((run) => run.attempt)).toEqual([1, 2]);
    await log.record(scope, [origin]);
    expect((await log.chain(scope, origin.id)).map((run) => run.attempt)).toEqual([0, 1, 2]);
  });
});

it("a chain is read by its index", async () => {
  const plan = await planOf(() => log.chain(scope, makeRun().id));
  expect(plan).toContain("runs_of_chain");
  expect(plan).not.toContain("TEMP B-TREE");
});

describe("another project", () => {
  it.each(["of the same workspace", "with the same id in another workspace"])("%s sees nothing", async (which) => {
    const run = makeRun({ status: "failed" });
    await log.record(scope, [run, makeRun({ attempt: 1, originRunId: run.id, cause: "retry" })]);
    const other = which.startsWith("of")
      ? mintProjectScope(scope.workspaceId, readProjectId(newId()))
      : mintProjectScope(readWorkspaceId(newId()), scope.projectId);
    expect(await log.get(other, run.id)).toBeNull();
    expect(await log.chain(other, run.id)).toEqual([]);
    expect(await listed({}, other)).toEqual([]);
    expect(await listed({ status: "failed" }, other)).toEqual([]);
    await log.record(other, [{ ...run, fn: "theirs" }]);
    expect((await log.get(scope, run.id))?.fn).toBe("work");
  });
});

/** How the database reads for the last statement that a question prepares. */
async function planOf(question: () => Promise<unknown>): Promise<string> {
  const prepare = vi.spyOn(env.RUNLOG, "prepare");
  await question();
  const statement = prepare.mock.calls.at(-1)?.[0] ?? "";
  const values = [...new Set(statement.match(/\?\d+/g))].map(() => "");
  const plan = await env.RUNLOG.prepare(`EXPLAIN QUERY PLAN ${statement}`)
    .bind(...values)
    .all<{ detail: string }>();
  return plan.results.map((row) => row.detail).join("; ");
}

function manyRuns(count: number): readonly Run[] {
  const schedule = readScheduleId(newId());
  return Array.from({ length: count }, (_, index) => {
    const scheduledFor = NINE + index * 1_000;
    return makeRun({ id: deriveRunId({ of: schedule, scheduledFor, attempt: 0 }), scheduleId: schedule, scheduledFor });
  });
}

describe("the latest of each schedule", () => {
  it("are its own, newest first and no more than were asked for, however busy the others are", async () => {
    const [busy, rare, never] = [readScheduleId(newId()), readScheduleId(newId()), readScheduleId(newId())];
    const at = (schedule: typeof busy, minute: number) => {
      const scheduledFor = NINE + minute * 60_000;
      return makeRun({
        id: deriveRunId({ of: schedule, scheduledFor, attempt: 0 }),
        scheduleId: schedule,
        scheduledFor,
      });
    };
    await log.record(scope, [at(rare, 0), at(rare, 1), ...[10, 11, 12, 13, 14].map((minute) => at(busy, minute))]);
    const latest = await log.latestOf(scope, [rare, busy, never], 3);
    const minutesOf = (schedule: typeof busy) =>
      latest.filter(({ scheduleId }) => scheduleId === schedule).map((run) => (run.scheduledFor - NINE) / 60_000);
    expect([minutesOf(rare), minutesOf(busy), minutesOf(never)]).toEqual([[1, 0], [14, 13, 12], []]);
    const other = mintProjectScope(scope.workspaceId, readProjectId(newId()));
    expect(await log.latestOf(other, [rare, busy], 3)).toEqual([]);
  });
});
