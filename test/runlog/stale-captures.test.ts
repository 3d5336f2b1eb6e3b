import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { mintProjectScope, type ProjectScope } from "../../src/domain/access.ts";
import { CLAIM_LASTS_MS, GIVE_UP_AFTER_MS } from "../../src/domain/captures/capture.ts";
import { readProjectId, readWorkspaceId } from "../../src/domain/ids.ts";
import { claimCaptures, settleClaims } from "../../src/runlog/capture-claims.ts";
import { dayOf, listCaptures, orderCaptures, orderedOn } from "../../src/runlog/captures.ts";
import { forgetDays, giveUpStale, listStale, STALE_AFTER_MS } from "../../src/runlog/stale-captures.ts";
import { newId } from "../../src/system.ts";
import { makeFacts, makeWish, NOT_READY, SOME_EVIDENCE } from "../support/make-capture.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");
const LOST = { reason: "lost", message: "Gone." } as const;
const db = env.RUNLOG;
let scope: ProjectScope;

beforeEach(async () => {
  await db.prepare("DELETE FROM captures").run();
  scope = mintProjectScope(readWorkspaceId(newId()), readProjectId(newId()));
});

describe("a stale capture", () => {
  it("is one that nobody has in hand long after it was ordered; an order names all of its run", async () => {
    const wish = makeWish();
    await orderCaptures(db, scope, wish);
    expect(await listStale(db, NINE + STALE_AFTER_MS - 1, 10)).toEqual([]);
    const { workspaceId: workspace, projectId: project } = scope;
    expect(await listStale(db, NINE + STALE_AFTER_MS, 10)).toEqual([{ workspace, project, ...wish }]);
  });

  it("is one whose taker did not come back, as soon as the claim has ended", async () => {
    const wish = makeWish({ formats: ["pdf"] });
    await orderCaptures(db, scope, wish);
    await claimCaptures(db, scope, wish, NINE);
    expect(await listStale(db, NINE + CLAIM_LASTS_MS - 1, 10)).toEqual([]);
    expect(await listStale(db, NINE + CLAIM_LASTS_MS, 10)).toMatchObject([{ run: wish.run, formats: ["pdf"] }]);
  });

  it("is not one that is being taken, however old", async () => {
    const wish = makeWish();
    await orderCaptures(db, scope, wish);
    const late = NINE + GIVE_UP_AFTER_MS;
    await claimCaptures(db, scope, wish, late - 1);
    expect(await listStale(db, late, 10)).toEqual([]);
    expect(await giveUpStale(db, LOST, late)).toBe(0);
  });

  it("comes up the oldest first, no more than asked for", async () => {
    const wishes = [3, 1, 2].map((minute) => makeWish({ orderedAt: NINE + minute, formats: ["png"] }));
    for (const wish of wishes) await orderCaptures(db, scope, wish);
    const stale = await listStale(db, NINE + STALE_AFTER_MS + 9, 2);
    expect(stale.map(({ orderedAt }) => orderedAt - NINE)).toEqual([1, 2]);
  });

  it("is given up half an hour after it was ordered, with the last failure that was seen", async () => {
    const [young, old, tried] = [makeWish({ orderedAt: NINE + 1 }), makeWish(), makeWish({ formats: ["png"] })];
    for (const wish of [young, old, tried]) await orderCaptures(db, scope, wish);
    const claims = await claimCaptures(db, scope, tried, NINE);
    const outcome = { kind: "again", failure: NOT_READY, evidence: SOME_EVIDENCE } as const;
    await settleClaims(
      db,
      scope,
      claims.map((claimed) => ({ claimed, outcome })),
      NINE,
    );
    expect(await giveUpStale(db, LOST, NINE + GIVE_UP_AFTER_MS)).toBe(3);
    const states = async (wish = young) =>
      (await listCaptures(db, scope, wish.run)).map(({ state, failure }) => [state, failure?.reason]);
    expect(await states(young)).toEqual([
      ["pending", undefined],
      ["pending", undefined],
    ]);
    expect(await states(old)).toEqual([
      ["failed", "lost"],
      ["failed", "lost"],
    ]);
    expect(await states(tried)).toEqual([["failed", "not_ready"]]);
  });
});

describe("a stale capture that was to be taken anew", () => {
  it("is captured as before when it is given up", async () => {
    const wish = makeWish({ formats: ["png"] });
    await orderCaptures(db, scope, wish);
    const outcome = { kind: "captured", facts: makeFacts(), evidence: SOME_EVIDENCE } as const;
    const claims = await claimCaptures(db, scope, wish, NINE);
    await settleClaims(
      db,
      scope,
      claims.map((claimed) => ({ claimed, outcome })),
      NINE,
    );
    await orderCaptures(db, scope, { ...wish, again: true });
    expect(await giveUpStale(db, LOST, NINE + GIVE_UP_AFTER_MS)).toBe(1);
    expect(await listCaptures(db, scope, wish.run)).toMatchObject([
      { state: "captured", facts: makeFacts(), failure: LOST },
    ]);
  });
});

describe("the count of a day", () => {
  it("is forgotten with the next day and not before", async () => {
    await orderCaptures(db, scope, makeWish());
    await forgetDays(db, dayOf(NINE));
    expect(await orderedOn(db, scope, NINE)).toBe(2);
    await forgetDays(db, dayOf(NINE) + 1);
    expect(await orderedOn(db, scope, NINE)).toBe(0);
  });
});
