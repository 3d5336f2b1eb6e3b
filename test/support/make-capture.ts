/** Captures and what is said of them, with one valid value in every field. */
import type { CaptureFacts, CaptureFormat, CaptureWish } from "../../src/domain/captures/capture.ts";
import { type CaptureEvidence, NO_EVIDENCE } from "../../src/domain/captures/evidence.ts";
import type { CaptureFailure } from "../../src/domain/captures/failure.ts";
import { readRunId, uuidv7 } from "../../src/domain/ids.ts";
import { randomBytes } from "../../src/system.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");

export const makeWish = (more: Partial<CaptureWish> = {}): CaptureWish => ({
  run: readRunId(uuidv7(NINE, randomBytes(10))),
  formats: ["png", "pdf"],
  cause: "notification",
  orderedAt: NINE,
  newsBy: NINE + 60_000,
  plan: "team",
  ...more,
});

export const makeFacts = (format: CaptureFormat = "png"): CaptureFacts => ({
  hash: "00".repeat(32),
  bytes: 1_000,
  tookMs: 2_000,
  news: { email: "full", slack: "full" },
  ...(format === "pdf"
    ? { print: { pages: 1, paper: "a4", orientation: "portrait", isCut: false } }
    : {
        picture: {
          width: 2_560,
          height: 1_440,
          deviceScale: 2,
          pageWidth: 1_280,
          pageHeight: 720,
          isCut: false,
          tiles: 1,
        },
      }),
});

export const NOT_READY: CaptureFailure = { reason: "not_ready", message: "A spinner went on." };
export const SOME_EVIDENCE: CaptureEvidence = {
  ...NO_EVIDENCE,
  readyBy: "quiet",
  waits: [{ name: "spinner", passed: false, tookMs: 20_000, detail: "1 element" }],
};
