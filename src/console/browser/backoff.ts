/** How long to wait before a lost connection is tried again. Pure. */
import { type Milliseconds, SECOND_MS } from "../../domain/time/instant.ts";

const FIRST_MS: Milliseconds = SECOND_MS;
const LONGEST_MS: Milliseconds = 30 * SECOND_MS;

/** Twice as long each time; by chance up to half of it shorter, so that those who lost it together do not come back together. */
export function backoff(failures: number, chance: number): Milliseconds {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
  return Math.max(FIRST_MS, Math.round(longest * (1 - chance / 2)));
}
