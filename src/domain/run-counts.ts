/** How many runs ended how, by civil day. Pure. */
import type { RunId } from "./ids.ts";
import type { Run } from "./run.ts";
import type { CivilDay } from "./time/civil-days.ts";
import type { Instant } from "./time/instant.ts";

/** The ways to end: those that lead nowhere. */
export const ENDINGS = ["succeeded", "failed", "timed_out", "cancelled", "skipped", "missed"] as const;
export type Ending = (typeof ENDINGS)[number];

export type RunCounts = Readonly<Record<Ending, number>>;

/** What one day came to. */
export interface DayCounts extends RunCounts {
  readonly date: string;
}

/** Runs of one ending. A row of the ledger may stand for many occurrences. */
export interface Counted {
  readonly ending: Ending;
  readonly count: number;
}

/** A run that has ended and is the end of its chain, as far as it is counted. */
export interface EndedRun extends Counted {
  readonly run: RunId;
}

/** Whether it is the end of its chain: a failed attempt that another one followed is not. */
export const isSettled = ({ status, retryAt }: Pick<Run, "status" | "retryAt">): boolean =>
  isEnding(status) && (status !== "failed" || retryAt === null);

const isEnding = (text: string): text is Ending => (ENDINGS as readonly string[]).includes(text);

/** Throws for anything else: rows of ended runs hold only these. */
export function readEnding(text: string): Ending {
  if (!isEnding(text)) throw new TypeError(`Not the end of a run: ${JSON.stringify(text)}`);
  return text;
}

const NONE: RunCounts = { succeeded: 0, failed: 0, timed_out: 0, cancelled: 0, skipped: 0, missed: 0 };

/** Every day with what was counted in it, those without anything too. */
export function countByDay(
  days: readonly CivilDay[],
  counted: readonly (Counted & { readonly at: Instant })[],
): readonly DayCounts[] {
  return days.map(({ date, from, to }) => {
    const counts = { ...NONE };
    for (const { at, ending, count } of counted) if (at >= from && at < to) counts[ending] += count;
    return { date, ...counts };
  });
}
