/** What an isolate remembers of the directory for a few seconds, so that a burst of calls costs one look-up. */
import type { Instant, Milliseconds } from "../domain/time/instant.ts";

/** The longest that a change made elsewhere stays unseen here: a revoked token, a deleted project. */
export const RECALL_MS: Milliseconds = 5_000;
const RECALL_ENTRIES = 2_000;

/** A bounded memory of found things. What was not found is never remembered: it may be made a moment later. */
export class Recall<Value> {
  readonly #entries = new Map<string, { readonly value: Value; readonly until: Instant }>();

  get(key: string, now: Instant): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    // A clock that was set back would keep the entry too long, so one from the future does not count.
    if (now < entry.until && now >= entry.until - RECALL_MS) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: Value, now: Instant): void {
    if (this.#entries.size >= RECALL_ENTRIES) this.#dropOldest();
    this.#entries.delete(key);
    this.#entries.set(key, { value, until: now + RECALL_MS });
  }

  /** Drops what the predicate picks: called in the isolate that revokes or deletes. */
  drop(picks: (value: Value) => boolean): void {
    for (const [key, entry] of this.#entries) if (picks(entry.value)) this.#entries.delete(key);
  }

  #dropOldest(): void {
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key);
      return;
    }
  }
}

/** One memory for each database: an isolate may serve more than one in tests. */
export function recallOf<Value>(): (db: D1Database) => Recall<Value> {
  const memories = new WeakMap<D1Database, Recall<Value>>();
  return (db) => {
    const known = memories.get(db) ?? new Recall<Value>();
    memories.set(db, known);
    return known;
  };
}
