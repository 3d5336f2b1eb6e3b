/** The real clock and real chance. Floors 3 to 5 read them here; lower floors get instants and bytes as arguments. */
import { UUID_RANDOM_BYTES, uuidv7 } from "./domain/ids.ts";
import type { Instant } from "./domain/time/instant.ts";

/** Now. Deployed, it stands still between I/O, so a duration is measured around an await. */
export const now = (): Instant => Date.now();

/** Unpredictable bytes. */
export const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** The first two random bytes of an id hold its `rand_a`, 12 bits, which counts within a millisecond. */
const COUNT_MAX = 0xfff;
/** A millisecond begins its count in the lower half, so that there is room to count in. */
const COUNT_START_MAX = 0x7ff;

let latest = { at: Number.NaN, count: 0 };

/**
 * A fresh id of this moment. Within one isolate a later one sorts higher, also in the same millisecond (RFC 9562 section
 * 6.2, method 1): entries that are written together are read in the order of what was done.
 */
export function newId(): string {
  const at = now();
  const bytes = randomBytes(UUID_RANDOM_BYTES);
  const drawn = ((bytes[0] ?? 0) << 4) | ((bytes[1] ?? 0) >> 4);
  const count = at === latest.at && latest.count < COUNT_MAX ? latest.count + 1 : drawn & COUNT_START_MAX;
  latest = { at, count };
  bytes[0] = count >> 4;
  bytes[1] = ((count & 0xf) << 4) | ((bytes[1] ?? 0) & 0xf);
  return uuidv7(at, bytes);
}
