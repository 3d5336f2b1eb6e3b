/**
 * A schedule: what is saved, how it is read from input, and the occurrences it names within its bounds. Pure.
 *
 * `ScheduleInput` is what a person gave, already of the right types; `ScheduleSpec` is what it means, with every default
 * filled in and every limit applied. The actor stores both: the input to compare and to patch, the spec to run.
 */
import type { ScheduleId } from "./ids.ts";
import type { Json } from "./json.ts";
import type { ExpressionFormat } from "./language/interpretation.ts";
import type { Notification, NotificationInput } from "./notification.ts";
import type { CatchUp, CatchUpPolicy } from "./policy/catch-up.ts";
import type { Overlap } from "./policy/overlap.ts";
import type { RetryInput, RetryPolicy } from "./policy/retry.ts";
import { type CompiledRecurrence, compileCached } from "./recurrence/compile.ts";
import type { DstPolicy, Recurrence } from "./recurrence/recurrence.ts";
import type { Instant, Milliseconds } from "./time/instant.ts";

export const SCHEDULE_ORIGINS = ["metadata", "dynamic"] as const;
export type ScheduleOrigin = (typeof SCHEDULE_ORIGINS)[number];

/**
 * - `active`: has a next occurrence.
 * - `paused`: by a person or by the system, with a reason; its occurrences are not due.
 * - `completed`: its last occurrence has been decided.
 * - `cancelled`: by a person, by an event, or because its function left the published version.
 * - `quarantined`: firing it failed in a way nobody expected; the rest of the project goes on without it.
 */
export const SCHEDULE_STATES = ["active", "paused", "completed", "cancelled", "quarantined"] as const;
export type ScheduleState = (typeof SCHEDULE_STATES)[number];
/** What schedules are looked for by: their state, or whether they may still run something (`living`). */
export const SOUGHT_STATES = [...SCHEDULE_STATES, "living"] as const;
export type SoughtState = (typeof SOUGHT_STATES)[number];

/** What a person gives for a schedule. Lengths of time are milliseconds or a duration such as `10 minutes`. */
export interface ScheduleInput {
  readonly schedule: string;
  /** Absent: the whole project. */
  readonly fn?: string | undefined;
  readonly args?: Json | undefined;
  readonly timezone?: string | undefined;
  readonly retry?: RetryInput | undefined;
  readonly overlap?: Overlap | undefined;
  readonly catchup?: CatchUp | undefined;
  readonly catchup_window?: number | string | undefined;
  readonly dst?:
    | { readonly gap?: DstPolicy["gap"] | undefined; readonly fold?: DstPolicy["fold"] | undefined }
    | undefined;
  readonly spread?: number | string | undefined;
  readonly starts_at?: string | undefined;
  readonly ends_at?: string | undefined;
  readonly max_runs?: number | undefined;
  readonly timeout?: number | string | undefined;
  readonly key?: string | undefined;
  readonly notifications?: readonly NotificationInput[] | undefined;
}

/** A change of some fields; null takes a field back to its default. */
export type SchedulePatch = { readonly [Field in keyof Omit<ScheduleInput, "key">]?: ScheduleInput[Field] | null };

/** What a schedule means. */
export interface ScheduleSpec {
  readonly expression: string;
  readonly format: ExpressionFormat;
  readonly recurrence: Recurrence;
  readonly timezone: string;
  readonly dst: DstPolicy;
  readonly fn: string | null;
  readonly retry: RetryPolicy;
  readonly overlap: Overlap;
  readonly catchUp: CatchUpPolicy;
  readonly spread: Milliseconds;
  /** Occurrences before it are not named. */
  readonly startsAt: Instant | null;
  /** Occurrences at or after it are not named. */
  readonly endsAt: Instant | null;
  readonly maxRuns: number | null;
  readonly timeout: Milliseconds;
  /** Absent of a schedule that was saved before there were any. */
  readonly notifications?: readonly Notification[] | undefined;
  /** Sentences about how the expression was read: assumptions and rewritings. */
  readonly notes: readonly string[];
  /** Sentences about values that were lowered to a limit. */
  readonly clamped: readonly string[];
}

/** A schedule as the actor keeps it and the doors show it. */
export interface Schedule {
  readonly id: ScheduleId;
  readonly key: string | null;
  readonly origin: ScheduleOrigin;
  readonly state: ScheduleState;
  /** Why it is paused or quarantined. */
  readonly reason: string | null;
  readonly spec: ScheduleSpec;
  readonly args: Json | null;
  /** Nominal occurrences that a person asked to skip and that are still to come. */
  readonly skips: readonly Instant[];
  /** Runs that count towards `maxRuns`; kept only for a schedule that has a maximum. */
  readonly runs: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** What was compiled for a spec that is still in memory: a spec is never changed, only replaced. */
const compiledFor = new WeakMap<ScheduleSpec, CompiledRecurrence>();

/** The occurrences that a spec names, its bounds applied. */
export function occurrencesOf(spec: ScheduleSpec): CompiledRecurrence {
  const known = compiledFor.get(spec);
  if (known !== undefined) return known;
  const all = compileCached(spec.recurrence, spec.timezone, spec.dst);
  const { startsAt, endsAt } = spec;
  const bounded = startsAt === null && endsAt === null ? all : within(all, startsAt ?? -Infinity, endsAt ?? Infinity);
  compiledFor.set(spec, bounded);
  return bounded;
}

/** The same occurrences, only those in [from, to). */
function within(all: CompiledRecurrence, from: Instant, to: Instant): CompiledRecurrence {
  const next = (after: Instant): Instant | null => {
    const at = all.next(Math.max(after, from - 1));
    return at !== null && at < to ? at : null;
  };
  const previous = (before: Instant): Instant | null => {
    const at = all.previous(Math.min(before, to));
    return at !== null && at >= from ? at : null;
  };
  const upcoming = (after: Instant, count: number): Instant[] => {
    const found: Instant[] = [];
    for (let at = next(after); at !== null && found.length < count; at = next(at)) found.push(at);
    return found;
  };
  const count = (after: Instant, through: Instant, cap: number): number =>
    all.count(Math.max(after, from - 1), Math.min(through, to - 1), cap);
  const clockChangeNote = (at: Instant): string | undefined => all.clockChangeNote(at);
  return { next, previous, upcoming, count, clockChangeNote };
}
