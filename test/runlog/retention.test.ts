import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { mintProjectScope, type ProjectScope } from "../../src/domain/access.ts";
import { readProjectId, readWorkspaceId } from "../../src/domain/ids.ts";
import type { Output } from "../../src/domain/run.ts";
import { DAY_MS } from "../../src/domain/time/instant.ts";
import { listCaptures, orderCaptures } from "../../src/runlog/captures.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import { findNews } from "../../src/runlog/news.ts";
import { forgetAllRuns, forgetCaptures, forgetDeliveries, forgetRuns } from "../../src/runlog/retention.ts";
import { newId } from "../../src/system.ts";
import { makeWish } from "../support/make-capture.ts";
import { makeDelivery, newScope } from "../support/make-delivery.ts";
import { makeRun } from "../support/make-run.ts";

const log = new D1RunLog(env.RUNLOG);
const NINE = Date.parse("2027-01-15T09:00:00.000Z");
let scope: ProjectScope;

beforeEach(() => {
  scope = mintProjectScope(readWorkspaceId(newId()), readProjectId(newId()));
});

const kept = async (of = scope) => (await log.list(of, {}, { limit: 5_000 })).map((run) => run.scheduledFor);
const forget = (before: number, drop: (outputs: readonly Output[]) => Promise<void> = async () => {}) =>
  forgetRuns(env.RUNLOG, scope, before, drop);

describe("retention", () => {
  it("takes what came due before the limit and nothing from the limit on", async () => {
    await log.record(
      scope,
      [NINE - 1, NINE, NINE + 1].map((scheduledFor) => makeRun({ scheduledFor })),
    );
    expect(await forget(NINE)).toBe(1);
    expect(await kept()).toEqual([NINE + 1, NINE]);
  });

  it("takes many rows in steps, each with its outputs", async () => {
    const runs = Array.from({ length: 1_201 }, (_, index) => makeRun({ scheduledFor: NINE + index }));
    await log.record(scope, runs);
    const steps: number[] = [];
    const forgotten = await forget(NINE + DAY_MS, async (outputs) => {
      steps.push(outputs.length);
    });
    expect([forgotten, steps]).toEqual([1_201, [500, 500, 201]]);
    expect(await kept()).toEqual([]);
  });

  it("drops outputs before their rows, so that a crash between leaves rows to come back to", async () => {
    await log.record(scope, [makeRun()]);
    const crash = forget(NINE + 1, () => Promise.reject(new Error("R2 is down")));
    await expect(crash).rejects.toThrow("R2 is down");
    expect(await kept()).toHaveLength(1);
    expect(await forget(NINE + 1)).toBe(1);
  });

  it("leaves other projects alone", async () => {
    const other = mintProjectScope(scope.workspaceId, readProjectId(newId()));
    await log.record(other, [makeRun()]);
    await log.record(scope, [makeRun()]);
    await forget(NINE + DAY_MS);
    expect(await kept(other)).toEqual([NINE]);
  });

  it("finds nothing in an empty log", async () => {
    expect(await forget(NINE)).toBe(0);
  });
});

