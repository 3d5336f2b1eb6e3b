/** The watchdog of deliveries: sends what is due and has no message: long waits, lost messages, and lost executors. */
import type { Env } from "../env.ts";
import { listDueDeliveries } from "../runlog/due-deliveries.ts";
import { now } from "../system.ts";
import { sendOrders } from "./delivery-messages.ts";

/** Deliveries that one visit sends, and of those the ones of one workspace; the next visit goes on. */
const SENT_AT_MOST = 5_000;
const PER_WORKSPACE = 1_000;

/** Never throws: what fails now is done by the next visit. */
export async function sweepDeliveries(env: Env): Promise<void> {
  try {
    const orders = await listDueDeliveries(env.RUNLOG, now(), { limit: SENT_AT_MOST, perWorkspace: PER_WORKSPACE });
    await sendOrders(env, orders);
  } catch (cause) {
    console.error({ event: "deliveries_not_swept", cause: String(cause) });
  }
}
