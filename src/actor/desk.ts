/**
 * How a verb of the project is carried out: one transaction, once for each idempotency key; then the alarm, in the same
 * turn, so that its write joins the transaction's; then what leaves the house; and last a flush that nobody waits for.
 */
import type { RunKey } from "../domain/claim.ts";
import { type Failure, notFound } from "../domain/errors.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Run } from "../domain/run.ts";
import type { Instant } from "../domain/time/instant.ts";
import type { Answer, Idempotency } from "./rpc.ts";
import { type Started, toRun } from "./starting-runs.ts";
import { type ProjectState, soonest } from "./state.ts";

interface WriteOptions<Value> {
  readonly idempotency?: Idempotency | undefined;
  /** Asked after the commit for the runs to hand over; a repeated write under a key hands over none. */
  readonly sends?: () => readonly RunKey[];
  /** Answers that are not remembered under the key. */
  readonly isRefusal?: (value: Value) => boolean;
}

export class Desk {
  /** Whether the project exists: a message that comes late for a deleted one finds nothing and makes nothing. */
  isOpen = false;
  #hasLooked = false;
  readonly #state: ProjectState;
  readonly #waitUntil: (work: Promise<unknown>) => void;

  constructor(state: ProjectState, waitUntil: (work: Promise<unknown>) => void) {
    this.#state = state;
    this.#waitUntil = waitUntil;
  }

  read<Value>(question: () => Result<Value, Failure>): Result<Value, Failure> {
    this.#lookAtAlarm();
    return this.isOpen ? question() : fail(notFound("project", this.#state.scope.projectId));
  }

  async write<Value>(
    verb: (at: Instant) => Result<Value, Failure>,
    { idempotency, sends, isRefusal }: WriteOptions<Value> = {},
  ): Answer<Value> {
    if (!this.isOpen) return fail(notFound("project", this.#state.scope.projectId));
    const at = this.#state.now();
    const answer = this.committed(() => this.#state.idempotency.once(idempotency, at, () => verb(at), isRefusal));
    await this.afterCommit(sends?.() ?? []);
    return answer;
  }

  /** A write that starts runs. */
  async start(verb: (at: Instant) => Result<Started, Failure>, idempotency?: Idempotency): Answer<Run> {
    let send: readonly RunKey[] = [];
    const start = (at: Instant): Result<Run, Failure> => {
      const started = verb(at);
      if (!started.ok) return started;
      send = started.value.send;
      return ok(toRun(started.value.run));
    };
    return this.write(start, { idempotency, sends: () => send });
  }

  /** What the memory holds of a transaction that did not commit is forgotten with it. */
  committed<Value>(write: () => Value): Value {
    this.#lookAtAlarm();
    try {
      return write();
    } catch (cause) {
      this.#state.schedules.forgetCache();
      this.#state.settings.forgetCache();
      this.#state.versions.forgetCache();
      throw cause;
    }
  }

  async afterCommit(send: readonly RunKey[]): Promise<void> {
    const armed = this.#state.clock.armWanted(this.#state.now(), () => soonest(this.#state));
    if (send.length > 0) await this.#state.dispatcher.send(send);
    await armed;
    this.flush();
  }

  /**
   * Once for each instance, with the first call: an alarm that was lost while nobody looked is set again. Not when the
   * instance wakes, because an alarm that is about to ring looks then as if it were lost.
   */
  #lookAtAlarm(): void {
    if (!this.isOpen || this.#hasLooked) return;
    this.#hasLooked = true;
    const { clock, now } = this.#state;
    clock.want(soonest(this.#state));
    this.#waitUntil(clock.armWanted(now(), () => soonest(this.#state)));
  }

  /** The alarm rang: it is not lost, and what it does sets the next one. */
  rang(): void {
    this.#hasLooked = true;
  }

  /** Writes finished runs to the log. Then the alarm moves on: to the next occurrence, or to the next try if some are left. */
  flush(): void {
    const { outbox, runs, clock, now } = this.#state;
    if (outbox.wakeAt() === null) return;
    const flushed = outbox.flush(now).then(async () => {
      if (this.isOpen && (runs.isEmpty() || outbox.wakeAt() !== null)) await clock.arm(soonest(this.#state), now());
    });
    this.#waitUntil(flushed);
  }
}
