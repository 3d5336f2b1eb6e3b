import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Output } from "../../src/domain/run.ts";
import { Progress } from "../../src/executor/progress.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function makeProgress(tell: (output: Output) => Promise<void> = async () => {}) {
  const told = vi.fn(tell);
  const output = { stored: "inline", json: "{}" } as const;
  return { told, progress: new Progress({ store: async () => output, tell: told }) };
}

describe("the progress of a run", () => {
  it("is told once a second, however much is new, and not at all while nothing is", async () => {
    const { told, progress } = makeProgress();
    for (let count = 0; count < 50; count += 1) progress.note();
    await vi.advanceTimersByTimeAsync(999);
    expect(told).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told).toHaveBeenCalledTimes(1);
    progress.note();
    await vi.advanceTimersByTimeAsync(1_100);
    expect(told).toHaveBeenCalledTimes(2);
  });

  it("is told the rarer the longer the run goes on", async () => {
    const { told, progress } = makeProgress();
    for (let second = 0; second < 14 * 60; second += 1) {
      progress.note();
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(told.mock.calls.length).toBeGreaterThan(30);
    expect(told.mock.calls.length).toBeLessThan(60);
  });

  it("is not told of a run that is over, and its end waits for what is on its way", async () => {
    const { told, progress } = makeProgress();
    progress.note();
    await progress.end();
    progress.note();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told).not.toHaveBeenCalled();

    const order: string[] = [];
    const slow = makeProgress(async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      order.push("told");
    });
    slow.progress.note();
    await vi.advanceTimersByTimeAsync(1_000);
    const ended = slow.progress.end().then(() => order.push("ended"));
    await vi.advanceTimersByTimeAsync(500);
    await ended;
    expect(order).toEqual(["told", "ended"]);
  });

  it("that cannot be told harms nobody", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { progress } = makeProgress(() => Promise.reject(new Error("Network connection lost.")));
    progress.note();
    await vi.advanceTimersByTimeAsync(1_000);
    await progress.end();
    expect(warned).toHaveBeenCalledTimes(1);
  });
});
