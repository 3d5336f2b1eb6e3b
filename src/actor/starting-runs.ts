/** Runs that are asked for, completed or cancelled from outside. Called inside a transaction. */

import type { RunKey } from "../domain/claim.ts";
import { conflict, type Failure, notFound } from "../domain/errors.ts";
import type { FunctionSpec, Version } from "../domain/function.ts";
import { type RunId, readRunId } from "../domain/ids.ts";
import { issuesOfNotifications, readNotification } from "../domain/notification.ts";
import { readRetry } from "../domain/policy/retry.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { isFinal, type Outcome, type Run } from "../domain/run.ts";
import { issuesOfArgs, readTimeout, SYNCHRONOUS_TIMEOUT_MS } from "../domain/schedule-input.ts";
import type { Instant, Milliseconds } from "../domain/time/instant.ts";
import { keyOf } from "./dispatcher.ts";
import { apiRun } from "./making-runs.ts";
import { refuseRuns, refuseVisit } from "./plan-limits.ts";
import type { NewRun } from "./rpc.ts";
import type { LiveRun } from "./run-row.ts";
import { cancel, settle } from "./settling.ts";
import type { ProjectState } from "./state.ts";

/** A run and those that are to be handed to the queue because of it. */
export interface Started {
  readonly run: LiveRun;
  readonly send: readonly RunKey[];
}

/** A run of one function or of the whole project, outside any schedule. */
export function startRun(
  state: ProjectState,
  wish: NewRun,
  now: Instant,
  { ofPublication = false } = {},
): Result<Started, Failure> {
  const issues = [
    ...(wish.args === undefined ? [] : issuesOfArgs(wish.args)),
    ...issuesOfNotifications(wish.notifications ?? []),
  ];
  if (issues.length > 0) return fail({ code: "invalid", issues });
  const found = findLogic(state, wish);
  if (!found.ok) return found;
  const isVisit = wish.context === "app" && !ofPublication;
  const refusal = refuseRuns(state, 1, now) ?? (isVisit ? refuseVisit(state, now) : null);
  if (refusal !== null) return fail(refusal);
  const { version, fn } = found.value;
  const policy = {
    retry: readRetry(fn?.retry, state.retryLimits).policy,
    timeout: fn === undefined ? timeoutOfAll(version.functions, now) : readTimeout(fn.timeout, now),
  };
  const run = apiRun(
    readRunId(state.newId()),
    {
      fn: wish.fn ?? null,
      args: wish.args ?? null,
      context: wish.context,
      version: wish.version === undefined ? null : version.number,
      pinned: wish.version !== undefined,
      ofPublication,
      notifications: wish.notifications === undefined ? null : wish.notifications.map(readNotification),
    },
    policy,
    now,
  );
  state.runs.add(run);
  state.counter.add(now);
  return ok({ run, send: [keyOf(run)] });
}

/** A run of the whole project has the time that its functions have one after another, as far as one run may take it. */
function timeoutOfAll(functions: readonly FunctionSpec[], now: Instant): Milliseconds {
  const sum = functions.reduce((total, fn) => total + readTimeout(fn.timeout, now), 0);
  return Math.min(sum, SYNCHRONOUS_TIMEOUT_MS);
}

function findLogic(
  state: ProjectState,
  wish: NewRun,
): Result<{ readonly version: Version; readonly fn: FunctionSpec | undefined }, Failure> {
  const version = wish.version === undefined ? state.versions.published() : state.versions.get(wish.version);
  if (version === null && wish.version !== undefined) return fail(notFound("version", String(wish.version)));
  if (version === null) return fail(conflict("No version of the project is published, so there is nothing to run."));
  const fn = version.functions.find((one) => one.name === wish.fn);
  if (wish.fn !== undefined && fn === undefined) return fail(notFound("function", wish.fn));
  return ok({ version, fn });
}

/** Ends a run for the function that said it would do so itself. */
export function completeRun(
  state: ProjectState,
  id: RunId,
  outcome: Exclude<Outcome, { kind: "accepted" }>,
): Result<Started, Failure> {
  const run = state.runs.find(id);
  if (run === null) return fail(notFound("run", id));
  if (run.status !== "running") return fail(conflict(`The run is ${run.status}; only a running one can be completed.`));
  const send = settle(state, run, outcome);
  return ok({ run: state.runs.get(keyOf(run)) ?? run, send });
}

/** Cancels a run that has not ended. */
export function cancelRun(state: ProjectState, id: RunId, now: Instant): Result<Started, Failure> {
  const run = state.runs.find(id);
  if (run === null) return fail(notFound("run", id));
  if (isFinal(run.status)) return fail(conflict(`The run is ${run.status}; it has ended already.`));
  const send = cancel(state, run, now);
  return ok({ run: state.runs.get(keyOf(run)) ?? run, send });
}

/** What doors are shown of a live run. */
export function toRun(run: LiveRun): Run {
  const { held, lane, pinned, ofPublication, accepted, args, notifications, retry, timeout, sends, wakeAt, ...shown } =
    run;
  return shown;
}
