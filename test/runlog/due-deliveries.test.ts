/** What the sweep finds: what is due and in nobody's hands, with places for every workspace; and what a mended connection frees. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { type ProjectScope, workspaceOf } from "../../src/domain/access.ts";
import type { Delivery } from "../../src/domain/news/delivery.ts";
import type { DeliveryReason } from "../../src/domain/news/delivery-failure.ts";
import { HOUR_MS, SECOND_MS } from "../../src/domain/time/instant.ts";
import { LOOKED_AT_AFTER_MS, planDeliveries } from "../../src/runlog/deliveries.ts";
import { claimDelivery, SENDING_LASTS_MS, settleDelivery } from "../../src/runlog/delivery-claims.ts";
import { type DueShare, listDueDeliveries, releaseHeld } from "../../src/runlog/due-deliveries.ts";
import { makeDelivery, LEDGER_NINE as NINE, newScope, newsAt, plannedFor } from "../support/make-delivery.ts";

const db = env.RUNLOG;
const DUE = NINE + LOOKED_AT_AFTER_MS;
let scope: ProjectScope;
beforeEach(async () => {
  await db.exec("DELETE FROM deliveries");
  scope = newScope();
});

const due = async (at = DUE, more: Partial<DueShare> = {}) =>
  listDueDeliveries(db, at, { limit: 100, perWorkspace: 100, ...more });

/** It failed for now, for this reason, and is tried again at `nextAt`. */
async function failed(delivery: Delivery, nextAt: number, reason: DeliveryReason = "out_of_order"): Promise<void> {
  const claimed = (await claimDelivery(db, scope, delivery, "send", NINE)) ?? expect.fail();
  const failure = { reason, message: "No." };
  const settlement = { state: "retrying", nextAt, failure, picture: null, progress: null, attempt: null } as const;
  await settleDelivery(db, scope, claimed, settlement, NINE);
}

describe("what is due", () => {
  it("is what nobody has begun for a while, with all that its order needs", async () => {
    const one = await makeDelivery(scope);
    expect(await due(DUE - 1)).toEqual([]);
    expect(await due()).toMatchObject([
      {
        ...{ kind: "deliver", workspace: scope.workspaceId, project: scope.projectId },
        ...{ news: one.news, delivery: one.id },
      },
    ]);
  });

  it("is what waits long for its next attempt, when that comes", async () => {
    await failed(await makeDelivery(scope), NINE + 5 * HOUR_MS);
    expect(await due(NINE + 5 * HOUR_MS - 1)).toEqual([]);
    expect(await due(NINE + 5 * HOUR_MS)).toHaveLength(1);
  });

  it("is not what somebody is sending, but what they left when they were killed", async () => {
    const one = await makeDelivery(scope);
    await claimDelivery(db, scope, one, "send", DUE);
    expect(await due(DUE + SENDING_LASTS_MS - 1)).toEqual([]);
    expect(await due(DUE + SENDING_LASTS_MS)).toHaveLength(1);
  });

  it("is nothing that is over", async () => {
    await makeDelivery(scope, { suppressed: { reason: "unsubscribed", message: "No." } });
    expect(await due(DUE + 100 * HOUR_MS)).toEqual([]);
  });

  it("is the oldest first, with a share for every workspace: one whose endpoints are down holds up no other", async () => {
    const news = newsAt();
    const many = Array.from({ length: 50 }, () => plannedFor(news.id));
    await planDeliveries(db, scope, news, many, NINE);
    const others = [newScope(), newScope()];
    for (const other of others) await makeDelivery(other, {}, NINE + SECOND_MS);
    const found = await due(DUE + SECOND_MS, { perWorkspace: 5 });
    expect(found.map(({ workspace }) => workspace).slice(0, 5)).toEqual(
      Array.from({ length: 5 }, () => scope.workspaceId),
    );
    expect(new Set(found.slice(5).map(({ workspace }) => workspace))).toEqual(
      new Set(others.map(({ workspaceId }) => workspaceId)),
    );
    expect(await due(DUE + SECOND_MS, { limit: 3 })).toHaveLength(3);
  });

  it("begins with another workspace each time, so that none is always the last where not all have room", async () => {
    const scopes = [newScope(), newScope(), newScope()].toSorted((a, b) => (a.workspaceId < b.workspaceId ? -1 : 1));
    for (const one of scopes) await makeDelivery(one);
    const first = async (from: string) => (await due(DUE, { limit: 1, from }))[0]?.workspace;
    const found = await Promise.all(scopes.map(({ workspaceId }) => first(workspaceId)));
    expect(found).toEqual(scopes.map(({ workspaceId }) => workspaceId));
    expect(await first("g")).toBe(scopes[0]?.workspaceId);
  });
});

describe("a connection that works again", () => {
  it("frees what it held up, of its workspace and channel, and nothing that waits for another reason", async () => {
    const slack = { channel: "slack", recipient: { kind: "slack_channel", id: "C01", name: "#a" } } as const;
    await failed(await makeDelivery(scope, slack), NINE + 6 * HOUR_MS, "slack_disconnected");
    await failed(await makeDelivery(scope, slack), NINE + 6 * HOUR_MS, "rate_limited");
    await failed(await makeDelivery(scope), NINE + 6 * HOUR_MS, "sender_not_configured");
    const free = (of = scope) => releaseHeld(db, workspaceOf(of), "slack", ["slack_disconnected"], NINE + 1);
    expect(await free(newScope())).toBe(0);
    expect(await due(NINE + HOUR_MS)).toEqual([]);
    expect(await free()).toBe(1);
    expect(await due(NINE + 1)).toHaveLength(1);
    expect(await free()).toBe(0);
  });
});
