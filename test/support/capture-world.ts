/** A project with a finished run that can be captured, a camera made by hand, and the queue's batches. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import type { BrowserLoan } from "../../src/actor/browser-loans.ts";
import type { StoredCapture } from "../../src/artifacts/captures.ts";
import type { BrowserUse } from "../../src/capture/sessions.ts";
import type { Shot, ShotOutcome, Taken } from "../../src/capture/shot.ts";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { addProject, draftProject, type Project } from "../../src/directory/projects.ts";
import { workspaceOf } from "../../src/domain/access.ts";
import type { Capture, CaptureOrder } from "../../src/domain/captures/capture.ts";
import { type CaptureEvidence, NO_EVIDENCE } from "../../src/domain/captures/evidence.ts";
import type { CaptureFailureReason } from "../../src/domain/captures/failure.ts";
import type { RunId } from "../../src/domain/ids.ts";
import type { PlanName } from "../../src/domain/plan.ts";
import type { Run } from "../../src/domain/run.ts";
import type { Camera } from "../../src/queues/camera.ts";
import { type CaptureTools, consumeCaptures, consumeDeadCaptures } from "../../src/queues/captures.ts";
import { listCaptures } from "../../src/runlog/captures.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import { newId, now, randomBytes } from "../../src/system.ts";
import { makeRun } from "./make-run.ts";
import { scribeAt } from "./scribe.ts";
import { makeWorld, type World } from "./world.ts";

export interface CaptureWorld extends World {
  readonly run: Run;
  /** As the directory knows it. */
  readonly directoryProject: Project;
  /** An order as the actor sends it: of the world's run, in both formats. */
  order(more?: Partial<CaptureOrder>): CaptureOrder;
  /** The captures of a run, by default of the world's, as the ledger has them. */
  captures(run?: RunId): Promise<readonly Capture[]>;
}

/** A project that the directory knows, with one finished run in the log. */
export async function makeCaptureWorld(run: Partial<Run> = {}, plan: PlanName = "enterprise"): Promise<CaptureWorld> {
  const { scope } = await foundWorkspace(
    env.DIRECTORY,
    { name: "Acme", plan, email: "ada@acme.test" },
    { now: now(), newId, randomBytes },
  );
  const world = await makeWorld(undefined, { workspace: scope.workspaceId, plan });
  const id = world.scope.projectId;
  const project = draftProject(workspaceOf(world.scope), { id, slug: "reports", name: "Reports", createdAt: now() });
  await addProject(env.DIRECTORY, scope, project, { wish: undefined, grants: [], scribe: scribeAt() });
  const finished = makeRun({ scheduleId: null, ...run });
  await new D1RunLog(env.RUNLOG).record(world.scope, [finished]);
  return {
    ...world,
    directoryProject: project,
    run: finished,
    order: (more = {}) => ({
      workspace: world.scope.workspaceId,
      project: id,
      run: finished.id,
      formats: ["png", "pdf"],
      cause: "notification",
      orderedAt: now(),
      newsBy: now() + 60_000,
      plan,
      ...more,
    }),
    captures: (of = finished.id) => listCaptures(env.RUNLOG, world.scope, of),
  };
}

/** The text that a file holds; null when it is not there. */
export const textOf = async (file: StoredCapture | null): Promise<string | null> =>
  file === null ? null : new Response(file.body).text();

const text = new TextEncoder();

/** A picture and a print of the right shape, whose bytes name the run. */
export const goodShot = ({ formats, run }: Shot): ShotOutcome => ({
  ok: true,
  failed: [],
  evidence: { ...NO_EVIDENCE, readyBy: "flag", contentShare: 0.2 },
  taken: formats.map(
    (format): Taken =>
      format === "png"
        ? {
            format,
            bytes: text.encode(`picture of ${run}`),
            picture: {
              width: 2_560,
              height: 1_440,
              deviceScale: 2,
              pageWidth: 1_280,
              pageHeight: 720,
              isCut: false,
              tiles: 1,
            },
            preview: { type: "image/webp", bytes: text.encode("preview"), width: 1_280, height: 720, isCut: false },
          }
        : { format, bytes: text.encode(`print of ${run}`), print: { pages: 3, isCut: false } },
  ),
});

