import { describe, expect, it } from "vitest";
import { type Attempt, timelineOf } from "../../src/domain/chain-timeline.ts";

const FIRST: Attempt = { status: "failed", queuedAt: 100, startedAt: 150, finishedAt: 300, retryAt: 1_300 };

describe("the timeline of a chain", () => {
  it("says of each attempt how long it was queued, ran, and waited for the next", () => {
    const second: Attempt = {
      status: "succeeded",
      queuedAt: 1_300,
      startedAt: 1_310,
      finishedAt: 1_400,
      retryAt: null,
    };
    const { from, to, rows } = timelineOf([FIRST, second], 9_000);
    expect([from, to]).toEqual([100, 1_400]);
    expect(rows[0]).toEqual([
      { kind: "queued", from: 100, to: 150 },
      { kind: "running", from: 150, to: 300 },
      { kind: "waiting", from: 300, to: 1_300 },
    ]);
    expect(rows[1]?.map(({ kind }) => kind)).toEqual(["queued", "running"]);
  });

  it("goes until now for what lives, and until the retry for what waits for it", () => {
    const live = { status: "running", queuedAt: 100, startedAt: 150, finishedAt: null, retryAt: null } as const;
    expect(timelineOf([live], 500).to).toBe(500);
    const queued = { ...live, status: "queued", startedAt: null } as const;
    expect(timelineOf([queued], 500).rows[0]).toEqual([{ kind: "queued", from: 100, to: 500 }]);
    expect(timelineOf([{ ...FIRST, status: "pending_retry" }], 500).to).toBe(1_300);
  });

  it("never ends where it begins, nor before it", () => {
    const moment = { status: "succeeded", queuedAt: 100, startedAt: 99, finishedAt: 98, retryAt: null } as const;
    const { from, to, rows } = timelineOf([moment], 100);
    expect(to).toBeGreaterThan(from);
    for (const stretch of rows.flat()) expect(stretch.to).toBeGreaterThanOrEqual(stretch.from);
    expect(timelineOf([], 7)).toEqual({ from: 7, to: 8, rows: [] });
  });
});
