import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inBatches, SEND_BATCH_SIZE } from "../../src/domain/batches.ts";

/** What Cloudflare takes in one call. */
const MOST_BYTES = 256_000;
const bytesOf = (items: readonly string[]): number =>
  items.reduce((sum, item) => sum + Buffer.byteLength(JSON.stringify(item)), 0);

describe("batches for a queue", () => {
  it("hold everything once and in its order, and no more of it than the queue takes at once", () => {
    const text = fc.integer({ min: 0, max: 60_000 }).map((length) => "\u00fc".repeat(length));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 300 }), (items) => {
        const batches = inBatches(items, (item) => item);
        expect(batches.flat()).toEqual(items);
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(SEND_BATCH_SIZE);
          if (batch.length > 1) expect(bytesOf(batch)).toBeLessThan(MOST_BYTES);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("are as few as can be for small messages", () => {
    const items = Array.from({ length: 250 }, (_, index) => index);
    expect(inBatches(items, (item) => item).map(({ length }) => length)).toEqual([100, 100, 50]);
  });
});
