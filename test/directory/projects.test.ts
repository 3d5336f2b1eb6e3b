/** Projects in the directory, and the list that the sweep walks. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { answerGiven, forgetExpiredAnswers } from "../../src/directory/idempotency.ts";
import {
  addProject,
  deleteProject,
  draftProject,
  findProject,
  isProjectSlug,
  listAllProjects,
  type Project,
  renameProject,
} from "../../src/directory/projects.ts";
import { ProjectRegistry } from "../../src/directory/registry.ts";
import { listBuriedProjects, markProjectClosed } from "../../src/directory/tombstones.ts";
import type { WorkspaceScope } from "../../src/domain/access.ts";
import { readProjectId } from "../../src/domain/ids.ts";
import { DAY_MS } from "../../src/domain/time/instant.ts";
import { newId, now, randomBytes } from "../../src/system.ts";
import { scribeAt } from "../support/scribe.ts";

const db = env.DIRECTORY;
const registry = new ProjectRegistry(db);
const START = Date.UTC(2026, 10, 22);
const BESIDE = { wish: undefined, grants: [], scribe: scribeAt(START) };

const makeWorkspace = async (): Promise<WorkspaceScope> =>
  (await foundWorkspace(db, { name: "Acme", plan: "team", email: "ada@acme.test" }, { now: now(), newId, randomBytes }))
    .scope;

async function add(scope: WorkspaceScope, slug = "reports"): Promise<Project> {
  const project = draftProject(scope, { id: readProjectId(newId()), slug, name: "Reports", createdAt: START });
  expect(await addProject(db, scope, project, BESIDE)).toEqual({ ok: true, value: "added" });
  return project;
}

describe("a project", () => {
  it("is found by id and by slug, in its own workspace alone", async () => {
    const [scope, other] = [await makeWorkspace(), await makeWorkspace()];
    const project = await add(scope);
    expect(await findProject(db, scope, project.id, START)).toEqual(project);
    expect(await findProject(db, scope, "reports", START)).toEqual(project);
    expect(await findProject(db, other, project.id, START)).toBeNull();
    expect(await findProject(db, other, "reports", START)).toBeNull();
  });

  it("has a slug that no living project of the workspace has", async () => {
    const scope = await makeWorkspace();
    const first = await add(scope);
    const twin = draftProject(scope, { id: readProjectId(newId()), slug: "reports", name: "R", createdAt: START });
    expect(await addProject(db, scope, twin, BESIDE)).toMatchObject({ ok: false, error: { code: "conflict" } });
    await deleteProject(db, scope, first, BESIDE.scribe);
    expect((await addProject(db, scope, twin, BESIDE)).ok).toBe(true);
  });

  it("is forgotten at once where it is renamed or deleted", async () => {
    const scope = await makeWorkspace();
    const project = await add(scope);
    await findProject(db, scope, "reports", START);
    expect(await renameProject(db, scope, project, "New", scribeAt(START + 1))).toMatchObject({
      name: "New",
      updatedAt: START + 1,
    });
    expect((await findProject(db, scope, "reports", START))?.name).toBe("New");
    expect(await deleteProject(db, scope, project, BESIDE.scribe)).toBe(true);
    expect(await findProject(db, scope, "reports", START)).toBeNull();
    expect(await renameProject(db, scope, project, "Again", BESIDE.scribe)).toBeNull();
    expect(await deleteProject(db, scope, project, BESIDE.scribe)).toBe(false);
  });

  it("cannot be changed from another workspace", async () => {
    const [scope, other] = [await makeWorkspace(), await makeWorkspace()];
    const project = await add(scope);
    expect(await renameProject(db, other, project, "Mine", BESIDE.scribe)).toBeNull();
    expect(await deleteProject(db, other, project, BESIDE.scribe)).toBe(false);
    expect(await listAllProjects(db, other, 10)).toEqual([]);
  });

  it.each(["-a", "a-", "A", "a b", "", "a".repeat(64), "ü", newId()])("has a slug unlike %j", (slug) => {
    expect(isProjectSlug(slug)).toBe(false);
  });
});

describe("an answer that is kept", () => {
  it("is kept with its write or not at all", async () => {
    const scope = await makeWorkspace();
    await add(scope);
    const wish = { key: "k", fingerprint: "f", answer: { status: 201, body: "{}" } };
    const twin = draftProject(scope, { id: readProjectId(newId()), slug: "reports", name: "R", createdAt: START });
    expect((await addProject(db, scope, twin, { ...BESIDE, wish })).ok).toBe(false);
    expect(await answerGiven(db, scope, wish, START)).toEqual({ ok: true, value: null });
  });

  it("is given to the same request for a day, and frees its key after it", async () => {
    const scope = await makeWorkspace();
    const wish = { key: "k", fingerprint: "f", answer: { status: 201, body: '{"a":1}' } };
    const project = (slug: string, at: number) =>
      draftProject(scope, { id: readProjectId(newId()), slug, name: "R", createdAt: at });
    await addProject(db, scope, project("one", START), { ...BESIDE, wish });
    expect(await answerGiven(db, scope, wish, START + DAY_MS - 1)).toEqual({ ok: true, value: wish.answer });
    expect(await addProject(db, scope, project("two", START), { ...BESIDE, wish })).toEqual({
      ok: true,
      value: "answered",
    });
    expect(await findProject(db, scope, "two", START)).toBeNull();
    expect(await answerGiven(db, scope, wish, START + DAY_MS)).toEqual({ ok: true, value: null });
    expect(await addProject(db, scope, project("three", START + DAY_MS), { ...BESIDE, wish })).toEqual({
      ok: true,
      value: "added",
    });
    await forgetExpiredAnswers(db, START + 3 * DAY_MS);
    const left = await db.prepare("SELECT count(*) AS left FROM idempotency_answers").first<{ left: number }>();
    expect(left?.left).toBe(0);
  });
});

describe("the sweep's list", () => {
  const active = async () => (await registry.listActive({ limit: 1_000 })).map(({ scope }) => scope.projectId);

  it("holds the projects that say they have something to wake for, page by page", async () => {
    const scope = await makeWorkspace();
    const projects = [await add(scope, "a"), await add(scope, "b"), await add(scope, "c")];
    for (const project of projects) await registry.setActive(project.scope, true, 1);
    const ids = projects.map(({ id }) => id);
    expect(await active()).toEqual(expect.arrayContaining(ids));
    const [first] = await registry.listActive({ limit: 1 });
    const [second] = await registry.listActive({ limit: 1, after: first?.scope });
    expect(first?.scope.projectId).not.toBe(second?.scope.projectId);
  });

  it("is not changed by a telling that was overtaken", async () => {
    const project = await add(await makeWorkspace());
    await registry.setActive(project.scope, true, 2);
    await registry.setActive(project.scope, false, 1);
    expect(await active()).toContain(project.id);
    await registry.setActive(project.scope, false, 3);
    expect(await active()).not.toContain(project.id);
  });

  it("drops a deleted project, which is then to be closed once", async () => {
    const scope = await makeWorkspace();
    const project = await add(scope);
    await registry.setActive(project.scope, true, 1);
    await deleteProject(db, scope, project, BESIDE.scribe);
    expect(await active()).not.toContain(project.id);
    const toClose = async () => (await listBuriedProjects(db, START, 1_000)).map(({ scope }) => scope.projectId);
    expect(await toClose()).toContain(project.id);
    expect(await markProjectClosed(db, project.scope, BESIDE.scribe)).toBe(true);
    expect(await toClose()).not.toContain(project.id);
    expect(await markProjectClosed(db, project.scope, BESIDE.scribe)).toBe(false);
    expect((await registry.listAll({ limit: 1_000 })).map(({ scope }) => scope.projectId)).not.toContain(project.id);
  });
});
