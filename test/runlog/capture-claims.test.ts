import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { mintProjectScope, type ProjectScope } from "../../src/domain/access.ts";
import { CLAIM_LASTS_MS } from "../../src/domain/captures/capture.ts";
import { readProjectId, readWorkspaceId } from "../../src/domain/ids.ts";
import {
  type CaptureOutcome,
  type ClaimedCapture,
  claimCaptures,
  giveUpCaptures,
  settleClaims,
} from "../../src/runlog/capture-claims.ts";
import { findCapture, listCaptures, orderCaptures } from "../../src/runlog/captures.ts";
import { newId } from "../../src/system.ts";
import { makeFacts, makeWish, NOT_READY, SOME_EVIDENCE } from "../support/make-capture.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");
const db = env.RUNLOG;
let scope: ProjectScope;
let wish = makeWish();

beforeEach(async () => {
  scope = mintProjectScope(readWorkspaceId(newId()), readProjectId(newId()));
  wish = makeWish({ formats: ["png"] });
  await orderCaptures(db, scope, wish);
});

const CAPTURED: CaptureOutcome = { kind: "captured", facts: makeFacts(), evidence: SOME_EVIDENCE };
const AGAIN: CaptureOutcome = { kind: "again", failure: NOT_READY, evidence: SOME_EVIDENCE };

async function claim(at = NINE): Promise<ClaimedCapture> {
  const [claimed] = await claimCaptures(db, scope, wish, at);
  if (claimed === undefined) throw new Error("Not claimed");
  return claimed;
}
const settle = (claimed: ClaimedCapture, outcome: CaptureOutcome, at = NINE + 5) =>
  settleClaims(db, scope, [{ claimed, outcome }], at);
const standing = () => findCapture(db, scope, wish.run, "png");

describe("a claim", () => {
  it("is given once, also to many who ask at the same moment", async () => {
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimCaptures(db, scope, wish, NINE)));
    expect(claims.flat()).toMatchObject([{ attempts: 1, state: "pending" }]);
  });

  it("is anybody's again when its time is up, and counts as an attempt", async () => {
    await claim();
    expect(await claimCaptures(db, scope, wish, NINE + CLAIM_LASTS_MS - 1)).toEqual([]);
    expect(await claim(NINE + CLAIM_LASTS_MS)).toMatchObject({ attempts: 2 });
  });

  it("is given for the formats that are asked for, and still pending", async () => {
    await orderCaptures(db, scope, { ...wish, formats: ["pdf"] });
    await settle(await claim(), CAPTURED);
    const claims = await claimCaptures(db, scope, { ...wish, formats: ["png", "pdf"] }, NINE);
    expect(claims.map(({ format }) => format)).toEqual(["pdf"]);
  });

  it("is settled by whoever holds it", async () => {
    expect(await settle(await claim(), CAPTURED)).toEqual(["png"]);
    expect(await standing()).toMatchObject({
      state: "captured",
      attempts: 1,
      settledAt: NINE + 5,
      facts: makeFacts(),
      failure: null,
      evidence: SOME_EVIDENCE,
    });
    expect(await claimCaptures(db, scope, wish, NINE + 10 * CLAIM_LASTS_MS)).toEqual([]);
  });

  it("is settled late as well, as long as nobody else has claimed it", async () => {
    expect(await settle(await claim(), CAPTURED, NINE + CLAIM_LASTS_MS + 1)).toEqual(["png"]);
  });

  it("is not settled any more by whom another one has followed", async () => {
    const slow = await claim();
    const next = await claim(NINE + CLAIM_LASTS_MS);
    expect(await settle(slow, { kind: "failed", failure: NOT_READY, evidence: SOME_EVIDENCE })).toEqual([]);
    expect(await standing()).toMatchObject({ state: "pending", failure: null });
    expect(await settle(next, CAPTURED)).toEqual(["png"]);
    expect(await settle(slow, AGAIN)).toEqual([]);
    expect(await standing()).toMatchObject({ state: "captured" });
  });

  it("that failed for now leaves its failure, and the capture to be claimed at once", async () => {
    expect(await settle(await claim(), AGAIN)).toEqual(["png"]);
    expect(await standing()).toMatchObject({ state: "pending", failure: NOT_READY, settledAt: null, attempts: 1 });
    expect(await claim(NINE + 6)).toMatchObject({ attempts: 2, failure: NOT_READY });
  });

  it("has a number of its own, also when the capture was ordered anew meanwhile and its attempts are counted anew", async () => {
    const slow = await claim();
    await settle(await claim(NINE + CLAIM_LASTS_MS), CAPTURED);
    await orderCaptures(db, scope, { ...wish, again: true });
    const next = await claim(NINE + CLAIM_LASTS_MS);
    expect([slow.attempts, next.attempts]).toEqual([1, 1]);
    expect(await settle(slow, { kind: "failed", failure: NOT_READY, evidence: SOME_EVIDENCE })).toEqual([]);
    expect(await standing()).toMatchObject({ state: "pending", failure: null });
    expect(await settle(next, CAPTURED)).toEqual(["png"]);
  });

  it("of a capture that is taken anew and fails leaves the one before to be had", async () => {
    await settle(await claim(), CAPTURED);
    await orderCaptures(db, scope, { ...wish, again: true });
    await settle(await claim(), { kind: "failed", failure: NOT_READY, evidence: SOME_EVIDENCE });
    expect(await standing()).toMatchObject({
      state: "captured",
      settledAt: NINE + 5,
      failure: NOT_READY,
      facts: makeFacts(),
    });
  });
});

describe("giving up", () => {
  const LOST = { reason: "lost", message: "Gone." } as const;

  it("settles what nobody has in hand, once", async () => {
    await giveUpCaptures(db, scope, wish, LOST, NINE + 1);
    await giveUpCaptures(db, scope, wish, NOT_READY, NINE + 2);
    expect(await standing()).toMatchObject({ state: "failed", failure: LOST, settledAt: NINE + 1 });
  });

  it("keeps the failure that an attempt has left", async () => {
    await settle(await claim(), AGAIN);
    await giveUpCaptures(db, scope, wish, LOST, NINE + 9);
    expect(await standing()).toMatchObject({ state: "failed", failure: NOT_READY, evidence: SOME_EVIDENCE });
  });

  it("leaves what was captured before as captured", async () => {
    await settle(await claim(), CAPTURED);
    await orderCaptures(db, scope, { ...wish, again: true });
    await giveUpCaptures(db, scope, wish, LOST, NINE + 9);
    expect(await standing()).toMatchObject({ state: "captured", failure: LOST, facts: makeFacts() });
  });

  it("leaves alone what is being taken, and what is settled", async () => {
    const claimed = await claim();
    await giveUpCaptures(db, scope, wish, LOST, NINE + 1);
    expect(await standing()).toMatchObject({ state: "pending" });
    await settle(claimed, CAPTURED);
    await giveUpCaptures(db, scope, wish, LOST, NINE + CLAIM_LASTS_MS);
    expect(await listCaptures(db, scope, wish.run)).toMatchObject([{ state: "captured" }]);
  });
});
