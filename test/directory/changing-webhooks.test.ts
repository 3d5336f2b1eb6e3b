/** The health of endpoints as the directory keeps it, and changes that meet. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { changeWebhook, noteWebhookOutcome, rotateWebhookKeys } from "../../src/directory/changing-webhooks.ts";
import { addWebhook, deleteWebhook, findSealedWebhook, findWebhook } from "../../src/directory/webhooks.ts";
import type { WorkspaceScope } from "../../src/domain/access.ts";
import type { Webhook } from "../../src/domain/news/webhook.ts";
import { FAILING_MAX_MS } from "../../src/domain/news/webhook-health.ts";
import { newId, now, randomBytes } from "../../src/system.ts";
import { draftWebhook } from "../support/make-webhook.ts";
import { scribeAt } from "../support/scribe.ts";
import { unwrap } from "../support/world.ts";

const db = env.DIRECTORY;
const START = Date.UTC(2027, 0, 15);

async function makeEndpoint(facts: Partial<Webhook> = {}) {
  const { scope } = await foundWorkspace(
    db,
    { name: "Acme", plan: "team", email: "ada@acme.test" },
    { now: now(), newId, randomBytes },
  );
  const { id } = draftWebhook();
  const webhook = draftWebhook({ id, createdAt: START, updatedAt: START, ...facts });
  unwrap(await addWebhook(db, scope, webhook, "s2.first", { wish: undefined, scribe: scribeAt() }));
  const found = async () => (await findWebhook(db, scope, id)) ?? expect.fail("gone");
  return { scope, seen: await found(), found };
}

const disablings = async (scope: WorkspaceScope): Promise<readonly { doer_kind: string; detail: string }[]> =>
  (
    await db
      .prepare("SELECT doer_kind, detail FROM audit WHERE workspace_id = ?1 AND act = 'webhook.disabled'")
      .bind(scope.workspaceId)
      .all<{ doer_kind: string; detail: string }>()
  ).results;

describe("a message that ended", () => {
  it("well costs nothing where all was well", async () => {
    const { scope, seen } = await makeEndpoint();
    const [prepared, batched] = [vi.spyOn(db, "prepare"), vi.spyOn(db, "batch")];
    expect(await noteWebhookOutcome(db, scope, seen, "sent", scribeAt())).toBeNull();
    expect([prepared.mock.calls.length, batched.mock.calls.length]).toEqual([0, 0]);
  });

  it("for good without arriving is noted once, and forgotten when one arrives", async () => {
    const { scope, seen, found } = await makeEndpoint();
    await noteWebhookOutcome(db, scope, seen, "exhausted", scribeAt(START));
    expect(await found()).toMatchObject({ failingSince: START, state: "enabled", updatedAt: seen.updatedAt });
    await noteWebhookOutcome(db, scope, await found(), "exhausted", scribeAt(START + 1_000));
    expect((await found()).failingSince).toBe(START);
    await noteWebhookOutcome(db, scope, await found(), "sent", scribeAt(START + 2_000));
    expect((await found()).failingSince).toBeNull();
  });

  it("so after five days disables the endpoint, once, by the system, and tells whoever noted it", async () => {
    const { scope, seen, found } = await makeEndpoint();
    await noteWebhookOutcome(db, scope, seen, "exhausted", scribeAt(START));
    const failing = await found();
    const over = START + FAILING_MAX_MS;
    const answers = [];
    for (const at of [over - 1, over, over])
      answers.push(await noteWebhookOutcome(db, scope, failing, "exhausted", scribeAt(at)));
    expect(answers).toEqual([null, { disabled: "failing" }, null]);
    expect(await found()).toMatchObject({ state: "disabled", disabledReason: "failing", disabledAt: over });
    expect(await disablings(scope)).toMatchObject([{ doer_kind: "system" }]);
  });

  it("with 410 disables the endpoint at once", async () => {
    const { scope, seen, found } = await makeEndpoint();
    const answers = await Promise.all([1, 2].map(() => noteWebhookOutcome(db, scope, seen, "gone", scribeAt(START))));
    expect(answers.filter((answer) => answer !== null)).toEqual([{ disabled: "gone" }]);
    expect(await found()).toMatchObject({ state: "disabled", disabledReason: "gone", disabledAt: START });
    expect((await disablings(scope))[0]?.detail).toContain("example.com");
    expect((await disablings(scope))[0]?.detail).not.toContain("hooks/carillon");
  });

  it("at an address that the endpoint has no longer says nothing of the new one", async () => {
    const { scope, seen, found } = await makeEndpoint();
    unwrap(await changeWebhook(db, scope, seen, { url: "https://example.com/new" }, scribeAt(START)));
    expect(await noteWebhookOutcome(db, scope, seen, "gone", scribeAt(START))).toBeNull();
    await noteWebhookOutcome(db, scope, seen, "exhausted", scribeAt(START));
    expect(await found()).toMatchObject({ state: "enabled", failingSince: null });
  });

  it("badly does not disable what has worked since", async () => {
    const { scope, seen, found } = await makeEndpoint();
    await noteWebhookOutcome(db, scope, seen, "exhausted", scribeAt(START));
    const failing = await found();
    await noteWebhookOutcome(db, scope, failing, "sent", scribeAt(START + 1));
    const late = scribeAt(START + FAILING_MAX_MS);
    expect(await noteWebhookOutcome(db, scope, failing, "exhausted", late)).toBeNull();
    expect((await found()).state).toBe("enabled");
  });

  it("after the endpoint was deleted does nothing", async () => {
    const { scope, seen } = await makeEndpoint();
    await deleteWebhook(db, scope, seen, scribeAt());
    for (const outcome of ["sent", "exhausted", "gone"] as const)
      expect(await noteWebhookOutcome(db, scope, seen, outcome, scribeAt())).toBeNull();
    expect(await disablings(scope)).toEqual([]);
  });
});

describe("a change", () => {
  it("that enables it lets it begin anew; one that disables it is by hand", async () => {
    const { scope, seen, found } = await makeEndpoint();
    await noteWebhookOutcome(db, scope, seen, "exhausted", scribeAt(START));
    await noteWebhookOutcome(db, scope, await found(), "gone", scribeAt(START));
    const enabled = unwrap(await changeWebhook(db, scope, await found(), { enabled: true }, scribeAt(START + 1)));
    expect(enabled).toMatchObject({ state: "enabled", disabledReason: null, disabledAt: null, failingSince: null });
    const off = unwrap(await changeWebhook(db, scope, enabled, { enabled: false }, scribeAt(START + 2)));
    expect(off).toMatchObject({ state: "disabled", disabledReason: "by_hand", disabledAt: START + 2 });
  });

  it("of an endpoint that somebody else changed meanwhile is refused", async () => {
    const { scope, seen, found } = await makeEndpoint();
    const answers = await Promise.all(
      ["One", "Two"].map((name) => changeWebhook(db, scope, seen, { name }, scribeAt(START))),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ error: { code: "conflict" } });
    expect(["One", "Two"]).toContain((await found()).name);
  });

  it("of one that is deleted finds nothing", async () => {
    const { scope, seen } = await makeEndpoint();
    await deleteWebhook(db, scope, seen, scribeAt());
    expect(await changeWebhook(db, scope, seen, { name: "N" }, scribeAt())).toMatchObject({
      ok: false,
      error: { code: "not_found" },
    });
  });

  it("that changes nothing is no act", async () => {
    const { scope, seen } = await makeEndpoint();
    const batched = vi.spyOn(db, "batch");
    const { name, url, events } = seen;
    expect(await changeWebhook(db, scope, seen, { name, url, events, enabled: true }, scribeAt())).toEqual({
      ok: true,
      value: seen,
    });
    expect(batched).not.toHaveBeenCalled();
  });
});

describe("a rotation", () => {
  it("keeps what it replaces until the overlap is over, and nothing older", async () => {
    const { scope, seen } = await makeEndpoint();
    const keysNow = async () => (await findSealedWebhook(db, scope, seen.id))?.keys;
    const rotate = (sealed: string, until: number) =>
      rotateWebhookKeys(db, scope, seen, { sealed, until }, { wish: undefined, scribe: scribeAt(START) });
    await rotate("s2.second", START + 1_000);
    expect(await keysNow()).toEqual({ current: "s2.second", previous: { sealed: "s2.first", until: START + 1_000 } });
    await rotate("s2.third", START + 2_000);
    expect(await keysNow()).toEqual({ current: "s2.third", previous: { sealed: "s2.second", until: START + 2_000 } });
    await rotate("s2.fourth", START);
    expect(await keysNow()).toEqual({ current: "s2.fourth", previous: null });
  });

  it("of an endpoint that is gone is none", async () => {
    const { scope, seen } = await makeEndpoint();
    await deleteWebhook(db, scope, seen, scribeAt());
    const writing = { wish: undefined, scribe: scribeAt(START) };
    expect(await rotateWebhookKeys(db, scope, seen, { sealed: "s2", until: START }, writing)).toMatchObject({
      ok: false,
      error: { code: "not_found" },
    });
  });
});
