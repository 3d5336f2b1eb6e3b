/**
 * The consumer of `captures` and of its dead letters: writes what was ordered into the ledger, borrows a browser for each
 * workspace, and has its captures taken. The ledger is what counts: a message that comes twice finds its work done.
 */
import type { reachBrowsers } from "../actor/reach.ts";
import type { BrowserUse } from "../capture/sessions.ts";
import { findProject } from "../directory/projects.ts";
import { mintProjectScope, workspaceOf } from "../domain/access.ts";
import { type CaptureOrder, GIVE_UP_AFTER_MS } from "../domain/captures/capture.ts";
import { EVIDENCE_TEXT_MAX_LENGTH } from "../domain/captures/evidence.ts";
import type { CaptureFailure } from "../domain/captures/failure.ts";
import { newsOfRun } from "../domain/ids.ts";
import { type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";
import type { Env } from "../env.ts";
import { giveUpCaptures } from "../runlog/capture-claims.ts";
import { listCaptures, orderCaptures, refuseCaptures } from "../runlog/captures.ts";
import { now } from "../system.ts";
import type { Camera, TakeShot } from "./camera.ts";
import { byWorkspace, type CaptureMessage, comeAgain } from "./capture-messages.ts";
import { sendOrders } from "./delivery-messages.ts";
import { LOST, type Pending, takePending } from "./taking-captures.ts";

/** Pages that are open at the same time, over all workspaces of a batch: an invocation has 128 MB for the pictures of all. */
const PAGES_AT_ONCE = 2;

/** The wait before a message comes again whose project, ledger or browser could not be reached. */
const AFTER_FAULT_MS: Milliseconds = 5 * SECOND_MS;
/** After a fault a message waits longer each time, up to so many times as long: what is down is not asked at full speed. */
const WAITS_LONGER_UP_TO = 12;

/**
 * A browser is waited for as long as was named. From so many deliveries on, which is about when news stops waiting, it is
 * waited for at least so long: a queue gives a message up after a hundred of them, and the capture is given up before that.
 */
const SOON_DELIVERIES = 12;
const LEAST_WAIT_LATER_MS: Milliseconds = 20 * SECOND_MS;

type Browsers = ReturnType<typeof reachBrowsers>;

/** What the consumer works with. */
export interface CaptureTools {
  readonly browsers: Browsers;
  /** Null: no browser is bound, and every capture fails and says so. */
  readonly camera: Camera | null;
  /** Answers a request for a page as the deployment would. */
  readonly openApp: (request: Request) => Promise<Response>;
}

const NO_BROWSER: CaptureFailure = {
  reason: "no_browser",
  message: "There is no browser to take captures with.",
};
const NONE_FREE: CaptureFailure = {
  reason: "browser_busy",
  message: "No browser became free to take the capture with.",
};
const LIMIT_REACHED: CaptureFailure = {
  reason: "limit_reached",
  message: "The workspace had ordered all captures that its plan allows on one day.",
};

interface Ready {
  readonly message: CaptureMessage;
  readonly pending: Pending;
}

/** Takes what a batch orders. Never throws: each message is done, or comes again. */
export async function consumeCaptures(batch: MessageBatch<CaptureOrder>, env: Env, tools: CaptureTools): Promise<void> {
  for (const messages of byWorkspace(batch)) {
    const ready = await Promise.all(messages.map((message) => prepare(message, env, tools)));
    await takeAll(
      ready.filter((one) => one !== null),
      env,
      tools,
    );
  }
}

/** Writes an order into the ledger, and answers what of it is still to be taken; null: the message is seen to. */
async function prepare(message: CaptureMessage, env: Env, { camera }: CaptureTools): Promise<Ready | null> {
  try {
    const pending = await pendingOf(message.body, env);
    if (pending === null) {
      await finish(message, env);
      return null;
    }
    if (camera !== null) return { message, pending };
    await giveUpCaptures(env.RUNLOG, pending.project.scope, pending, NO_BROWSER, now());
    await finish(message, env);
  } catch (cause) {
    fault(message, cause);
  }
  return null;
}

async function pendingOf(order: CaptureOrder, env: Env): Promise<Pending | null> {
  const { run, cause, formats } = order;
  const scope = mintProjectScope(order.workspace, order.project);
  const project = await findProject(env.DIRECTORY, workspaceOf(scope), order.project, now());
  // Deleted, and its ledger with it.
  if (project === null) return null;
  const ordered =
    cause === "notification"
      ? await orderCaptures(env.RUNLOG, scope, order)
      : { kind: "ordered" as const, captures: await listCaptures(env.RUNLOG, scope, run) };
  if (ordered.kind === "over_limit") {
    await refuseCaptures(env.RUNLOG, scope, order, LIMIT_REACHED);
    return null;
  }
  const open = ordered.captures.filter(({ state, format }) => state === "pending" && formats.includes(format));
  const late = open.filter(({ orderedAt }) => now() >= orderedAt + GIVE_UP_AFTER_MS);
  if (late.length > 0) {
    await giveUpCaptures(env.RUNLOG, scope, { run, formats: late.map(({ format }) => format) }, NONE_FREE, now());
  }
  const wanted = open.filter((one) => !late.includes(one)).map(({ format }) => format);
  return wanted.length === 0 ? null : { project, run, formats: wanted };
}

/** Takes the captures of one workspace with one browser, which is given back whatever happens. */
async function takeAll(ready: readonly Ready[], env: Env, { browsers, camera, openApp }: CaptureTools): Promise<void> {
  const workspace = ready[0]?.message.body.workspace;
  if (workspace === undefined || camera === null) return;
  const undecided = new Set(ready);
  try {
    const loan = await browsers.borrow(workspace);
    if (loan.kind === "wait") return postpone(undecided, loan.retryAfter);
    const used = await borrowed(browsers, loan.loan, () =>
      camera(loan.session, (take) => takeSome(undecided, env, take, openApp)),
    );
    if (used.kind === "turned_away") postpone(undecided, used.retryAfter);
    if (used.kind === "lost") putOff(undecided, used.message);
    if (used.kind === "no_browser") await settleWithout(undecided, env, notLaunched(used.message));
  } catch (cause) {
    putOff(undecided, cause);
  }
}

/** What the runtime says of itself is for those who run it, and its first line for editors. */
function notLaunched(message: string): CaptureFailure {
  console.warn({ event: "browser_not_launched", message });
  const detail = (message.split("\n", 1)[0] ?? "").slice(0, EVIDENCE_TEXT_MAX_LENGTH);
  return { ...NO_BROWSER, detail };
}

type Use = BrowserUse<void>;

/** Ends the loan as the use of the browser ended. */
async function borrowed(browsers: Browsers, loan: string, use: () => Promise<Use>): Promise<Use> {
  let used: Use | undefined;
  try {
    used = await use();
    return used;
  } finally {
    await endLoan(browsers, loan, used);
  }
}

/** Never throws: a loan that cannot be given back ends by itself. */
async function endLoan(browsers: Browsers, loan: string, used: Use | undefined): Promise<void> {
  try {
    if (used?.kind === "turned_away") await browsers.turnedAway(loan, used.retryAfter);
    else await browsers.giveBack(loan, used?.kind === "done" ? used.session : null);
  } catch (cause) {
    console.warn({ event: "browser_not_given_back", cause: String(cause) });
  }
}

/** Works off what is undecided, two at a time, for as long as the browser is well. */
async function takeSome(
  undecided: Set<Ready>,
  env: Env,
  take: TakeShot,
  openApp: CaptureTools["openApp"],
): Promise<void> {
  const waiting = [...undecided];
  let isLost = false;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { message, pending } = next;
      undecided.delete(next);
      if (isLost) {
        comeAgain(message, SECOND_MS);
        continue;
      }
      try {
        const { againAfter, isBrowserLost } = await takePending(env, pending, take, openApp);
        isLost ||= isBrowserLost;
        if (againAfter === null) await finish(message, env);
        else comeAgain(message, againAfter);
      } catch (cause) {
        fault(message, cause);
      }
    }
  };
  await Promise.all(Array.from({ length: PAGES_AT_ONCE }, work));
}

