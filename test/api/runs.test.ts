/** `/v1/projects/{p}/runs` and what is under it. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { reachProject } from "../../src/actor/reach.ts";
import { mintProjectScope } from "../../src/domain/access.ts";
import { readProjectId, readRunId, readWorkspaceId } from "../../src/domain/ids.ts";
import type { Outcome, Output, Run } from "../../src/domain/run.ts";
import type { RunOutput } from "../../src/domain/run-output.ts";
import { makeRunToken } from "../../src/http/run-token.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import { newId, now } from "../../src/system.ts";
import { eventually, loseMessages, unwrap } from "../support/world.ts";
import { call, expectProblem, functionAt, makeProjectOwner, type ProjectOwner, schedule } from "./caller.ts";

const isOver = ({ body }: { body: { finished_at: string | null } }) => body.finished_at !== null;

async function start(owner: ProjectOwner, body: object = { fn: "work" }) {
  const started = await owner.call("POST", `${owner.at}/runs`, { body });
  expect(started.status, JSON.stringify(started.body)).toBe(201);
  return started.body;
}

const ended = (owner: ProjectOwner, id: string) =>
  eventually(() => owner.call("GET", `${owner.at}/runs/${id}`), isOver);

describe("running a function now", () => {
  it("answers 201 with the run, which then succeeds and shows its output", async () => {
    const owner = await makeProjectOwner();
    const run = await start(owner, { fn: "work", args: { day: 1 } });
    expect(run).toMatchObject({ fn: "work", context: "api-triggered", scheduled: false, attempt: 0, cause: "api" });
    const { body } = await ended(owner, run.id);
    expect(body).toMatchObject({ id: run.id, status: "succeeded", version: 1, error: null });
    expect(body.duration_ms).toBeGreaterThanOrEqual(0);
    expect(body.chain.map((one: { id: string }) => one.id)).toEqual([run.id]);
    const output = await owner.call("GET", `${owner.at}/runs/${run.id}/output`);
    expect(output.body).toEqual({ items: [{ fn: "work", value: { rows: 3 } }], complete: true });
  });

  it("shows an output that is too big for a row all the same", async () => {
    const owner = await makeProjectOwner([functionAt("work", "large")]);
    const run = await start(owner);
    await ended(owner, run.id);
    const output = await owner.call("GET", `${owner.at}/runs/${run.id}/output`);
    expect(output.body.items[0].value.text).toHaveLength(20_000);
  });

  it("runs the whole project without a function: one item for each", async () => {
    const owner = await makeProjectOwner([functionAt("one"), functionAt("two")]);
    const run = await start(owner, {});
    expect(run.fn).toBeNull();
    await ended(owner, run.id);
    const output = await owner.call("GET", `${owner.at}/runs/${run.id}/output`);
    expect(output.body.items.map((item: { fn: string }) => item.fn)).toEqual(["one", "two"]);
  });

  it("tells a draft that is run by hand so", async () => {
    const owner = await makeProjectOwner();
    await owner.call("POST", `${owner.at}/versions`, { body: { functions: [functionAt("work")] } });
    expect((await start(owner, { fn: "work", version: 2 })).context).toBe("logic");
  });

  it("starts one run under one idempotency key", async () => {
    const owner = await makeProjectOwner();
    const request = { body: { fn: "work" }, headers: { "idempotency-key": "run" } };
    const first = await owner.call("POST", `${owner.at}/runs`, request);
    const again = await owner.call("POST", `${owner.at}/runs`, request);
    expect(again.body.id).toBe(first.body.id);
  });

  it("answers 404 for a function or a version that is not there", async () => {
    const owner = await makeProjectOwner();
    expectProblem(await owner.call("POST", `${owner.at}/runs`, { body: { fn: "nope" } }), 404, "not_found");
    expectProblem(await owner.call("POST", `${owner.at}/runs`, { body: { fn: "work", version: 9 } }), 404, "not_found");
  });
});

describe("the version that is run by hand", () => {
  it("sees the context logic as a draft, and api-triggered as one that is published, retired or passed over", async () => {
    const owner = await makeProjectOwner();
    for (let version = 2; version <= 4; version += 1)
      await owner.call("POST", `${owner.at}/versions`, { body: { functions: [functionAt("work")] } });
    await owner.call("PUT", `${owner.at}/published`, { body: { version: 2 } });
    const contexts = [];
    for (const version of [1, 2, 3, 4, undefined]) contexts.push((await start(owner, { fn: "work", version })).context);
    expect(contexts).toEqual(["api-triggered", "api-triggered", "api-triggered", "logic", "api-triggered"]);
  });

  it("as a draft of the whole project runs the draft's functions, and the published version stays what it is", async () => {
    const owner = await makeProjectOwner();
    await owner.call("POST", `${owner.at}/versions`, { body: { functions: [functionAt("one"), functionAt("two")] } });
    const run = await start(owner, { version: 2 });
    expect((await ended(owner, run.id)).body).toMatchObject({ context: "logic", version: 2, status: "succeeded" });
    const { body } = await owner.call("GET", `${owner.at}/runs/${run.id}/output`);
    expect(body.items.map((item: { fn: string }) => item.fn)).toEqual(["one", "two"]);
    expect((await owner.call("GET", `${owner.at}/published`)).body.version).toBe(1);
    const project = reachProject(env, scopeOf(run, owner, await workspaceOf(owner)));
    expect(unwrap(await project.app()).items).toEqual([]);
  });
});

describe("what a run has left", () => {
  /** A run that an executor of the test has begun. */
  async function begun() {
    loseMessages();
    const owner = await makeProjectOwner();
    const run = await start(owner);
    const project = reachProject(env, scopeOf(run, owner, await workspaceOf(owner)));
    const key = { schedule: null, run: readRunId(run.id) };
    expect(await project.begin([key])).toHaveLength(1);
    const show = async (what = "") => (await owner.call("GET", `${owner.at}/runs/${run.id}${what}`)).body;
    const end = (outcome: Outcome) => project.finish([{ run: key, outcome }]);
    return { owner, project, key, show, end };
  }

  const LINE = { at: "2027-01-15T09:00:00.000Z", fn: "work", level: "info", text: "Three rows." } as const;

  const inline = (output: RunOutput): Output => ({ stored: "inline", json: JSON.stringify(output) });

  const failed = (more: object = {}): Outcome => ({
    kind: "failed",
    at: now(),
    error: {
      reason: "exception",
      message: "work: There are no rows.",
      fn: "work",
      stack: "Error: There are no rows.\n    at work (index.js:3:9)",
    },
    ...more,
  });

  it("is shown while it runs, and said to be complete when it has ended", async () => {
    const { project, key, show, end } = await begun();
    expect(await show("/output")).toEqual({ items: [], complete: false });
    const first = { fn: "work", value: 1 };
    await project.progress([{ run: key, output: inline({ items: [first] }) }]);
    expect(await show("/output")).toEqual({ items: [first], complete: false });
    const all = [first, { fn: "more", value: [2] }];
    await end({ kind: "succeeded", at: now(), output: inline({ items: all }) });
    expect(await show("/output")).toEqual({ items: all, complete: true });
  });

  it("is shown of a run that failed too, with the function and the place where it threw", async () => {
    const { show, end } = await begun();
    await end(failed({ output: inline({ items: [{ fn: "before", value: 1 }] }) }));
    expect(await show("/output")).toEqual({ items: [{ fn: "before", value: 1 }], complete: true });
    expect((await show()).error).toEqual({
      reason: "exception",
      message: "work: There are no rows.",
      fn: "work",
      stack: expect.stringContaining("index.js:3:9"),
    });
  });

  it("that failed has its stack in the run that is asked for, and not in lists", async () => {
    const { owner, show, end } = await begun();
    await end(failed());
    const run = await show();
    expect(run.error).toHaveProperty("stack");
    const { items } = (await owner.call("GET", `${owner.at}/runs`)).body;
    for (const listed of [...items, ...run.chain]) {
      expect(listed.error).toEqual({ reason: "exception", message: "work: There are no rows.", fn: "work" });
    }
  });

  it("has its log beside the run, not in the output and not in lists", async () => {
    const { owner, project, key, show, end } = await begun();
    expect((await show()).log).toBeNull();
    const log = { lines: [LINE], truncated: false };
    await project.progress([{ run: key, output: inline({ items: [], log }) }]);
    expect((await show()).log).toEqual(log);
    await end(failed({ output: inline({ items: [], log: { lines: [LINE, LINE], truncated: true } }) }));
    expect((await show()).log).toEqual({ lines: [LINE, LINE], truncated: true });
    expect(await show("/output")).toEqual({ items: [], complete: true });
    const { items } = (await owner.call("GET", `${owner.at}/runs`)).body;
    expect(items).toHaveLength(1);
    expect(items[0]).not.toHaveProperty("log");
  });

  it("is said to have been deleted when it has, and the run is still shown", async () => {
    const { owner, key, show, end } = await begun();
    const { workspaceId, projectId } = scopeOf({}, owner, await workspaceOf(owner));
    const place = `${workspaceId}/${projectId}/runs/${key.run}/output.json`;
    await end({ kind: "succeeded", at: now(), output: { stored: "artifact", key: place, bytes: 9_000 } });
    const answer = await owner.call("GET", `${owner.at}/runs/${key.run}/output`);
    expectProblem(answer, 404, "not_found");
    expect(answer.body.detail).toContain("deleted");
    expect(await show()).toMatchObject({ status: "succeeded", log: null });
  });
});

