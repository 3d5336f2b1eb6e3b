/**
 * The project's one alarm. The only file that sets it: everything that changes what is due says what it wants, and
 * everything overdue counts as due now.
 */
import { type Instant, MINUTE_MS } from "../domain/time/instant.ts";

/** An alarm that is this much overdue will not ring by itself any more (cloudflare-docs#18324). */
const STUCK_AFTER_MS = 2 * MINUTE_MS;

/** As if it had been set before all time: no alarm is a stuck alarm. */
const NOTHING = Number.NEGATIVE_INFINITY;

export class AlarmClock {
  readonly #storage: DurableObjectStorage;
  /** What is set, as far as this instance knows. */
  #armedFor: Instant = NOTHING;
  /** The earliest wake that was asked for since the alarm was last set. */
  #wanted: Instant | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Asks the platform what is set. Once for each instance, before anything else runs. */
  async load(): Promise<void> {
    this.#armedFor = (await this.#storage.getAlarm()) ?? NOTHING;
  }

  /** The alarm has rung: nothing is set until it is armed again. */
  rang(): void {
    this.#armedFor = NOTHING;
  }

  /** Asks for a wake at `at` or before. The tables call it for every time they are given. */
  want(at: Instant | null): void {
    if (at !== null && (this.#wanted === null || at < this.#wanted)) this.#wanted = at;
  }

  /**
   * Sets the alarm if something wants to wake before it; when it was lost or is stuck, for the soonest of all that is due.
   * To be called after a commit with no await between: the write of the alarm then joins the writes of the transaction.
   */
  async armWanted(now: Instant, soonest: () => Instant | null): Promise<void> {
    const wanted = this.#wanted;
    this.#wanted = null;
    if (wanted === null) return;
    if (this.#isStuck(now)) await this.arm(soonest(), now);
    else if (wanted < this.#armedFor) await this.#set(wanted, now);
  }

  /** Makes `at` the next wake, also when an earlier one was set. */
  async arm(at: Instant | null, now: Instant): Promise<void> {
    this.#wanted = null;
    if (at !== null && at !== this.#armedFor) await this.#set(at, now);
  }

  /** Whether a wake at `at` can be relied on. Asks the platform, not the memory. */
  async isSound(at: Instant | null, now: Instant): Promise<boolean> {
    if (at === null) return true;
    await this.load();
    return !this.#isStuck(now) && this.#armedFor <= Math.max(at, now);
  }

  /** Nothing is set, or what is set should have rung long ago. */
  #isStuck(now: Instant): boolean {
    return this.#armedFor <= now - STUCK_AFTER_MS;
  }

  /** Never at or before now: such an alarm was seen to get lost inside the handler (cloudflare/workerd#6866). */
  async #set(at: Instant, now: Instant): Promise<void> {
    const time = Math.max(at, now + 1);
    this.#armedFor = time;
    await this.#storage.setAlarm(time);
  }
}
