/** What is deleted is gone: from the actor, the log and the store, however often the work is cut short, and for good. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { reachProject } from "../../src/actor/reach.ts";
import { storeOutput } from "../../src/artifacts/artifacts.ts";
import { fullFile, putCapture } from "../../src/artifacts/captures.ts";
import { listBuriedProjects, listWorkspacesToClose } from "../../src/directory/tombstones.ts";
import { mintProjectScope, type ProjectScope, projectObjectName } from "../../src/domain/access.ts";
import { readProjectId, readWorkspaceId } from "../../src/domain/ids.ts";
import { finishDeletions, SETTLES_WITHIN_MS } from "../../src/queues/emptying.ts";
import { listCaptures, orderCaptures } from "../../src/runlog/captures.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import { newId } from "../../src/system.ts";
import { call, functionAt, makeProjectOwner, type ProjectOwner, schedule } from "../api/caller.ts";
import { makeWish } from "../support/make-capture.ts";
import { makeRun } from "../support/make-run.ts";
import { eventually, setClock } from "../support/world.ts";

const START = Date.parse("2027-03-01T12:00:00Z");
const log = new D1RunLog(env.RUNLOG);

beforeEach(() => {
  setClock(START);
  vi.spyOn(console, "error").mockImplementation(() => {});
});

/** Somebody with a schedule, a finished run in the log, and an output that is an object. */
async function makeBusyOwner(): Promise<ProjectOwner & { readonly scope: ProjectScope }> {
  const owner = await makeProjectOwner([functionAt("work", "large")]);
  await schedule(owner);
  await owner.call("POST", `${owner.at}/runs`, { body: { fn: "work" } });
  const row = await env.DIRECTORY.prepare("SELECT workspace_id FROM projects WHERE id = ?1")
    .bind(owner.project)
    .first<{ workspace_id: string }>();
  const scope = mintProjectScope(readWorkspaceId(String(row?.workspace_id)), readProjectId(owner.project));
  await eventually(
    () => log.list(scope, {}, { limit: 10 }),
    (runs) => runs.length === 1,
  );
  expect(await leftOf(scope)).toMatchObject({ logged: 1, objects: 1 });
  // Waiting has pushed it.
  setClock(START);
  return { ...owner, scope };
}

async function leftOf(scope: ProjectScope) {
  const stub = env.PROJECT.getByName(projectObjectName(scope));
  const prefix = `${scope.workspaceId}/${scope.projectId}/`;
  return {
    tables: await runInDurableObject(
      stub,
      (_, { storage }) =>
        storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_%' ESCAPE '\\'").toArray().length,
    ),
    alarm: await runInDurableObject(stub, (_, { storage }) => storage.getAlarm()),
    logged: (await log.list(scope, {}, { limit: 10 })).length,
    objects: (await env.ARTIFACTS.list({ prefix })).objects.length,
  };
}

const NOTHING = { tables: 0, alarm: null, logged: 0, objects: 0 };
const isBuried = async (scope: ProjectScope) =>
  (await listBuriedProjects(env.DIRECTORY, START * 2, 1_000)).some((one) => one.scope.projectId === scope.projectId);

describe("a deleted project", () => {
  it("stops at once, and is empty after the next visit of the watchdog", async () => {
    const owner = await makeBusyOwner();
    expect((await owner.call("DELETE", owner.at)).status).toBe(204);
    expect(await leftOf(owner.scope)).toMatchObject({ tables: 0, alarm: null });
    expect((await owner.call("GET", owner.at)).status).toBe(404);
    await finishDeletions(env);
    expect(await leftOf(owner.scope)).toEqual(NOTHING);
  });

  it("is emptied once more when nothing can come late any more, and then closed", async () => {
    const { scope, at, call: ask } = await makeBusyOwner();
    await ask("DELETE", at);
    await finishDeletions(env);
    // A call that was under way: its output arrives now, and the log's write of before.
    const run = makeRun();
    await storeOutput(env.ARTIFACTS, scope, run.id, "x".repeat(10_000));
    await log.record(scope, [run]);
    setClock(START + SETTLES_WITHIN_MS - 1);
    await finishDeletions(env);
    expect(await isBuried(scope)).toBe(true);
    setClock(START + SETTLES_WITHIN_MS);
    await finishDeletions(env);
    expect(await leftOf(scope)).toEqual(NOTHING);
    expect(await isBuried(scope)).toBe(false);
  });

  it("does not come back to life by a message that is late", async () => {
    const { scope, at, call: ask } = await makeBusyOwner();
    await ask("DELETE", at);
    const actor = reachProject(env, scope);
    const key = { schedule: null, run: makeRun().id };
    expect(await actor.begin([key])).toEqual([]);
    expect(await actor.renew([key])).toEqual([key.run]);
    await actor.finish([{ run: key, outcome: { kind: "succeeded", at: START, output: null } }]);
    await actor.undeliverable([key]);
    expect(await actor.checkUp(true, { plan: "enterprise", order: 0 })).toMatchObject({
      repaired: false,
      active: false,
    });
    expect(await leftOf(scope)).toMatchObject({ tables: 0, alarm: null });
  });

  it.each([
    ["the actor cannot be reached", () => vi.spyOn(env.PROJECT, "getByName")],
    ["the log is down", () => vi.spyOn(env.RUNLOG, "prepare")],
    ["the store is down", () => vi.spyOn(env.ARTIFACTS, "list")],
    ["the directory is down", () => vi.spyOn(env.DIRECTORY, "batch")],
  ])("is finished by a later visit when one is cut short: %s", async (_, breakIt) => {
    const { scope, at, call: ask } = await makeBusyOwner();
    await ask("DELETE", at);
    setClock(START + SETTLES_WITHIN_MS);
    const broken = breakIt().mockImplementation(() => {
      throw new Error("cut short");
    });
    await finishDeletions(env);
    broken.mockRestore();
    expect(await isBuried(scope)).toBe(true);
    await finishDeletions(env);
    expect(await leftOf(scope)).toEqual(NOTHING);
    expect(await isBuried(scope)).toBe(false);
  });

  it("takes its captures with it, those too that were ordered while it was emptied", async () => {
    const owner = await makeBusyOwner();
    const [wish, late] = [makeWish(), makeWish()];
    const bytes = new TextEncoder().encode("a picture");
    const hash = createHash("sha256").update(bytes).digest("hex");
    const keep = async (one: typeof wish) => {
      await orderCaptures(env.RUNLOG, owner.scope, one);
      await putCapture(env.ARTIFACTS, owner.scope, one.run, fullFile("png", hash), { bytes, hash });
    };
    await keep(wish);
    await owner.call("DELETE", owner.at);
    await finishDeletions(env);
    await keep(late);
    setClock(START + SETTLES_WITHIN_MS);
    await finishDeletions(env);
    for (const { run } of [wish, late]) expect(await listCaptures(env.RUNLOG, owner.scope, run)).toEqual([]);
    expect(await leftOf(owner.scope)).toEqual(NOTHING);
  });

  it("takes nothing of its neighbour with it", async () => {
    const [gone, neighbour] = [await makeBusyOwner(), await makeBusyOwner()];
    const before = await leftOf(neighbour.scope);
    await gone.call("DELETE", gone.at);
    await finishDeletions(env);
    expect(await leftOf(neighbour.scope)).toEqual(before);
  });
});

