/** Reports outcomes to their projects: those that come in while a report is being made travel together in the next one. */
import { reachProject } from "../actor/reach.ts";
import { mintProjectScope } from "../domain/access.ts";
import type { RunRef } from "../domain/claim.ts";
import type { Outcome } from "../domain/run.ts";
import { type Instant, SECOND_MS } from "../domain/time/instant.ts";
import type { Env } from "../env.ts";
import { now } from "../system.ts";

/** Tries before an outcome is given up; the lease then ends and the run is settled as lost. */
const REPORT_TRIES = 6;

/** Outcomes that come within this time travel together. */
const GATHER_MS = 10;
/** While batches keep coming in, starting them goes before reporting: for so long at most. */
const YIELD_TO_STARTS_MS = 250;
/** Batches that come closer together than this are one burst. */
const BURST_GAP_MS = 40;

/** When this isolate last began a batch. A hint and nothing more: isolates come and go. */
let lastStart: Instant = 0;

/** Says that runs are being started. */
export function noteStart(): void {
  lastStart = now();
}

async function gather(): Promise<void> {
  await scheduler.wait(GATHER_MS);
  const latest = now() + YIELD_TO_STARTS_MS;
  while (now() - lastStart < BURST_GAP_MS && now() < latest) await scheduler.wait(GATHER_MS);
}

/** How one run ended. */
export interface Report {
  readonly ref: RunRef;
  readonly outcome: Outcome;
}

interface Line {
  readonly waiting: Report[];
  sending: Promise<void> | undefined;
}

export class OutcomeReporter {
  readonly #env: Pick<Env, "PROJECT">;
  /** One for each project. */
  readonly #lines = new Map<string, Line>();

  constructor(env: Pick<Env, "PROJECT">) {
    this.#env = env;
  }

  /** Resolves when the outcome has been taken or given up. */
  async report(report: Report): Promise<void> {
    const { project } = report.ref;
    const line = this.#lines.get(project) ?? { waiting: [], sending: undefined };
    this.#lines.set(project, line);
    line.waiting.push(report);
    line.sending ??= this.#sendAll(line);
    await line.sending;
  }

  async #sendAll(line: Line): Promise<void> {
    try {
      while (line.waiting.length > 0) {
        await gather();
        await this.#send(line.waiting.splice(0));
      }
    } finally {
      // In the turn of the last look: whoever comes after it starts a line of sending of their own.
      line.sending = undefined;
    }
  }

  async #send(reports: readonly Report[]): Promise<void> {
    const ref = reports[0]?.ref;
    if (ref === undefined) return;
    const outcomes = reports.map(({ ref: { schedule, run }, outcome }) => ({ run: { schedule, run }, outcome }));
    for (let tries = 1; tries <= REPORT_TRIES; tries += 1) {
      try {
        await reachProject(this.#env, mintProjectScope(ref.workspace, ref.project)).finish(outcomes);
        return;
      } catch (cause) {
        console.warn({ event: "outcomes_not_reported", project: ref.project, tries, cause: String(cause) });
        if (tries < REPORT_TRIES) await scheduler.wait(SECOND_MS * tries);
      }
    }
  }
}
