import { describe, expect, it } from "vitest";
import { whyNotCaptured } from "../../../src/domain/captures/capturable.ts";
import { RUN_STATUSES } from "../../../src/domain/run.ts";

describe("a run", () => {
  it("can be captured when it has ended, however it ended", () => {
    const can = RUN_STATUSES.filter((status) => whyNotCaptured({ status }) === null);
    expect(can).toEqual(["succeeded", "failed", "timed_out", "cancelled"]);
  });

  it("that goes on, or never ran, says why it cannot", () => {
    expect(whyNotCaptured({ status: "pending_retry" })).toContain("pending retry; it is captured when it has ended");
    expect(whyNotCaptured({ status: "missed" })).toContain("never ran");
  });
});
