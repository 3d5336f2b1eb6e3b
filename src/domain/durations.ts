/** How long runs took, for pictures of it. Pure. */
import type { RunStatus } from "./run.ts";
import type { Milliseconds } from "./time/instant.ts";

/** What is looked at of a run. */
export interface Timed {
  readonly status: RunStatus;
  /** Null: it did not begin, or has not ended. */
  readonly duration: Milliseconds | null;
}

/** The middle one; of an even number, half way between the two in the middle. Null of nothing. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

/** The median of those that came to an end by themselves: a run that was cut short says how long it was let, not how long it takes. */
export const medianDuration = (runs: readonly Timed[]): Milliseconds | null =>
  median(
    runs.flatMap(({ status, duration }) =>
      duration !== null && (status === "succeeded" || status === "failed") ? [duration] : [],
    ),
  );

/** The longest; 0 of nothing. */
export const longestDuration = (runs: readonly Timed[]): Milliseconds =>
  runs.reduce((longest, { duration }) => Math.max(longest, duration ?? 0), 0);

/** The least part of its room that a bar takes: what took no time at all is still there to be seen, and pointed at. */
const LEAST_SHARE = 0.12;

/**
 * How much of its room the bar of a duration takes, 0 to 1. By the square root: one run that took a hundred times as long
 * leaves the others room to differ.
 */
export const barShare = (duration: Milliseconds, longest: Milliseconds): number =>
  longest <= 0 ? LEAST_SHARE : Math.max(LEAST_SHARE, Math.sqrt(Math.min(1, duration / longest)));
