import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { mintProjectScope, type ProjectScope } from "../../src/domain/access.ts";
import { readProjectId, readWorkspaceId } from "../../src/domain/ids.ts";
import { PLANS } from "../../src/domain/plan.ts";
import { DAY_MS } from "../../src/domain/time/instant.ts";
import { claimCaptures, settleClaims } from "../../src/runlog/capture-claims.ts";
import {
  findCapture,
  listCaptures,
  type Ordering,
  orderCaptures,
  orderedOn,
  refuseCaptures,
} from "../../src/runlog/captures.ts";
import { newId } from "../../src/system.ts";
import { makeFacts, makeWish, NOT_READY, SOME_EVIDENCE } from "../support/make-capture.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");
const db = env.RUNLOG;
let scope: ProjectScope;

beforeEach(() => {
  scope = mintProjectScope(readWorkspaceId(newId()), readProjectId(newId()));
});

const order = (wish: Ordering, of = scope) => orderCaptures(db, of, wish);

/** Takes what is pending of a wish. */
async function capture(wish: Ordering): Promise<void> {
  const claims = await claimCaptures(db, scope, wish, NINE);
  const outcomes = claims.map((claimed) => ({
    claimed,
    outcome: { kind: "captured" as const, facts: makeFacts(claimed.format), evidence: SOME_EVIDENCE },
  }));
  await settleClaims(db, scope, outcomes, NINE + 5);
}

/** Has the workspace order captures until so many are left to it today. */
async function leave(left: number, at = NINE): Promise<void> {
  const used = PLANS.team.capturesPerDay - left;
  await db
    .prepare("INSERT INTO capture_days (workspace_id, day, ordered) VALUES (?1, ?2, ?3)")
    .bind(scope.workspaceId, Math.floor(at / DAY_MS), used)
    .run();
}

describe("ordering captures", () => {
  it("writes a row for each format, which is pending and has seen no attempt", async () => {
    const wish = makeWish();
    const ordered = await order(wish);
    expect(ordered).toMatchObject({ kind: "ordered", added: ["png", "pdf"] });
    expect(await listCaptures(db, scope, wish.run)).toEqual(
      (["png", "pdf"] as const).map((format) => ({
        run: wish.run,
        format,
        state: "pending",
        cause: "notification",
        orderedAt: NINE,
        newsBy: NINE + 60_000,
        attempts: 0,
        settledAt: null,
        facts: null,
        failure: null,
        evidence: null,
      })),
    );
  });

  it("repeated, adds nothing and is counted once", async () => {
    const wish = makeWish();
    await order(wish);
    expect(await order({ ...wish, orderedAt: NINE + 9 })).toMatchObject({ kind: "ordered", added: [] });
    expect((await listCaptures(db, scope, wish.run)).map(({ orderedAt }) => orderedAt)).toEqual([NINE, NINE]);
    expect(await orderedOn(db, scope, NINE)).toBe(2);
  });

  it("adds only the format that is missing", async () => {
    const wish = makeWish({ formats: ["png"] });
    await order(wish);
    expect(await order({ ...wish, formats: ["png", "pdf"] })).toMatchObject({ added: ["pdf"] });
  });

  it("at the same moment from two hands, adds each format once", async () => {
    const wish = makeWish();
    const answers = await Promise.all([order(wish), order(wish)]);
    const added = answers.flatMap((answer) => (answer.kind === "ordered" ? answer.added : []));
    expect(added.toSorted()).toEqual(["pdf", "png"]);
    expect(await orderedOn(db, scope, NINE)).toBe(2);
  });

  it("leaves what is captured alone, unless it is wanted anew; then what there is stays to be had", async () => {
    const wish = makeWish({ formats: ["png"] });
    await order(wish);
    await capture(wish);
    expect(await order(wish)).toMatchObject({ captures: [{ state: "captured" }], added: [] });
    const anew = await order({ ...wish, cause: "demand", orderedAt: NINE + 100, newsBy: null, again: true });
    expect(anew).toMatchObject({
      added: ["png"],
      captures: [
        {
          state: "pending",
          cause: "demand",
          orderedAt: NINE + 100,
          newsBy: null,
          attempts: 0,
          facts: { bytes: 1_000 },
        },
      ],
    });
    expect(await orderedOn(db, scope, NINE)).toBe(2);
  });

  it("anew, leaves alone what is being taken", async () => {
    const wish = makeWish({ formats: ["png"] });
    await order(wish);
    expect(await order({ ...wish, again: true })).toMatchObject({ kind: "ordered", added: [] });
    expect(await orderedOn(db, scope, NINE)).toBe(1);
  });

  it("for news, has the news wait also for what a person had asked for", async () => {
    const wish = makeWish({ formats: ["png"], cause: "demand", newsBy: null });
    await order(wish);
    await order({ ...wish, cause: "notification", newsBy: NINE + 60_000 });
    expect(await findCapture(db, scope, wish.run, "png")).toMatchObject({
      cause: "notification",
      newsBy: NINE + 60_000,
      orderedAt: NINE,
    });
  });
});

