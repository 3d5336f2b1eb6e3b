/** The watchdog of deliveries: sends what is due and has no message: long waits, lost messages, and lost executors. */
import { stableFraction, UUID_RANDOM_BYTES, uuidv7 } from "../domain/ids.ts";
import type { Env } from "../env.ts";
import { listDueDeliveries } from "../runlog/due-deliveries.ts";
import { newId, now, randomBytes } from "../system.ts";
import { sendOrders } from "./delivery-messages.ts";

/** Deliveries that one visit sends, and of those the ones of one workspace; the next visit goes on. */
const SENT_AT_MOST = 5_000;
const PER_WORKSPACE = 1_000;

/** Ids are those of times: one of any time since there is Carillon is somewhere among them. */
const FIRST_DAY = Date.parse("2026-01-01T00:00:00.000Z");
const someWorkspace = (): string =>
  uuidv7(FIRST_DAY + stableFraction(newId()) * (now() - FIRST_DAY), randomBytes(UUID_RANDOM_BYTES));

/** Never throws: what fails now is done by the next visit. */
export async function sweepDeliveries(env: Env): Promise<void> {
  try {
    const share = { limit: SENT_AT_MOST, perWorkspace: PER_WORKSPACE, from: someWorkspace() };
    const orders = await listDueDeliveries(env.RUNLOG, now(), share);
    await sendOrders(env, orders);
  } catch (cause) {
    console.error({ event: "deliveries_not_swept", cause: String(cause) });
  }
}
