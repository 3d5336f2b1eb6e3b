import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { reachProject } from "../../src/actor/reach.ts";
import { storeOutput } from "../../src/artifacts/artifacts.ts";
import { fullFile, putCapture } from "../../src/artifacts/captures.ts";
import { AUDIT_KEPT_MS } from "../../src/directory/audit-retention.ts";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { addProject, deleteProject, draftProject } from "../../src/directory/projects.ts";
import { ProjectRegistry } from "../../src/directory/registry.ts";
import { listBuriedProjects } from "../../src/directory/tombstones.ts";
import { mintProjectScope, type ProjectScope, projectObjectName } from "../../src/domain/access.ts";
import { readProjectId, uuidv7 } from "../../src/domain/ids.ts";
import { PLANS, type PlanName } from "../../src/domain/plan.ts";
import { DAY_MS } from "../../src/domain/time/instant.ts";
import { sweep, sweepDaily } from "../../src/queues/sweep.ts";
import { listCaptures, orderCaptures, orderedOn } from "../../src/runlog/captures.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import { newId, now, randomBytes } from "../../src/system.ts";
import { makeWish } from "../support/make-capture.ts";
import { makeRun } from "../support/make-run.ts";
import { scribeAt } from "../support/scribe.ts";
import { unwrap } from "../support/world.ts";

const log = new D1RunLog(env.RUNLOG);

beforeEach(() => {
  for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
});
// The sweep walks every project there is: those of another test are not to be counted.
afterEach(async () => {
  await env.DIRECTORY.batch(
    ["projects", "idempotency_answers"].map((table) => env.DIRECTORY.prepare(`DELETE FROM ${table}`)),
  );
});

async function addTo(plan: PlanName = "team"): Promise<ProjectScope> {
  const { scope } = await foundWorkspace(
    env.DIRECTORY,
    { name: "Acme", plan, email: "ada@acme.test" },
    { now: now(), newId, randomBytes },
  );
  const id = readProjectId(newId());
  const project = draftProject(scope, { id, slug: "reports", name: "Reports", createdAt: now() });
  await addProject(env.DIRECTORY, scope, project, { wish: undefined, grants: [], scribe: scribeAt() });
  return mintProjectScope(scope.workspaceId, id);
}

/** A project with a schedule that is due tomorrow, as the directory knows it. */
async function activeProject(): Promise<ProjectScope> {
  const scope = await addTo();
  const project = reachProject(env, scope);
  await project.open({ timezone: "UTC", plan: "team" });
  const version = unwrap(await project.addVersion([{ name: "work", kind: "http", url: "https://example.com/" }]));
  unwrap(await project.publish(version.number));
  unwrap(await project.saveSchedules([{ schedule: "in 1 day", fn: "work" }]));
  await new ProjectRegistry(env.DIRECTORY).setActive(scope, true, 1_000);
  return scope;
}

const stubOf = (scope: ProjectScope) => env.PROJECT.getByName(projectObjectName(scope));
const alarmOf = (scope: ProjectScope) => runInDurableObject(stubOf(scope), (_, state) => state.storage.getAlarm());
const loseAlarm = (scope: ProjectScope) => runInDurableObject(stubOf(scope), (_, state) => state.storage.deleteAlarm());

function makeUnreachable(scope: ProjectScope): void {
  const getByName = env.PROJECT.getByName.bind(env.PROJECT);
  vi.spyOn(env.PROJECT, "getByName").mockImplementation((name) => {
    if (name === projectObjectName(scope)) throw new Error("Network connection lost.");
    return getByName(name);
  });
}

