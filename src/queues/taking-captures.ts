/** One order, taken with a browser that was lent: claimed, shot, stored and settled. */
import type { ShotOutcome } from "../capture/shot.ts";
import type { Project } from "../directory/projects.ts";
import { ATTEMPTS_MAX, type Capture, type CaptureFormat } from "../domain/captures/capture.ts";
import { type CaptureEvidence, NO_EVIDENCE } from "../domain/captures/evidence.ts";
import type { CaptureFailure } from "../domain/captures/failure.ts";
import { retakeAfter } from "../domain/captures/retaking.ts";
import type { RunId } from "../domain/ids.ts";
import { type Instant, type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";
import type { Env } from "../env.ts";
import { claimCaptures, giveUpCaptures, type SettledClaim, settleClaims } from "../runlog/capture-claims.ts";
import { listCaptures } from "../runlog/captures.ts";
import { now } from "../system.ts";
import type { TakeShot } from "./camera.ts";
import { findSubject, type Subject, shotOf } from "./capture-subject.ts";
import { type CaptureShelf, clearShelf, storePartial, storeTaken } from "./storing-captures.ts";

/** The wait before a message comes again whose captures somebody else takes, or whose run goes on. */
const LOOK_AGAIN_MS: Milliseconds = 20 * SECOND_MS;

/** What is to be taken. */
export interface Pending {
  readonly project: Project;
  readonly run: RunId;
  readonly formats: readonly CaptureFormat[];
}

/** What the message is to do: nothing more, or come again after a while. */
export interface Handled {
  readonly againAfter: Milliseconds | null;
  /** The browser ended while it was used: it is of no use to the next one. */
  readonly isBrowserLost: boolean;
}

const DONE: Handled = { againAfter: null, isBrowserLost: false };
const again = (wait: Milliseconds): Handled => ({ againAfter: wait, isBrowserLost: false });

const RUN_MISSING: CaptureFailure = {
  reason: "run_missing",
  message: "The run is not there any more, so there is nothing to capture.",
};
export const LOST: CaptureFailure = {
  reason: "lost",
  message: "Each time, whoever took the capture stopped before it was stored.",
};
const NOT_STORED: CaptureFailure = { reason: "lost", message: "The capture was taken but could not be stored." };

/** Takes the captures of one run. Throws when a room of the house cannot be reached; the claim then ends by itself. */
export async function takePending(
  env: Env,
  pending: Pending,
  take: TakeShot,
  openApp: (request: Request) => Promise<Response>,
): Promise<Handled> {
  const { project, run } = pending;
  const found = await findSubject(env, project, run);
  if (found.kind === "unfinished") return again(LOOK_AGAIN_MS);
  if (found.kind === "missing") {
    await giveUpCaptures(env.RUNLOG, project.scope, pending, RUN_MISSING, now());
    return DONE;
  }
  const startedAt = now();
  const claims = await claimCaptures(env.RUNLOG, project.scope, pending, startedAt);
  // Somebody else's, or settled meanwhile: the next look tells.
  if (claims.length === 0) return again(LOOK_AGAIN_MS);
  const worn = claims.filter(({ attempts }) => attempts > ATTEMPTS_MAX);
  const fresh = claims.filter(({ attempts }) => attempts <= ATTEMPTS_MAX);
  await settleClaims(env.RUNLOG, project.scope, worn.map(lost), startedAt);
  return fresh.length === 0 ? DONE : attempt(env, found.subject, { claims: fresh, startedAt }, take, openApp);
}

/** Whoever claimed it before never settled it, or the reason of the last failure still stands. */
const lost = (claimed: Capture): SettledClaim => ({
  claimed,
  outcome: { kind: "failed", failure: claimed.failure ?? LOST, evidence: claimed.evidence ?? NO_EVIDENCE },
});

interface Attempt {
  readonly claims: readonly Capture[];
  readonly startedAt: Instant;
}

async function attempt(
  env: Env,
  subject: Subject,
  { claims, startedAt }: Attempt,
  take: TakeShot,
  openApp: (request: Request) => Promise<Response>,
): Promise<Handled> {
  const { scope } = subject.project;
  const shelf = { bucket: env.ARTIFACTS, scope, run: subject.run.id };
  const shot = await shotOf(
    env,
    subject,
    claims.map(({ format }) => format),
    openApp,
  );
  const outcome = await take(shot);
  const settled = outcome.ok
    ? await storeAll(shelf, claims, outcome, (taken) => storeTaken(shelf, taken, shot, startedAt))
    : await judge(shelf, claims, outcome);
  const mine = await settleClaims(env.RUNLOG, scope, settled.claims, now());
  if (mine.length < claims.length) await clearIfForgotten(env, shelf);
  return { againAfter: settled.againAfter, isBrowserLost: !outcome.ok && outcome.failure.reason === "browser_lost" };
}

interface Judged {
  readonly claims: readonly SettledClaim[];
  readonly againAfter: Milliseconds | null;
}

async function storeAll(
  shelf: CaptureShelf,
  claims: readonly Capture[],
  { taken, evidence }: Extract<ShotOutcome, { ok: true }>,
  store: (one: (typeof taken)[number]) => ReturnType<typeof storeTaken>,
): Promise<Judged> {
  try {
    const stored: SettledClaim[] = [];
    for (const claimed of claims) {
      const one = taken.find(({ format }) => format === claimed.format);
      if (one === undefined) throw new Error(`The camera took no ${claimed.format}`);
      stored.push({ claimed, outcome: { kind: "captured", facts: await store(one), evidence } });
    }
    return { claims: stored, againAfter: null };
  } catch (cause) {
    console.error({ event: "capture_not_stored", run: shelf.run, cause: String(cause) });
    return retake(claims, NOT_STORED, evidence, undefined);
  }
}

async function judge(
  shelf: CaptureShelf,
  claims: readonly Capture[],
  { failure, evidence, partialPicture, retryAfter }: Extract<ShotOutcome, { ok: false }>,
): Promise<Judged> {
  const hasPartialPicture = partialPicture !== null && (await storePartial(shelf, partialPicture));
  return retake(claims, failure, { ...evidence, hasPartialPicture }, retryAfter);
}

/** Another attempt for those that may have one. They share the message, which comes when the first of them may. */
function retake(
  claims: readonly Capture[],
  failure: CaptureFailure,
  evidence: CaptureEvidence,
  retryAfter: Milliseconds | undefined,
): Judged {
  const waits = claims.map(({ orderedAt, attempts }) =>
    retakeAfter({ orderedAt, attempts, reason: failure.reason, retryAfter }, now()),
  );
  const open = waits.filter((wait) => wait !== null);
  return {
    claims: claims.map((claimed, index) => ({
      claimed,
      outcome: { kind: waits[index] === null ? "failed" : "again", failure, evidence },
    })),
    againAfter: open.length === 0 ? null : Math.min(...open),
  };
}

/** The run's time in the log was up while it was captured, and its captures went with it. */
async function clearIfForgotten(env: Env, shelf: CaptureShelf): Promise<void> {
  const standing = await listCaptures(env.RUNLOG, shelf.scope, shelf.run);
  if (standing.length === 0) await clearShelf(shelf);
}
