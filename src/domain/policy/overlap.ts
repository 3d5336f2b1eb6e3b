/**
 * What happens when an occurrence is due while an earlier run of the same schedule is still active. Pure. The names and
 * their meaning are Temporal's. A run that waits for its retry counts as active.
 */
import type { UnrunReason } from "../run.ts";

export const OVERLAPS = ["skip", "buffer_one", "buffer_all", "cancel_other", "allow_all"] as const;
export type Overlap = (typeof OVERLAPS)[number];

export const DEFAULT_OVERLAP: Overlap = "skip";

/** The most occurrences that `buffer_all` holds back; the next ones are skipped as `buffer_full`. */
export const BUFFER_ALL_LIMIT = 100;

/** How many runs of one schedule are alive: `active` have started or may start, `held` wait for those to end. */
export interface Alive {
  readonly active: number;
  readonly held: number;
}

export type OverlapDecision =
  | { readonly do: "start" }
  | { readonly do: "hold" }
  | { readonly do: "cancel_then_start" }
  | { readonly do: "skip"; readonly reason: UnrunReason };

/** Decides for one occurrence that is due now. */
export function decideOverlap(policy: Overlap, alive: Alive): OverlapDecision {
  if (policy === "allow_all" || alive.active + alive.held === 0) return { do: "start" };
  switch (policy) {
    case "skip":
      return { do: "skip", reason: "overlap" };
    case "buffer_one":
      return alive.held === 0 ? { do: "hold" } : { do: "skip", reason: "buffer_full" };
    case "buffer_all":
      return alive.held < BUFFER_ALL_LIMIT ? { do: "hold" } : { do: "skip", reason: "buffer_full" };
    case "cancel_other":
      return { do: "cancel_then_start" };
  }
}
