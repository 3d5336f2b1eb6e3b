/**
 * Phrases that people write and that are refused on purpose, with the reply that helps (reference/time-language.md 4). Looked at
 * only after nothing else has understood the text. Pure.
 */
import type { Refusal, RefusalReason } from "./interpretation.ts";
import { quote, refusal } from "./refusal.ts";

interface Pitfall {
  readonly pattern: RegExp;
  readonly reason: RefusalReason;
  readonly message: string;
  readonly expected: string;
  readonly suggestions: readonly string[];
}

const PITFALLS: readonly Pitfall[] = [
  {
    pattern: /\bbi-?\s?weekly\b/i,
    reason: "ambiguous",
    message: "may mean twice a week or every other week",
    expected: "the weekdays, or every other week",
    suggestions: ["every other week on Monday", "every Monday and Thursday"],
  },
  {
    pattern: /\bbi-?\s?monthly\b/i,
    reason: "ambiguous",
    message: "may mean twice a month or every other month",
    expected: "the days of the month, or every 2 months",
    suggestions: ["every 2 months", "on the 1st and 15th of the month"],
  },
  {
    pattern: /\b(?:semi|bi)-?\s?(?:annually|annual|yearly|ennially)\b/i,
    reason: "ambiguous",
    message: "may mean twice a year or every other year",
    expected: "a number of months",
    suggestions: ["every 6 months", "every year"],
  },
  {
    pattern:
      /\b(?:twice|thrice|(?:\d+|two|three|four|five|six|several|many) times)\b(?: (?:a|an|per|every|each) \w+)?/i,
    reason: "ambiguous",
    message: "does not say when",
    expected: "the times of day, the weekdays or a fixed frequency",
    suggestions: ["every day at 9am and 5pm", "every Monday and Thursday"],
  },
  {
    pattern: /\b(?:business|office|working|work|opening) hours?\b/i,
    reason: "ambiguous",
    message: "has no hours that all agree on",
    expected: "a window of the day and weekdays",
    suggestions: ["every hour from 9am to 5pm on weekdays", "weekdays at 9am"],
  },
  {
    pattern: /\b(?:business|working|banking) days?\b/i,
    reason: "ambiguous",
    message: "depends on holidays, which are not known here",
    expected: "weekdays, for Monday to Friday",
    suggestions: ["weekdays at 9am", "last weekday of every month at 9am"],
  },
  {
    pattern:
      /\b(?:dawn|dusk|sunrise|sunset|lunch(?:time)?|dinner(?:time)?|breakfast|tea time|(?:end|start|beginning|close|top) of (?:the )?(?:day|week|month|year|business))\b/i,
    reason: "ambiguous",
    message: "names no time that all agree on",
    expected: "a time of day and a day",
    suggestions: ["every day at 6am", "on the last day of the month at 5pm"],
  },
  {
    pattern: /\b(?:holidays?|christmas|easter|thanksgiving|new year'?s?(?: eve| day)?)\b/i,
    reason: "unsupported",
    message: "is a holiday, and holidays are not known here",
    expected: "a month and a day",
    suggestions: ["every year on December 25", "every year on January 1"],
  },
  {
    pattern:
      /\b(?:starting|beginning|start(?:s)? (?:on|at|from)|from (?:today|tomorrow|now) on|until|ending|ends?|till)\b/i,
    reason: "unsupported",
    message: "asks for a start or an end, which are fields of the schedule and not words of the expression",
    expected: "the recurrence alone, with starts_at or ends_at beside it",
    suggestions: ["every day at 9:00 am", "every hour"],
  },
  {
    pattern: /\b(?:for|up to|at most|max(?:imum)?) (?:the next )?(?:\d+|a|an|one|two|three|four|five|six|ten) \w+/i,
    reason: "unsupported",
    message: "asks for a number of runs or a length, which are fields of the schedule and not words of the expression",
    expected: "the recurrence alone, with max_runs or ends_at beside it",
    suggestions: ["every day at 9:00 am", "every hour"],
  },
  {
    pattern: /\b(?:except|excluding|but not|not on|without|unless|skip(?:ping)?|other than)\b/i,
    reason: "unsupported",
    message: "asks for an exception, which one expression cannot say",
    expected: "the days that run",
    suggestions: ["every Monday, Tuesday, Thursday and Friday", "weekdays at 9am"],
  },
  {
    pattern: /\b(?:mornings?|afternoons?|evenings?|nights?|tonight)\b/i,
    reason: "ambiguous",
    message: "names no time of day",
    expected: "a time of day",
    suggestions: ["every day at 8am", "every day at 6pm"],
  },
  {
    pattern:
      /\b(?:sometimes|often|occasionally|randomly|random|regularly|around|about|approximately|roughly|every so often|now and then|asap|soon)\b/i,
    reason: "not_understood",
    message: "is no exact time",
    expected: "an exact time or frequency; the spread of a schedule moves its runs a little",
    suggestions: ["every 15 minutes", "every day at 9:00 am"],
  },
  {
    pattern: /\b(?:noonish|\d+ish|before|after)\b/i,
    reason: "not_understood",
    message: "is no exact time",
    expected: "an exact time, or a window with both ends",
    suggestions: ["every hour from 9am to 5pm", "every day at 12:00 pm"],
  },
];

/** The refusal for a phrase that is refused on purpose, or undefined. */
export function findPitfall(text: string): Refusal | undefined {
  for (const { pattern, reason, message, expected, suggestions } of PITFALLS) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const span = { start: match.index, end: match.index + match[0].length };
    return refusal({ reason, message: `${quote(match[0])} ${message}.`, span, expected, suggestions });
  }
  return undefined;
}

const SLASHED = /\b\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d{2})\b/;

/** `1/2/2024`: month or day first? Asked before chrono, which would take the month. */
export function findAmbiguousDate(text: string): Refusal | undefined {
  const match = SLASHED.exec(text) ?? /(?<![\w/])\d{1,2}\/\d{1,2}(?![\w/])/.exec(text);
  if (match === null) return undefined;
  return refusal({
    reason: "ambiguous",
    message: `${quote(match[0])} may have the month first or the day first.`,
    span: { start: match.index, end: match.index + match[0].length },
    expected: "a date written YYYY-MM-DD, or with the month as a word",
    suggestions: ["every year on January 2", "every year on February 1"],
  });
}
