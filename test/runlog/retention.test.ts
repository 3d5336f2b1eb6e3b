import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { mintProjectScope, type ProjectScope } from "../../src/domain/access.ts";
import { readProjectId, readWorkspaceId } from "../../src/domain/ids.ts";
import type { Output } from "../../src/domain/run.ts";
import { DAY_MS } from "../../src/domain/time/instant.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import { forgetRuns } from "../../src/runlog/retention.ts";
import { newId } from "../../src/system.ts";
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
