/** Captures as the camera and the queue leave them, without either. */
import { env } from "cloudflare:workers";
import { createHash } from "node:crypto";
import { fullFile, PARTIAL_FILE, previewFile, putCapture } from "../../src/artifacts/captures.ts";
import type { ProjectScope } from "../../src/domain/access.ts";
import type { CaptureFacts, CaptureFormat } from "../../src/domain/captures/capture.ts";
import { type CaptureEvidence, NO_EVIDENCE } from "../../src/domain/captures/evidence.ts";
import type { CaptureFailure } from "../../src/domain/captures/failure.ts";
import type { RunId } from "../../src/domain/ids.ts";
import type { Instant } from "../../src/domain/time/instant.ts";
import { type ClaimedCapture, claimCaptures, settleClaims } from "../../src/runlog/capture-claims.ts";
import { orderCaptures } from "../../src/runlog/captures.ts";
import { now } from "../../src/system.ts";

/** The bytes of what is kept here in this format. */
export const bytesOf = (format: CaptureFormat | "preview" | "failed"): Uint8Array =>
  new TextEncoder().encode(`The bytes of a ${format}.`);

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** What a page wrote and asked for, beside how long it was waited for. */
export const EVIDENCE: CaptureEvidence = {
  ...NO_EVIDENCE,
  readyBy: "flag",
  waits: [{ name: "flag", passed: true, tookMs: 40, detail: "No data at first" }],
  console: [{ level: "error", text: "No data" }],
  requests: [{ url: "https://example.com/a.js", outcome: "bad_status", status: 404, type: "script" }],
  contentShare: 0.12,
};

const FACTS: Readonly<Record<CaptureFormat, Pick<CaptureFacts, "picture" | "print" | "preview">>> = {
  png: {
    picture: { width: 2_560, height: 1_600, deviceScale: 2, pageWidth: 1_280, pageHeight: 800, isCut: false, tiles: 1 },
    preview: { type: "image/png", bytes: bytesOf("preview").length, width: 1_280, height: 800, isCut: false },
  },
  pdf: { print: { pages: 3, paper: "a4", orientation: "portrait", isCut: false } },
};

interface OfRun {
  readonly scope: ProjectScope;
  readonly run: RunId;
  readonly format: CaptureFormat;
}

/** Orders a capture, for news until that instant or on demand, and answers it. */
export async function keepPending({ scope, run, format }: OfRun, newsBy: Instant | null = null): Promise<void> {
  await orderCaptures(env.RUNLOG, scope, {
    ...{ run, formats: [format], orderedAt: now(), newsBy, plan: "enterprise" },
    cause: newsBy === null ? "demand" : "notification",
  });
}

/** A capture that was taken, with its bytes. */
export async function keepCaptured(of: OfRun, newsBy: Instant | null = null): Promise<void> {
  const { scope, run, format } = of;
  const bytes = bytesOf(format);
  const facts: CaptureFacts = {
    ...FACTS[format],
    ...{ hash: hashOf(bytes), bytes: bytes.length, tookMs: 1_200, news: { email: "full", slack: "full" } },
  };
  await putCapture(env.ARTIFACTS, scope, run, fullFile(format, facts.hash), { bytes, hash: facts.hash });
  const preview = bytesOf("preview");
  if (facts.preview !== undefined) {
    const file = previewFile(facts.hash, facts.preview);
    await putCapture(env.ARTIFACTS, scope, run, file, { bytes: preview, hash: hashOf(preview) });
  }
  await settleClaims(
    env.RUNLOG,
    scope,
    [{ claimed: await claim(of, newsBy), outcome: { kind: "captured", facts, evidence: EVIDENCE } }],
    now(),
  );
}

/** A capture that failed, with what the page showed. */
export async function keepFailed(of: OfRun, failure: CaptureFailure, newsBy: Instant | null = null): Promise<void> {
  const bytes = bytesOf("failed");
  await putCapture(env.ARTIFACTS, of.scope, of.run, PARTIAL_FILE, { bytes, hash: hashOf(bytes) });
  const outcome = { kind: "failed", failure, evidence: { ...EVIDENCE, hasPartialPicture: true } } as const;
  await settleClaims(env.RUNLOG, of.scope, [{ claimed: await claim(of, newsBy), outcome }], now());
}

async function claim(of: OfRun, newsBy: Instant | null): Promise<ClaimedCapture> {
  await keepPending(of, newsBy);
  const [claimed] = await claimCaptures(env.RUNLOG, of.scope, { run: of.run, formats: [of.format] }, now());
  if (claimed === undefined) throw new Error("Somebody else has it");
  return claimed;
}
