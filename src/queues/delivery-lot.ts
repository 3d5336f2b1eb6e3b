/**
 * Deliveries without pictures, made side by side in an invocation of its own. Six at most: that is how many connections one
 * invocation may hold open (workers/platform/limits), so none waits for a connection that a slow recipient occupies.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { DeliverOrder } from "../domain/news/delivery-order.ts";
import { type Env, readConfig } from "../env.ts";
import { deliver } from "./delivering.ts";

export const DELIVERY_LOT_SIZE = 6;

/** A way to start a lot in an invocation of its own. */
export interface StartDeliveries {
  /** Answers of each order whether its message is done; one that is not comes again. */
  deliver(orders: readonly DeliverOrder[]): Promise<readonly boolean[]>;
}

export class DeliveryLot extends WorkerEntrypoint<Env> implements StartDeliveries {
  async deliver(orders: readonly DeliverOrder[]): Promise<readonly boolean[]> {
    return deliverSideBySide(this.env, orders, this.ctx);
  }
}

/** Resolves when every message is done or comes again; where consumers wait, when every delivery is made. Never throws. */
export async function deliverSideBySide(
  env: Env,
  orders: readonly DeliverOrder[],
  context: Pick<ExecutionContext, "waitUntil">,
): Promise<readonly boolean[]> {
  const tasks = orders.map((order) => {
    const { promise: isDone, resolve } = Promise.withResolvers<boolean>();
    return { isDone, end: deliverOne(env, order, resolve) };
  });
  const all = Promise.all(tasks.map(({ end }) => end));
  if (readConfig(env).consumerWaits) await all;
  else context.waitUntil(all);
  return Promise.all(tasks.map(({ isDone }) => isDone));
}

async function deliverOne(env: Env, order: DeliverOrder, decide: (isDone: boolean) => void): Promise<void> {
  try {
    await deliver(env, order, () => decide(true));
    decide(true);
  } catch (cause) {
    console.warn({ event: "delivery_put_off", kind: order.kind, workspace: order.workspace, cause: String(cause) });
    decide(false);
  }
}
