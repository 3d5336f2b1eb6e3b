/** The worst that happened in a day, for pictures of many days. Pure. */
import { ENDINGS, type Ending, type RunCounts } from "./run-counts.ts";

/** From what people must know first to what is well. */
const WORST_FIRST = [
  "failed",
  "timed_out",
  "missed",
  "cancelled",
  "skipped",
  "succeeded",
] as const satisfies readonly Ending[];

/** Null: nothing was there to happen. */
export const worstOf = (counts: RunCounts): Ending | null => WORST_FIRST.find((ending) => counts[ending] > 0) ?? null;

export const totalOf = (counts: RunCounts): number => ENDINGS.reduce((sum, ending) => sum + counts[ending], 0);
