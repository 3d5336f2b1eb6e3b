/** Attempts at the captures of one run: claimed, shot and settled; called through the consumer, as the queue does. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Shot, ShotOutcome } from "../../src/capture/shot.ts";
import { ATTEMPTS_MAX, CLAIM_LASTS_MS } from "../../src/domain/captures/capture.ts";
import type { CaptureFailureReason } from "../../src/domain/captures/failure.ts";
import { claimCaptures } from "../../src/runlog/capture-claims.ts";
import { orderCaptures } from "../../src/runlog/captures.ts";
import { now } from "../../src/system.ts";
import { badShot, consume, goodShot, handCamera, makeCaptureWorld } from "../support/capture-world.ts";
import { SOME_EVIDENCE } from "../support/make-capture.ts";
import { setClock } from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");

beforeEach(() => {
  for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
  setClock(NINE);
});

describe("a message that comes twice", () => {
  it("finds its captures taken, and takes no second picture", async () => {
    const world = await makeCaptureWorld();
    const { camera, shots } = handCamera();
    await consume([world.order()], { camera });
    expect(await consume([world.order()], { camera })).toEqual({ acks: ["0"], again: {} });
    expect(shots).toHaveLength(1);
  });

  it("at the same moment as its copy, is captured once; the copy looks again later", async () => {
    const world = await makeCaptureWorld();
    const { camera, shots } = handCamera();
    const order = world.order();
    const both = await Promise.all([consume([order], { camera }), consume([order], { camera })]);
    expect(shots).toHaveLength(1);
    expect(both.flatMap(({ acks }) => acks)).toContain("0");
    expect(await world.captures()).toMatchObject([{ attempts: 1 }, { attempts: 1 }]);
  });

  it("twice in one batch, is captured once", async () => {
    const world = await makeCaptureWorld();
    const { camera, shots } = handCamera();
    await consume([world.order(), world.order()], { camera });
    expect(shots).toHaveLength(1);
  });
});

describe("a crash", () => {
  it("after the order was written leaves it to the next copy of the message", async () => {
    const world = await makeCaptureWorld();
    await orderCaptures(env.RUNLOG, world.scope, world.order());
    await consume([world.order()]);
    expect(await world.captures()).toMatchObject([{ state: "captured" }, { state: "captured" }]);
  });

  it("after the claim leaves it until the claim ends, and then it is taken", async () => {
    const world = await makeCaptureWorld();
    const order = world.order();
    await orderCaptures(env.RUNLOG, world.scope, order);
    await claimCaptures(env.RUNLOG, world.scope, order, now());
    const early = await consume([order]);
    expect(early.again["0"]).toBeGreaterThan(0);
    setClock(NINE + CLAIM_LASTS_MS);
    expect((await consume([order])).acks).toEqual(["0"]);
    expect(await world.captures()).toMatchObject([
      { state: "captured", attempts: 2 },
      { state: "captured", attempts: 2 },
    ]);
  });

  it("between storing and settling takes it once more, over what was stored", async () => {
    const world = await makeCaptureWorld();
    const order = world.order({ formats: ["png"] });
    const { camera } = handCamera((shot) => {
      // From here on the ledger cannot be reached: as if the invocation had ended.
      vi.spyOn(env.RUNLOG, "batch").mockRejectedValue(new Error("D1 is down"));
      return goodShot(shot);
    });
    const first = await consume([order], { camera });
    expect(first.again["0"]).toBeGreaterThan(0);
    vi.mocked(env.RUNLOG.batch).mockRestore();
    expect(await world.captures()).toMatchObject([{ state: "pending", attempts: 1 }]);
    setClock(NINE + CLAIM_LASTS_MS);
    await consume([order]);
    expect(await world.captures()).toMatchObject([{ state: "captured", attempts: 2 }]);
  });

  it("that repeats is given up as lost after as many attempts as a capture has", async () => {
    const world = await makeCaptureWorld();
    const order = world.order({ formats: ["png"] });
    await orderCaptures(env.RUNLOG, world.scope, order);
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      await claimCaptures(env.RUNLOG, world.scope, order, now());
      setClock(NINE + (attempt + 1) * CLAIM_LASTS_MS);
    }
    const { camera, shots } = handCamera();
    expect(await consume([order], { camera })).toEqual({ acks: ["0"], again: {} });
    expect(shots).toEqual([]);
    expect(await world.captures()).toMatchObject([{ state: "failed", failure: { reason: "lost" } }]);
  });
});

describe("a failed attempt", () => {
  it("is followed by another one, which its failure and evidence await", async () => {
    const world = await makeCaptureWorld();
    const { camera } = handCamera(() => badShot("not_ready", { evidence: SOME_EVIDENCE, partial: true }));
    expect(await consume([world.order()], { camera })).toEqual({ acks: [], again: { 0: 3 } });
    expect(await world.captures()).toMatchObject(
      ["png", "pdf"].map((format) => ({
        format,
        state: "pending",
        attempts: 1,
        failure: { reason: "not_ready" },
        evidence: { ...SOME_EVIDENCE, hasPartialPicture: true },
      })),
    );
  });

  it("is the last one when as many were made as a capture has", async () => {
    const world = await makeCaptureWorld();
    const { camera, shots } = handCamera(() => badShot("bad_status"));
    const waits: (number | undefined)[] = [];
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1)
      waits.push((await consume([world.order()], { camera })).again["0"]);
    expect([waits, shots.length]).toEqual([[3, 6, undefined], ATTEMPTS_MAX]);
    expect(await world.captures()).toMatchObject([
      { state: "failed", attempts: ATTEMPTS_MAX, failure: { reason: "bad_status" } },
      { state: "failed" },
    ]);
  });

  it("comes again when the page's server said", async () => {
    const world = await makeCaptureWorld();
    const { camera } = handCamera(() => badShot("bad_status", { retryAfter: 40_000 }));
    expect((await consume([world.order()], { camera })).again).toEqual({ 0: 40 });
  });

  it("is the only one when no other would go better", async () => {
    const world = await makeCaptureWorld();
    const { camera } = handCamera(() => badShot("address_refused"));
    expect(await consume([world.order()], { camera })).toEqual({ acks: ["0"], again: {} });
    expect(await world.captures()).toMatchObject([{ state: "failed" }, { state: "failed" }]);
  });

  it("that is followed by a good one leaves no failure behind", async () => {
    const world = await makeCaptureWorld();
    await consume([world.order()], { camera: handCamera(() => badShot("blank")).camera });
    await consume([world.order()]);
    expect(await world.captures()).toMatchObject([
      { state: "captured", attempts: 2, failure: null },
      { state: "captured", failure: null },
    ]);
  });
});

/** The page was there; the picture of it was not to be had. */
const printOnly =
  (reason: CaptureFailureReason) =>
  (shot: Shot): ShotOutcome => {
    const good = goodShot(shot);
    if (!good.ok || !shot.formats.includes("png")) return good;
    const failure = { reason, message: `The picture was ${reason}.` };
    return {
      ...good,
      taken: good.taken.filter(({ format }) => format === "pdf"),
      failed: [{ format: "png", failure }],
    };
  };

