/**
 * How a verb of the project is carried out: one transaction, once for each idempotency key; then the alarm, in the same
 * turn, so that its write joins the transaction's; then what leaves the house; and last a flush that nobody waits for.
 */
import type { RunKey } from "../domain/claim.ts";
import { type Failure, notFound } from "../domain/errors.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Run } from "../domain/run.ts";
import type { Instant } from "../domain/time/instant.ts";
import { noteActive, tellRegistry } from "./registration.ts";
import type { Answer, Idempotency } from "./rpc.ts";
import { type Started, toRun } from "./starting-runs.ts";
import { forgetUncommitted, type ProjectState, soonest } from "./state.ts";

interface WriteOptions<Value> {
  readonly idempotency?: Idempotency | undefined;
  /** Asked after the commit for the runs to hand over; a repeated write under a key hands over none. */
  readonly sends?: () => readonly RunKey[];
  /** Asked inside the transaction whether there is something to wake for now, of which the directory is then told. */
  readonly activates?: (value: Value) => boolean;
  /** Answers that are not remembered under the key. */
  readonly isRefusal?: (value: Value) => boolean;
}

export class Desk {
  #isOpen = false;
  #hasLooked = false;
  readonly #state: ProjectState;
  readonly #waitUntil: (work: Promise<unknown>) => void;

  constructor(state: ProjectState, waitUntil: (work: Promise<unknown>) => void) {
    this.#state = state;
    this.#waitUntil = waitUntil;
  }

  /** Whether the project exists: a message that comes late for a deleted one finds nothing and makes nothing. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  open(): void {
    this.#isOpen = true;
    this.#state.gate.open();
  }

  close(): void {
    this.#isOpen = false;
    forgetUncommitted(this.#state);
    this.#state.outbox.close();
    this.#state.notices.close();
    this.#state.gate.close();
  }

  read<Value>(question: () => Result<Value, Failure>): Result<Value, Failure> {
    this.#lookAtAlarm();
    return this.isOpen ? question() : fail(notFound("project", this.#state.scope.projectId));
  }

  async write<Value>(
    verb: (at: Instant) => Result<Value, Failure>,
    { idempotency, sends, activates, isRefusal }: WriteOptions<Value> = {},
  ): Answer<Value> {
    if (!this.isOpen) return fail(notFound("project", this.#state.scope.projectId));
    const at = this.#state.now();
    let isNews = false;
    const writeOnce = (): Result<Value, Failure> => {
      const answer = verb(at);
      isNews = answer.ok && activates?.(answer.value) === true && noteActive(this.#state);
      return answer;
    };
    const answer = this.committed(() => this.#state.idempotency.once(idempotency, at, writeOnce, isRefusal));
    if (isNews) this.#waitUntil(tellRegistry(this.#state));
    await this.afterCommit(sends?.() ?? []);
    return answer;
  }

  /** A write that starts runs, and answers one. */
  async start(verb: (at: Instant) => Result<Started, Failure>, idempotency?: Idempotency): Answer<Run> {
    return this.sending(verb, ({ run }) => toRun(run), { idempotency });
  }

  /** A write whose runs are handed over after the commit; `show` makes the answer of it. */
  async sending<Value extends { readonly send: readonly RunKey[] }, Shown>(
    verb: (at: Instant) => Result<Value, Failure>,
    show: (value: Value) => Shown,
    options: Omit<WriteOptions<Shown>, "sends"> = {},
  ): Answer<Shown> {
    let send: readonly RunKey[] = [];
    const write = (at: Instant): Result<Shown, Failure> => {
      const written = verb(at);
      if (!written.ok) return written;
      send = written.value.send;
      return ok(show(written.value));
    };
    return this.write(write, { ...options, sends: () => send });
  }

  /** What the memory holds of a transaction that did not commit is forgotten with it. */
  committed<Value>(write: () => Value): Value {
    this.#lookAtAlarm();
    try {
      return write();
    } catch (cause) {
      forgetUncommitted(this.#state);
      throw cause;
    }
  }

  async afterCommit(send: readonly RunKey[]): Promise<void> {
    this.tell();
    const armed = this.#state.clock.armWanted(this.#state.now(), () => soonest(this.#state));
    await this.#state.gate.handOver(send);
    await armed;
    this.flush();
  }

  /** Orders what was noted: captures and news. */
  tell(): void {
    const { orders, notices, now } = this.#state;
    this.#waitUntil(orders.send());
    this.#waitUntil(notices.send(now));
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
