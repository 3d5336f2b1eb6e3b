/**
 * Durations: `10 minutes`, `2h`, `1 day 3 hours`, `in an hour and a half`, `PT1H30M` (reference/time-language.md 7). Days and weeks
 * are elapsed time; months and years go by the calendar of the zone, the day clamped to the month. Pure.
 */
import { fail, ok, type Result } from "../result.ts";
import { addMonths } from "../time/civil.ts";
import type { Instant } from "../time/instant.ts";
import { resolveWallTime, wallTimeAt } from "../time/local-time.ts";
import { type DurationAmount, readIsoDuration } from "./duration-iso.ts";
import { readWordedDuration } from "./duration-words.ts";
import type { Refusal } from "./interpretation.ts";
import { isListedName } from "./lexicon.ts";
import { quote, refusal } from "./refusal.ts";
import { type Token, tokenize } from "./tokens.ts";

/** What a duration counts from, and the zone whose calendar its months and years use. */
export interface DurationContext {
  readonly now: Instant;
  readonly timezone: string;
}

/** Longest duration that is read. */
const MONTHS_MAX = 120;

/**
 * The instant a duration leads to, counted from `now`. Refuses what is no duration, zero, negative, ambiguous or longer
 * than ten years.
 */
export function readDuration(text: string, context: DurationContext): Result<Instant, Refusal> {
  const reading = readDurationTokens(text, tokenize(text, isListedName), context);
  return (
    reading ??
    fail(
      refusal({
        reason: "not_understood",
        message: `${quote(text)} is not a duration.`,
        span: { start: 0, end: text.length },
        expected: "a number and a unit, such as 10 minutes, 2h or 1 day 3 hours",
        suggestions: ["10 minutes", "2h"],
      }),
    )
  );
}

/** The same for text that is tokenized already; undefined when it does not look like a duration. */
export function readDurationTokens(
  text: string,
  tokens: readonly Token[],
  context: DurationContext,
): Result<Instant, Refusal> | undefined {
  const amount = readIsoDuration(text) ?? readWordedDuration(text, tokens);
  if (amount === undefined) return undefined;
  if (!amount.ok) return amount;
  const at = addAmount(amount.value, context);
  if (at !== undefined && at > context.now) return ok(at);
  return fail(
    refusal({
      reason: "out_of_range",
      message: at === undefined ? "That is longer than ten years." : "A duration of zero leads nowhere.",
      span: { start: 0, end: text.length },
      expected: "a duration longer than zero and of at most ten years",
      suggestions: ["10 minutes", "1 day 3 hours"],
    }),
  );
}

/** The instant, or undefined past ten years. */
function addAmount(amount: DurationAmount, context: DurationContext): Instant | undefined {
  if (amount.months > MONTHS_MAX) return undefined;
  const at = Math.round(addCalendar(context.now, amount.months, context.timezone) + amount.elapsed);
  return at <= addCalendar(context.now, MONTHS_MAX, context.timezone) ? at : undefined;
}

function addCalendar(now: Instant, months: number, timezone: string): Instant {
  if (months === 0) return now;
  const wall = wallTimeAt(now, timezone);
  const reading = resolveWallTime({ ...wall, ...addMonths(wall, months) }, timezone);
  return reading.kind === "fold" ? reading.first : reading.instant;
}