describe("a deleted workspace", () => {
  const deleteWorkspace = (owner: ProjectOwner, name = "Acme") => owner.call("DELETE", `/v1/workspace?name=${name}`);

  it("is named by whoever deletes it", async () => {
    const owner = await makeBusyOwner();
    expect((await deleteWorkspace(owner, "Another")).status).toBe(400);
    expect((await owner.call("GET", owner.at)).status).toBe(200);
  });

  it("lets nobody in any more, and nothing of it runs", async () => {
    const owner = await makeBusyOwner();
    expect((await deleteWorkspace(owner)).status).toBe(204);
    expect((await owner.call("GET", "/v1/projects")).status).toBe(401);
    expect((await call("GET", owner.at, { headers: { authorization: `Bearer ${owner.token}` } })).status).toBe(401);
    expect(await leftOf(owner.scope)).toMatchObject({ tables: 0, alarm: null });
  });

  it("leaves nothing but a tombstone without a name", async () => {
    const owner = await makeBusyOwner();
    const { workspaceId } = owner.scope;
    await deleteWorkspace(owner);
    await finishDeletions(env);
    setClock(START + SETTLES_WITHIN_MS);
    await finishDeletions(env);
    expect(await leftOf(owner.scope)).toEqual(NOTHING);
    expect(await rowsOf(workspaceId)).toEqual({ workspaces: 1 });
    const tombstone = await env.DIRECTORY.prepare("SELECT name, closed_at FROM workspaces WHERE id = ?1")
      .bind(workspaceId)
      .first();
    expect(tombstone).toEqual({ name: "deleted", closed_at: START + SETTLES_WITHIN_MS });
    expect(await listWorkspacesToClose(env.DIRECTORY, START * 2, 1_000)).toEqual([]);
  });

  it("takes with it what somebody made who was still remembered elsewhere", async () => {
    const owner = await makeBusyOwner();
    await deleteWorkspace(owner);
    // As an isolate would that has not heard of the deletion.
    const straggler = { ...owner.scope, projectId: readProjectId(newId()) };
    await env.DIRECTORY.prepare(
      `INSERT INTO projects (id, workspace_id, slug, name, active, created_at, updated_at)
       VALUES (?1, ?2, 'late', 'Late', 1, ?3, ?3)`,
    )
      .bind(straggler.projectId, straggler.workspaceId, START)
      .run();
    await reachProject(env, straggler).open({ timezone: "UTC", plan: "enterprise" });
    await finishDeletions(env);
    expect(await leftOf(straggler)).toEqual(NOTHING);
    setClock(START + SETTLES_WITHIN_MS);
    await finishDeletions(env);
    await finishDeletions(env);
    expect(await rowsOf(owner.scope.workspaceId)).toEqual({ workspaces: 1 });
  });
});

/** How many rows of a workspace each table of the directory holds; tables without any are left out. */
async function rowsOf(workspaceId: string): Promise<Record<string, number>> {
  const { results } = await env.DIRECTORY.prepare(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%workspace_id%' OR name = 'workspaces'`,
  ).all<{ name: string }>();
  const counted: Record<string, number> = {};
  for (const { name } of results) {
    const column = name === "workspaces" ? "id" : "workspace_id";
    const rows = await env.DIRECTORY.prepare(`SELECT count(*) AS rows FROM ${name} WHERE ${column} = ?1`)
      .bind(workspaceId)
      .first<{ rows: number }>();
    if (rows !== null && rows.rows > 0) counted[name] = rows.rows;
  }
  return counted;
}
