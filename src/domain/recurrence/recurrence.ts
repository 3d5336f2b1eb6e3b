/**
 * What an expression means: the three kinds of recurrence and their parts. Types only; pure.
 *
 * A recurrence is plain JSON, so it is stored, sent between the rooms and compared as it is. It holds no time zone: the
 * zone belongs to the schedule and is given when the recurrence is compiled (see `compile.ts`).
 */
import type { Instant, Milliseconds } from "../time/instant.ts";

export type Recurrence = Once | Interval | Calendar;

/** One instant. */
export interface Once {
  readonly kind: "once";
  readonly at: Instant;
}

/** A grid: every n-th step counted from an anchor. Either elapsed time, or civil days or weeks in the schedule's zone. */
export type Interval = ElapsedInterval | CivilInterval;

/** `every 45 minutes`: anchor + n x every, n >= 1. Elapsed time: it never meets a clock change. */
export interface ElapsedInterval {
  readonly kind: "interval";
  readonly grid: "elapsed";
  /** At least one second, a whole number of seconds. */
  readonly every: Milliseconds;
  readonly anchor: Instant;
}

/** `every 3 days at 9:00`, `every 2 weeks on Monday and Thursday at 9:00`: every n-th day or week, first one included. */
export interface CivilInterval {
  readonly kind: "interval";
  readonly grid: "civil";
  readonly unit: "day" | "week";
  /** At least 2: every single day or week is a calendar. */
  readonly every: number;
  /**
   * The civil date the grid counts from, `YYYY-MM-DD`. Unit `day`: the first day that runs. Unit `week`: the Monday of the first week that runs.
   */
  readonly anchor: string;
  /** Weekdays that run in a week of the grid, 0 = Sunday; empty for unit `day`. Sorted, unique. */
  readonly weekdays: readonly number[];
  /** Seconds after midnight on the wall clock. Sorted, unique, at least one. */
  readonly times: readonly number[];
}

/** One or more cron lines; an instant that two lines name is one occurrence. */
export interface Calendar {
  readonly kind: "calendar";
  /** Canonical cron text, 5 fields, or 6 with seconds first when they are not 0. At least one, at most 24, unique. */
  readonly lines: readonly string[];
}

/** What happens where the clock changes (DESIGN.md section 4.6); applies to fixed times, see `compile.ts`. */
export interface DstPolicy {
  /** A fixed time inside a gap runs at the first instant after the gap, or not at all that day. */
  readonly gap: "run_after" | "skip";
  /** A fixed time inside a fold runs in the first pass, the last, or both. */
  readonly fold: "first" | "last" | "both";
}

export const DEFAULT_DST: DstPolicy = { gap: "run_after", fold: "first" };
