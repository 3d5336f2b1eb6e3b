/** Messages of the queue `deliveries`: which of them are orders, and how orders are sent. */
import { inBatches } from "../domain/batches.ts";
import { isUuid } from "../domain/ids.ts";
import { DELIVERY_ORDER_KINDS, type DeliveryOrder } from "../domain/news/delivery-order.ts";
import { NEWS_EVENTS } from "../domain/news/news.ts";
import { type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";
import type { Env } from "../env.ts";

/** The longest delay that a queue takes (queues/platform/limits). */
const LONGEST_DELAY_S = 12 * 60 * 60;

export type DeliveryMessage = Message<DeliveryOrder>;

/** Those of a batch that are orders. What is none of ours will not become one: it is told and done with. */
export function ordersOf(batch: MessageBatch<DeliveryOrder>): readonly DeliveryMessage[] {
  for (const message of batch.messages.filter(({ body }) => !isOrder(body))) {
    console.error({ event: "message_not_understood", queue: batch.queue, message: message.id });
    message.ack();
  }
  return batch.messages.filter(({ body }) => isOrder(body));
}

/** Sends orders, not to be handled before `delay` is over. Throws when the queue does not take them. */
export async function sendOrders(
  { DELIVERIES }: Pick<Env, "DELIVERIES">,
  orders: readonly DeliveryOrder[],
  delay: Milliseconds = 0,
): Promise<void> {
  const delaySeconds = delayIn(delay);
  for (const some of inBatches(orders, (order) => order)) {
    await DELIVERIES.sendBatch(some.map((body) => ({ body, delaySeconds })));
  }
}

/** Has a message come again after so long. */
export const comeAgain = (message: DeliveryMessage, wait: Milliseconds): void =>
  message.retry({ delaySeconds: delayIn(wait) });

const delayIn = (wait: Milliseconds): number => Math.min(Math.ceil(wait / SECOND_MS), LONGEST_DELAY_S);

/** The queue may hold what an older or a stranger's hand put there. */
function isOrder(body: unknown): body is DeliveryOrder {
  if (typeof body !== "object" || body === null) return false;
  const { kind, workspace, project, news, delivery, begunAt } = body as Readonly<Record<string, unknown>>;
  if (!DELIVERY_ORDER_KINDS.some((one) => one === kind) || !isId(workspace)) return false;
  switch (kind) {
    case "sync_channels":
      return Number.isSafeInteger(begunAt);
    case "check_recipients":
      return isId(project);
    case "announce":
      return isId(project) && isNews(news);
    case "release":
      return isId(project) && isId(news);
    default:
      return isId(project) && isId(news) && isId(delivery);
  }
}

const isId = (text: unknown): boolean => typeof text === "string" && isUuid(text);

function isNews(news: unknown): boolean {
  if (typeof news !== "object" || news === null) return false;
  const { id, event, at, notifications, unreached } = news as Readonly<Record<string, unknown>>;
  const isWhole = Number.isSafeInteger(at) && Array.isArray(notifications) && Array.isArray(unreached);
  return isId(id) && NEWS_EVENTS.some((one) => one === event) && isWhole;
}
