/**
 * The floor: the simplest scheduler that a Durable Object with a table, an alarm and a queue can be. No retries, no ledger,
 * no log, no signature. What a scheduler adds to this is its own doing.
 */
import { DurableObject } from "cloudflare:workers";
import type { BenchEnv } from "./worker.ts";

export interface FloorMessage {
  readonly id: string;
  readonly due: number;
  readonly url: string;
}

const BATCH = 100;

export class Floor extends DurableObject<BenchEnv> {
  #armedFor: number | null = null;

  constructor(context: DurableObjectState, env: BenchEnv) {
    super(context, env);
    context.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS due (id TEXT PRIMARY KEY, at INTEGER NOT NULL, url TEXT NOT NULL)",
    );
    context.storage.sql.exec("CREATE INDEX IF NOT EXISTS due_at ON due (at)");
  }

  async create(at: number, url: string): Promise<string> {
    const [id] = await this.createMany(at, url, 1);
    return id ?? "";
  }

  async createMany(at: number, url: string, count: number, step = 0): Promise<string[]> {
    const ids = Array.from({ length: count }, () => crypto.randomUUID());
    this.ctx.storage.transactionSync(() => {
      for (const [index, id] of ids.entries()) {
        this.ctx.storage.sql.exec("INSERT INTO due (id, at, url) VALUES (?, ?, ?)", id, at + index * step, url);
      }
    });
    if (this.#armedFor === null || at < this.#armedFor) {
      this.#armedFor = at;
      await this.ctx.storage.setAlarm(at);
    }
    return ids;
  }

  override async alarm(): Promise<void> {
    const { sql } = this.ctx.storage;
    const sends: Promise<unknown>[] = [];
    for (;;) {
      const rows = sql
        .exec<{ id: string; at: number; url: string }>(
          "SELECT id, at, url FROM due WHERE at <= ? ORDER BY at LIMIT ?",
          Date.now(),
          BATCH,
        )
        .toArray();
      if (rows.length === 0) break;
      sends.push(this.env.FLOOR_QUEUE.sendBatch(rows.map(({ id, at, url }) => ({ body: { id, due: at, url } }))));
      this.ctx.storage.transactionSync(() => {
        for (const { id } of rows) sql.exec("DELETE FROM due WHERE id = ?", id);
      });
    }
    await Promise.all(sends);
    const next = sql.exec<{ at: number | null }>("SELECT min(at) AS at FROM due").one().at;
    this.#armedFor = next;
    // An alarm at or before now, set while one rings, can get lost (cloudflare/workerd#6866).
    if (next !== null) await this.ctx.storage.setAlarm(Math.max(next, Date.now() + 1));
  }
}

/**
 * As many header bytes as a signed call has: the request is the work of both schedulers, and each header costs some ten
 * microseconds on the way; what is compared is what a scheduler adds to making it. Constants: the floor signs nothing.
 */
const HEADERS = {
  "content-type": "application/json",
  "user-agent": "Floor",
  "floor-context": "scheduled",
  "floor-scheduled": "true",
  "floor-attempt": "0",
  "floor-version": "1",
  "floor-id": "01a31892-5420-73cc-bfec-35268664b449",
  "floor-timestamp": "1800003600",
  "floor-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};

/** Calls the endpoints and does not wait for their answers before it takes the next batch. */
export async function consumeFloor(batch: MessageBatch<FloorMessage>, context: ExecutionContext): Promise<void> {
  const calls = batch.messages.map(async ({ body }) => {
    const response = await fetch(body.url, { method: "POST", headers: HEADERS, body: JSON.stringify(body) });
    await response.text();
  });
  context.waitUntil(Promise.allSettled(calls));
}
