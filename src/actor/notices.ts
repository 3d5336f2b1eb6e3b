/**
 * News that is about no run, on its way to the queue. A run's news rides on the run's own row; this has none, so it is
 * written in the transaction of what it tells, and leaves when the queue has it. Told twice after a crash, it is the same news.
 */
import type { ProjectScope } from "../domain/access.ts";
import { inBatches, SEND_BATCH_SIZE } from "../domain/batches.ts";
import type { DeliveryOrder } from "../domain/news/delivery-order.ts";
import type { News } from "../domain/news/news.ts";
import { type Instant, MINUTE_MS, SECOND_MS } from "../domain/time/instant.ts";
import { withinTime } from "./within-time.ts";

/** The wait after the queue failed; doubled each time. */
const FIRST_WAIT_MS = 2 * SECOND_MS;
const LONGEST_WAIT_MS = 5 * MINUTE_MS;

export class Notices {
  readonly #sql: SqlStorage;
  readonly #scope: ProjectScope;
  readonly #queue: Pick<Queue<DeliveryOrder>, "sendBatch">;
  /** False when the table was seen to be empty and nothing has been added since. */
  #mayWait = false;
  #sending: Promise<void> | undefined;
  #failures = 0;
  #notBefore: Instant = 0;

  constructor(sql: SqlStorage, scope: ProjectScope, queue: Pick<Queue<DeliveryOrder>, "sendBatch">) {
    this.#sql = sql;
    this.#scope = scope;
    this.#queue = queue;
  }

  /** Looks, when the instance wakes, whether anything waits. */
  load(): void {
    this.#mayWait = this.#some(1).length > 0;
  }

  close(): void {
    this.#mayWait = false;
  }

  /** Notes news inside a transaction. Harmless when that is rolled back. */
  add(news: News): void {
    this.#sql.exec("INSERT OR IGNORE INTO notices (id, news) VALUES (?1, ?2)", news.id, JSON.stringify(news));
    this.#mayWait = true;
  }

  /** When the project must wake for what waits; null when nothing does. */
  wakeAt(): Instant | null {
    return this.#mayWait ? this.#notBefore : null;
  }

  /** Sends what waits, and is due. Never throws. */
  async send(now: () => Instant): Promise<void> {
    if (!this.#mayWait || now() < this.#notBefore) return;
    this.#sending ??= this.#sendAll(now);
    await this.#sending;
  }

  async #sendAll(now: () => Instant): Promise<void> {
    try {
      for (let some = this.#some(SEND_BATCH_SIZE); this.#mayWait; some = this.#some(SEND_BATCH_SIZE)) {
        this.#mayWait = some.length > 0;
        if (!this.#mayWait) break;
        for (const batch of inBatches(some, (news) => news))
          await withinTime(this.#queue.sendBatch(batch.map((news) => ({ body: this.#orderOf(news) }))));
        const sent = JSON.stringify(some.map(({ id }) => id));
        if (this.#mayWait) this.#sql.exec("DELETE FROM notices WHERE id IN (SELECT value FROM json_each(?1))", sent);
      }
      this.#failures = 0;
      this.#notBefore = 0;
    } catch (cause) {
      this.#notBefore = now() + Math.min(FIRST_WAIT_MS * 2 ** this.#failures, LONGEST_WAIT_MS);
      this.#failures += 1;
      console.error({ event: "news_not_sent", project: this.#scope.projectId, cause: String(cause) });
    } finally {
      this.#sending = undefined;
    }
  }

  #orderOf(news: News): DeliveryOrder {
    const { workspaceId: workspace, projectId: project } = this.#scope;
    return { kind: "announce", workspace, project, news };
  }

  #some(limit: number): readonly News[] {
    const rows = this.#sql.exec<{ news: string }>("SELECT news FROM notices ORDER BY id LIMIT ?1", limit).toArray();
    return rows.map(({ news }) => parseNews(news));
  }
}

/** The column is what `add` wrote. */
const parseNews = (text: string): News => JSON.parse(text) as News;
