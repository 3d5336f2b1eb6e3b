/** How long to wait before a server is asked again. Pure. */
import { type Milliseconds, SECOND_MS } from "../../domain/time/instant.ts";

const FIRST_MS: Milliseconds = SECOND_MS;
const LONGEST_MS: Milliseconds = 30 * SECOND_MS;

/** An answer that took long is a sign that many ask: so many times as long nothing is asked. */
const SLOWED_BY = 5;
const REST_MS = { shortest: SECOND_MS, longest: 10 * SECOND_MS } as const;

/** Before a lost connection is tried again: twice as long each time; by chance up to half of it shorter, so that those who lost it together do not come back together. */
export function backoff(failures: number, chance: number): Milliseconds {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
  return Math.max(FIRST_MS, Math.round(longest * (1 - chance / 2)));
}

/** After an answer that took so long. */
export const restAfter = (took: Milliseconds): Milliseconds =>
  Math.min(REST_MS.longest, Math.max(REST_MS.shortest, SLOWED_BY * took));
