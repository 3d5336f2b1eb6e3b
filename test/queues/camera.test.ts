/** A page and a browser that hang look the same until the browser is asked. */
import { describe, expect, it } from "vitest";
import { blame } from "../../src/queues/camera.ts";
import { badShot } from "../support/capture-world.ts";
import { SOME_EVIDENCE } from "../support/make-capture.ts";

const WELL = { connected: true, version: async () => "Chrome/140" };
const GONE = { connected: false, version: async () => "Chrome/140" };
const DUMB = { connected: true, version: () => Promise.reject(new Error("Protocol error")) };

describe("an attempt that took too long, or whose page could not be reached", () => {
  it.each(["too_slow", "unreachable"] as const)(
    "is the page's failure while the browser answers: %s",
    async (reason) => {
      expect(await blame(WELL, badShot(reason))).toEqual(badShot(reason));
    },
  );

  it.each(["too_slow", "unreachable"] as const)(
    "is the browser's when it does not, with what was seen: %s",
    async (reason) => {
      for (const browser of [GONE, DUMB])
        expect(await blame(browser, badShot(reason, { evidence: SOME_EVIDENCE }))).toMatchObject({
          failure: { reason: "browser_lost" },
          evidence: SOME_EVIDENCE,
        });
    },
  );
});

describe("any other failure", () => {
  it("stays what it is, and the browser is not asked", async () => {
    expect(await blame(DUMB, badShot("not_ready"))).toEqual(badShot("not_ready"));
  });
});
