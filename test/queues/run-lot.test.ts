/** A lot in an invocation of its own, as the consumer starts it, with functions that are really called. */
import { env, exports } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { LEASE_MS } from "../../src/actor/executing.ts";
import type { Claim } from "../../src/domain/claim.ts";
import { now } from "../../src/system.ts";
import { eventually, loseMessages, makeWorld, sql, unwrap, type World } from "../support/world.ts";

async function claimed(behaviours: readonly string[]): Promise<{ world: World; claims: readonly Claim[] }> {
  loseMessages();
  const world = await makeWorld(({ fn }) => behaviours.map((behaviour, index) => fn(`fn-${index}`, behaviour)));
  const keys = [];
  for (const index of behaviours.keys()) {
    const run = unwrap(await world.project.startRun({ fn: `fn-${index}`, context: "api-triggered" }));
    keys.push({ schedule: null, run: run.id });
  }
  return { world, claims: await world.project.begin(keys) };
}

describe("a lot", () => {
  it("that is quick leaves its outcomes to the consumer", async () => {
    vi.spyOn(scheduler, "wait").mockImplementation(() => new Promise(() => {}));
    const { world, claims } = await claimed(["ok", "status-500", "empty"]);
    const reports = await exports.RunLot.execute(claims);
    expect(reports.map(({ outcome }) => outcome.kind).sort()).toEqual(["failed", "succeeded", "succeeded"]);
    expect((await world.live()).map((run) => run.status)).toEqual(["running", "running", "running"]);
  });

  it("that is slow reports each run as it ends, without waiting for the slowest", async () => {
    const { world, claims } = await claimed(["slow-200", "slow-1500"]);
    const lot = exports.RunLot.execute(claims);
    const first = await eventually(
      () => world.live(),
      (runs) => runs.some((run) => run.status === "succeeded") || runs.length === 1,
    );
    expect(first.some((run) => run.status === "running")).toBe(true);
    expect(await lot).toEqual([]);
    await eventually(
      () => world.logged(),
      (runs) => runs.length === 2,
    );
  });

  describe("that goes on", () => {
    /** Starts a lot whose renewals the test makes. */
    async function started(behaviours: readonly string[]) {
      const renewals: (() => Promise<void>)[] = [];
      vi.spyOn(globalThis, "setInterval").mockImplementation((renew, every) => {
        // Twice within the lease that the actor gives: one may fail.
        expect(2 * Number(every)).toBeLessThanOrEqual(LEASE_MS);
        renewals.push(renew as () => Promise<void>);
        return 0 as unknown as ReturnType<typeof setInterval>;
      });
      const { world, claims } = await claimed(behaviours);
      const lot = exports.RunLot.execute(claims);
      await vi.waitFor(() => expect(renewals).toHaveLength(1));
      return { world, claims, lot, renew: () => renewals[0]?.() };
    }
    const leases = (world: World) => sql(world, "SELECT wake_at FROM runs ORDER BY id");

    it("keeps the leases of its runs", async () => {
      const { world, lot, renew } = await started(["slow-800"]);
      await sql(world, "UPDATE runs SET wake_at = 1");
      await renew();
      expect(Number((await leases(world))[0]?.wake_at)).toBeGreaterThan(now());
      await lot;
    });

    it("gives a run up that was cancelled meanwhile, and carries the others to their end", async () => {
      const { world, claims, lot, renew } = await started(["slow-5000", "slow-800"]);
      const cancelled = claims[0]?.ref.run;
      if (cancelled === undefined) throw new Error("Nothing was claimed");
      unwrap(await world.project.cancelRun(cancelled));
      const begun = now();
      await renew();
      await lot;
      expect(now() - begun).toBeLessThan(4_000);
      const runs = await eventually(
        () => world.logged(),
        (logged) => logged.length === 2,
      );
      expect(runs.map((run) => run.status)).toEqual(["cancelled", "succeeded"]);
    });

    it("goes on although a renewal does not get through", async () => {
      const { world, lot, renew } = await started(["slow-800"]);
      vi.spyOn(console, "warn").mockImplementation(() => {});
      vi.spyOn(env.PROJECT, "getByName").mockImplementationOnce(() => {
        throw new Error("Network connection lost.");
      });
      await renew();
      await lot;
      await eventually(
        () => world.logged(),
        ([run]) => run?.status === "succeeded",
      );
    });
  });
});
