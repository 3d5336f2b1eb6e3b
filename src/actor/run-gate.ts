/**
 * The gate between the actor and the queue: a project has at most so many runs on their way at one time, and at most so
 * many in the queue, in front of other tenants' runs. What is more waits here, oldest first, and goes out as runs begin
 * and end. Kept in memory; the rows of the run table are the truth and make it anew.
 */
import type { RunKey } from "../domain/claim.ts";
import type { RunId } from "../domain/ids.ts";
import { PLANS } from "../domain/plan.ts";
import { type Instant, SECOND_MS } from "../domain/time/instant.ts";
import { type Dispatcher, RESEND_AFTER_MS } from "./dispatcher.ts";
import type { RunTable } from "./run-table.ts";
import type { SettingsTable } from "./settings-table.ts";
import type { SlotLease } from "./slot-lease.ts";

/** Runs that a project may have on their way without asking anyone. */
export const OWN_SLOTS = 5;

/** Runs of a project that may lie in the queue unbegun: what another tenant's run may find in front of it. */
export const QUEUED_AT_MOST = 200;

/** A message is not sent again so soon: after an eviction one ring hands a run over and finds its row due as well. */
const NOT_AGAIN_WITHIN_MS = SECOND_MS;

/** What the gate stands between. */
export interface GateSides {
  readonly runs: RunTable;
  readonly settings: SettingsTable;
  readonly dispatcher: Dispatcher;
  readonly lease: SlotLease;
  readonly now: () => Instant;
  /** Sets the alarm for what the run table was told to look at. */
  readonly armWanted: () => Promise<void>;
  readonly waitUntil: (work: Promise<unknown>) => void;
}

export class RunGate {
  readonly #sides: GateSides;
  /** Handed to the queue by this instance, when last, and not begun as far as is known. */
  readonly #handed = new Map<RunId, Instant>();
  /** Begun and not ended. A run whose function answered 202 occupies no executor, and is not among them. */
  readonly #running = new Set<RunId>();
  /** In the order in which they go. */
  readonly #waiting = new Map<RunId, RunKey>();
  #isLoaded = false;
  #isOpen = true;

  constructor(sides: GateSides) {
    this.#sides = sides;
  }

  open(): void {
    this.#isOpen = true;
  }

  /** The project is gone, and its tables with it: what is still on its way here, an answer about slots, finds nothing. */
  close(): void {
    this.#isOpen = false;
    this.#handed.clear();
  }

  /** What is remembered may not be so: a transaction was rolled back. */
  forget(): void {
    this.#isLoaded = false;
  }

  /** Hands over what may go: of these, and of those that waited. Never throws; what is lost on the way is sent again. */
  async handOver(keys: readonly RunKey[]): Promise<void> {
    if (!this.#isOpen) return;
    try {
      await this.#handOver(keys);
    } catch (cause) {
      console.error({ event: "hand_over_failed", cause: String(cause) });
    }
  }

  async #handOver(keys: readonly RunKey[]): Promise<void> {
    const { dispatcher, now } = this.#sides;
    this.#load();
    for (const key of keys) if (!this.#handed.has(key.run) && !this.#running.has(key.run)) this.#wait(key);
    const again = keys.filter(({ run }) => (this.#handed.get(run) ?? Infinity) <= now() - NOT_AGAIN_WITHIN_MS);
    const leaving = [...again, ...this.#next()];
    for (const { run } of leaving) this.#handed.set(run, now());
    this.#balance();
    if (leaving.length === 0) return;
    const unsent = await dispatcher.send(leaving);
    if (unsent.length > 0 && this.#isOpen) await this.#putBack(unsent);
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
    const refused: RunKey[] = [];
    const admitted = keys.filter((key) => {
      const { run } = key;
      if (this.#running.has(run)) return false;
      const hasSlot = this.#handed.delete(run);
      if (this.#running.size >= limit || (!hasSlot && this.#inUse() >= limit)) {
        if (hasSlot) refused.push(key);
        return false;
      }
      this.#waiting.delete(run);
      this.#running.add(run);
      return true;
    });
    this.#waitInFront(refused);
    return admitted;
  }

  /** A run ended, or waits for something else than an executor. */
  leave(run: RunId): void {
    if (!this.#handed.delete(run) && !this.#running.delete(run)) this.#waiting.delete(run);
  }

  /** Those that waited and may go now. */
  #next(): readonly RunKey[] {
    const room = Math.min(this.#limit() - this.#inUse(), QUEUED_AT_MOST - this.#handed.size);
    const next = room > 0 ? this.#waiting.values().take(room).toArray() : [];
    for (const { run } of next) this.#waiting.delete(run);
    return next;
  }

  /**
   * What the queue did not take gives its place back and goes with the next hand-over, whatever that is for. Should none
   * come, their rows are looked at as soon as those of runs whose message was lost.
   */
  async #putBack(unsent: readonly RunKey[]): Promise<void> {
    const { runs, now, armWanted } = this.#sides;
    this.#waitInFront(unsent.filter(({ run }) => this.#handed.delete(run)));
    runs.lookBy(unsent, now() + RESEND_AFTER_MS);
    await armWanted();
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

  #waitInFront(keys: readonly RunKey[]): void {
    if (keys.length === 0) return;
    const behind = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const key of [...keys, ...behind]) this.#wait(key);
  }

  /**
   * Only what this instance handed over is known to be in the queue, and that stays there whatever was rolled back. The
   * rest waits and goes again: of a run whose message an earlier instance sent, the copy that comes second is turned away.
   */
  #load(): void {
    if (this.#isLoaded) return;
    const { running, queued } = this.#sides.runs.onTheirWay();
    const handed = new Map(this.#handed);
    for (const known of [this.#handed, this.#running, this.#waiting]) known.clear();
    for (const { run } of running) this.#running.add(run);
    for (const key of queued) {
      const at = handed.get(key.run);
      if (at === undefined) this.#wait(key);
      else this.#handed.set(key.run, at);
    }
    this.#isLoaded = true;
  }
}
