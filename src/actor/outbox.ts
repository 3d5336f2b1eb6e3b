/**
 * Finished runs on their way to the run log. The rows themselves are the outbox: a row leaves the actor only when the
 * log has it, and the log ignores what it has already, so a crash at any point repeats a step and loses none.
 */
import type { ProjectScope } from "../domain/access.ts";
import type { RunKey } from "../domain/claim.ts";
import type { RunId } from "../domain/ids.ts";
import { type Instant, MINUTE_MS, SECOND_MS } from "../domain/time/instant.ts";
import type { RunLog } from "../runlog/runlog.ts";
import type { LiveRun, RunTable } from "./run-table.ts";

/** Rows for one write of the log. */
const BATCH_SIZE = 100;

/** The wait after the log failed; doubled each time. */
const FIRST_WAIT_MS = SECOND_MS;
const LONGEST_WAIT_MS = 5 * MINUTE_MS;

/** Rows that finish within this time travel together, and the log does not compete with a burst that is being started. */
const GATHER_MS = 500;

/** A flush that is under way is looked after again at this distance, should it never come back. */
const FLUSH_GUARD_MS = 15 * SECOND_MS;

export class Outbox {
  readonly #scope: ProjectScope;
  readonly #log: Pick<RunLog, "record">;
  readonly #runs: RunTable;
  /** A memory of which rows have finished; the rows are the truth, read once when the instance wakes. */
  readonly #waiting = new Map<RunId, RunKey>();
  #flushing: Promise<void> | undefined;
  #failures = 0;
  #notBefore: Instant = 0;

  constructor(scope: ProjectScope, log: Pick<RunLog, "record">, runs: RunTable) {
    this.#scope = scope;
    this.#log = log;
    this.#runs = runs;
  }

  load(): void {
    for (const key of this.#runs.finished()) this.#waiting.set(key.run, key);
  }

  /** Notes a run that has just been written as finished. */
  add(run: Pick<LiveRun, "scheduleId" | "id">): void {
    this.#waiting.set(run.id, { schedule: run.scheduleId, run: run.id });
  }

  /** When the project must wake for what still waits; null when nothing does. */
  wakeAt(): Instant | null {
    return this.#waiting.size === 0 ? null : this.#notBefore;
  }

  /** Writes what waits, one batch after another; several callers share one flush. Never throws. */
  async flush(now: () => Instant): Promise<void> {
    if (this.#waiting.size === 0 || (this.#failures > 0 && now() < this.#notBefore)) return;
    this.#flushing ??= this.#flushAll(now).finally(() => {
      this.#flushing = undefined;
    });
    await this.#flushing;
  }

  async #flushAll(now: () => Instant): Promise<void> {
    this.#notBefore = now() + FLUSH_GUARD_MS;
    await scheduler.wait(GATHER_MS);
    while (this.#waiting.size > 0) {
      const keys = [...this.#waiting.values()].slice(0, BATCH_SIZE);
      try {
        await this.#flushSome(keys);
        this.#failures = 0;
      } catch (cause) {
        const wait = Math.min(FIRST_WAIT_MS * 2 ** this.#failures, LONGEST_WAIT_MS);
        this.#failures += 1;
        this.#notBefore = now() + wait;
        console.error({ event: "run_log_unreachable", project: this.#scope.projectId, wait, cause: String(cause) });
        return;
      }
    }
  }

  async #flushSome(keys: readonly RunKey[]): Promise<void> {
    await this.#log.record(this.#scope, this.#runs.getMany(keys));
    this.#runs.removeMany(keys);
    for (const key of keys) this.#waiting.delete(key.run);
  }
}