function postpone(ready: Iterable<Ready>, named: Milliseconds): void {
  for (const { message } of ready) {
    const isSoon = message.attempts <= SOON_DELIVERIES;
    comeAgain(message, isSoon ? named : Math.max(named, LEAST_WAIT_LATER_MS));
  }
}

function putOff(ready: Iterable<Ready>, cause: unknown): void {
  for (const { message } of ready) fault(message, cause);
}

async function settleWithout(ready: Iterable<Ready>, env: Env, failure: CaptureFailure): Promise<void> {
  for (const { message, pending } of ready) {
    await giveUpCaptures(env.RUNLOG, pending.project.scope, pending, failure, now());
    await finish(message, env);
  }
}

/** Its captures are settled, and the news that waits for them is let go; should that be lost, it goes when its wait is over. */
async function finish(message: CaptureMessage, env: Env): Promise<void> {
  const { workspace, project, run, newsBy } = message.body;
  try {
    if (newsBy !== null) await sendOrders(env, [{ kind: "release", workspace, project, news: newsOfRun(run) }]);
  } catch (cause) {
    console.warn({ event: "news_not_released", project, run, cause: String(cause) });
  }
  message.ack();
}

function fault(message: CaptureMessage, cause: unknown): void {
  console.warn({ event: "capture_put_off", project: message.body.project, cause: String(cause) });
  comeAgain(message, AFTER_FAULT_MS * Math.min(message.attempts, WAITS_LONGER_UP_TO));
}

/** Orders that the queue gave up. What of them nobody has settled or has in hand is settled as failed, and told. */
export async function consumeDeadCaptures(batch: MessageBatch<CaptureOrder>, env: Env): Promise<void> {
  for (const message of byWorkspace(batch).flat()) {
    const { body: order } = message;
    console.error({ event: "captures_dead_lettered", project: order.project, run: order.run });
    try {
      const scope = mintProjectScope(order.workspace, order.project);
      if ((await findProject(env.DIRECTORY, workspaceOf(scope), order.project, now())) !== null) {
        if (order.cause === "notification") await refuseCaptures(env.RUNLOG, scope, order, LOST);
        await giveUpCaptures(env.RUNLOG, scope, order, LOST, now());
      }
      message.ack();
    } catch (cause) {
      console.warn({ event: "capture_not_settled", project: order.project, cause: String(cause) });
      message.retry();
    }
  }
}
