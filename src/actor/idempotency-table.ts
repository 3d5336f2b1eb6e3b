/** Answers that were given under a caller's key, so that the same write asked twice happens once. */
import type { Failure } from "../domain/errors.ts";
import { fail, type Result } from "../domain/result.ts";
import { DAY_MS, type Instant } from "../domain/time/instant.ts";
import type { Idempotency, Replayable } from "./rpc.ts";

/** How long a key is remembered. */
export const IDEMPOTENCY_KEPT_MS = DAY_MS;

export class IdempotencyTable {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /**
   * Runs `write` in one transaction with the note of its answer. The same key and fingerprint again: the first answer,
   * and nothing is written. Refusals are not remembered: the caller may mend the request and use the key again.
   * `isRefusal` says so of answers that are refusals inside, such as a batch of which no item was accepted.
   */
  once<Value>(
    wish: Idempotency | undefined,
    now: Instant,
    write: () => Result<Value, Failure>,
    isRefusal: (value: Value) => boolean = () => false,
  ): Replayable<Value> {
    return this.#storage.transactionSync(() => {
      if (wish === undefined) return write();
      const known = this.#find(wish.key, now);
      if (known !== undefined && known.fingerprint !== wish.fingerprint) {
        return fail({ code: "idempotency_key_reused", key: wish.key });
      }
      if (known !== undefined) return { ...parseAnswer<Value>(known.answer), replayed: true };
      const answer = write();
      if (answer.ok && !isRefusal(answer.value)) this.#remember(wish, answer, now);
      return answer;
    });
  }

  forgetExpired(now: Instant): void {
    this.#storage.sql.exec("DELETE FROM idempotency WHERE expires_at <= ?1", now);
  }

  #find(key: string, now: Instant): { fingerprint: string; answer: string } | undefined {
    return this.#storage.sql
      .exec<{ fingerprint: string; answer: string }>(
        "SELECT fingerprint, answer FROM idempotency WHERE key = ?1 AND expires_at > ?2",
        key,
        now,
      )
      .toArray()[0];
  }

  #remember(wish: Idempotency, answer: Result<unknown, Failure>, now: Instant): void {
    this.#storage.sql.exec(
      "INSERT OR REPLACE INTO idempotency (key, fingerprint, answer, expires_at) VALUES (?1, ?2, ?3, ?4)",
      wish.key,
      wish.fingerprint,
      JSON.stringify(answer),
      now + IDEMPOTENCY_KEPT_MS,
    );
  }
}

/** What was written by `once` for the same verb: the fingerprint vouches for its type. */
const parseAnswer = <Value>(answer: string): Result<Value, Failure> => JSON.parse(answer) as Result<Value, Failure>;
