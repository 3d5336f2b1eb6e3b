/**
 * A lot of claimed runs, executed side by side in an invocation of its own. Six at most: that is how many connections one
 * invocation may hold open (workers/platform/limits), so no run waits for a connection that a slow function occupies.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import { reachProject } from "../actor/reach.ts";
import type { ProjectVerbs } from "../actor/rpc.ts";
import { mintProjectScope } from "../domain/access.ts";
import type { Claim } from "../domain/claim.ts";
import { SECOND_MS } from "../domain/time/instant.ts";
import { type Env, readConfig } from "../env.ts";
import { type ExecutorTools, execute } from "../executor/execute.ts";
import { now } from "../system.ts";
import { OutcomeReporter } from "./outcome-reporter.ts";

export const LOT_SIZE = 6;

/** Half of the lease that the actor gives. */
const RENEW_EVERY_MS = 15 * SECOND_MS;

export class RunLot extends WorkerEntrypoint<Env> {
  /** Resolves when every run of the lot has been reported. */
  async execute(claims: readonly Claim[]): Promise<void> {
    const reporter = new OutcomeReporter((ref) => this.#projectOf(ref));
    const controllers = new Map(claims.map((claim) => [claim.ref.run, new AbortController()]));
    const running = new Set(claims);
    const renewal = setInterval(() => this.#renew([...running], controllers), RENEW_EVERY_MS);
    try {
      await Promise.all(
        claims.map(async (claim) => {
          const signal = controllers.get(claim.ref.run)?.signal ?? AbortSignal.abort();
          const outcome = await execute(claim, this.#tools(), signal);
          running.delete(claim);
          if (outcome !== null) await reporter.report(claim.ref, outcome);
        }),
      );
    } finally {
      clearInterval(renewal);
    }
  }

  /** Renews what is still running, and stops what was cancelled or settled meanwhile. */
  async #renew(claims: readonly Claim[], controllers: ReadonlyMap<string, AbortController>): Promise<void> {
    for (const [, group] of Map.groupBy(claims, (claim) => claim.ref.project)) {
      const first = group[0];
      if (first === undefined) continue;
      try {
        const gone = await this.#projectOf(first.ref).renew(
          group.map(({ ref }) => ({ schedule: ref.schedule, run: ref.run })),
        );
        for (const run of gone) controllers.get(run)?.abort();
      } catch (cause) {
        // The next renewal comes before the lease ends.
        console.warn({ event: "lease_not_renewed", project: first.ref.project, cause: String(cause) });
      }
    }
  }

  #projectOf(ref: Claim["ref"]): ProjectVerbs {
    return reachProject(this.env, mintProjectScope(ref.workspace, ref.project));
  }

  #tools(): ExecutorTools {
    const { allowLoopback, publicUrl } = readConfig(this.env);
    const ownHosts = publicUrl === null ? [] : [new URL(publicUrl).hostname];
    return {
      key: this.env.CARILLON_KEY,
      // On a developer's machine the scheduler and its functions share one host name.
      rules: { allowLoopback, ownHosts: allowLoopback ? [] : ownHosts },
      bucket: this.env.ARTIFACTS,
      publicUrl: publicUrl ?? "",
      now,
    };
  }
}