describe("a run of the whole project", () => {
  it("stops at the first failure, and its retry begins with the first function again", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const owner = await makeProjectOwner([functionAt("one"), functionAt("two", "fail-1"), functionAt("three")]);
    const { id } = await schedule(owner, { fn: undefined, retry: { attempts: 2, delay: 5 } });
    const run = (await owner.call("POST", `${owner.at}/schedules/${id}/runs`)).body;
    const { body } = await eventually(
      () => owner.call("GET", `${owner.at}/runs/${run.id}`),
      (answer) => answer.body.chain.at(-1).status === "succeeded",
    );
    expect(body.chain.map((one: Run) => [one.attempt, one.fn, one.status])).toEqual([
      [0, null, "failed"],
      [1, null, "succeeded"],
    ]);
    expect(body.error.message).toContain("two");
    const outputs = await Promise.all(
      body.chain.map(async (one: Run) => (await owner.call("GET", `${owner.at}/runs/${one.id}/output`)).body.items),
    );
    const names = outputs.map((items) => items.map((item: { fn: string }) => item.fn));
    expect(names).toEqual([["one"], ["one", "two", "three"]]);
  });
});

describe("a chain of retries", () => {
  it("is shown with each of its runs, badges and the run they retry", async () => {
    const owner = await makeProjectOwner([functionAt("work", "fail-2", { retry: { attempts: 3, delay: 5 } })]);
    const run = await start(owner);
    const { body } = await eventually(
      () => owner.call("GET", `${owner.at}/runs/${run.id}`),
      (answer) => answer.body.chain.at(-1).status === "succeeded",
    );
    expect(body).toMatchObject({ status: "failed", error: { reason: "http_status", status: 500 } });
    expect(body.chain.map((one: Run & { badge?: string }) => [one.attempt, one.badge, one.status])).toEqual([
      [0, undefined, "failed"],
      [1, "↻1", "failed"],
      [2, "↻2", "succeeded"],
    ]);
    const retry = body.chain[2];
    expect(retry.origin_run_id).toBe(run.id);
    const same = await owner.call("GET", `${owner.at}/runs/${retry.id}`);
    expect(same.body.chain.map((one: { id: string }) => one.id)).toEqual(
      body.chain.map((one: { id: string }) => one.id),
    );
  });
});

