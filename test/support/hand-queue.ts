/** Stands between whoever orders deliveries and their queue: holds the orders until the test has them handled, or loses them. */
import { createExecutionContext, createMessageBatch, getQueueResult, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { DELIVERY_ORDER_KINDS, type DeliveryOrder } from "../../src/domain/news/delivery-order.ts";
import type { Env } from "../../src/env.ts";
import { consumeDeadDeliveries, consumeDeliveries } from "../../src/queues/deliveries.ts";
import { deliverSideBySide } from "../../src/queues/delivery-lot.ts";
import { now } from "../../src/system.ts";
import { setClock } from "./world.ts";

interface Held {
  readonly order: DeliveryOrder;
  readonly dueAt: number;
}

interface Sent {
  readonly body: unknown;
  readonly delaySeconds?: number;
}

/** Mail and Slack stay in the outbox; webhooks go where they go. */
export const LOCAL: Env = {
  ...env,
  LOCAL_OUTBOX: "true",
  SLACK_CLIENT_ID: "",
  PUBLIC_URL: "https://carillon.test",
} as Env;

/** Of a deployment that has a Slack app, and keeps nothing in the outbox. */
export const WITH_SLACK = { LOCAL_OUTBOX: "", SLACK_CLIENT_ID: "carillon-test" };

export interface HandQueue {
  /** Orders that nobody has handled. */
  held: Held[];
  isDown: boolean;
  /** Everything that was ever sent. */
  readonly sent: DeliveryOrder[];
  /** Handles what is due, and what that leads to, until nothing is. */
  pump(environment?: Env): Promise<void>;
  /** Moves the clock to each order that waits and handles it, until nothing waits or `until` is reached. */
  pumpThrough(until: number, environment?: Env): Promise<void>;
}

/** From here on no order arrives but by `pump`, and with `holdsCaptures` none for a capture at all. Ends with the test. */
export function takeQueue({ holdsCaptures = false } = {}): HandQueue {
  const queues: Pick<Queue, "send" | "sendBatch"> = Object.getPrototypeOf(env.DELIVERIES);
  const { send, sendBatch } = queues;
  const take = (messages: readonly Sent[]): QueueSendResponse => {
    if (queue.isDown) throw new Error("Queue is down");
    for (const { body, delaySeconds = 0 } of messages) {
      if (!isOrder(body)) continue;
      queue.sent.push(body);
      queue.held.push({ order: body, dueAt: now() + delaySeconds * 1_000 });
    }
    return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
  };
  const isLost = (body: unknown) => holdsCaptures && typeof body === "object" && body !== null && "formats" in body;
  vi.spyOn(queues, "send").mockImplementation(async function (this: Queue, body, ...options) {
    if (isLost(body)) return take([]);
    return isOrder(body) ? take([{ body, ...options[0] }]) : send.call(this, body, ...options);
  });
  vi.spyOn(queues, "sendBatch").mockImplementation(async function (this: Queue, messages, ...options) {
    const sent: readonly Sent[] = [...messages];
    if (sent.some(({ body }) => isLost(body))) return take([]);
    const isOurs = sent.some(({ body }) => isOrder(body));
    return isOurs ? take(sent) : sendBatch.call(this, messages, ...options);
  });
  const queue: HandQueue = {
    held: [],
    sent: [],
    isDown: false,
    async pump(environment = LOCAL) {
      for (;;) {
        const due = queue.held.filter(({ dueAt }) => dueAt <= now());
        if (due.length === 0) return;
        queue.held = queue.held.filter(({ dueAt }) => dueAt > now());
        await handle(
          due.map(({ order }) => order),
          environment,
        );
      }
    },
    async pumpThrough(until, environment = LOCAL) {
      for (;;) {
        await queue.pump(environment);
        const next = Math.min(...queue.held.map(({ dueAt }) => dueAt));
        if (next > until) return;
        setClock(next);
      }
    },
  };
  return queue;
}

const isOrder = (body: unknown): body is DeliveryOrder =>
  typeof body === "object" &&
  body !== null &&
  "kind" in body &&
  DELIVERY_ORDER_KINDS.some((kind) => kind === body.kind);

export interface Handled {
  readonly acks: readonly string[];
  readonly again: readonly string[];
}

/** What the consumer does with these messages, to the end of what it does in the background. */
export async function handle(
  orders: readonly unknown[],
  environment: Env = LOCAL,
  { attempts = 1, isDead = false } = {},
): Promise<Handled> {
  const messages = orders.map((body, index) => ({ id: String(index), timestamp: new Date(now()), attempts, body }));
  const batch = createMessageBatch<DeliveryOrder>(
    isDead ? "carillon-deliveries-dead" : "carillon-deliveries",
    messages as Parameters<typeof createMessageBatch<DeliveryOrder>>[1],
  );
  const context = createExecutionContext();
  if (isDead) await consumeDeadDeliveries(batch, environment);
  // In this invocation, since a test's environment cannot be handed to another.
  else
    await consumeDeliveries(batch, environment, context, {
      deliver: (light) => deliverSideBySide(environment, light, context),
    });
  await waitOnExecutionContext(context);
  const { explicitAcks, retryMessages } = await getQueueResult(batch, context);
  return { acks: explicitAcks.toSorted(), again: retryMessages.map(({ msgId }) => msgId).toSorted() };
}
