/**
 * A run whose schedule wants captures gets them, or a reason why not, whatever crashes in between: the queue, the ledger, the
 * store, the actor, the browser, and whoever takes them; and its news does not wait for any of it beyond a minute.
 */
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { fullFile, getCapture } from "../../src/artifacts/captures.ts";
import type { Shot, ShotOutcome } from "../../src/capture/shot.ts";
import { CLAIM_LASTS_MS, GIVE_UP_AFTER_MS, NEWS_BUDGET_MS } from "../../src/domain/captures/capture.ts";
import { newsWait } from "../../src/domain/captures/news-wait.ts";
import { MINUTE_MS } from "../../src/domain/time/instant.ts";
import { sweepCaptures } from "../../src/queues/sweeping-captures.ts";
import { now } from "../../src/system.ts";
import { holdOrders } from "../support/capture-orders.ts";
import {
  badShot,
  type CaptureWorld,
  consume,
  consumeDead,
  goodShot,
  handBrowsers,
  handCamera,
  makeCaptureWorld,
  noCamera,
} from "../support/capture-world.ts";
import { setClock } from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");

beforeEach(async () => {
  for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
  await env.RUNLOG.prepare("DELETE FROM captures").run();
});

/** What may happen to one delivery of the order. */
const MISHAPS = [
  "delivered twice at once",
  "lost on the way",
  "no browser free",
  "no new browser at the moment",
  "browser ends",
  "page not ready",
  "store is down",
  "ledger is down",
  "ledger goes down while it is shot",
  "dies while it is shot",
  "given up by the queue",
] as const;
type Mishap = (typeof MISHAPS)[number];

async function deliver(world: CaptureWorld, mishap: Mishap, shot: (shot: Shot) => ShotOutcome): Promise<void> {
  const order = world.order({ orderedAt: NINE, newsBy: NINE + NEWS_BUDGET_MS });
  const { camera } = handCamera(shot);
  switch (mishap) {
    case "delivered twice at once":
      await Promise.all([consume([order], { camera }), consume([order, order], { camera })]);
      return;
    case "lost on the way":
      return;
    case "no browser free":
      await consume([order], { browsers: handBrowsers({ kind: "wait", retryAfter: 5_000 }).browsers });
      return;
    case "no new browser at the moment":
      await consume([order], { camera: noCamera({ kind: "turned_away", retryAfter: 5_000 }) });
      return;
    case "browser ends":
      await consume([order], { camera: handCamera(() => badShot("browser_lost")).camera });
      return;
    case "page not ready":
      await consume([order], { camera: handCamera(() => badShot("not_ready", { partial: true })).camera });
      return;
    case "store is down": {
      const put = vi.spyOn(env.ARTIFACTS, "put").mockRejectedValue(new Error("R2 is down"));
      await consume([order], { camera });
      put.mockRestore();
      return;
    }
    case "ledger is down": {
      const prepare = vi.spyOn(env.RUNLOG, "prepare").mockImplementation(() => {
        throw new Error("D1 is down");
      });
      await consume([order], { camera });
      prepare.mockRestore();
      return;
    }
    case "ledger goes down while it is shot":
    case "dies while it is shot": {
      // Stored, or not even that; in no case settled.
      const isStored = mishap === "ledger goes down while it is shot";
      let mend = (): void => {};
      const dying = handCamera((one) => {
        const batch = vi.spyOn(env.RUNLOG, "batch").mockRejectedValue(new Error("D1 is down"));
        mend = () => batch.mockRestore();
        if (isStored) return shot(one);
        throw new Error("Out of memory");
      });
      await consume([order], { camera: dying.camera });
      mend();
      return;
    }
    case "given up by the queue":
      await consumeDead([order]);
  }
}

describe("the captures of a run", () => {
  it("end as captured or as failed with a reason, whatever happens on the way, and then stay so", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...MISHAPS), { maxLength: 6 }), async (mishaps) => {
        vi.restoreAllMocks();
        for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
        const orders = holdOrders();
        setClock(NINE);
        const world = await makeCaptureWorld();
        for (const [index, mishap] of mishaps.entries()) {
          await deliver(world, mishap, goodShot);
          setClock(NINE + (index + 1) * CLAIM_LASTS_MS);
          await expectNewsInTime(world);
        }
        await consume([world.order({ orderedAt: NINE, newsBy: NINE + NEWS_BUDGET_MS })]);
        // Whatever is left, the sweep sees to; what it orders arrives.
        for (let minute = 0; minute <= GIVE_UP_AFTER_MS / MINUTE_MS; minute += 5) {
          setClock(Math.max(now(), NINE + minute * MINUTE_MS));
          await sweepCaptures(env);
          await consume(orders.taken.splice(0));
        }
        const ended = await world.captures();
        expect(ended.map(({ format, state }) => [format, state === "pending"])).toEqual([
          ["png", false],
          ["pdf", false],
        ]);
        for (const { state, format, facts, failure } of ended) {
          expect(state === "captured" ? facts : failure).not.toBeNull();
          const file = await getCapture(env.ARTIFACTS, world.scope, world.run.id, fullFile(format, facts?.hash ?? ""));
          const stored = file === null ? null : await new Response(file.body).text();
          if (state === "captured") expect(stored).toContain(world.run.id);
        }
        await consume([world.order()]);
        expect(await world.captures()).toEqual(ended);
      }),
      { numRuns: 25 },
    );
  });

  it("are there after any one mishap", async () => {
    for (const mishap of MISHAPS.filter((one) => one !== "given up by the queue")) {
      setClock(NINE);
      const world = await makeCaptureWorld();
      await deliver(world, mishap, goodShot);
      setClock(NINE + CLAIM_LASTS_MS);
      await consume([world.order({ orderedAt: NINE })]);
      expect(await world.captures(), mishap).toMatchObject([{ state: "captured" }, { state: "captured" }]);
    }
  });
});

/** Within the budget news may wait; after it, it goes with what is there. */
async function expectNewsInTime(world: CaptureWorld): Promise<void> {
  const captures = await world.captures();
  const wait = newsWait({ formats: ["png", "pdf"], until: NINE + NEWS_BUDGET_MS }, captures, now());
  if (now() >= NINE + NEWS_BUDGET_MS) expect(wait.kind).toBe("go");
  if (wait.kind === "wait") expect(wait.until).toBeLessThanOrEqual(NINE + NEWS_BUDGET_MS);
}