describe("a format that fails by itself", () => {
  it("fails for its own reason, and the other one is there", async () => {
    const world = await makeCaptureWorld();
    const { camera } = handCamera(printOnly("too_large"));
    expect(await consume([world.order()], { camera })).toEqual({ acks: ["0"], again: {} });
    expect(await world.captures()).toMatchObject([
      { format: "png", state: "failed", failure: { reason: "too_large" }, evidence: { readyBy: "flag" } },
      { format: "pdf", state: "captured", failure: null },
    ]);
  });

  it("is tried again by itself where that may help", async () => {
    const world = await makeCaptureWorld();
    const { camera, shots } = handCamera(printOnly("blank"));
    expect((await consume([world.order()], { camera })).again).toEqual({ 0: 3 });
    await consume([world.order()], { camera });
    expect(shots.map(({ formats }) => formats)).toEqual([["png", "pdf"], ["png"]]);
    expect(await world.captures()).toMatchObject([
      { state: "pending", attempts: 2 },
      { state: "captured", attempts: 1 },
    ]);
  });

  it("is looked at once more when the camera says nothing of it", async () => {
    const world = await makeCaptureWorld();
    const { camera } = handCamera((shot) => ({ ...goodShot(shot), taken: [], failed: [] }));
    expect((await consume([world.order()], { camera })).again["0"]).toBeGreaterThan(0);
    expect(await world.captures()).toMatchObject([{ state: "pending" }, { state: "pending" }]);
  });
});

describe("a capture that is taken anew", () => {
  it("and fails for good stays as it was, with the failure beside it, and news has it", async () => {
    const world = await makeCaptureWorld();
    const order = world.order({ formats: ["png"] });
    await consume([order]);
    const [before] = await world.captures();
    await orderCaptures(env.RUNLOG, world.scope, { ...order, again: true });
    await consume([order], { camera: handCamera(() => badShot("address_refused")).camera });
    expect(await world.captures()).toMatchObject([
      { state: "captured", facts: before?.facts, failure: { reason: "address_refused" } },
    ]);
  });

  it("is not settled by whoever took it the time before and comes back late", async () => {
    const world = await makeCaptureWorld();
    const order = world.order({ formats: ["png"] });
    const { camera } = handCamera(async () => {
      setClock(NINE + CLAIM_LASTS_MS);
      await consume([order], { camera: handCamera(() => badShot("address_refused")).camera });
      await orderCaptures(env.RUNLOG, world.scope, { ...order, again: true });
      await claimCaptures(env.RUNLOG, world.scope, order, now());
      return badShot("blank");
    });
    await consume([order], { camera });
    expect(await world.captures()).toMatchObject([{ state: "pending", attempts: 1, failure: null }]);
  });
});
