/** What the recurring grammar has understood so far: the parts of a phrase, before they are composed. Pure. */
import type { Refusal } from "./interpretation.ts";
import type { Unit } from "./lexicon.ts";
import type { Span } from "./refusal.ts";
import type { Token } from "./tokens.ts";

/** A single value (`from` equals `to`) or a range as it was written; a range may wrap. */
export interface Piece {
  readonly from: number;
  readonly to: number;
}

/** How often: `count` units; for seconds, minutes and hours also the length in seconds. */
export interface Frequency extends Span {
  readonly unit: Unit;
  readonly count: number;
  /** Elapsed length for units up to the hour, else 0. */
  readonly seconds: number;
}

/** A time of day, in seconds after midnight. */
export interface TimeOfDay extends Span {
  readonly second: number;
  /** False when it was read on the 24-hour clock for want of am or pm. */
  readonly sure: boolean;
}

/** `first Monday`: nth is 1 to 5, or `L` for the last. */
export interface OrdinalWeekday {
  readonly nth: number | "L";
  readonly weekday: number;
}

/** Days of a month: pieces, the last day, or the first or last working day as cron writes them. */
export type MonthDay = Piece | "L" | "1W" | "LW";

/** `March 5 and 6`. */
export interface YearDay extends Span {
  readonly month: number;
  readonly days: readonly Piece[];
}

/** A stretch of the day as it was written; `to` may be before `from` when it runs over midnight. */
export interface Window extends Span {
  readonly from: TimeOfDay;
  readonly to: TimeOfDay;
}

/** The parts gathered while the grammar walks over the tokens; the readers add to it. */
export interface Draft {
  readonly text: string;
  readonly frequencies: Frequency[];
  readonly times: TimeOfDay[];
  /** Minutes past the hour. */
  readonly minutes: number[];
  readonly weekdays: Piece[];
  readonly ordinals: OrdinalWeekday[];
  readonly monthDays: MonthDay[];
  readonly months: Piece[];
  readonly yearDays: YearDay[];
  readonly windows: Window[];
  readonly zones: (Span & { readonly name: string })[];
  readonly dayParts: (Span & { readonly word: string })[];
  readonly spans: { weekday?: Span; monthDay?: Span; minute?: Span; month?: Span };
  readonly notes: string[];
  /** Index of the token where a second pair of days and times begins: `Mondays at 9 and | Fridays at 17:00`. */
  turn: number | undefined;
  /** `and` or `or` stood between a day of the month and a weekday. */
  either: boolean;
  /** Said outright that it recurs: every, daily, Mondays, of the month. */
  strong: boolean;
  /** Recurs unless a date follows: `at <time>`, `on <weekday>`, `on the 1st`. */
  weak: boolean;
  /** A single weekday stands without `on` or `every`: once or every week? */
  bareWeekday: boolean;
  /** `1st` or `last Friday` stands without `on`, `every` or `of the month`. */
  bareOrdinal: boolean;
}

/** An empty draft of this text. */
export const emptyDraft = (text: string): Draft => ({
  text,
  frequencies: [],
  times: [],
  minutes: [],
  weekdays: [],
  ordinals: [],
  monthDays: [],
  months: [],
  yearDays: [],
  windows: [],
  zones: [],
  dayParts: [],
  spans: {},
  notes: [],
  turn: undefined,
  either: false,
  strong: false,
  weak: false,
  bareWeekday: false,
  bareOrdinal: false,
});

/**
 * What a reader answers: the index of the token after its part, `undefined` when its part does not stand here, or a
 * refusal when it does and is wrong.
 */
export type Step = number | Refusal | undefined;

/** Reads one kind of part at `at` and adds it to the draft. */
export type Reader = (tokens: readonly Token[], at: number, draft: Draft) => Step;

/** A value that was found, and the index of the token after it. */
export interface Found<Value> {
  readonly value: Value;
  readonly next: number;
}

/** Pairs a value with the index of the token after it. */
export const found = <Value>(value: Value, next: number): Found<Value> => ({ value, next });
