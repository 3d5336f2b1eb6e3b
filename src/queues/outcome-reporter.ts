/** Reports outcomes to their projects: those that end while a report is under way travel together in the next one. */
import type { ProjectVerbs } from "../actor/rpc.ts";
import type { RunKey, RunRef } from "../domain/claim.ts";
import type { Outcome } from "../domain/run.ts";
import { SECOND_MS } from "../domain/time/instant.ts";

/** Tries before an outcome is given up; the lease then ends and the run is settled as lost. */
const REPORT_TRIES = 6;

type Report = { readonly run: RunKey; readonly outcome: Outcome };

interface Line {
  readonly waiting: Report[];
  /** The report under way, and after it those that came in meanwhile. */
  sending: Promise<void> | undefined;
}

export class OutcomeReporter {
  readonly #projectOf: (ref: RunRef) => Pick<ProjectVerbs, "finish">;
  readonly #lines = new Map<string, Line>();

  constructor(projectOf: (ref: RunRef) => Pick<ProjectVerbs, "finish">) {
    this.#projectOf = projectOf;
  }

  /** Resolves when the outcome has been taken or given up. */
  async report(ref: RunRef, outcome: Outcome): Promise<void> {
    const line = this.#lines.get(ref.project) ?? { waiting: [], sending: undefined };
    this.#lines.set(ref.project, line);
    line.waiting.push({ run: { schedule: ref.schedule, run: ref.run }, outcome });
    line.sending ??= this.#sendAll(ref, line).finally(() => {
      line.sending = undefined;
    });
    await line.sending;
  }

  async #sendAll(ref: RunRef, line: Line): Promise<void> {
    while (line.waiting.length > 0) {
      // Let those that end in this very turn come along.
      await Promise.resolve();
      await this.#send(ref, line.waiting.splice(0));
    }
  }

  async #send(ref: RunRef, reports: readonly Report[]): Promise<void> {
    for (let tries = 1; tries <= REPORT_TRIES; tries += 1) {
      try {
        await this.#projectOf(ref).finish(reports);
        return;
      } catch (cause) {
        console.warn({ event: "outcome_not_reported", project: ref.project, tries, cause: String(cause) });
        if (tries < REPORT_TRIES) await scheduler.wait(SECOND_MS * tries);
      }
    }
  }
}