export const badShot = (
  reason: CaptureFailureReason,
  more: { readonly evidence?: CaptureEvidence; readonly retryAfter?: number; readonly partial?: boolean } = {},
): ShotOutcome => ({
  ok: false,
  failure: { reason, message: `It was ${reason}.` },
  evidence: more.evidence ?? NO_EVIDENCE,
  partialPicture: more.partial === true ? text.encode("half a picture") : null,
  ...(more.retryAfter === undefined ? {} : { retryAfter: more.retryAfter }),
});

/** A camera that does what the test says, and notes its shots. */
export function handCamera(take: (shot: Shot) => ShotOutcome | Promise<ShotOutcome> = goodShot) {
  const shots: Shot[] = [];
  const camera: Camera = async (session, work) => {
    const result = await work(async (shot) => {
      shots.push(shot);
      return take(shot);
    });
    return { kind: "done", result, session: session ?? "warm" };
  };
  return { camera, shots };
}

/** A camera whose browser does not come to be. */
export const noCamera =
  (use: Exclude<BrowserUse<never>, { kind: "done" }>): Camera =>
  async () =>
    use;

/** A keeper that lends, or says to wait; notes what it is told. */
export function handBrowsers(loan: BrowserLoan = { kind: "lent", loan: "1", session: null }) {
  const told: unknown[] = [];
  return {
    told,
    browsers: {
      borrow: async (...asked) => {
        told.push(["borrow", ...asked]);
        return loan;
      },
      giveBack: async (...given) => void told.push(["giveBack", ...given]),
      turnedAway: async (...given) => void told.push(["turnedAway", ...given]),
    } satisfies CaptureTools["browsers"],
  };
}

export interface Consumed {
  readonly acks: readonly string[];
  /** The delay in seconds of each message that comes again, by its place in the batch. */
  readonly again: Readonly<Record<string, number | undefined>>;
}

function batchOf(bodies: readonly unknown[], attempts: number, queue: string) {
  const messages = bodies.map((body, index) => ({ id: String(index), timestamp: new Date(now()), attempts, body }));
  const batch = createMessageBatch<CaptureOrder>(
    queue,
    messages as Parameters<typeof createMessageBatch<CaptureOrder>>[1],
  );
  // What the queue answers of a message that comes again does not say when.
  const delays = new Map<string, number | undefined>();
  for (const message of batch.messages) {
    const retry = message.retry.bind(message);
    vi.spyOn(message, "retry").mockImplementation((options) => {
      delays.set(message.id, options?.delaySeconds);
      retry(options);
    });
  }
  return { batch, delays };
}

async function resultOf({ batch, delays }: ReturnType<typeof batchOf>): Promise<Consumed> {
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext());
  return {
    acks: explicitAcks.toSorted(),
    again: Object.fromEntries(retryMessages.map(({ msgId }) => [msgId, delays.get(msgId)])),
  };
}

/** What the consumer does with these messages. */
export async function consume(
  bodies: readonly unknown[],
  { attempts = 1, ...tools }: Partial<CaptureTools> & { readonly attempts?: number } = {},
): Promise<Consumed> {
  const sent = batchOf(bodies, attempts, "carillon-captures");
  const all = { browsers: handBrowsers().browsers, camera: handCamera().camera, openApp: async () => new Response() };
  await consumeCaptures(sent.batch, env, { ...all, ...tools });
  return resultOf(sent);
}

/** What becomes of messages that the queue gave up. */
export async function consumeDead(bodies: readonly unknown[]): Promise<Consumed> {
  const sent = batchOf(bodies, 100, "carillon-captures-dead");
  await consumeDeadCaptures(sent.batch, env);
  return resultOf(sent);
}