describe("the sweep", () => {
  it("finds nothing to do where all is well", async () => {
    await activeProject();
    expect(await sweep(env)).toEqual({ visited: 1, repaired: 0 });
  });

  it("sets lost alarms again in every project that has something to wake for", async () => {
    const scopes = [await activeProject(), await activeProject()];
    for (const scope of scopes) await loseAlarm(scope);
    expect(await sweep(env)).toEqual({ visited: 2, repaired: 2 });
    for (const scope of scopes) expect(await alarmOf(scope)).not.toBeNull();
  });

  it("goes on past a project that cannot be reached", async () => {
    const scopes = [await activeProject(), await activeProject(), await activeProject()];
    for (const scope of scopes) await loseAlarm(scope);
    makeUnreachable(scopes[0] as ProjectScope);
    expect(await sweep(env)).toEqual({ visited: 3, repaired: 2 });
  });

  it("writes down what it did: alarms that it set, schedules that the plan pauses or lets go on", async () => {
    const scope = await activeProject();
    const written = async () => {
      const found = env.DIRECTORY.prepare(
        "SELECT doer_kind, act, target_kind, detail FROM audit WHERE project_id = ?1 AND doer_kind = 'system' AND act <> 'project.created'",
      );
      return (await found.bind(scope.projectId).all()).results;
    };
    await sweep(env);
    expect(await written()).toEqual([]);
    await loseAlarm(scope);
    const plan = (name: PlanName) => env.DIRECTORY.prepare("UPDATE workspaces SET plan = ?1").bind(name).run();
    await plan("professional");
    await sweep(env);
    await plan("team");
    await sweepDaily(env);
    expect((await written()).sort((a, b) => String(a.act).localeCompare(String(b.act)))).toMatchObject([
      { doer_kind: "system", act: "alarm.repaired", target_kind: "project" },
      { act: "schedule.paused_by_plan", target_kind: "schedule", detail: expect.stringContaining("professional") },
      { act: "schedule.resumed_by_plan", target_kind: "schedule" },
    ]);
  });

  it("leaves the projects of a deleted workspace alone", async () => {
    const scope = await activeProject();
    await loseAlarm(scope);
    await env.DIRECTORY.prepare("UPDATE workspaces SET deleted_at = 1 WHERE id = ?1").bind(scope.workspaceId).run();
    expect(await sweep(env)).toEqual({ visited: 0, repaired: 0 });
    expect(await sweepDaily(env)).toEqual({ visited: 0, repaired: 0 });
  });

  it("once a day also visits projects that the directory was never told of", async () => {
    const scope = await activeProject();
    await loseAlarm(scope);
    await env.DIRECTORY.prepare("UPDATE projects SET active = 0").run();
    expect(await sweep(env)).toEqual({ visited: 0, repaired: 0 });
    expect(await sweepDaily(env)).toEqual({ visited: 1, repaired: 1 });
  });
});

describe("a deletion that was cut short", () => {
  async function deleted(): Promise<ProjectScope> {
    const scope = await activeProject();
    await storeOutput(env.ARTIFACTS, scope, makeRun().id, "x".repeat(10_000));
    await env.DIRECTORY.prepare("UPDATE projects SET deleted_at = 1 WHERE id = ?1").bind(scope.projectId).run();
    return scope;
  }
  const objectsOf = async (scope: ProjectScope) =>
    (await env.ARTIFACTS.list({ prefix: `${scope.workspaceId}/${scope.projectId}/` })).objects.length;

  it("is finished: no alarm, no object, and it is not looked at again", async () => {
    const scope = await deleted();
    await sweep(env);
    expect([await alarmOf(scope), await objectsOf(scope)]).toEqual([null, 0]);
    expect(await listBuriedProjects(env.DIRECTORY, now(), 10)).toEqual([]);
  });

  it("is tried again at the next sweep when the project cannot be reached, and others are finished", async () => {
    const [stuck, other] = [await deleted(), await deleted()];
    makeUnreachable(stuck);
    await sweep(env);
    expect(await objectsOf(other)).toBe(0);
    vi.restoreAllMocks();
    await sweep(env);
    expect(await objectsOf(stuck)).toBe(0);
  });

  it("leaves living projects alone", async () => {
    const scope = await activeProject();
    await sweep(env);
    expect(await alarmOf(scope)).not.toBeNull();
  });
});

