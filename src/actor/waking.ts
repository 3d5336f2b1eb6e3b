/** What a wake does besides firing: sends again what was not begun, settles what was lost, starts the retries that are due. */

import type { RunKey } from "../domain/claim.ts";
import type { RunError } from "../domain/run.ts";
import { type Instant, MINUTE_MS } from "../domain/time/instant.ts";
import { keyOf, RESEND_AT_MOST_AFTER_MS, resendAt } from "./dispatcher.ts";
import { retryOf } from "./making-runs.ts";
import type { LiveRun } from "./run-row.ts";
import { end, failRun } from "./settling.ts";
import { forgetUncommitted, type ProjectState } from "./state.ts";

/** Rows looked at in one transaction. */
const WAKING_BATCH_SIZE = 500;

/** A run that cannot be looked after is not looked at again for so long. */
const PUT_OFF_MS = MINUTE_MS;

const LOST: RunError = {
  reason: "lost",
  message: "The executor stopped before it reported how the run ended. The function may or may not have been called.",
};
const NOT_COMPLETED: RunError = {
  reason: "timeout",
  message: "The function answered 202 but did not complete the run within the timeout.",
};

/** Looks after the live runs whose time has come. Answers the runs to hand to the queue, and whether more may be waiting. */
export function wakeRuns(
  state: ProjectState,
  now: Instant,
): { readonly runs: readonly RunKey[]; readonly more: boolean } {
  const awake = state.runs.awake(now, WAKING_BATCH_SIZE);
  const retries = state.runs.retriesDue(now, WAKING_BATCH_SIZE);
  const more = awake.length === WAKING_BATCH_SIZE || retries.length === WAKING_BATCH_SIZE;
  const due = [...awake, ...retries];
  try {
    const wakeAll = () => due.flatMap((run) => wakeOne(state, run, now));
    return { runs: due.length === 0 ? [] : state.storage.transactionSync(wakeAll), more };
  } catch (cause) {
    forgetUncommitted(state);
    // One of them cannot be looked after. Nothing was kept: once more, each by itself, and the rest goes on without it.
    console.warn({ event: "waking_one_by_one", project: state.scope.projectId, cause: String(cause) });
    return { runs: due.flatMap((run) => wakeAlone(state, run, now)), more };
  }
}

const wakeOne = (state: ProjectState, run: LiveRun, now: Instant): readonly RunKey[] =>
  run.status === "pending_retry" ? startRetry(state, run, now) : lookAfter(state, run, now);

function wakeAlone(state: ProjectState, run: LiveRun, now: Instant): readonly RunKey[] {
  try {
    return state.storage.transactionSync(() => wakeOne(state, run, now));
  } catch (cause) {
    forgetUncommitted(state);
    console.error({ event: "run_put_off", project: state.scope.projectId, run: run.id, cause: String(cause) });
    state.runs.lookAgain(keyOf(run), now + PUT_OFF_MS);
    return [];
  }
}

function lookAfter(state: ProjectState, run: LiveRun, now: Instant): readonly RunKey[] {
  if (run.status === "queued") return sendAgain(state, run, now);
  return failRun(state, run, run.accepted ? NOT_COMPLETED : LOST, now);
}

/** The message may be lost or only late: whichever copy arrives first begins the run, the others are turned away. */
function sendAgain(state: ProjectState, run: LiveRun, now: Instant): readonly RunKey[] {
  if (state.gate.isWaiting(run.id)) {
    // It was not sent yet, and goes when runs before it end. Seldom looked at meanwhile: each look is a row written.
    state.runs.lookAgain(keyOf(run), now + RESEND_AT_MOST_AFTER_MS);
    return [];
  }
  const sends = run.sends + 1;
  state.runs.update({ ...run, sends, wakeAt: resendAt(now, sends) });
  return [keyOf(run)];
}

/** The failed run settles in the transaction that creates its retry: there is never both, and never neither. */
function startRetry(state: ProjectState, run: LiveRun, now: Instant): readonly RunKey[] {
  const retry = retryOf(run, now);
  const added = state.runs.add(retry);
  // Counted and never refused: a run that was begun is carried through.
  if (added) state.counter.add(now);
  const released = end(state, run, { status: "failed" }, run.finishedAt ?? now);
  return added ? [keyOf(retry), ...released] : released;
}
