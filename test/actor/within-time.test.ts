import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CALL_TIMEOUT_MS, withinTime } from "../../src/actor/within-time.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a call that leaves the house", () => {
  it("answers what it comes to, and leaves no timer behind", async () => {
    expect(await withinTime(Promise.resolve("written"))).toBe("written");
    await expect(withinTime(Promise.reject(new Error("D1 is down")))).rejects.toThrow("D1 is down");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("counts as failed when its time is up, and not before", async () => {
    const told: string[] = [];
    const call = withinTime(new Promise<never>(() => {})).catch((cause: Error) => void told.push(cause.message));
    await vi.advanceTimersByTimeAsync(CALL_TIMEOUT_MS - 1);
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await call;
    expect(told).toEqual([expect.stringContaining(String(CALL_TIMEOUT_MS))]);
  });
});
