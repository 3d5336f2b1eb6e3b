/** One order, taken with a browser that was lent: claimed, shot, stored and settled. */
import type { ShotOutcome, Taken } from "../capture/shot.ts";
import type { Project } from "../directory/projects.ts";
import { ATTEMPTS_MAX, type CaptureFacts, type CaptureFormat } from "../domain/captures/capture.ts";
import { type CaptureEvidence, NO_EVIDENCE } from "../domain/captures/evidence.ts";
import type { CaptureFailure } from "../domain/captures/failure.ts";
import { retakeAfter } from "../domain/captures/retaking.ts";
import type { RunId } from "../domain/ids.ts";
import { type Instant, type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";
import type { Env } from "../env.ts";
import {
  type ClaimedCapture,
  claimCaptures,
  giveUpCaptures,
  type SettledClaim,
  settleClaims,
} from "../runlog/capture-claims.ts";
import { listCaptures } from "../runlog/captures.ts";
import { now } from "../system.ts";
import type { TakeShot } from "./camera.ts";
import { findSubject, type Subject, shotOf } from "./capture-subject.ts";
import { type CaptureShelf, clearReplaced, clearShelf, storePartial, storeTaken } from "./storing-captures.ts";

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
const lost = (claimed: ClaimedCapture): SettledClaim => ({
  claimed,
  outcome: { kind: "failed", failure: claimed.failure ?? LOST, evidence: claimed.evidence ?? NO_EVIDENCE },
});

interface Attempt {
  readonly claims: readonly ClaimedCapture[];
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
  const formats = claims.map(({ format }) => format);
  const shot = await shotOf(env, subject, formats, openApp);
  const outcome = await take(shot);
  const settled = outcome.ok
    ? await settleEach(shelf, claims, outcome, (taken) => storeTaken(shelf, taken, shot, startedAt))
    : await judge(shelf, claims, outcome);
  const mine = await settleClaims(env.RUNLOG, scope, settled, now());
  await tidy(env, shelf, settled, mine);
  const waits = settled.flatMap(({ againAfter }) => (againAfter === null ? [] : [againAfter]));
  return {
    // They share the message, which comes when the first of them may be tried again.
    againAfter: waits.length === 0 ? null : Math.min(...waits),
    isBrowserLost: !outcome.ok && outcome.failure.reason === "browser_lost",
  };
}

/** What is to be written of one claim, and when its capture may be tried again; null: not at all. */
interface Settled extends SettledClaim {
  readonly againAfter: Milliseconds | null;
}

/** Stores the formats that were taken; each of the others failed by itself. */
async function settleEach(
  shelf: CaptureShelf,
  claims: readonly ClaimedCapture[],
  { taken, failed, evidence }: Extract<ShotOutcome, { ok: true }>,
  store: (one: Taken) => Promise<CaptureFacts>,
): Promise<readonly Settled[]> {
  const settled: Settled[] = [];
  for (const claimed of claims) {
    const failure = failed.find(({ format }) => format === claimed.format)?.failure;
    const one = taken.find(({ format }) => format === claimed.format);
    if (failure !== undefined) settled.push(retake(claimed, failure, evidence));
    else if (one === undefined) throw new Error(`The camera says nothing of the ${claimed.format}`);
    else settled.push(await keep(shelf, claimed, evidence, () => store(one)));
  }
  return settled;
}

async function keep(
  shelf: CaptureShelf,
  claimed: ClaimedCapture,
  evidence: CaptureEvidence,
  store: () => Promise<CaptureFacts>,
): Promise<Settled> {
  try {
    return { claimed, outcome: { kind: "captured", facts: await store(), evidence }, againAfter: null };
  } catch (cause) {
    console.error({ event: "capture_not_stored", run: shelf.run, format: claimed.format, cause: String(cause) });
    return retake(claimed, NOT_STORED, evidence);
  }
}

async function judge(
  shelf: CaptureShelf,
  claims: readonly ClaimedCapture[],
  { failure, evidence, partialPicture, retryAfter }: Extract<ShotOutcome, { ok: false }>,
): Promise<readonly Settled[]> {
  const hasPartialPicture = partialPicture !== null && (await storePartial(shelf, partialPicture));
  return claims.map((claimed) => retake(claimed, failure, { ...evidence, hasPartialPicture }, retryAfter));
}

/** Another attempt, if it may have one. */
function retake(
  claimed: ClaimedCapture,
  failure: CaptureFailure,
  evidence: CaptureEvidence,
  retryAfter?: Milliseconds,
): Settled {
  const { orderedAt, attempts } = claimed;
  const againAfter = retakeAfter({ orderedAt, attempts, reason: failure.reason, retryAfter }, now());
  return { claimed, outcome: { kind: againAfter === null ? "failed" : "again", failure, evidence }, againAfter };
}

/** Takes away what nothing leads to any more. */
async function tidy(
  env: Env,
  shelf: CaptureShelf,
  settled: readonly Settled[],
  mine: readonly CaptureFormat[],
): Promise<void> {
  if (mine.length < settled.length) await clearIfForgotten(env, shelf);
  for (const { claimed, outcome } of settled) {
    if (outcome.kind === "captured" && mine.includes(claimed.format))
      await clearReplaced(shelf, claimed, outcome.facts.hash);
  }
}

/** The run's time in the log was up while it was captured, and its captures went with it. */
async function clearIfForgotten(env: Env, shelf: CaptureShelf): Promise<void> {
  const standing = await listCaptures(env.RUNLOG, shelf.scope, shelf.run);
  if (standing.length === 0) await clearShelf(shelf);
}
