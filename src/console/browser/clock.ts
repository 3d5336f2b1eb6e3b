/** The browser's own time and chance: what `src/system.ts` is to the Worker. */
import type { Instant, Milliseconds } from "../../domain/time/instant.ts";

export const now = (): Instant => Date.now();

/** Evenly from 0 to below 1. */
export const chance = (): number => Math.random();

/** Does it after a while; what is answered calls it off. */
export function later(wait: Milliseconds, act: () => void): () => void {
  const timer = setTimeout(act, wait);
  return () => clearTimeout(timer);
}
