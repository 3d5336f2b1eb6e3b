import { describe, expect, it } from "vitest";
import { raceWithin } from "../../src/executor/race.ts";

const endless = new Promise<never>(() => {});

describe("work that is waited for", () => {
  it("is done, late or given up, whichever comes first", async () => {
    expect(await raceWithin(Promise.resolve(3), { timeout: 1_000 })).toEqual({ kind: "done", value: 3 });
    expect(await raceWithin(endless, { timeout: 5 })).toEqual({ kind: "late" });
    const controller = new AbortController();
    const ended = raceWithin(endless, { timeout: 60_000, signal: controller.signal });
    controller.abort();
    expect(await ended).toEqual({ kind: "aborted" });
    expect(await raceWithin(endless, { timeout: 60_000, signal: AbortSignal.abort() })).toEqual({ kind: "aborted" });
  });

  it("rejects as it does, and in silence once nobody waits for it any more", async () => {
    await expect(raceWithin(Promise.reject(new Error("no")), { timeout: 1_000 })).rejects.toThrow("no");
    let reject = (_: Error) => {};
    const work = new Promise<never>((_, fail) => {
      reject = fail;
    });
    expect(await raceWithin(work, { timeout: 5 })).toEqual({ kind: "late" });
    reject(new Error("too late to matter"));
    await Promise.resolve();
  });
});
