/**
 * Reads an expression (DESIGN.md section 4.1): each format in its order, each on the whole text. Pure; never throws; bounded by
 * the length of the text, which is capped.
 */

import { readCron } from "../recurrence/cron.ts";
import { looksLikeCron } from "../recurrence/cron-shape.ts";
import { fail, ok, type Result } from "../result.ts";
import { readDate } from "./date.ts";
import { readDurationTokens } from "./duration.ts";
import { readEnglish } from "./english.ts";
import { isRecurring } from "./grammar.ts";
import { refuseAbbreviation, zoneAbbreviation } from "./grammar-zone.ts";
import { EXPRESSION_MAX_LENGTH, type Interpretation, type ReadingContext, type Refusal } from "./interpretation.ts";
import { readIso } from "./iso.ts";
import { isListedName, KNOWN_WORDS } from "./lexicon.ts";
import { once } from "./once.ts";
import { findAmbiguousDate, findPitfall } from "./pitfalls.ts";
import { readQuotedCron } from "./quoted-cron.ts";
import { quote, refusal } from "./refusal.ts";
import { examplesFor, repair } from "./suggest.ts";
import { type Token, tokenize } from "./tokens.ts";

const SUGGESTIONS_MAX = 2;

/**
 * Reads what a person wrote as a recurrence. A refusal says where the trouble is, what was expected and one or two
 * expressions that are accepted in the same context.
 */
export function readExpression(text: string, context: ReadingContext): Result<Interpretation, Refusal> {
  const trimmed = text.trim();
  const start = text.length - text.trimStart().length;
  if (trimmed === "") return fail(refuseEmpty(text));
  if (text.length > EXPRESSION_MAX_LENGTH) return fail(refuseLong(text));
  const reading = readFormats(trimmed, context);
  if (reading.ok) return reading;
  return fail({
    ...reading.error,
    position: reading.error.position + start,
    suggestions: suggestionsFor(trimmed, reading.error.suggestions, context),
  });
}

function readFormats(text: string, context: ReadingContext): Result<Interpretation, Refusal> {
  const iso = readIso(text, context);
  if (iso !== undefined) return iso;
  const quoted = readQuotedCron(text, context);
  if (quoted !== undefined) return quoted;
  if (looksLikeCron(text)) return readCronText(text, context);
  const tokens = tokenize(text, isListedName);
  return readWords(text, tokens, context);
}

function readCronText(text: string, context: ReadingContext): Result<Interpretation, Refusal> {
  const line = readCron(text);
  if (!line.ok) return line;
  const recurrence = { kind: "calendar", lines: [line.value.text] } as const;
  return ok({ format: "cron", recurrence, timezone: context.timezone, notes: line.value.notes });
}

/** English, durations and dates; the last refusal names the first word that nobody knows. */
function readWords(text: string, tokens: readonly Token[], context: ReadingContext): Result<Interpretation, Refusal> {
  const english = readEnglish(text, tokens, context);
  if (english !== undefined)
    return english.ok || english.error.reason !== "not_understood" ? english : fail(findPitfall(text) ?? english.error);
  const duration = readDurationTokens(text, tokens, context);
  if (duration !== undefined)
    return duration.ok ? once("duration", duration.value, context.timezone, [], text, context) : duration;
  const abbreviated = tokens.find((token) => zoneAbbreviation(token) !== undefined);
  const zone = abbreviated === undefined ? undefined : zoneAbbreviation(abbreviated);
  if (abbreviated !== undefined && zone !== undefined) return fail(refuseAbbreviation(abbreviated, zone));
  const slashed = findAmbiguousDate(text);
  if (slashed !== undefined) return fail(slashed);
  const date = isRecurring(tokens) ? undefined : readDate(text, context);
  return date ?? fail(findPitfall(text) ?? refuseUnknown(text, tokens));
}

/**
 * One or two suggestions, each read before it is made: those of the refusal, else the text with its misspellings put
 * right, else examples of the same kind.
 */
function suggestionsFor(text: string, given: readonly string[], context: ReadingContext): readonly string[] {
  const isAccepted = (suggestion: string): boolean =>
    suggestion.length <= EXPRESSION_MAX_LENGTH && readFormats(suggestion, context).ok;
  const accepted = given.filter(isAccepted);
  if (accepted.length > 0) return accepted.slice(0, SUGGESTIONS_MAX);
  const repaired = repair(text, tokenize(text, isListedName));
  return repaired !== undefined && isAccepted(repaired) ? [repaired] : examplesFor(text);
}

const refuseEmpty = (text: string): Refusal =>
  refusal({
    reason: "empty",
    message: "There is no expression.",
    span: { start: 0, end: text.length },
    expected: "an expression such as every day at 9:00 am, */5 * * * * or in 10 minutes",
    suggestions: ["every day at 9:00 am", "in 10 minutes"],
  });

const refuseLong = (text: string): Refusal =>
  refusal({
    reason: "too_long",
    message: `The expression has ${text.length} characters; at most ${EXPRESSION_MAX_LENGTH} are read.`,
    span: { start: EXPRESSION_MAX_LENGTH, end: text.length },
    expected: `at most ${EXPRESSION_MAX_LENGTH} characters`,
    suggestions: ["every day at 9:00 am", "in 10 minutes"],
  });

function refuseUnknown(text: string, tokens: readonly Token[]): Refusal {
  const unknown = tokens.find((token) => token.kind === "word" && !KNOWN_WORDS.has(token.text));
  return refusal({
    reason: "not_understood",
    message:
      unknown === undefined
        ? `${quote(text)} was not understood as a whole.`
        : `${quote(unknown.text)} was not understood.`,
    span: unknown ?? { start: 0, end: text.length },
    expected: "a cron line, a recurring phrase, a duration, a date and time, or an ISO 8601 datetime",
  });
}
