/**
 * Finished runs on their way to the run log. The rows themselves are the outbox: a row leaves the actor only when the
 * log has it and what it calls for is ordered, captures and news. The log keeps what it has already, and so do the ledgers of
 * captures and deliveries: a crash at any point repeats a step and loses none.
 */
import type { ProjectScope } from "../domain/access.ts";
import { type Instant, MINUTE_MS, SECOND_MS } from "../domain/time/instant.ts";
import type { RunLog } from "../runlog/runlog.ts";
import type { FinishedRuns } from "./finished-runs.ts";
import { hasNeighbours, PAUSE_MS } from "./neighbours.ts";
import { OrderBacklog } from "./order-backlog.ts";
import type { RunOrders } from "./run-orders.ts";
import { withinTime } from "./within-time.ts";

/** Rows for one write of the log. */
const BATCH_SIZE = 100;
/** The same beside neighbours, whose runs a large write would hold up. */
const SHARED_BATCH_SIZE = 25;

/** The wait after the log failed; doubled each time. */
const FIRST_WAIT_MS = SECOND_MS;
const LONGEST_WAIT_MS = 5 * MINUTE_MS;

/** Rows that finish within this time travel together, and the log does not compete with a burst that is being started. */
const GATHER_MS = 500;

/** While a flush is under way the project wakes for it at this distance: longer than a write may take. */
const FLUSH_GUARD_MS = 30 * SECOND_MS;

export class Outbox {
  readonly #scope: ProjectScope;
  readonly #log: Pick<RunLog, "record">;
  readonly #runs: FinishedRuns;
  readonly #backlog: OrderBacklog;
  /** False when the table was seen to hold no finished run and none has been added since. */
  #mayWait = false;
  #isClosed = false;
  #flushing: Promise<void> | undefined;
  #failures = 0;
  #notBefore: Instant = 0;

  constructor(
    scope: ProjectScope,
    log: Pick<RunLog, "record">,
    runs: FinishedRuns,
    orders: Pick<RunOrders, "ensure" | "left">,
  ) {
    this.#scope = scope;
    this.#log = log;
    this.#runs = runs;
    this.#backlog = new OrderBacklog(runs, orders);
  }

  /** Looks, when the instance wakes, whether anything waits. */
  load(): void {
    const { isUnlogged, isLogged } = this.#runs.look();
    this.#mayWait = isUnlogged;
    this.#backlog.load(isLogged);
  }

  /** The project is gone, and its rows with it: a flush that is under way has nothing left to look at. */
  close(): void {
    this.#isClosed = true;
    this.#mayWait = false;
    this.#backlog.close();
  }

  /** Notes that a run has been written as finished. Harmless when the transaction around it is rolled back. */
  add(): void {
    this.#mayWait = true;
  }

  /** When the project must wake for what still waits; null when nothing does. */
  wakeAt(): Instant | null {
    const times = [this.#mayWait ? this.#notBefore : null, this.#backlog.wakeAt()].filter((time) => time !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Writes what waits, one batch after another; several callers share one flush. Never throws. */
  async flush(now: () => Instant): Promise<void> {
    await Promise.all([this.#flushLog(now), this.#backlog.flush(now)]);
  }

  async #flushLog(now: () => Instant): Promise<void> {
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
    const rows = this.#runs.unlogged(this.#isShared(now) ? SHARED_BATCH_SIZE : BATCH_SIZE);
    this.#mayWait = rows.length > 0;
    if (!this.#mayWait) return false;
    this.#notBefore = now() + FLUSH_GUARD_MS;
    await withinTime(this.#log.record(this.#scope, rows));
    if (this.#isClosed) return false;
    await this.#backlog.release(rows, now);
    return !this.#isClosed;
  }

  #isShared(now: () => Instant): boolean {
    return hasNeighbours(this.#scope.workspaceId, now());
  }
}
