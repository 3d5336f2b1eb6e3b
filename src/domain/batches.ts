/** Cuts what is sent to a queue into batches that it takes. Pure. */

/** Cloudflare's limits for one `sendBatch` (queues/platform/limits): 100 messages and 256 kB, of which some are the envelopes'. */
export const SEND_BATCH_SIZE = 100;
const SEND_BATCH_BYTES = 200_000;

/** In their order; a batch holds one message at least, however large that is. */
export function inBatches<Item>(items: readonly Item[], bodyOf: (item: Item) => unknown): readonly (readonly Item[])[] {
  const batches: Item[][] = [];
  let last: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(bodyOf(item)) ?? "");
    if (last.length === 0 || last.length === SEND_BATCH_SIZE || bytes + size > SEND_BATCH_BYTES) {
      last = [];
      bytes = 0;
      batches.push(last);
    }
    last.push(item);
    bytes += size;
  }
  return batches;
}