describe("retention of captures", () => {
  const wishAt = (scheduledFor: number) => makeWish({ run: makeRun({ scheduledFor }).id });

  it("takes those of runs before the limit, whether the log still has them or not, and their files first", async () => {
    const [old, young] = [wishAt(NINE - 1), wishAt(NINE)];
    for (const wish of [old, young]) await orderCaptures(env.RUNLOG, scope, wish);
    const crash = forgetCaptures(env.RUNLOG, scope, NINE, () => Promise.reject(new Error("R2 is down")));
    await expect(crash).rejects.toThrow("R2 is down");
    expect(await listCaptures(env.RUNLOG, scope, old.run)).toHaveLength(2);
    const dropped: string[] = [];
    await forgetCaptures(env.RUNLOG, scope, NINE, async (runs) => void dropped.push(...runs));
    expect(dropped).toEqual([old.run]);
    expect(await listCaptures(env.RUNLOG, scope, old.run)).toEqual([]);
    expect(await listCaptures(env.RUNLOG, scope, young.run)).toHaveLength(2);
  });

  it("leaves a row that comes while files are dropped, so that its own files are dropped before it goes", async () => {
    const [first, late] = [wishAt(NINE - 2), wishAt(NINE - 3)];
    await orderCaptures(env.RUNLOG, scope, first);
    const dropped: string[] = [];
    await forgetCaptures(env.RUNLOG, scope, NINE, async (runs) => {
      dropped.push(...runs);
      if (dropped.length === 1) await orderCaptures(env.RUNLOG, scope, late);
    });
    expect(dropped).toEqual([first.run, late.run]);
    expect(await listCaptures(env.RUNLOG, scope, late.run)).toEqual([]);
  });

  it("goes on, step by step, until none is left", async () => {
    const row = "(?1, ?2, ?3 || value, 'png', 'failed', 'demand', 'team', 0, 0, '{}')";
    const { run } = wishAt(NINE - 1);
    await env.RUNLOG.prepare(
      `INSERT INTO captures
         (workspace_id, project_id, run_id, format, state, cause, plan, ordered_at, settled_at, failure)
       SELECT ${row.slice(1, -1)} FROM json_each(?4)`,
    )
      .bind(scope.workspaceId, scope.projectId, run.slice(0, -4), JSON.stringify(fourDigits(1_100)))
      .run();
    const steps: number[] = [];
    await forgetCaptures(env.RUNLOG, scope, NINE, async (runs) => void steps.push(runs.length));
    expect(steps).toEqual([500, 500, 100]);
  });

  it("is all of them when the project goes, and no other project's", async () => {
    const other = mintProjectScope(scope.workspaceId, readProjectId(newId()));
    const wish = makeWish();
    for (const of of [scope, other]) await orderCaptures(env.RUNLOG, of, wish);
    await forgetAllRuns(env.RUNLOG, scope);
    expect(await listCaptures(env.RUNLOG, scope, wish.run)).toEqual([]);
    expect(await listCaptures(env.RUNLOG, other, wish.run)).toHaveLength(2);
  });
});

const fourDigits = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => index.toString(16).padStart(4, "0"));

describe("retention of deliveries", () => {
  const count = async (table: "news" | "deliveries", { workspaceId, projectId } = scope) =>
    (
      await env.RUNLOG.prepare(`SELECT count(*) AS rows FROM ${table} WHERE workspace_id = ?1 AND project_id = ?2`)
        .bind(workspaceId, projectId)
        .first<{ rows: number }>()
    )?.rows;

  it("takes news from before the limit with its deliveries, and nothing from the limit on", async () => {
    const [old, young] = [await makeDelivery(scope, {}, NINE - 1), await makeDelivery(scope, {}, NINE)];
    await forgetDeliveries(env.RUNLOG, scope, NINE);
    expect([await count("news"), await count("deliveries")]).toEqual([1, 1]);
    expect(await findNews(env.RUNLOG, scope, old.news)).toBeNull();
    expect(await findNews(env.RUNLOG, scope, young.news)).not.toBeNull();
  });

  it("takes many in steps, and leaves other projects alone", async () => {
    const other = newScope(scope.workspaceId);
    await makeDelivery(other);
    await env.RUNLOG.prepare(
      `INSERT INTO news (workspace_id, project_id, id, event, body, created_at)
       WITH RECURSIVE places (place) AS (VALUES (1) UNION ALL SELECT place + 1 FROM places WHERE place < 1201)
       SELECT ?1, ?2, printf('01930000-0000-7000-8000-%012d', place), 'run.missed', '{}', 1 FROM places`,
    )
      .bind(scope.workspaceId, scope.projectId)
      .run();
    await forgetDeliveries(env.RUNLOG, scope, NINE + DAY_MS);
    expect([await count("news"), await count("news", other), await count("deliveries", other)]).toEqual([0, 1, 1]);
  });

  it("of a project that is deleted leaves neither", async () => {
    const other = newScope(scope.workspaceId);
    for (const of of [scope, other]) await makeDelivery(of);
    await forgetAllRuns(env.RUNLOG, scope);
    expect([await count("news"), await count("deliveries")]).toEqual([0, 0]);
    expect([await count("news", other), await count("deliveries", other)]).toEqual([1, 1]);
  });
});
