/**
 * What this turn has changed of runs and schedules, until whoever listens was told. The tables note every row that they write,
 * so that no verb can forget it; and a turn holds whole transactions, so that once it is over they have all been committed or
 * rolled back.
 */
import type { RunId } from "../domain/ids.ts";

export interface Changed {
  /** Each once. */
  readonly runs: readonly RunId[];
  /** More runs than these were changed, or which ones is not known. */
  readonly isMore: boolean;
  readonly schedules: boolean;
}

/** The most runs that are named. */
const NAMED_MAX = 50;

/** What two turns have changed, as if they had been one. */
export function together(one: Changed, other: Changed): Changed {
  const runs = [...new Set([...one.runs, ...other.runs])];
  return {
    runs: runs.slice(0, NAMED_MAX),
    isMore: one.isMore || other.isMore || runs.length > NAMED_MAX,
    schedules: one.schedules || other.schedules,
  };
}

export class Changes {
  readonly #tell: (changed: Changed) => void;
  readonly #runs = new Set<RunId>();
  #isMore = false;
  #schedules = false;
  #isWaiting = false;

  /** `tell` is called once after each turn in which something was noted. */
  constructor(tell: (changed: Changed) => void) {
    this.#tell = tell;
  }

  noteRun(run: RunId): void {
    if (this.#runs.size < NAMED_MAX || this.#runs.has(run)) this.#runs.add(run);
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
      const changed = { runs: [...this.#runs], isMore: this.#isMore, schedules: this.#schedules };
      this.#runs.clear();
      [this.#isMore, this.#schedules, this.#isWaiting] = [false, false, false];
      this.#tell(changed);
    });
  }
}
