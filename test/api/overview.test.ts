/** `/v1/projects/{p}/overview`. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { reachProject } from "../../src/actor/reach.ts";
import { mintProjectScope, type ProjectScope } from "../../src/domain/access.ts";
import { readProjectId, readRunId, readWorkspaceId } from "../../src/domain/ids.ts";
import type { Run } from "../../src/domain/run.ts";
import { daysUpTo } from "../../src/domain/time/civil-days.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import { countRuns } from "../../src/runlog/run-counts.ts";
import { newId } from "../../src/system.ts";
import { makeRun } from "../support/make-run.ts";
import { loseMessages, setClock, unwrap } from "../support/world.ts";
import { expectProblem, makeProjectOwner, type ProjectOwner, schedule } from "./caller.ts";

const NOW = Date.parse("2027-01-15T12:00:00Z");
const at = (text: string): number => Date.parse(text);

let owner: ProjectOwner;
let scope: ProjectScope;

beforeEach(async () => {
  // Nothing is taken to an executor, and the log gets what a test writes.
  loseMessages();
  setClock(NOW);
  owner = await makeProjectOwner();
  const { workspace } = (await owner.call("GET", "/v1/me")).body;
  scope = mintProjectScope(readWorkspaceId(workspace.id), readProjectId(owner.project));
});

const record = (...runs: readonly Run[]) => new D1RunLog(env.RUNLOG).record(scope, runs);
const overview = async (query = "") => (await owner.call("GET", `${owner.at}/overview${query}`)).body;
const NONE = { succeeded: 0, failed: 0, timed_out: 0, cancelled: 0, skipped: 0, missed: 0 };

describe("a project at a glance", () => {
  it("that is new has empty days, and nothing before or behind it", async () => {
    const { days, ...rest } = await overview();
    expect(rest).toEqual({
      timezone: "UTC",
      schedules: { active: 0, paused: 0, quarantined: 0 },
      next: null,
      last: null,
      counted_from: null,
    });
    expect(days).toHaveLength(30);
    expect([days[0], days.at(-1)]).toEqual([
      { date: "2026-12-17", ...NONE },
      { date: "2027-01-15", ...NONE },
    ]);
  });

  it("counts schedules by state, and says which occurrence is next in its own zone", async () => {
    const soon = await schedule(owner, {
      schedule: "every day at 14:30",
      timezone: "Europe/Berlin",
      spread: "5 minutes",
    });
    const sooner = await schedule(owner, { schedule: "every day at 12:30" });
    const gone = await schedule(owner);
    await schedule(owner);
    await owner.call("PUT", `${owner.at}/schedules/${sooner.id}/pause`, { body: {} });
    await owner.call("DELETE", `${owner.at}/schedules/${gone.id}`);
    const { schedules, next } = await overview();
    expect(schedules).toEqual({ active: 2, paused: 1, quarantined: 0 });
    expect(next).toEqual({
      schedule_id: soon.id,
      fn: "work",
      scheduled_for: "2027-01-15T13:30:00.000Z",
      effective_at: soon.upcoming[0].effective_at,
      local: "2027-01-15T14:30:00+01:00",
      timezone: "Europe/Berlin",
    });
  });

  it("steps over an occurrence that is to be skipped", async () => {
    const skipping = await schedule(owner, { schedule: "every day at 13:00" });
    const other = await schedule(owner, { schedule: "every day at 15:00" });
    await owner.call("POST", `${owner.at}/schedules/${skipping.id}/skips`, { body: {} });
    expect((await overview()).next).toMatchObject({ schedule_id: other.id });
  });

  it("looks past an occurrence that is being decided about at this moment", async () => {
    const late = await schedule(owner, { schedule: "every day at 12:30" });
    await schedule(owner, { schedule: "every day at 15:00" });
    setClock(at("2027-01-15T16:00:00Z"));
    const { next } = await overview();
    expect(next).toMatchObject({ schedule_id: late.id, scheduled_for: "2027-01-16T12:30:00.000Z" });
  });

  it("counts how chains ended, at the day they were scheduled for by the project's clock", async () => {
    await owner.call("PATCH", `${owner.at}/settings`, { body: { timezone: "Europe/Berlin" } });
    const lateThere = at("2027-01-14T22:30:00Z");
    const nextDayThere = at("2027-01-14T23:30:00Z");
    const first = makeRun({ scheduledFor: nextDayThere, status: "failed", retryAt: nextDayThere + 1_000 });
    const retry = makeRun({ scheduledFor: nextDayThere, attempt: 1, originRunId: first.id, cause: "retry" });
    const called = makeRun({ scheduledFor: lateThere, status: "cancelled", retryAt: NOW });
    const missed = makeRun({ scheduledFor: lateThere, status: "missed", unrun: "superseded", count: 7 });
    await record(first, retry, called, missed, makeRun({ scheduledFor: lateThere, status: "failed" }));
    const { days, last, counted_from } = await overview("?days=2");
    expect(days).toEqual([
      { date: "2027-01-14", ...NONE, cancelled: 1, missed: 7, failed: 1 },
      { date: "2027-01-15", ...NONE, succeeded: 1 },
    ]);
    expect([first.id, retry.id]).toContain(last.id);
    expect(counted_from).toBeNull();
  });

  it("counts a run once that has ended and is on its way to the log, or in both", async () => {
    const project = reachProject(env, scope);
    const run = (await owner.call("POST", `${owner.at}/runs`, { body: { fn: "work" } })).body;
    expect((await overview("?days=1")).last).toMatchObject({ id: run.id, status: "queued" });
    vi.spyOn(D1RunLog.prototype, "record").mockResolvedValue();
    const key = { schedule: null, run: readRunId(run.id) };
    await project.begin([key]);
    await project.finish([{ run: key, outcome: { kind: "succeeded", at: NOW, output: null } }]);
    const ended = unwrap(await project.run(key.run));
    const today = { date: "2027-01-15", ...NONE, succeeded: 1 };
    expect((await overview("?days=1")).days).toEqual([today]);
    vi.mocked(D1RunLog.prototype.record).mockRestore();
    await record(ended);
    expect((await overview("?days=1")).days).toEqual([today]);
  });

  it("takes 1 to 90 days", async () => {
    expect((await overview("?days=90")).days).toHaveLength(90);
    for (const days of ["0", "91", "1.5", "many"]) {
      expectProblem(await owner.call("GET", `${owner.at}/overview?days=${days}`), 400, "invalid_request");
    }
  });
});

describe("counting the log", () => {
  const days = daysUpTo(NOW, "UTC", 3);
  const runsOn = (date: string, count: number) =>
    Array.from({ length: count }, (_, index) => makeRun({ scheduledFor: at(`${date}T06:00:00Z`) + index }));
  const counting = async (most: number) => {
    const { counted, wholeFrom } = await countRuns(env.RUNLOG, scope, days, { besides: [], most });
    return [counted.reduce((sum, { count }) => sum + count, 0), wholeFrom];
  };

  it("ends with the most rows that may be read, and says from which day it is whole", async () => {
    await record(...runsOn("2027-01-13", 4), ...runsOn("2027-01-14", 4), ...runsOn("2027-01-15", 4));
    expect(await counting(12)).toEqual([12, null]);
    expect(await counting(11)).toEqual([12, "2027-01-14"]);
    expect(await counting(5)).toEqual([6, "2027-01-15"]);
    expect(await counting(3)).toEqual([4, "2027-01-16"]);
  });

  it("sees nothing of another project", async () => {
    await record(...runsOn("2027-01-15", 1));
    const other = mintProjectScope(scope.workspaceId, readProjectId(newId()));
    expect((await countRuns(env.RUNLOG, other, days, { besides: [] })).counted).toEqual([]);
  });

  it("reads each day as a range of the primary key, the newest first", async () => {
    const prepare = vi.spyOn(env.RUNLOG, "prepare");
    await counting(5);
    const statement = prepare.mock.calls.at(-1)?.[0] ?? "";
    const plan = await env.RUNLOG.prepare(`EXPLAIN QUERY PLAN ${statement}`)
      .bind("w", "p", "[]", "[]", 1)
      .all<{ detail: string }>();
    const [, scan, search] = plan.results.map(({ detail }) => detail);
    expect(scan).toContain("SCAN days VIRTUAL TABLE");
    expect(search).toBe("SEARCH runs USING PRIMARY KEY (workspace_id=? AND project_id=? AND id>? AND id<?)");
  });
});
