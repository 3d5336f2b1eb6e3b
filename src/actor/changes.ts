/**
 * What this turn has changed of runs and schedules, until whoever listens was told. The tables note every row that they write,
 * so that no verb can forget it; and a turn holds whole transactions, so that once it is over they have all been committed or
 * rolled back.
 */
import type { Run } from "../domain/run.ts";

/** A run, by what a list of runs shows of it. */
export type ChangedRun = Pick<Run, "id" | "status" | "fn" | "scheduleId" | "attempt">;

export interface Changed {
  /** Each once, as it is now. */
  readonly runs: readonly ChangedRun[];
  /** More runs than these were changed, or which ones is not known. */
  readonly isMore: boolean;
  readonly schedules: boolean;
}

/** The most runs that are named. */
const NAMED_MAX = 50;

export class Changes {
  readonly #tell: (changed: Changed) => void;
  readonly #runs = new Map<string, ChangedRun>();
  #isMore = false;
  #schedules = false;
  #isWaiting = false;

  /** `tell` is called once after each turn in which something was noted. */
  constructor(tell: (changed: Changed) => void) {
    this.#tell = tell;
  }

  noteRun(run: ChangedRun): void {
    if (this.#runs.size < NAMED_MAX || this.#runs.has(run.id)) this.#runs.set(run.id, run);
    else this.#isMore = true;
    this.#wait();
  }

  noteSchedules(): void {
    this.#schedules = true;
    this.#wait();
  }

  /** Of a transaction that was rolled back nothing is told. Others of the same turn were not, so that there is something to look for. */
  forget(): void {
    if (this.#runs.size > 0) this.#isMore = true;
    this.#runs.clear();
  }

  #wait(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    queueMicrotask(() => {
      const changed = { runs: [...this.#runs.values()], isMore: this.#isMore, schedules: this.#schedules };
      this.#runs.clear();
      [this.#isMore, this.#schedules, this.#isWaiting] = [false, false, false];
      this.#tell(changed);
    });
  }
}
