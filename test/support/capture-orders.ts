/** Stands between whoever orders captures and their queue of captures: notes the orders, and refuses them while it is told to. */
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import type { CaptureOrder } from "../../src/domain/captures/capture.ts";

interface Sent {
  readonly body: unknown;
}

export interface HeldOrders {
  /** Those that the queue was given and took. None of them arrives. */
  readonly taken: CaptureOrder[];
  /** How often the queue was called for captures. */
  calls: number;
  isDown: boolean;
}

/** From here on no order arrives. Ends with the test. */
export function holdOrders(): HeldOrders {
  const held: HeldOrders = { taken: [], calls: 0, isDown: false };
  // All queues are of one class: an actor's own binding cannot be reached from here.
  const queues: Pick<Queue, "send" | "sendBatch"> = Object.getPrototypeOf(env.CAPTURES);
  const { send, sendBatch } = queues;
  const take = (orders: readonly CaptureOrder[]): QueueSendResponse => {
    held.calls += 1;
    if (held.isDown) throw new Error("Queue is down");
    held.taken.push(...orders);
    return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
  };
  vi.spyOn(queues, "send").mockImplementation(async function (this: Queue, body, ...options) {
    return isOrder(body) ? take([body]) : send.call(this, body, ...options);
  });
  vi.spyOn(queues, "sendBatch").mockImplementation(async function (this: Queue, messages, ...options) {
    const sent: readonly Sent[] = [...messages];
    const orders = sent.flatMap(({ body }) => (isOrder(body) ? [body] : []));
    return orders.length === 0 ? sendBatch.call(this, messages, ...options) : take(orders);
  });
  return held;
}

const isOrder = (body: unknown): body is CaptureOrder => typeof body === "object" && body !== null && "formats" in body;
