/** The calls of one endpoint: listed over all projects of the workspace, and made again. */
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { workspaceOf } from "../../src/domain/access.ts";
import { readWebhookId } from "../../src/domain/ids.ts";
import type { Delivery } from "../../src/domain/news/delivery.ts";
import { HOUR_MS } from "../../src/domain/time/instant.ts";
import { claimDelivery, settleDelivery } from "../../src/runlog/delivery-claims.ts";
import { listDeliveriesOfEndpoint, replayDeliveries } from "../../src/runlog/endpoint-deliveries.ts";
import { newId } from "../../src/system.ts";
import { makeDelivery, LEDGER_NINE as NINE, newScope } from "../support/make-delivery.ts";

const db = env.RUNLOG;
const FAILURE = { reason: "endpoint_refused", message: "It answered 500." } as const;

/** An endpoint with a call at each of four hours, of which the second one arrived. */
async function makeCalls() {
  const scope = newScope();
  const endpoint = { kind: "webhook", id: newId(), name: "Ops" } as const;
  const facts = { channel: "webhook", recipient: endpoint, notification: null, address: null } as const;
  const calls: Delivery[] = [];
  for (let hour = 0; hour < 4; hour += 1) calls.push(await makeDelivery(scope, facts, NINE + hour * HOUR_MS));
  for (const [index, one] of calls.entries()) {
    const claimed = (await claimDelivery(db, scope, one, "send", NINE + 4 * HOUR_MS)) ?? expect.fail();
    const [state, failure] = index === 1 ? (["sent", null] as const) : (["failed", FAILURE] as const);
    const settlement = { state, failure, nextAt: null, picture: null, progress: null, attempt: null };
    await settleDelivery(db, scope, claimed, settlement, NINE + 4 * HOUR_MS);
  }
  return { scope, calls, id: readWebhookId(endpoint.id) };
}

it("are made again within a range, in these states, and no more of them than is asked for", async () => {
  const { scope, id } = await makeCalls();
  const range = { from: NINE, to: NINE + 3 * HOUR_MS, states: ["failed"], limit: 10 } as const;
  const replay = (more: object) =>
    replayDeliveries(db, workspaceOf(scope), id, { ...range, ...more }, NINE + 5 * HOUR_MS);
  expect(await replay({ limit: 1 })).toBe(1);
  expect(await replay({})).toBe(1);
  expect(await replay({})).toBe(0);
  const listed = await listDeliveriesOfEndpoint(db, workspaceOf(scope), id, {}, { limit: 10 });
  expect(listed.map(({ state }) => state)).toEqual(["failed", "pending", "sent", "pending"]);
  expect(listed.filter(({ state }) => state === "pending").every(({ nextAt }) => nextAt === NINE + 5 * HOUR_MS)).toBe(
    true,
  );
});

it("are listed newest first, by state, from any place on, each with its project", async () => {
  const { scope, calls, id } = await makeCalls();
  const list = async (filter = {}, page = {}) =>
    listDeliveriesOfEndpoint(db, workspaceOf(scope), id, filter, { limit: 10, ...page });
  const ids = calls.map((one) => one.id).toReversed();
  expect((await list()).map((one) => [one.id, one.project])).toEqual(ids.map((one) => [one, scope.projectId]));
  expect((await list({ state: "sent" })).map((one) => one.id)).toEqual([calls[1]?.id]);
  const [, second] = await list({}, { limit: 2 });
  const before = { at: second?.createdAt, id: second?.id };
  expect((await list({}, { before })).map((one) => one.id)).toEqual(ids.slice(2));
});

it("are nobody else's", async () => {
  const { id } = await makeCalls();
  const range = { from: 0, to: Number.MAX_SAFE_INTEGER, states: ["failed"], limit: 10 } as const;
  expect(await replayDeliveries(db, workspaceOf(newScope()), id, range, NINE)).toBe(0);
  expect(await listDeliveriesOfEndpoint(db, workspaceOf(newScope()), id, {}, { limit: 10 })).toEqual([]);
});
