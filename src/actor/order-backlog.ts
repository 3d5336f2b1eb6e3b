/**
 * Finished runs that the log has and whose captures or news could not be ordered, because a queue was down: they stay in the
 * actor until they are. Told apart from those that wait for the log, so that neither holds up the other.
 */

import { SEND_BATCH_SIZE } from "../domain/batches.ts";
import { type Instant, MINUTE_MS, SECOND_MS } from "../domain/time/instant.ts";
import { keyOf } from "./dispatcher.ts";
import type { FinishedRuns } from "./finished-runs.ts";
import type { RunOrders } from "./run-orders.ts";
import type { LiveRun } from "./run-row.ts";

/** The wait after the queue failed; doubled each time. Short at first: news waits a minute. */
const FIRST_WAIT_MS = 2 * SECOND_MS;
const LONGEST_WAIT_MS = 5 * MINUTE_MS;

/** While orders are on their way the project wakes for them at this distance: longer than sending may take. */
const SENDING_GUARD_MS = 30 * SECOND_MS;

export class OrderBacklog {
  readonly #runs: FinishedRuns;
  readonly #orders: Pick<RunOrders, "ensure" | "left">;
  #mayWait = false;
  #isClosed = false;
  #failures = 0;
  #notBefore: Instant = 0;

  constructor(runs: FinishedRuns, orders: Pick<RunOrders, "ensure" | "left">) {
    this.#runs = runs;
    this.#orders = orders;
  }

  /** Says, when the instance wakes, whether anything waits. */
  load(mayWait: boolean): void {
    this.#mayWait = mayWait;
  }

  close(): void {
    this.#isClosed = true;
    this.#mayWait = false;
  }

  /** When the project must wake for what waits; null when nothing does. */
  wakeAt(): Instant | null {
    return this.#mayWait ? this.#notBefore : null;
  }

  /** Lets go of runs that the log has: those whose orders are sent leave the actor, the others wait here. */
  async release(rows: readonly LiveRun[], now: () => Instant): Promise<void> {
    const kept = await this.#letGo(rows);
    if (kept.length === 0) return;
    this.#runs.noteLogged(kept.map(keyOf));
    this.#mayWait = true;
    this.#putOff(now());
  }

  /** Orders again what is due. Never throws. */
  async flush(now: () => Instant): Promise<void> {
    while (this.#mayWait && now() >= this.#notBefore) {
      const rows = this.#runs.logged(SEND_BATCH_SIZE);
      this.#mayWait = rows.length > 0;
      if (!this.#mayWait) return;
      this.#notBefore = now() + SENDING_GUARD_MS;
      const kept = await this.#letGo(rows);
      if (kept.length > 0) return this.#putOff(now());
      this.#failures = 0;
      this.#notBefore = now();
    }
  }

  /** Has those leave the actor whose orders are sent. Answers the others; none of a project that is gone by then. */
  async #letGo(rows: readonly LiveRun[]): Promise<readonly LiveRun[]> {
    const unsent = await this.#orders.ensure(rows);
    if (this.#isClosed) return [];
    const left = rows.filter(({ id }) => !unsent.has(id));
    this.#runs.remove(left.map(keyOf));
    this.#orders.left(left.map(({ id }) => id));
    return rows.filter(({ id }) => unsent.has(id));
  }

  #putOff(now: Instant): void {
    this.#notBefore = now + Math.min(FIRST_WAIT_MS * 2 ** this.#failures, LONGEST_WAIT_MS);
    this.#failures += 1;
  }
}
