/** The ledger of deliveries: planned once, listed by whoever may, sent again, and only in states that there are. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { ProjectScope } from "../../src/domain/access.ts";
import { CAPTURE_FORMATS } from "../../src/domain/captures/capture.ts";
import {
  CHANNELS,
  DELIVERY_STATES,
  type Delivery,
  PICTURE_STATES,
  RECIPIENT_KINDS,
} from "../../src/domain/news/delivery.ts";
import { NEWS_EVENTS } from "../../src/domain/news/news.ts";
import { HOUR_MS, MINUTE_MS } from "../../src/domain/time/instant.ts";
import {
  findDelivery,
  LOOKED_AT_AFTER_MS,
  listDeliveries,
  listDeliveriesOfProject,
  listDeliveriesTo,
  listUnbegun,
  noteTold,
  planDeliveries,
  repeatDelivery,
  suppressDelivery,
} from "../../src/runlog/deliveries.ts";
import { claimDelivery, SENDING_LASTS_MS, settleDelivery } from "../../src/runlog/delivery-claims.ts";
import { newId } from "../../src/system.ts";
import { makeDelivery, LEDGER_NINE as NINE, newScope, newsAt, plannedFor } from "../support/make-delivery.ts";

const db = env.RUNLOG;
let scope: ProjectScope;
beforeEach(() => {
  scope = newScope();
});

const FAILURE = { reason: "address_refused", message: "No." } as const;

/** Sends it, with this end. */
async function end(delivery: Delivery, state: "sent" | "failed" | "retrying", at = NINE): Promise<void> {
  const claimed = (await claimDelivery(db, scope, delivery, "send", at)) ?? expect.fail();
  const failure = state === "sent" ? null : FAILURE;
  const nextAt = state === "retrying" ? at + HOUR_MS : null;
  const settlement = { state, nextAt, failure, picture: null, progress: null, attempt: null };
  expect(await settleDelivery(db, scope, claimed, settlement, at)).toBe(true);
}

const found = async ({ news, id }: Delivery, at = NINE) => (await findDelivery(db, scope, news, id, at))?.delivery;

describe("what is planned", () => {
  it("is there once, however often and however differently it is told", async () => {
    const news = newsAt();
    const [one, two] = [plannedFor(news.id), plannedFor(news.id)];
    await planDeliveries(db, scope, news, [one, two], NINE);
    await end((await listDeliveries(db, scope, news.id, 10)).find(({ id }) => id === one.id) ?? expect.fail(), "sent");
    await planDeliveries(db, scope, { ...news, reason: "told again" }, [one, { ...two, address: "else" }], NINE + 5);
    const kept = await listDeliveries(db, scope, news.id, 10);
    expect(kept.map(({ state, address }) => [state, address]).toSorted()).toEqual([
      ["pending", "ada@acme.test"],
      ["sent", "ada@acme.test"],
    ]);
    expect((await findDelivery(db, scope, news.id, one.id, NINE))?.news.reason).toBeNull();
  });

  it("is as many as a group has members, in one order", async () => {
    const news = newsAt();
    await planDeliveries(
      db,
      scope,
      news,
      Array.from({ length: 2_500 }, () => plannedFor(news.id)),
      NINE,
    );
    expect(await listDeliveries(db, scope, news.id, 3_000)).toHaveLength(2_500);
  });

  it("is looked at when its message must be lost, and what waits for a capture when that is over", async () => {
    const waits = newsAt(NINE, { waitsUntil: NINE + MINUTE_MS });
    const [now, later] = [plannedFor(waits.id), plannedFor(waits.id, { wants: "png" })];
    const none = plannedFor(waits.id, { suppressed: FAILURE });
    await planDeliveries(db, scope, waits, [now, later, none], NINE);
    const all = await listDeliveries(db, scope, waits.id, 10);
    const of = (id: string) => all.find((one) => one.id === id);
    expect(of(now.id)).toMatchObject({ state: "pending", nextAt: NINE + LOOKED_AT_AFTER_MS });
    expect(of(later.id)).toMatchObject({ state: "pending", nextAt: NINE + 2 * MINUTE_MS });
    expect(of(none.id)).toMatchObject({ state: "suppressed", nextAt: null, settledAt: NINE, failure: FAILURE });
    expect((await listUnbegun(db, scope, waits.id)).map(({ id }) => id).toSorted()).toEqual(
      [now.id, later.id].toSorted(),
    );
  });

  it("is nobody else's: neither another project's nor another workspace's", async () => {
    const one = await makeDelivery(scope);
    for (const other of [newScope(scope.workspaceId), newScope()]) {
      expect(await listDeliveries(db, other, one.news, 10)).toEqual([]);
      expect(await findDelivery(db, other, one.news, one.id, NINE)).toBeNull();
      expect(await repeatDelivery(db, other, one.news, one.id, NINE)).toBe(false);
      expect(await claimDelivery(db, other, one, "send", NINE)).toBeNull();
    }
    expect(await found(one)).toEqual(one);
  });
});

