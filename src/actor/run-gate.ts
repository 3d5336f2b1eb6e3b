/**
 * The gate between the actor and the queue: a project has at most so many runs on their way at one time, and at most so
 * many in the queue, in front of other tenants' runs. What is more waits here, oldest first, and goes out as runs begin
 * and end. Kept in memory; the rows of the run table are the truth and make it anew.
 */
import type { RunKey } from "../domain/claim.ts";
import type { RunId } from "../domain/ids.ts";
import { PLANS } from "../domain/plan.ts";
import type { Instant } from "../domain/time/instant.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { RunTable } from "./run-table.ts";
import type { SettingsTable } from "./settings-table.ts";
import type { SlotLease } from "./slot-lease.ts";

/** Runs that a project may have on their way without asking anyone. */
export const OWN_SLOTS = 5;

/** Runs of a project that may lie in the queue unbegun: what another tenant's run may find in front of it. */
export const QUEUED_AT_MOST = 200;

/** What the gate stands between. */
export interface GateSides {
  readonly runs: RunTable;
  readonly settings: SettingsTable;
  readonly dispatcher: Dispatcher;
  readonly lease: SlotLease;
  readonly now: () => Instant;
  readonly waitUntil: (work: Promise<unknown>) => void;
}

export class RunGate {
  readonly #sides: GateSides;
  /** Handed to the queue, and not begun as far as is known. */
  readonly #handed = new Set<RunId>();
  /** Begun and not ended. A run whose function answered 202 occupies no executor, and is not among them. */
  readonly #running = new Set<RunId>();
  /** In the order in which they go. */
  readonly #waiting = new Map<RunId, RunKey>();
  #isLoaded = false;

  constructor(sides: GateSides) {
    this.#sides = sides;
  }

  /** What is remembered may not be so: a transaction was rolled back, or the project is closed. */
  forget(): void {
    this.#isLoaded = false;
  }

  /** Hands over what may go: of these, and of those that waited. Never throws; what is lost on the way is sent again. */
  async handOver(keys: readonly RunKey[]): Promise<void> {
    this.#load();
    const again = keys.filter(({ run }) => this.#handed.has(run));
    for (const key of keys) if (!this.#handed.has(key.run) && !this.#running.has(key.run)) this.#wait(key);
    await this.#send([...again, ...this.#next()]);
  }

  /** Whether a run waits here, so that there is no message of it to be sent again. */
  isWaiting(run: RunId): boolean {
    this.#load();
    return this.#waiting.has(run);
  }

  /** Of the runs whose messages arrived, those that may begin; the others wait, their messages being used up. */
  admit(keys: readonly RunKey[]): readonly RunKey[] {
    this.#load();
    const limit = this.#limit();
    return keys.filter((key) => {
      const { run } = key;
      if (this.#running.has(run)) return false;
      const hasSlot = this.#handed.delete(run);
      if (this.#running.size >= limit || (!hasSlot && this.#inUse() >= limit)) {
        if (hasSlot) this.#waitInFront(key);
        return false;
      }
      this.#waiting.delete(run);
      this.#running.add(run);
      return true;
    });
  }

  /** A run ended, or waits for something else than an executor. */
  leave(run: RunId): void {
    if (!this.#handed.delete(run) && !this.#running.delete(run)) this.#waiting.delete(run);
  }

  /** Those that waited and may go now. */
  #next(): readonly RunKey[] {
    const room = Math.min(this.#limit() - this.#inUse(), QUEUED_AT_MOST - this.#handed.size);
    const next = room > 0 ? this.#waiting.values().take(room).toArray() : [];
    for (const { run } of next) {
      this.#waiting.delete(run);
      this.#handed.add(run);
    }
    return next;
  }

  async #send(keys: readonly RunKey[]): Promise<void> {
    this.#balance();
    if (keys.length > 0) await this.#sides.dispatcher.send(keys);
  }

  /** Holds as many slots as are of use, in the background. What they let through goes as soon as they are there. */
  #balance(): void {
    const { lease, now, waitUntil } = this.#sides;
    const { concurrentRunsPerProject, concurrentRuns: cap } = this.#plan();
    const most = Math.max(concurrentRunsPerProject - OWN_SLOTS, 0);
    const wanted = Math.min(Math.max(this.#inUse() + this.#waiting.size - OWN_SLOTS, 0), most);
    if (!lease.isToAsk(wanted, now())) return;
    const asked = lease.ask({ wanted, most, own: OWN_SLOTS, cap }, now);
    waitUntil(asked.then(() => this.handOver([])));
  }

  #inUse(): number {
    return this.#handed.size + this.#running.size;
  }

  #limit(): number {
    const { lease, now } = this.#sides;
    return Math.min(this.#plan().concurrentRunsPerProject, OWN_SLOTS + lease.held(now()));
  }

  #plan() {
    return PLANS[this.#sides.settings.read().plan];
  }

  #wait(key: RunKey): void {
    if (!this.#waiting.has(key.run)) this.#waiting.set(key.run, key);
  }

  #waitInFront(key: RunKey): void {
    const behind = [...this.#waiting];
    this.#waiting.clear();
    this.#wait(key);
    for (const [run, other] of behind) this.#waiting.set(run, other);
  }

  /**
   * What is queued goes oldest first, so of the queued rows the oldest that fit were handed over, and the others were not.
   * Where that is mistaken, a message is sent again when its row asks for it, or comes twice and is turned away.
   */
  #load(): void {
    if (this.#isLoaded) return;
    this.#isLoaded = true;
    for (const known of [this.#handed, this.#running, this.#waiting]) known.clear();
    const { running, queued } = this.#sides.runs.onTheirWay();
    for (const { run } of running) this.#running.add(run);
    for (const key of queued) this.#wait(key);
    this.#next();
  }
}
