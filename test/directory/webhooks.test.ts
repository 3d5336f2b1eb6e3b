/** Endpoints in the directory: listed in pages, each workspace's its own, and gone with it. */
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { buryWorkspace, emptyWorkspace } from "../../src/directory/tombstones.ts";
import {
  addWebhook,
  deleteWebhook,
  findSealedWebhook,
  findWebhook,
  listWebhooks,
} from "../../src/directory/webhooks.ts";
import type { WorkspaceScope } from "../../src/domain/access.ts";
import { newId, now, randomBytes } from "../../src/system.ts";
import { draftWebhook } from "../support/make-webhook.ts";
import { scribeAt } from "../support/scribe.ts";
import { unwrap } from "../support/world.ts";

const db = env.DIRECTORY;

const makeWorkspace = async (): Promise<WorkspaceScope> =>
  (await foundWorkspace(db, { name: "Acme", plan: "team", email: "ada@acme.test" }, { now: now(), newId, randomBytes }))
    .scope;

async function make(scope: WorkspaceScope) {
  const webhook = draftWebhook();
  unwrap(await addWebhook(db, scope, webhook, "s2.sealed", { wish: undefined, scribe: scribeAt() }));
  return webhook;
}

it("are found as they were made, and listed oldest first in pages", async () => {
  const scope = await makeWorkspace();
  const made = [await make(scope), await make(scope), await make(scope)];
  expect(await findWebhook(db, scope, made[0]?.id ?? expect.fail())).toEqual(made[0]);
  expect(await listWebhooks(db, scope, { limit: 2 })).toEqual(made.slice(0, 2));
  expect(await listWebhooks(db, scope, { limit: 2, after: made[1]?.id })).toEqual(made.slice(2));
});

it("are nobody's but their workspace's", async () => {
  const [scope, other] = [await makeWorkspace(), await makeWorkspace()];
  const { id, name, url } = await make(scope);
  expect([await findWebhook(db, other, id), await findSealedWebhook(db, other, id)]).toEqual([null, null]);
  expect(await listWebhooks(db, other, { limit: 10 })).toEqual([]);
  expect(await deleteWebhook(db, other, { id, name, url }, scribeAt())).toBe(false);
  expect(await findWebhook(db, scope, id)).not.toBeNull();
});

it("are gone with their workspace, secrets and all", async () => {
  const scope = await makeWorkspace();
  await make(scope);
  await buryWorkspace(db, scope, "Acme", scribeAt());
  await emptyWorkspace(db, scope, now());
  const rows = db.prepare("SELECT count(*) AS rows FROM webhooks WHERE workspace_id = ?1").bind(scope.workspaceId);
  expect(await rows.first("rows")).toBe(0);
});
