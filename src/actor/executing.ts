/** The executor's side of a run: claim, keep, report. A copy of a message that comes twice is turned away here. */

import type { Claim, RunKey } from "../domain/claim.ts";
import type { FunctionSpec, Version } from "../domain/function.ts";
import type { RunId } from "../domain/ids.ts";
import type { Outcome, RunError } from "../domain/run.ts";
import { type Instant, SECOND_MS, toIso } from "../domain/time/instant.ts";
import type { Progress } from "./rpc.ts";
import type { LiveRun } from "./run-row.ts";
import { failRun, settle } from "./settling.ts";
import type { ProjectState } from "./state.ts";

/** How long an executor may be silent before its run counts as lost. It renews at a third of this (`queues/run-lot.ts`). */
export const LEASE_MS = 30 * SECOND_MS;

/** A run that was given up by the queue this often is not sent again: something refuses it that waiting does not mend. */
const UNDELIVERABLE_AFTER_SENDS = 10;

const UNDELIVERABLE: RunError = {
  reason: "undeliverable",
  message: "The queue gave the run up again and again before an executor could begin it.",
};

/** What a claim gives: to the executor its runs, to the queue those that may start because another one could not. */
export interface Begun {
  readonly claims: readonly Claim[];
  readonly send: readonly RunKey[];
}

/** Claims queued runs. Left out of the answer is what is not queued any more, and what the limits have wait. */
export function begin(state: ProjectState, keys: readonly RunKey[], now: Instant): Begun {
  return state.storage.transactionSync(() => {
    const published = state.versions.published()?.number ?? null;
    const admitted = state.gate.admit(keys);
    const taken = state.runs.take(admitted, { version: published, at: now, wakeAt: now + LEASE_MS });
    const isTaken = new Set(taken.map((run) => run.id));
    // Copies of messages whose runs have ended meanwhile.
    for (const { run } of admitted) if (!isTaken.has(run)) state.gate.leave(run);
    const begun = taken.map((run) => claimOf(state, run, now));
    return { claims: begun.flatMap(({ claims }) => claims), send: begun.flatMap(({ send }) => send) };
  });
}

/** A run whose function is not there is ended instead. */
function claimOf(state: ProjectState, run: LiveRun, now: Instant): Begun {
  const version = run.version === null ? null : state.versions.get(run.version);
  const functions = version?.functions.filter((fn) => run.fn === null || fn.name === run.fn) ?? [];
  if (version === null || functions.length === 0) {
    return { claims: [], send: failRun(state, run, missing(run), now) };
  }
  return { claims: [toClaim(state, run, version, functions, now)], send: [] };
}

const missing = (run: LiveRun): RunError => ({
  reason: "function_missing",
  message:
    run.version === null
      ? "No version is published, so there is nothing to run."
      : `Version ${run.version} has no function ${run.fn ?? "at all"}.`,
});

function toClaim(
  state: ProjectState,
  run: LiveRun,
  version: Version,
  functions: readonly FunctionSpec[],
  now: Instant,
): Claim {
  const { origin, secretGeneration, secretOverlapUntil } = state.settings.read();
  const { workspaceId, projectId } = state.scope;
  return {
    ref: { workspace: workspaceId, project: projectId, schedule: run.scheduleId, run: run.id },
    facts: {
      id: run.id,
      schedule_id: run.scheduleId,
      scheduled_for: toIso(run.scheduledFor),
      context: run.context,
      scheduled: run.context === "scheduled",
      attempt: run.attempt,
      origin_run_id: run.originRunId,
      version: version.number,
    },
    args: run.args,
    functions,
    code: functions.some((fn) => fn.kind === "code") ? version.code : null,
    whole: run.fn === null,
    timeout: run.timeout,
    origin,
    secretGeneration,
    previousSecretValid: secretOverlapUntil !== null && secretOverlapUntil > now,
  };
}

/** Keeps the leases of runs that are still the executor's; answers the others (cancelled, ended, or settled as lost). */
export function renew(state: ProjectState, keys: readonly RunKey[], now: Instant): readonly RunId[] {
  const held = state.runs.renew(keys, now + LEASE_MS);
  return keys.map((key) => key.run).filter((run) => !held.has(run));
}

/** Records what running runs have produced so far, for whoever looks on. What comes after a run's end changes nothing. */
export function noteProgress(state: ProjectState, notes: readonly Progress[]): void {
  if (notes.length > 0) state.runs.noteOutputs(notes);
}

/** Records how runs ended. An outcome of a run that is not running any more comes too late and changes nothing. */
export function finish(
  state: ProjectState,
  outcomes: readonly { readonly run: RunKey; readonly outcome: Outcome }[],
): readonly RunKey[] {
  return state.storage.transactionSync(() => {
    const runs = new Map(state.runs.getMany(outcomes.map(({ run }) => run)).map((run) => [run.id, run]));
    return outcomes.flatMap(({ run: { run: id }, outcome }) => {
      const run = runs.get(id);
      // The first outcome counts: a second one in the same report finds no run any more.
      runs.delete(id);
      return run?.status === "running" ? settle(state, run, outcome) : [];
    });
  });
}

/** The queue gave these up. They wait for their next sending, unless that has gone on for too long. */
export function giveUp(state: ProjectState, keys: readonly RunKey[], now: Instant): readonly RunKey[] {
  return state.storage.transactionSync(() =>
    keys.flatMap((key) => {
      const run = state.runs.get(key);
      const hopeless = run?.status === "queued" && !run.held && run.sends >= UNDELIVERABLE_AFTER_SENDS;
      return run !== null && hopeless ? failRun(state, run, UNDELIVERABLE, now) : [];
    }),
  );
}
