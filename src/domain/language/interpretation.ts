/** What reading an expression answers: how it was understood, or why it was refused. Types only; pure. */
import type { Recurrence } from "../recurrence/recurrence.ts";
import type { Instant } from "../time/instant.ts";

/** Longest expression that is read, in UTF-16 code units. */
export const EXPRESSION_MAX_LENGTH = 256;

/** Which of the accepted formats matched the whole text. */
export type ExpressionFormat = "iso" | "cron" | "english" | "duration" | "date";

export interface Interpretation {
  readonly format: ExpressionFormat;
  readonly recurrence: Recurrence;
  /** The IANA zone the recurrence is read in: the schedule's, or the one that the text itself names. */
  readonly timezone: string;
  /** Sentences for a person about choices made: both day fields restricted, a wrapped range rewritten, 24-hour clock assumed. */
  readonly notes: readonly string[];
}

/** Why an expression was refused, by family; the message carries the particulars. */
export type RefusalReason =
  | "empty"
  | "too_long"
  | "not_understood"
  | "ambiguous"
  | "out_of_range"
  | "impossible"
  | "never_occurs"
  | "past"
  | "unsupported"
  | "contradiction"
  | "unknown_zone";

export interface Refusal {
  readonly reason: RefusalReason;
  /** A whole sentence: what was wrong. Never holds more than 80 characters of the input. */
  readonly message: string;
  /** Where in the text the trouble begins, 0-based, and how long the troubling part is. */
  readonly position: number;
  readonly length: number;
  /** What would have been right at that position, e.g. `a minute from 0 to 59`. */
  readonly expected: string;
  /** One or two expressions that are accepted and near to what was typed. */
  readonly suggestions: readonly string[];
}

/** What reading depends on besides the text. */
export interface ReadingContext {
  /** The instant at which the text is read: durations and relative dates count from it. */
  readonly now: Instant;
  /** The schedule's zone, already checked. */
  readonly timezone: string;
  /** True when a zone was asked for explicitly: a zone in the text must then agree with it. */
  readonly timezoneIsExplicit: boolean;
  /** Where the grid of an interval is counted from; `now` when absent. */
  readonly anchor?: Instant;
}
