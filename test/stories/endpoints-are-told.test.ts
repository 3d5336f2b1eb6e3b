/** An endpoint hears of what it asked for, once, signed; what it missed while it was down comes under the same id. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Webhook as Verifier } from "standardwebhooks";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { WebhookMessageJson } from "../../src/api/webhook-message-json.ts";
import { mintProjectScope, projectObjectName } from "../../src/domain/access.ts";
import { readProjectId } from "../../src/domain/ids.ts";
import { HOUR_MS, toIso } from "../../src/domain/time/instant.ts";
import { sweep } from "../../src/queues/sweep.ts";
import { newId, now } from "../../src/system.ts";
import { functionAt, makeAdmin, schedule } from "../api/caller.ts";
import type { ReceivedCall } from "../support/receiver-server.ts";
import { eventually } from "../support/world.ts";

beforeEach(() => {
  for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
});

/** A project with functions that are well and that fail, and an endpoint that behaves so. */
async function makeEndpoint(behaviour: string, facts: object = {}) {
  const admin = await makeAdmin();
  const box = newId();
  const project = await admin.call("POST", "/v1/projects", { body: { name: "Reports" } });
  const at = `/v1/projects/${project.body.id}`;
  const functions = [functionAt("fine"), functionAt("broken", "status-500")];
  await admin.call("POST", `${at}/versions`, { body: { functions } });
  await admin.call("PUT", `${at}/published`, { body: { version: 1 } });
  const body = { name: "Hook", url: `${env.RECEIVER}/${box}/${behaviour}`, events: ["run.failed"], ...facts };
  const made = await admin.call("POST", "/v1/webhooks", { body });
  expect(made.status).toBe(201);
  const hook = `/v1/webhooks/${made.body.id}`;
  return {
    owner: { ...admin, project: project.body.id as string, at },
    scope: mintProjectScope(admin.scope.workspaceId, readProjectId(project.body.id)),
    secret: made.body.secret as string,
    id: made.body.id as string,
    hook,
    box,
    run: async (fn: string): Promise<string> => (await admin.call("POST", `${at}/runs`, { body: { fn } })).body.id,
    calls: async (): Promise<readonly ReceivedCall[]> => (await fetch(`${env.RECEIVER}/${box}`)).json(),
    deliveries: async () => (await admin.call("GET", `${hook}/deliveries`)).body.items,
    change: async (change: object) => expect((await admin.call("PATCH", hook, { body: change })).status).toBe(200),
  };
}

type Endpoint = Awaited<ReturnType<typeof makeEndpoint>>;

const settled = (endpoint: Endpoint, count: number) =>
  eventually(
    endpoint.deliveries,
    (found) => found.length === count && found.every((one: { state: string }) => one.state !== "pending"),
  );

const eventsOf = ({ scope }: Endpoint): Promise<string | undefined> =>
  runInDurableObject(
    env.PROJECT.getByName(projectObjectName(scope)),
    (_, { storage }) =>
      storage.sql.exec<{ value: string }>("SELECT value FROM settings WHERE name = 'events'").toArray()[0]?.value,
  );

const RANGE = () => ({ from: toIso(now() - HOUR_MS), to: toIso(now() + HOUR_MS) });

describe("an endpoint", () => {
  it("hears of what it asked for, in a message that verifies, and of nothing else", async () => {
    const endpoint = await makeEndpoint("ok");
    const [, broken] = [await endpoint.run("fine"), await endpoint.run("broken")];
    const [delivery] = await settled(endpoint, 1);
    expect(delivery).toMatchObject({ state: "sent", event: "run.failed", news_id: broken });
    const [call, ...others] = await endpoint.calls();
    expect(others).toEqual([]);
    const read = new Verifier(endpoint.secret).verify(call?.body ?? "", call?.headers ?? {});
    expect(WebhookMessageJson.parse(read)).toMatchObject({
      type: "run.failed",
      data: { delivery_id: delivery.id, test: false, run: { id: broken, status: "failed" } },
    });
  });

  it("that a schedule names hears of its runs without having asked for anything, and once if it asked as well", async () => {
    const endpoint = await makeEndpoint("ok", { events: [] });
    const saved = await schedule(endpoint.owner, {
      fn: "fine",
      notifications: [{ on: "both", webhooks: [endpoint.id] }],
    });
    await endpoint.owner.call("POST", `${endpoint.owner.at}/schedules/${saved.id}/runs`, { body: {} });
    expect(await settled(endpoint, 1)).toMatchObject([{ event: "run.succeeded", state: "sent" }]);
    await endpoint.change({ events: ["run.succeeded"] });
    await endpoint.owner.call("POST", `${endpoint.owner.at}/schedules/${saved.id}/runs`, { body: {} });
    expect(await settled(endpoint, 2)).toMatchObject([{ state: "sent" }, { state: "sent" }]);
    expect(await endpoint.calls()).toHaveLength(2);
  });

  it("that is down gets what it missed when it works again, under the same id", async () => {
    const endpoint = await makeEndpoint("status-503");
    await endpoint.run("broken");
    const [missed] = await settled(endpoint, 1);
    expect(missed).toMatchObject({ state: "retrying", failure: { reason: "out_of_order", code: "503" } });
    await endpoint.change({ url: `${env.RECEIVER}/${endpoint.box}/ok` });
    const replayed = await endpoint.owner.call("POST", `${endpoint.hook}/replays`, { body: RANGE() });
    expect(replayed.body).toEqual({ deliveries: 1, complete: true });
    await sweep(env);
    await eventually(endpoint.deliveries, ([one]) => one.state === "sent");
    const ids = (await endpoint.calls()).map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids)).toEqual(new Set([`msg_${missed.id}`]));
    expect(ids.length).toBeGreaterThan(1);
  });

  it("that is gone is disabled at once; projects stop telling of what nobody asks for any more", async () => {
    const endpoint = await makeEndpoint("status-410");
    await endpoint.run("broken");
    expect(await settled(endpoint, 1)).toMatchObject([{ state: "failed", failure: { reason: "endpoint_gone" } }]);
    const shown = await eventually(
      async () => (await endpoint.owner.call("GET", endpoint.hook)).body,
      ({ enabled }) => enabled === false,
    );
    expect(shown.disabled_reason).toBe("gone");
    await schedule(endpoint.owner, { fn: "fine" });
    await eventually(
      async () => {
        await sweep(env);
        return eventsOf(endpoint);
      },
      (events) => events === "[]",
    );
    await endpoint.change({ enabled: true });
    expect(await eventsOf(endpoint)).toBe('["run.failed"]');
  });
});