describe("the list of runs", () => {
  it("joins live and finished runs, each once, newest first, over every page", async () => {
    const owner = await makeProjectOwner();
    const first = await start(owner);
    await ended(owner, first.id);
    const scope = scopeOf(first, owner, await workspaceOf(owner));
    await eventually(
      () => new D1RunLog(env.RUNLOG).list(scope, {}, { limit: 10 }),
      (logged) => logged.some(({ id }) => id === first.id),
    );
    const { id } = await schedule(owner);
    await owner.call("POST", `${owner.at}/schedules/${id}/backfills`, {
      body: { from: "2026-11-01T00:00:00Z", to: "2026-11-06T00:00:00Z" },
    });
    const ids: string[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await owner.call("GET", `${owner.at}/runs?limit=2${cursor}`);
      ids.push(...body.items.map((run: { id: string }) => run.id));
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(ids).toHaveLength(6);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
    expect(ids[0]).toBe(first.id);
  });

  it("filters by schedule, status, context and function", async () => {
    const owner = await makeProjectOwner([functionAt("work"), functionAt("bad", "status-500")]);
    const [good, bad] = [await start(owner), await start(owner, { fn: "bad" })];
    await ended(owner, good.id);
    await ended(owner, bad.id);
    const { id } = await schedule(owner);
    const now = await owner.call("POST", `${owner.at}/schedules/${id}/runs`);
    const list = async (query: string) =>
      (await owner.call("GET", `${owner.at}/runs?${query}`)).body.items.map((run: { id: string }) => run.id);
    expect(await list("status=failed")).toEqual([bad.id]);
    expect(await list("fn=bad")).toEqual([bad.id]);
    expect(await list(`schedule=${id}`)).toEqual([now.body.id]);
    expect(await list("context=app")).toEqual([]);
    const ofSchedule = await owner.call("GET", `${owner.at}/schedules/${id}/runs`);
    expect(ofSchedule.body.items.map((run: { id: string }) => run.id)).toEqual([now.body.id]);
    expectProblem(await owner.call("GET", `${owner.at}/runs?status=done`), 400, "invalid_request");
    expectProblem(await owner.call("GET", `${owner.at}/runs?schedule=x`), 400, "invalid_request");
  });
});

describe("cancelling a run", () => {
  it("ends one that is on its way, and refuses one that has ended, live or in the log", async () => {
    const owner = await makeProjectOwner([functionAt("work", "slow-300")]);
    const run = await start(owner);
    const cancelled = await owner.call("POST", `${owner.at}/runs/${run.id}/cancellation`);
    expect(cancelled.body.status).toBe("cancelled");
    expectProblem(await owner.call("POST", `${owner.at}/runs/${run.id}/cancellation`), 409, "conflict");
    await eventually(
      async () => (await owner.call("GET", `${owner.at}/runs?status=cancelled`)).body.items,
      (items) => items.length === 1,
    );
    expectProblem(await owner.call("POST", `${owner.at}/runs/${run.id}/cancellation`), 409, "conflict");
  });
});

describe("completing a run that answered 202", () => {
  async function accepted() {
    const owner = await makeProjectOwner([functionAt("work", "accept")]);
    const run = await start(owner);
    await eventually(
      async () => (await owner.call("GET", `${owner.at}/runs/${run.id}`)).body.status,
      (status) => status === "running",
    );
    const scope = scopeOf(run, owner, await workspaceOf(owner));
    const token = await makeRunToken(env.CARILLON_KEY, { scope, run: readRunId(run.id) });
    const complete = (body: object, bearer = token) =>
      call("POST", `${owner.at}/runs/${run.id}/completion`, { body, headers: { authorization: `Bearer ${bearer}` } });
    return { owner, run, token, complete };
  }

  it("ends it with the output that the function sends, once", async () => {
    const { owner, run, complete } = await accepted();
    const { body } = await eventually(
      () => complete({ status: "succeeded", output: { rows: 7 } }),
      ({ status }) => status === 200,
    );
    expect(body).toMatchObject({ id: run.id, status: "succeeded" });
    const output = await owner.call("GET", `${owner.at}/runs/${run.id}/output`);
    expect(output.body).toEqual({ items: [{ fn: "work", value: { rows: 7 } }], complete: true });
    expect([404, 409]).toContain((await complete({ status: "succeeded" })).status);
  });

  it("ends it with the failure that the function tells", async () => {
    const { complete } = await accepted();
    const { body } = await eventually(
      () => complete({ status: "failed", error: { message: "no rows" }, retry: false }),
      ({ status }) => status === 200,
    );
    expect(body).toMatchObject({ status: "failed", error: { reason: "reported", message: "no rows" } });
  });

  it("is refused to everyone else: an API token, a forged run token, the token of another run", async () => {
    const { owner, run, token, complete } = await accepted();
    expectProblem(await complete({ status: "succeeded" }, owner.token), 401, "unauthorized");
    expectProblem(await complete({ status: "succeeded" }, `${token}x`), 401, "unauthorized");
    const other = await call("POST", `${owner.at}/runs/${newId()}/completion`, {
      body: { status: "succeeded" },
      headers: { authorization: `Bearer ${token}` },
    });
    expectProblem(other, 404, "not_found");
    expectProblem(await complete({ status: "done" }), 422, "invalid_input");
    expect((await owner.call("GET", `${owner.at}/runs/${run.id}`)).body.status).toBe("running");
  });
});

it("a run of another project, or none at all, is not found", async () => {
  const [owner, outsider] = [await makeProjectOwner(), await makeProjectOwner()];
  const run = await start(owner);
  for (const path of [`${outsider.at}/runs/${run.id}`, `${outsider.at}/runs/${newId()}`, `${outsider.at}/runs/x`]) {
    expectProblem(await outsider.call("GET", path), 404, "not_found");
    expectProblem(await outsider.call("GET", `${path}/output`), 404, "not_found");
    expectProblem(await outsider.call("POST", `${path}/cancellation`), 404, "not_found");
  }
});

async function workspaceOf(owner: ProjectOwner): Promise<string> {
  const row = await env.DIRECTORY.prepare("SELECT workspace_id AS id FROM projects WHERE id = ?1")
    .bind(owner.project)
    .first<{ id: string }>();
  return row?.id ?? "";
}

const scopeOf = (_: unknown, owner: ProjectOwner, workspace: string) =>
  mintProjectScope(readWorkspaceId(workspace), readProjectId(owner.project));