describe("the limit of a day", () => {
  it("is used up to the last capture and not beyond", async () => {
    await leave(2);
    expect(await order(makeWish())).toMatchObject({ kind: "ordered" });
    const refused = makeWish({ formats: ["png"] });
    expect(await order(refused)).toEqual({ kind: "over_limit", used: PLANS.team.capturesPerDay + 1 });
    expect(await listCaptures(db, scope, refused.run)).toEqual([]);
  });

  it("refuses all of a wish or nothing of it", async () => {
    await leave(1);
    const wish = makeWish();
    expect(await order(wish)).toEqual({ kind: "over_limit", used: PLANS.team.capturesPerDay + 1 });
    expect(await listCaptures(db, scope, wish.run)).toEqual([]);
    expect(await order({ ...wish, formats: ["pdf"] })).toMatchObject({ added: ["pdf"] });
  });

  it("does not ask for what is there already", async () => {
    const wish = makeWish();
    await order(wish);
    await db.prepare("UPDATE capture_days SET ordered = 5000 WHERE workspace_id = ?1").bind(scope.workspaceId).run();
    expect(await order(wish)).toMatchObject({ kind: "ordered", added: [] });
    expect(await order({ ...wish, again: true })).toMatchObject({ kind: "ordered", added: [] });
    await capture(wish);
    expect(await order({ ...wish, again: true })).toMatchObject({ kind: "over_limit" });
    expect(await findCapture(db, scope, wish.run, "png")).toMatchObject({ state: "captured" });
  });

  it("is the workspace's, over all its projects, and no other's", async () => {
    await leave(0);
    const sibling = mintProjectScope(scope.workspaceId, readProjectId(newId()));
    const stranger = mintProjectScope(readWorkspaceId(newId()), scope.projectId);
    expect(await order(makeWish(), sibling)).toMatchObject({ kind: "over_limit" });
    expect(await order(makeWish(), stranger)).toMatchObject({ kind: "ordered" });
  });

  it("begins anew with the UTC day", async () => {
    await leave(0);
    const midnight = Date.parse("2027-01-16T00:00:00.000Z");
    expect(await order(makeWish({ orderedAt: midnight - 1 }))).toMatchObject({ kind: "over_limit" });
    expect(await order(makeWish({ orderedAt: midnight }))).toMatchObject({ kind: "ordered" });
    expect(await orderedOn(db, scope, midnight)).toBe(2);
  });

  it("lets no crowd through that asks at the same moment", async () => {
    await leave(3);
    const wishes = Array.from({ length: 10 }, () => makeWish({ formats: ["png"] }));
    const answers = await Promise.all(wishes.map((wish) => order(wish)));
    expect(answers.filter(({ kind }) => kind === "ordered")).toHaveLength(3);
    expect(await orderedOn(db, scope, NINE)).toBe(PLANS.team.capturesPerDay);
  });
});

describe("what is refused", () => {
  it("is kept as failed and not counted; what is there stays as it is", async () => {
    const wish = makeWish({ formats: ["png"] });
    await order(wish);
    const failure = { reason: "limit_reached", message: "No more today." } as const;
    await refuseCaptures(db, scope, { ...wish, formats: ["png", "pdf"] }, failure);
    expect(await listCaptures(db, scope, wish.run)).toMatchObject([
      { format: "png", state: "pending", failure: null },
      { format: "pdf", state: "failed", failure, settledAt: NINE, newsBy: NINE + 60_000 },
    ]);
    expect(await orderedOn(db, scope, NINE)).toBe(1);
  });
});

describe("the captures of a run", () => {
  it("are seen by their own project alone", async () => {
    const wish = makeWish();
    await order(wish);
    const others = [
      mintProjectScope(scope.workspaceId, readProjectId(newId())),
      mintProjectScope(readWorkspaceId(newId()), scope.projectId),
    ];
    for (const other of others) {
      expect(await listCaptures(db, other, wish.run)).toEqual([]);
      expect(await findCapture(db, other, wish.run, "png")).toBeNull();
      expect(await claimCaptures(db, other, wish, NINE)).toEqual([]);
    }
  });

  it("are found one by one, and null where none was ordered", async () => {
    const wish = makeWish({ formats: ["pdf"] });
    await order(wish);
    expect(await findCapture(db, scope, wish.run, "pdf")).toMatchObject({ format: "pdf" });
    expect(await findCapture(db, scope, wish.run, "png")).toBeNull();
  });

  it("keep what their last attempt saw", async () => {
    const wish = makeWish({ formats: ["png"] });
    await order(wish);
    const [claimed] = await claimCaptures(db, scope, wish, NINE);
    if (claimed === undefined) throw new Error("Not claimed");
    await settleClaims(
      db,
      scope,
      [{ claimed, outcome: { kind: "failed", failure: NOT_READY, evidence: SOME_EVIDENCE } }],
      NINE + 7,
    );
    expect(await findCapture(db, scope, wish.run, "png")).toMatchObject({
      state: "failed",
      settledAt: NINE + 7,
      failure: NOT_READY,
      evidence: SOME_EVIDENCE,
    });
  });
});
