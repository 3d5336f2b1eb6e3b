/** What the endpoints of a workspace ask for, as each project is told of it. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { changeWebhook, noteWebhookOutcome } from "../../src/directory/changing-webhooks.ts";
import { addProject, draftProject } from "../../src/directory/projects.ts";
import { ProjectRegistry } from "../../src/directory/registry.ts";
import { subscribedEvents, subscribedEventsByProject } from "../../src/directory/subscriptions.ts";
import { addWebhook, deleteWebhook, findListeners, findWebhook } from "../../src/directory/webhooks.ts";
import { findWorkspace } from "../../src/directory/workspaces.ts";
import type { WorkspaceScope } from "../../src/domain/access.ts";
import { readProjectId, readWebhookId } from "../../src/domain/ids.ts";
import type { Webhook } from "../../src/domain/news/webhook.ts";
import { newId, now, randomBytes } from "../../src/system.ts";
import { draftWebhook } from "../support/make-webhook.ts";
import { scribeAt } from "../support/scribe.ts";
import { unwrap } from "../support/world.ts";

const db = env.DIRECTORY;

async function makeWorkspace() {
  const facts = { name: "Acme", plan: "team", email: "ada@acme.test" } as const;
  const { scope } = await foundWorkspace(db, facts, { now: now(), newId, randomBytes });
  return { scope, one: await makeProject(scope), other: await makeProject(scope) };
}

async function makeProject(scope: WorkspaceScope) {
  const id = readProjectId(newId());
  const project = draftProject(scope, { id, slug: newId().slice(-12), name: "R", createdAt: now() });
  unwrap(await addProject(db, scope, project, { wish: undefined, grants: [], scribe: scribeAt() }));
  return id;
}

async function make(scope: WorkspaceScope, facts: Partial<Webhook> = {}): Promise<Webhook> {
  const webhook = draftWebhook(facts);
  unwrap(await addWebhook(db, scope, webhook, "s2.sealed", { wish: undefined, scribe: scribeAt() }));
  return webhook;
}

const orderOf = async (scope: WorkspaceScope) => (await findWorkspace(db, scope))?.planOrder;

describe("a project", () => {
  it("is told of nothing as long as no endpoint asks for anything", async () => {
    const { scope, one } = await makeWorkspace();
    await make(scope, { events: [] });
    expect(await subscribedEvents(db, scope, one)).toEqual([]);
  });

  it("is told of what any enabled endpoint asks for from all projects, or from this one", async () => {
    const { scope, one, other } = await makeWorkspace();
    await make(scope, { events: ["run.failed", "schedule.paused"] });
    await make(scope, { events: ["run.failed", "run.succeeded"], projects: [one] });
    await make(scope, { events: ["run.missed"], state: "disabled", disabledReason: "by_hand", disabledAt: now() });
    expect(await subscribedEvents(db, scope, one)).toEqual(["run.succeeded", "run.failed", "schedule.paused"]);
    expect(await subscribedEvents(db, scope, other)).toEqual(["run.failed", "schedule.paused"]);
    expect(await subscribedEvents(db, scope, readProjectId(newId()))).toEqual(["run.failed", "schedule.paused"]);
    expect(await subscribedEventsByProject(db, scope, 10)).toEqual(
      new Map([
        [one, ["run.succeeded", "run.failed", "schedule.paused"]],
        [other, ["run.failed", "schedule.paused"]],
      ]),
    );
    const planned = (await new ProjectRegistry(db).listAll({ limit: 1_000 })).filter(
      (project) => project.scope.workspaceId === scope.workspaceId,
    );
    expect(planned.map(({ events }) => events)).toEqual([
      ["run.succeeded", "run.failed", "schedule.paused"],
      ["run.failed", "schedule.paused"],
    ]);
  });

  it("is told anew with every change that makes a difference, and with no other", async () => {
    const { scope, one } = await makeWorkspace();
    const steps: (readonly [number | undefined, readonly string[]])[] = [];
    const note = async () => steps.push([await orderOf(scope), await subscribedEvents(db, scope, one)]);
    const first = await make(scope, { events: ["run.failed"] });
    await note();
    const second = await make(scope, { events: ["run.failed"] });
    await note();
    const changed = unwrap(await changeWebhook(db, scope, first, { events: ["run.skipped"] }, scribeAt()));
    await note();
    unwrap(await changeWebhook(db, scope, changed, { name: "Other" }, scribeAt()));
    await note();
    await noteWebhookOutcome(db, scope, second, "gone", scribeAt());
    await note();
    await deleteWebhook(db, scope, first, scribeAt());
    await note();
    expect(steps).toEqual([
      [1, ["run.failed"]],
      [1, ["run.failed"]],
      [2, ["run.failed", "run.skipped"]],
      [2, ["run.failed", "run.skipped"]],
      [3, ["run.skipped"]],
      [4, []],
    ]);
  });

  it("of another workspace hears nothing of it", async () => {
    const [{ scope }, other] = [await makeWorkspace(), await makeWorkspace()];
    await make(scope);
    expect(await subscribedEvents(db, other.scope, other.one)).toEqual([]);
    expect(await orderOf(other.scope)).toBe(0);
  });
});

describe("the listeners of an event", () => {
  it("are those that asked for it from this project, and those that are named, in their state", async () => {
    const { scope, one, other } = await makeWorkspace();
    const asking = await make(scope, { name: "asking", events: ["run.failed"] });
    const limited = await make(scope, { name: "limited", events: ["run.failed"], projects: [other] });
    const off = await make(scope, {
      name: "off",
      events: ["run.failed"],
      state: "disabled",
      disabledReason: "by_hand",
      disabledAt: now(),
    });
    const stranger = await make((await makeWorkspace()).scope, { name: "stranger" });
    const named = [limited.id, off.id, stranger.id, readWebhookId(newId())];
    const toldOf = async (project: typeof one, names: typeof named) =>
      (await findListeners(db, scope, { project, event: "run.failed", named: names })).map(
        ({ id: _, ...listener }) => listener,
      );
    expect(await toldOf(one, [])).toEqual([{ name: "asking", isEnabled: true, hasAsked: true }]);
    expect(await toldOf(one, named)).toEqual([
      { name: "asking", isEnabled: true, hasAsked: true },
      { name: "limited", isEnabled: true, hasAsked: false },
      { name: "off", isEnabled: false, hasAsked: false },
    ]);
    expect((await toldOf(other, [])).map(({ name }) => name)).toEqual(["asking", "limited"]);
    expect(await findListeners(db, scope, { project: one, event: "run.skipped", named: [] })).toEqual([]);
    expect(await findWebhook(db, scope, stranger.id)).toBeNull();
    expect(asking.id < limited.id).toBe(true);
  });
});
