import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { CLAIM_LASTS_MS, GIVE_UP_AFTER_MS } from "../../src/domain/captures/capture.ts";
import { sweepCaptures } from "../../src/queues/sweeping-captures.ts";
import { claimCaptures } from "../../src/runlog/capture-claims.ts";
import { orderCaptures } from "../../src/runlog/captures.ts";
import { STALE_AFTER_MS } from "../../src/runlog/stale-captures.ts";
import { holdOrders } from "../support/capture-orders.ts";
import { consume, makeCaptureWorld } from "../support/capture-world.ts";
import { setClock } from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");

beforeEach(async () => {
  for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
  await env.RUNLOG.prepare("DELETE FROM captures").run();
  setClock(NINE);
});

describe("the sweep of captures", () => {
  it("orders again what a lost message left behind, and that copy is taken", async () => {
    const orders = holdOrders();
    const world = await makeCaptureWorld();
    await orderCaptures(env.RUNLOG, world.scope, world.order());
    await sweepCaptures(env);
    expect(orders.taken).toEqual([]);
    setClock(NINE + STALE_AFTER_MS);
    await sweepCaptures(env);
    expect(orders.taken).toMatchObject([{ run: world.run.id, formats: ["png", "pdf"] }]);
    await consume(orders.taken);
    expect(await world.captures()).toMatchObject([{ state: "captured" }, { state: "captured" }]);
  });

  it("orders again what was claimed by somebody who never came back", async () => {
    const orders = holdOrders();
    const world = await makeCaptureWorld();
    await orderCaptures(env.RUNLOG, world.scope, world.order());
    await claimCaptures(env.RUNLOG, world.scope, world.order(), NINE);
    setClock(NINE + CLAIM_LASTS_MS);
    await sweepCaptures(env);
    await consume(orders.taken);
    expect(await world.captures()).toMatchObject([
      { state: "captured", attempts: 2 },
      { state: "captured", attempts: 2 },
    ]);
  });

  it("settles as lost what nobody took in half an hour, and orders it no more", async () => {
    const orders = holdOrders();
    const world = await makeCaptureWorld();
    await orderCaptures(env.RUNLOG, world.scope, world.order());
    setClock(NINE + GIVE_UP_AFTER_MS);
    await sweepCaptures(env);
    expect(orders.calls).toBe(0);
    expect(await world.captures()).toMatchObject([
      { state: "failed", failure: { reason: "lost" } },
      { state: "failed", failure: { reason: "lost" } },
    ]);
  });

  it("leaves what is settled alone", async () => {
    const orders = holdOrders();
    const world = await makeCaptureWorld();
    await consume([world.order()]);
    setClock(NINE + 2 * GIVE_UP_AFTER_MS);
    await sweepCaptures(env);
    expect([orders.calls, (await world.captures()).map(({ state }) => state)]).toEqual([0, ["captured", "captured"]]);
  });

  it("goes on at its next visit when the queue or the ledger is down", async () => {
    const orders = holdOrders();
    const world = await makeCaptureWorld();
    await orderCaptures(env.RUNLOG, world.scope, world.order());
    setClock(NINE + STALE_AFTER_MS);
    orders.isDown = true;
    await sweepCaptures(env);
    orders.isDown = false;
    vi.spyOn(env.RUNLOG, "prepare").mockImplementationOnce(() => {
      throw new Error("D1 is down");
    });
    await sweepCaptures(env);
    expect(orders.taken).toEqual([]);
    await sweepCaptures(env);
    expect(orders.taken).toHaveLength(1);
  });
});
