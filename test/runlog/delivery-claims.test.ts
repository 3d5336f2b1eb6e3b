/** Who sends a delivery: one at a time, each claim with its number, and nobody settles what is not theirs. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { ProjectScope } from "../../src/domain/access.ts";
import { ATTEMPTS_KEPT, type Attempt, type Delivery } from "../../src/domain/news/delivery.ts";
import { findDelivery, repeatDelivery } from "../../src/runlog/deliveries.ts";
import {
  type ClaimedDelivery,
  claimDelivery,
  rememberProgress,
  SENDING_LASTS_MS,
  type SettledStep,
  type Step,
  settleDelivery,
  settleLost,
} from "../../src/runlog/delivery-claims.ts";
import { makeDelivery, LEDGER_NINE as NINE, newScope } from "../support/make-delivery.ts";

const db = env.RUNLOG;
let scope: ProjectScope;
let one: Delivery;
beforeEach(async () => {
  scope = newScope();
  one = await makeDelivery(scope);
});

const BUSY = { reason: "out_of_order", message: "It answered 503." } as const;
const ATTEMPT: Attempt = { at: NINE, tookMs: 12, outcome: "sent", failure: null };
const SENT: SettledStep = {
  state: "sent",
  nextAt: null,
  failure: null,
  picture: null,
  progress: null,
  attempt: ATTEMPT,
};
const AGAIN: SettledStep = { ...SENT, state: "retrying", nextAt: NINE + 60_000, failure: BUSY };

const tryClaim = (at = NINE, step: Step = "send") => claimDelivery(db, scope, one, step, at);
const claim = async (at = NINE, step: Step = "send"): Promise<ClaimedDelivery> =>
  (await tryClaim(at, step)) ?? expect.fail("Not claimed");
const settle = (claimed: ClaimedDelivery, settlement = SENT, at = NINE + 20) =>
  settleDelivery(db, scope, claimed, settlement, at);
const standing = async (at = NINE) => (await findDelivery(db, scope, one.news, one.id, at)) ?? expect.fail();

describe("a claim", () => {
  it("is given once, also to many who ask at the same moment, and counts as an attempt", async () => {
    const claims = await Promise.all(Array.from({ length: 8 }, () => tryClaim()));
    expect(claims.filter((claimed) => claimed !== null)).toMatchObject([{ attempts: 1, claim: 1, state: "pending" }]);
    expect((await standing()).delivery.attempts).toBe(1);
  });

  it("is anybody's again when its time is up, and says until then that nobody is lost", async () => {
    await claim();
    expect(await tryClaim(NINE + SENDING_LASTS_MS - 1)).toBeNull();
    expect((await standing(NINE + SENDING_LASTS_MS - 1)).lostClaim).toBeNull();
    expect((await standing(NINE + SENDING_LASTS_MS)).lostClaim).toBe(1);
    expect(await claim(NINE + SENDING_LASTS_MS)).toMatchObject({ attempts: 2, claim: 2 });
  });

  it("of what is tried again is given when that is due, and a second before, since messages may be early", async () => {
    await settle(await claim(), AGAIN);
    const due = AGAIN.nextAt ?? 0;
    expect(await tryClaim(due - 1_001)).toBeNull();
    expect(await claim(due - 1_000)).toMatchObject({ attempts: 2, state: "retrying" });
  });

  it("is not given of what is over, until it is to be sent again", async () => {
    await settle(await claim());
    expect([await tryClaim(), await tryClaim(NINE, "picture")]).toEqual([null, null]);
    await repeatDelivery(db, scope, one.news, one.id, NINE);
    expect(await claim()).toMatchObject({ attempts: 1, claim: 2 });
  });

  it("of a picture is given after its text was sent, and is no attempt of it", async () => {
    expect(await tryClaim(NINE, "picture")).toBeNull();
    await settle(await claim(), { ...SENT, picture: "due", nextAt: NINE + 5, progress: { ts: "1" } });
    expect(await tryClaim()).toBeNull();
    expect(await claim(NINE, "picture")).toMatchObject({
      attempts: 1,
      claim: 2,
      picture: "due",
      progress: { ts: "1" },
    });
  });
});

describe("settling", () => {
  it("writes down what came of it, lets go, and keeps the attempt", async () => {
    expect(await settle(await claim())).toBe(true);
    expect((await standing()).delivery).toMatchObject({
      ...{ state: "sent", nextAt: null, settledAt: NINE + 20, attempts: 1, log: [ATTEMPT] },
    });
  });

  it("with an old number does nothing: somebody else has it by then", async () => {
    const old = await claim();
    const mine = await claim(NINE + SENDING_LASTS_MS);
    expect(await settle(old)).toBe(false);
    expect((await standing()).delivery).toMatchObject({ state: "pending", log: [] });
    expect(await settle(mine, AGAIN)).toBe(true);
    expect(await settle(mine)).toBe(false);
    expect((await standing()).delivery.state).toBe("retrying");
  });

  it("late is taken as long as nobody else has it", async () => {
    expect(await settle(await claim(), SENT, NINE + 10 * SENDING_LASTS_MS)).toBe(true);
  });

  it("of one that was let go by sending it again does nothing", async () => {
    const lost = await claim();
    await repeatDelivery(db, scope, one.news, one.id, NINE + SENDING_LASTS_MS);
    expect(await settle(lost)).toBe(false);
    expect((await standing()).delivery).toMatchObject({ state: "pending", attempts: 0 });
  });

  it("of a lost claim is for when its time is up, and for one alone", async () => {
    const lost = await claim();
    const unknown: SettledStep = {
      ...SENT,
      state: "unknown",
      failure: { reason: "lost", message: "?" },
      attempt: null,
    };
    expect(await settleLost(db, scope, lost, unknown, NINE + SENDING_LASTS_MS - 1)).toBe(false);
    const both = await Promise.all([1, 2].map(() => settleLost(db, scope, lost, unknown, NINE + SENDING_LASTS_MS)));
    expect(both.toSorted()).toEqual([false, true]);
    expect((await standing()).delivery).toMatchObject({
      state: "unknown",
      settledAt: NINE + SENDING_LASTS_MS,
      log: [],
    });
  });

  it("of a picture leaves the instant at which the text was sent", async () => {
    await settle(await claim(), { ...SENT, picture: "due", nextAt: NINE + 5 });
    await settle(await claim(NINE + 5, "picture"), { ...SENT, picture: "sent", attempt: null }, NINE + 500);
    expect((await standing()).delivery).toMatchObject({
      state: "sent",
      picture: "sent",
      settledAt: NINE + 20,
      nextAt: null,
    });
  });

  it("keeps the newest attempts of many", async () => {
    for (let tries = 0; tries < ATTEMPTS_KEPT + 3; tries += 1) {
      const at = NINE + tries * 1_000_000;
      await settle(await claim(at), { ...AGAIN, nextAt: at, attempt: { ...ATTEMPT, at } }, at);
    }
    const { log, attempts } = (await standing()).delivery;
    expect([attempts, log.length, log[0]?.at]).toEqual([ATTEMPTS_KEPT + 3, ATTEMPTS_KEPT, NINE + 3_000_000]);
  });
});

describe("progress", () => {
  it("is kept while the claim holds, and not by one that was lost to another", async () => {
    const old = await claim();
    await rememberProgress(db, scope, old, { file: "F1" });
    expect((await standing()).delivery.progress).toEqual({ file: "F1" });
    await claim(NINE + SENDING_LASTS_MS);
    await rememberProgress(db, scope, old, { file: "F2" });
    expect((await standing()).delivery.progress).toEqual({ file: "F1" });
  });
});