describe("a list", () => {
  it("of those to one recipient has theirs alone", async () => {
    const news = newsAt();
    const ada = { kind: "user", id: newId(), name: "ada@acme.test" } as const;
    const ours = [0, 1].map((notification) => plannedFor(news.id, { recipient: ada, notification }));
    await planDeliveries(db, scope, news, [...ours, plannedFor(news.id)], NINE);
    expect((await listDeliveriesTo(db, scope, news.id, ada.id)).map(({ id }) => id)).toEqual(ours.map(({ id }) => id));
  });

  it("of a project is newest news first, by state and by channel, from any place on", async () => {
    const all = [];
    for (let hour = 0; hour < 4; hour += 1) all.push(await makeDelivery(scope, {}, NINE + hour * HOUR_MS));
    const [first, second, third, fourth] = all;
    await end(first ?? expect.fail(), "failed");
    await end(third ?? expect.fail(), "retrying");
    const list = async (filter: Parameters<typeof listDeliveriesOfProject>[2], page = {}) =>
      (await listDeliveriesOfProject(db, scope, filter, { limit: 10, ...page })).map(({ id }) => id);
    expect(await list({})).toEqual([fourth, third, second, first].map((one) => one?.id));
    expect(await list({ state: "failed" })).toEqual([first?.id]);
    expect(await list({ state: "retrying" })).toEqual([third?.id]);
    expect(await list({ state: "pending", channel: "slack" })).toEqual([]);
    expect(await list({}, { limit: 1, before: third })).toEqual([second?.id]);
    expect(await list({ state: "failed" }, { before: first })).toEqual([]);
  });
});

describe("sending again", () => {
  it.each(["sent", "failed", "retrying"] as const)("begins anew what was %s, and keeps its history", async (state) => {
    const one = await makeDelivery(scope);
    await end(one, state);
    await noteTold(db, scope, one, [{ channel: "slack", to: ["ada"] }]);
    expect(await found(one)).toMatchObject({ state, told: [{ to: ["ada"] }] });
    expect(await repeatDelivery(db, scope, one.news, one.id, NINE + 1)).toBe(true);
    expect(await found(one)).toMatchObject({
      ...{ state: "pending", attempts: 0, nextAt: NINE + 1, settledAt: null, failure: null, told: [], round: 1 },
      log: one.log,
    });
  });

  it("leaves what somebody is sending at this moment, until they are gone", async () => {
    const one = await makeDelivery(scope);
    await claimDelivery(db, scope, one, "send", NINE);
    expect(await repeatDelivery(db, scope, one.news, one.id, NINE + SENDING_LASTS_MS - 1)).toBe(false);
    expect(await repeatDelivery(db, scope, one.news, one.id, NINE + SENDING_LASTS_MS)).toBe(true);
  });
});

describe("not sending any more", () => {
  it("takes what waits, and leaves what was sent or is in somebody's hands", async () => {
    const [waits, sent, held] = [await makeDelivery(scope), await makeDelivery(scope), await makeDelivery(scope)];
    await end(sent, "sent");
    await claimDelivery(db, scope, held, "send", NINE);
    for (const one of [waits, sent, held]) await suppressDelivery(db, scope, one, FAILURE, NINE + 1);
    expect(await found(waits)).toMatchObject({
      state: "suppressed",
      nextAt: null,
      settledAt: NINE + 1,
      failure: FAILURE,
    });
    expect([(await found(sent))?.state, (await found(held))?.state]).toEqual(["sent", "pending"]);
  });
});

describe("the database lets in", () => {
  /** The values of the CHECK of this column. */
  async function checked(table: string, column: string): Promise<readonly string[]> {
    const row = await db.prepare("SELECT sql FROM sqlite_master WHERE name = ?1").bind(table).first<{ sql: string }>();
    const [, list = ""] = new RegExp(`CHECK \\(${column} IN \\(([^)]*)\\)`).exec(row?.sql ?? "") ?? [];
    return [...list.matchAll(/'([^']+)'/g)].map(([, value = ""]) => value);
  }

  it.each([
    ["news", "event", NEWS_EVENTS],
    ["deliveries", "event", NEWS_EVENTS],
    ["deliveries", "channel", CHANNELS],
    ["deliveries", "recipient_kind", RECIPIENT_KINDS],
    ["deliveries", "wants", CAPTURE_FORMATS],
    ["deliveries", "state", DELIVERY_STATES],
    ["deliveries", "picture", PICTURE_STATES],
    ["outbox", "channel", CHANNELS.filter((channel) => channel !== "webhook")],
  ])("of %s what %s can be in the domain", async (table, column, values) => {
    expect(await checked(table, column)).toEqual(values);
  });

  it.each([
    ["a delivery that is over and has no end", "state = 'sent'"],
    ["one that waits for nothing", "next_at = NULL"],
    ["a failure without a reason", "state = 'failed', settled_at = 1"],
    ["a mail to an endpoint", "recipient_kind = 'webhook'"],
    ["more attempts than claims", "attempts = 1"],
  ])("never %s", async (_, change) => {
    const { id } = await makeDelivery(scope);
    const spoil = db.prepare(`UPDATE deliveries SET ${change} WHERE workspace_id = ?1 AND id = ?2`);
    await expect(spoil.bind(scope.workspaceId, id).run()).rejects.toThrow("CHECK constraint failed");
  });
});