describe("retention", () => {
  it.each(["professional", "team", "enterprise"] as const)("keeps runs as long as the plan %s says", async (plan) => {
    const scope = await addTo(plan);
    const limit = PLANS[plan].retentionDays * DAY_MS;
    const [young, old] = [now() - limit + DAY_MS, now() - limit - DAY_MS];
    await log.record(
      scope,
      [young, old].map((scheduledFor) => makeRun({ scheduledFor })),
    );
    await sweepDaily(env);
    expect((await log.list(scope, {}, { limit: 9 })).map((run) => run.scheduledFor)).toEqual([young]);
  });

  it("takes captures with their runs, and the pictures with them; and forgets what was ordered on the days before", async () => {
    const scope = await addTo("professional");
    const limit = PLANS.professional.retentionDays * DAY_MS;
    const [young, old] = [now() - limit + DAY_MS, now() - limit - DAY_MS].map((scheduledFor) =>
      makeWish({ run: makeRun({ scheduledFor }).id, orderedAt: scheduledFor }),
    );
    if (young === undefined || old === undefined) throw new Error("No wishes");
    const bytes = new TextEncoder().encode("a picture");
    const hash = createHash("sha256").update(bytes).digest("hex");
    // The log has one row, so that the project is looked at; those of the captures' runs it has no more.
    await log.record(scope, [makeRun({ scheduledFor: now() })]);
    for (const wish of [young, old]) {
      await orderCaptures(env.RUNLOG, scope, wish);
      await putCapture(env.ARTIFACTS, scope, wish.run, fullFile("png", hash), { bytes, hash });
    }
    await sweepDaily(env);
    const left = async ({ run }: typeof young) => [
      (await listCaptures(env.RUNLOG, scope, run)).length,
      (await env.ARTIFACTS.list({ prefix: `${scope.workspaceId}/${scope.projectId}/runs/${run}/` })).objects.length,
    ];
    expect([await left(young), await left(old)]).toEqual([
      [2, 1],
      [0, 0],
    ]);
    expect(await orderedOn(env.RUNLOG, scope, young.orderedAt)).toBe(0);
  });

  it("takes outputs that are objects with their rows", async () => {
    const scope = await addTo("professional");
    const old = makeRun({ scheduledFor: now() - 400 * DAY_MS });
    const output = await storeOutput(env.ARTIFACTS, scope, old.id, "x".repeat(10_000));
    await log.record(scope, [{ ...old, output }]);
    await sweepDaily(env);
    expect(await log.list(scope, {}, { limit: 9 })).toEqual([]);
    expect((await env.ARTIFACTS.list({ prefix: `${scope.workspaceId}/${scope.projectId}/` })).objects).toEqual([]);
  });

  it("of one project failing does not keep the others' runs", async () => {
    const scopes = [await addTo("professional"), await addTo("professional")];
    const old = () => makeRun({ scheduledFor: now() - 400 * DAY_MS });
    const broken = { ...old(), output: { stored: "artifact", key: `${scopes[0]?.workspaceId}/x`, bytes: 1 } as const };
    const key = `${scopes[0]?.workspaceId}/${scopes[0]?.projectId}/runs/x/output.json`;
    await log.record(scopes[0] as ProjectScope, [{ ...broken, output: { ...broken.output, key } }]);
    await log.record(scopes[1] as ProjectScope, [old()]);
    vi.spyOn(env.ARTIFACTS, "delete").mockRejectedValue(new Error("R2 is down"));
    await sweepDaily(env);
    expect(await log.list(scopes[0] as ProjectScope, {}, { limit: 9 })).toHaveLength(1);
    expect(await log.list(scopes[1] as ProjectScope, {}, { limit: 9 })).toHaveLength(0);
  });
});

it("a project that is deleted by its owner is closed by the same steps", async () => {
  const scope = await activeProject();
  const workspace = (await import("../../src/domain/access.ts")).mintWorkspaceScope(scope.workspaceId);
  const facts = { id: scope.projectId, slug: "reports", name: "Reports", createdAt: now() };
  const project = draftProject(workspace, facts);
  await deleteProject(env.DIRECTORY, workspace, project, scribeAt());
  await sweep(env);
  expect(await alarmOf(scope)).toBeNull();
});

describe("the audit", () => {
  it("keeps an entry for a year, and then no longer", async () => {
    const { workspaceId } = await addTo();
    const write = (id: string, at: number) =>
      env.DIRECTORY.prepare(
        `INSERT INTO audit (workspace_id, id, at, doer_kind, doer_name, act, target_kind, target_id)
         VALUES (?1, ?2, ?3, 'system', 'system', 'alarm.repaired', 'project', 'p')`,
      )
        .bind(workspaceId, id, at)
        .run();
    const idAt = (at: number) => uuidv7(at, randomBytes(10));
    const [young, old] = [now() - 364 * DAY_MS, now() - AUDIT_KEPT_MS - DAY_MS];
    await write(idAt(young), young);
    await write(idAt(old), old);
    await sweepDaily(env);
    const { results } = await env.DIRECTORY.prepare(
      "SELECT at FROM audit WHERE workspace_id = ?1 AND act = 'alarm.repaired'",
    )
      .bind(workspaceId)
      .all();
    expect(results).toEqual([{ at: young }]);
  });
});
