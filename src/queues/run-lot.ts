/**
 * A lot of claimed runs, executed side by side in an invocation of its own. Six at most: that is how many connections one
 * invocation may hold open (workers/platform/limits), so no run waits for a connection that a slow function occupies.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import { reachProject } from "../actor/reach.ts";
import { mintProjectScope } from "../domain/access.ts";
import type { Claim } from "../domain/claim.ts";
import { type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";
import { type Env, readConfig } from "../env.ts";
import { type ExecutorTools, execute, type Isolates } from "../executor/execute.ts";
import { now } from "../system.ts";
import { OutcomeReporter, type Report } from "./outcome-reporter.ts";
import { ProgressReporter } from "./progress-reporter.ts";

export const LOT_SIZE = 6;
/** Of runs of code: an invocation may have four different dynamic workers in flight (dynamic-workers/platform/limits). */
export const CODE_LOT_SIZE = 4;

/** A third of the lease that the actor gives (`actor/executing.ts`): one renewal may fail and the next is still in time. */
const RENEW_EVERY_MS = 10 * SECOND_MS;
/** A lot that ends within this time leaves its outcomes to the consumer, which reports those of all lots together. */
const QUICK_MS = 50;

interface Running {
  readonly claim: Claim;
  readonly controller: AbortController;
}

export class RunLot extends WorkerEntrypoint<Env> {
  /** Resolves when every run has ended, with the outcomes that are still to be reported; a slow lot has reported its own. */
  async execute(claims: readonly Claim[]): Promise<readonly Report[]> {
    const quick: Report[] = [];
    let take = async (report: Report): Promise<void> => {
      quick.push(report);
    };
    const running = new Map(claims.map((claim) => [claim.ref.run, { claim, controller: new AbortController() }]));
    const tools = this.#tools();
    const executeOne = async ({ claim, controller }: Running): Promise<void> => {
      const outcome = await execute(claim, tools, controller.signal);
      running.delete(claim.ref.run);
      if (outcome !== null) await take({ ref: claim.ref, outcome });
    };
    const all = Promise.all([...running.values()].map(executeOne));
    if (await endsWithin(all, QUICK_MS)) return quick;

    const reporter = new OutcomeReporter(this.env);
    take = (report) => reporter.report(report);
    const renewal = setInterval(() => this.#renew(running), RENEW_EVERY_MS);
    try {
      await Promise.all([...quick.map(take), all]);
    } finally {
      clearInterval(renewal);
    }
    return [];
  }

  /** Renews what is still running, and stops what was cancelled or settled meanwhile. */
  async #renew(running: ReadonlyMap<string, Running>): Promise<void> {
    const refs = [...running.values()].map(({ claim }) => claim.ref);
    for (const [first, ...others] of Map.groupBy(refs, (ref) => ref.project).values()) {
      if (first === undefined) continue;
      const keys = [first, ...others].map(({ schedule, run }) => ({ schedule, run }));
      try {
        const project = reachProject(this.env, mintProjectScope(first.workspace, first.project));
        for (const run of await project.renew(keys)) running.get(run)?.controller.abort();
      } catch (cause) {
        console.warn({ event: "lease_not_renewed", project: first.project, cause: String(cause) });
      }
    }
  }

  #tools(): ExecutorTools {
    const { allowLoopback, publicUrl } = readConfig(this.env);
    const progress = new ProgressReporter(this.env);
    return {
      key: this.env.CARILLON_KEY,
      rules: { allowLoopback },
      bucket: this.env.ARTIFACTS,
      publicUrl,
      now,
      isolates: this.#isolates(),
      progress: (claim, output) => progress.report(claim.ref, output),
    };
  }

  /** Null without the binding: code is refused where it is uploaded, and a run of what was uploaded before says why. */
  #isolates(): Isolates | null {
    const { LOADER: loader } = this.env;
    if (loader === undefined) return null;
    const { Gateway, RunHand } = this.ctx.exports;
    return {
      loader,
      gateway: (rules, within) => Gateway({ props: { ...rules, until: within === null ? null : now() + within } }),
      capability: ({ ref: { workspace, project, run } }, fn) => RunHand({ props: { workspace, project, run, fn } }),
    };
  }
}

async function endsWithin(work: Promise<unknown>, time: Milliseconds): Promise<boolean> {
  const isEnd = work.then(() => true);
  return Promise.race([isEnd, scheduler.wait(time).then(() => false)]);
}
