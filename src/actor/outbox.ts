/**
 * Finished runs on their way to the run log. The rows themselves are the outbox: a row leaves the actor only when the
 * log has it, and the log keeps what it has already, so a crash at any point repeats a step and loses none.
 */
import type { ProjectScope } from "../domain/access.ts";
import { type Instant, MINUTE_MS, SECOND_MS } from "../domain/time/instant.ts";
import type { RunLog } from "../runlog/runlog.ts";
import { keyOf } from "./dispatcher.ts";
import { hasNeighbours, PAUSE_MS } from "./neighbours.ts";
import type { RunTable } from "./run-table.ts";

/** Rows for one write of the log. */
const BATCH_SIZE = 100;
/** The same beside neighbours, whose runs a large write would hold up. */
const SHARED_BATCH_SIZE = 25;

/** The wait after the log failed; doubled each time. */
const FIRST_WAIT_MS = SECOND_MS;
const LONGEST_WAIT_MS = 5 * MINUTE_MS;

/** Rows that finish within this time travel together, and the log does not compete with a burst that is being started. */
const GATHER_MS = 500;

/** A write that takes longer counts as failed; should it arrive all the same, the log has the rows and keeps them. */
const WRITE_TIMEOUT_MS = 20 * SECOND_MS;

/** While a flush is under way the project wakes for it at this distance: longer than a write may take. */
const FLUSH_GUARD_MS = 30 * SECOND_MS;

export class Outbox {
  readonly #scope: ProjectScope;
  readonly #log: Pick<RunLog, "record">;
  readonly #runs: RunTable;
  /** False when the table was seen to hold no finished run and none has been added since. */
  #mayWait = false;
  #isClosed = false;
  #flushing: Promise<void> | undefined;
  #failures = 0;
  #notBefore: Instant = 0;

  constructor(scope: ProjectScope, log: Pick<RunLog, "record">, runs: RunTable) {
    this.#scope = scope;
    this.#log = log;
    this.#runs = runs;
  }

  /** Looks, when the instance wakes, whether anything waits. */
  load(): void {
    this.#mayWait = this.#runs.finished(1).length > 0;
  }

  /** The project is gone, and its rows with it: a flush that is under way has nothing left to look at. */
  close(): void {
    this.#isClosed = true;
    this.#mayWait = false;
  }

  /** Notes that a run has been written as finished. Harmless when the transaction around it is rolled back. */
  add(): void {
    this.#mayWait = true;
  }

  /** When the project must wake for what still waits; null when nothing does. */
  wakeAt(): Instant | null {
    return this.#mayWait ? this.#notBefore : null;
  }

  /** Writes what waits, one batch after another; several callers share one flush. Never throws. */
  async flush(now: () => Instant): Promise<void> {
    if (!this.#mayWait || (this.#failures > 0 && now() < this.#notBefore)) return;
    this.#flushing ??= this.#flushAll(now);
    await this.#flushing;
  }

  async #flushAll(now: () => Instant): Promise<void> {
    try {
      this.#notBefore = now() + FLUSH_GUARD_MS;
      await scheduler.wait(GATHER_MS);
      while (await this.#flushSome(now)) {
        this.#failures = 0;
        if (this.#isShared(now)) await scheduler.wait(PAUSE_MS);
      }
    } catch (cause) {
      const wait = Math.min(FIRST_WAIT_MS * 2 ** this.#failures, LONGEST_WAIT_MS);
      this.#failures += 1;
      this.#notBefore = now() + wait;
      console.error({ event: "run_log_unreachable", project: this.#scope.projectId, wait, cause: String(cause) });
    } finally {
      this.#flushing = undefined;
    }
  }

  /** False when there was nothing left; no await lies between that look and the note of it. */
  async #flushSome(now: () => Instant): Promise<boolean> {
    if (this.#isClosed) return false;
    const rows = this.#runs.finished(this.#isShared(now) ? SHARED_BATCH_SIZE : BATCH_SIZE);
    this.#mayWait = rows.length > 0;
    if (!this.#mayWait) return false;
    this.#notBefore = now() + FLUSH_GUARD_MS;
    await withinTime(this.#log.record(this.#scope, rows));
    if (this.#isClosed) return false;
    this.#runs.removeFinished(rows.map(keyOf));
    return true;
  }

  #isShared(now: () => Instant): boolean {
    return hasNeighbours(this.#scope.workspaceId, now());
  }
}

/** The timer is taken back: a pending one would keep the object awake, and billed, after its work is done. */
async function withinTime(write: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`The write took longer than ${WRITE_TIMEOUT_MS} ms`);
    timer = setTimeout(() => reject(error), WRITE_TIMEOUT_MS);
  });
  try {
    await Promise.race([write, late]);
  } finally {
    clearTimeout(timer);
  }
}
