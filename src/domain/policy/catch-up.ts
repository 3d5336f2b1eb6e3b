/**
 * What becomes of occurrences whose time passed while nobody could fire them. Pure. Bounded: however long the outage and
 * however dense the recurrence, the work is capped, and what is past the cap is counted as at least that many.
 */
import type { CompiledRecurrence } from "../recurrence/compile.ts";
import type { UnrunReason } from "../run.ts";
import { DAY_MS, type Instant, MINUTE_MS, type Milliseconds } from "../time/instant.ts";

export const CATCH_UPS = ["latest", "all", "none"] as const;
export type CatchUp = (typeof CATCH_UPS)[number];

export const DEFAULT_CATCH_UP: CatchUp = "latest";

/** How far back an occurrence is still worth running, unless the schedule says otherwise. */
export const DEFAULT_CATCH_UP_WINDOW_MS = DAY_MS;

/** Later than this is late: an occurrence up to here is simply run, whatever the policy. */
export const LATE_AFTER_MS = MINUTE_MS;

/** The most occurrences that `all` runs after one outage; older ones are missed. */
export const CATCH_UP_ALL_LIMIT = 100;

/** Counting stops here; a ledger row with this count stands for at least so many. */
export const COUNT_LIMIT = 100_000;

export interface Missed {
  /** The newest occurrence that the row stands for. */
  readonly scheduledFor: Instant;
  readonly count: number;
  readonly reason: Extract<UnrunReason, "catchup_window" | "superseded" | "limit">;
}

export interface CatchUpDecision {
  /** The nominal occurrences to run, oldest first. */
  readonly run: readonly Instant[];
  readonly missed: readonly Missed[];
  /** The next nominal occurrence, after now; null when there is none. */
  readonly next: Instant | null;
}

export interface CatchUpPolicy {
  readonly mode: CatchUp;
  readonly window: Milliseconds;
}

/** Decides about every occurrence from `due` (the first one undecided, at or before `now`) up to `now`. */
export function decideCatchUp(
  compiled: CompiledRecurrence,
  due: Instant,
  now: Instant,
  policy: CatchUpPolicy,
): CatchUpDecision {
  const next = compiled.next(due);
  if (next === null || next > now) return { ...decideOne(due, now, policy), next };
  return { ...decideMany(compiled, due, now, policy), next: compiled.next(now) };
}

function decideOne(due: Instant, now: Instant, policy: CatchUpPolicy): Omit<CatchUpDecision, "next"> {
  const age = now - due;
  const worth = age <= LATE_AFTER_MS || (policy.mode !== "none" && age <= policy.window);
  if (worth) return { run: [due], missed: [] };
  return { run: [], missed: [{ scheduledFor: due, count: 1, reason: "catchup_window" }] };
}

function decideMany(
  compiled: CompiledRecurrence,
  due: Instant,
  now: Instant,
  policy: CatchUpPolicy,
): Omit<CatchUpDecision, "next"> {
  const oldest = policy.mode === "none" ? now - LATE_AFTER_MS : now - Math.max(policy.window, LATE_AFTER_MS);
  const run = newestFrom(compiled, Math.max(due, oldest), now, policy.mode === "all" ? CATCH_UP_ALL_LIMIT : 1);
  const first = run[0] ?? now + 1;
  const reason = policy.mode === "all" && first > oldest && run.length > 0 ? "limit" : "superseded";
  return {
    run,
    missed: [
      ...missedBetween(compiled, due, Math.min(oldest, first), "catchup_window"),
      ...missedBetween(compiled, Math.max(due, oldest), first, reason),
    ],
  };
}

/** The newest occurrences in [from, now], at most `limit`, oldest first. */
function newestFrom(compiled: CompiledRecurrence, from: Instant, now: Instant, limit: number): readonly Instant[] {
  const found: Instant[] = [];
  let at = compiled.previous(now + 1);
  while (at !== null && at >= from && found.length < limit) {
    found.push(at);
    at = compiled.previous(at);
  }
  return found.reverse();
}

/** One row for the occurrences in [from, before), or none. */
function missedBetween(
  compiled: CompiledRecurrence,
  from: Instant,
  before: Instant,
  reason: Missed["reason"],
): readonly Missed[] {
  if (before <= from) return [];
  const count = compiled.count(from - 1, before - 1, COUNT_LIMIT);
  const newest = compiled.previous(before);
  return count === 0 || newest === null ? [] : [{ scheduledFor: newest, count, reason }];
}
