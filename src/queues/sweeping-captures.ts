/** The watchdog of captures: orders again what a lost message left behind, and settles what is too old to be taken. */

import { SEND_BATCH_SIZE } from "../domain/batches.ts";
import type { Env } from "../env.ts";
import { giveUpStale, listStale } from "../runlog/stale-captures.ts";
import { now } from "../system.ts";
import { LOST } from "./taking-captures.ts";

/** Captures that one visit orders again; the next one goes on. */
const ORDERED_AT_MOST = 2_000;

/** Never throws: what fails now is done by the next visit. */
export async function sweepCaptures({ RUNLOG, CAPTURES }: Env): Promise<void> {
  try {
    const givenUp = await giveUpStale(RUNLOG, LOST, now());
    const orders = await listStale(RUNLOG, now(), ORDERED_AT_MOST);
    for (let start = 0; start < orders.length; start += SEND_BATCH_SIZE) {
      await CAPTURES.sendBatch(orders.slice(start, start + SEND_BATCH_SIZE).map((body) => ({ body })));
    }
    if (givenUp + orders.length > 0) console.warn({ event: "captures_swept", givenUp, again: orders.length });
  } catch (cause) {
    console.error({ event: "captures_not_swept", cause: String(cause) });
  }
}
