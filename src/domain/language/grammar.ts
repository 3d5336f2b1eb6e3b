/** The English recurring grammar: walks over the tokens, lets each reader take its part, in any order. Pure. */
import { readClock } from "./grammar-clock.ts";
import { readFrequency } from "./grammar-frequency.ts";
import { readMinuteMarks } from "./grammar-minute.ts";
import { readMonths, readYearDay } from "./grammar-month.ts";
import { readMonthDays } from "./grammar-month-day.ts";
import { readOrdinalWeekday, readWeekdays } from "./grammar-weekday.ts";
import { readWindow } from "./grammar-window.ts";
import { readZonePart } from "./grammar-zone.ts";
import type { Refusal } from "./interpretation.ts";
import { ADVERBS, EVERY, MONTHS, PLURAL_WEEKDAYS, POLITE } from "./lexicon.ts";
import { type Draft, emptyDraft, type Reader, type Step } from "./phrase.ts";
import { quote, refusal } from "./refusal.ts";
import { follow, textAt } from "./scan.ts";
import type { Token } from "./tokens.ts";

/** The longest forms first: `at 5 past the hour` before `at 5`, `on March 5` before `in March`. */
const READERS: readonly Reader[] = [
  readFrequency,
  readMinuteMarks,
  readOrdinalWeekday,
  readYearDay,
  readMonthDays,
  readMonths,
  readWeekdays,
  readWindow,
  readZonePart,
  readClock,
  readTail,
];

/** Joins parts; a comma says nothing, `and` and `or` are remembered between day parts. */
const GLUE = new Set([",", ";", ".", "!", "and", "or", "&"]);

/**
 * The parts of a recurring phrase; `undefined` when it is none (a date or a duration may still be), a refusal when it
 * can only be meant to recur and does not hold.
 */
export function readParts(tokens: readonly Token[], text: string): Draft | Refusal | undefined {
  const draft = emptyDraft(text);
  const order: PartKind[] = [];
  let at = 0;
  while (at < tokens.length) {
    const word = textAt(tokens, at);
    if (POLITE.has(word)) at += 1;
    else if (GLUE.has(word)) {
      if (word !== ",")
        draft.either ||= draft.monthDays.length > 0 !== draft.weekdays.length + draft.ordinals.length > 0;
      at += 1;
    } else {
      const [days, times] = [countDays(draft), draft.times.length];
      const step = readPart(tokens, at, draft);
      if (step === undefined) return isRecurring(tokens) ? notUnderstood(tokens, at) : undefined;
      if (typeof step !== "number") return isOurs(tokens, draft, step) ? step : undefined;
      const kind = draft.times.length > times ? "time" : countDays(draft) > days ? "day" : undefined;
      if (kind !== undefined && order.includes(kind) && order.at(-1) !== kind) draft.turn ??= at;
      if (kind !== undefined) order.push(kind);
      at = step;
    }
  }
  return endsOpen(tokens) ? notUnderstood(tokens, tokens.length - 1) : draft;
}

type PartKind = "day" | "time";

const countDays = (draft: Draft): number =>
  draft.weekdays.length + draft.ordinals.length + draft.monthDays.length + draft.yearDays.length;

/** `and` at the end announces a part that is missing. */
const endsOpen = (tokens: readonly Token[]): boolean => /^(and|or|&)$/.test(textAt(tokens, tokens.length - 1));

function readPart(tokens: readonly Token[], at: number, draft: Draft): Step {
  for (const reader of READERS) {
    const step = reader(tokens, at, draft);
    if (step !== undefined) return step;
  }
  return undefined;
}

/** `of the month` after weekdays, `of the day` after hours: said for completeness, adds nothing. */
function readTail(tokens: readonly Token[], at: number, draft: Draft): Step {
  const next =
    follow(tokens, at, "of|in|on the|every|each|a hour|day|week|month|year") ??
    follow(tokens, at, "every|each day|week|month");
  const whole = textAt(tokens, (next ?? 0) - 1);
  const unit = draft.frequencies[0]?.unit;
  if (next === undefined || draft.monthDays.length + draft.yearDays.length > 0) return undefined;
  const smaller = unit === "second" || unit === "minute" || unit === "hour";
  const fits =
    (whole === "hour" && (unit === "second" || unit === "minute")) ||
    (whole === "day" && smaller) ||
    (whole === "week" && (smaller || unit === "day" || draft.weekdays.length > 0)) ||
    (whole === "month" && (unit === "day" || draft.weekdays.length + draft.ordinals.length > 0)) ||
    (whole === "year" && (unit === "day" || unit === "month"));
  return fits ? next : undefined;
}

/** True when a word stands in the text that no date and no duration has. */
export const isRecurring = (tokens: readonly Token[]): boolean =>
  tokens.some(
    ({ text }) =>
      (EVERY.has(text) && text !== "per") || ADVERBS.has(text) || PLURAL_WEEKDAYS.has(text) || RECURRING.has(text),
  );

const RECURRING = new Set(
  "nightly weekdays weekends workdays weekday weekend everyday nights mornings evenings afternoons".split(" "),
);

/** Whether a refused part decides the whole text, or a duration or a date may still be meant. */
const isOurs = (tokens: readonly Token[], draft: Draft, refused: Refusal): boolean =>
  draft.weak ||
  draft.strong ||
  refused.reason === "impossible" ||
  refused.reason === "out_of_range" ||
  isRecurring(tokens) ||
  isTimeOnly(tokens);

/** `at 25:00` can be nothing but a time of day that recurs, unless a day is named. */
const isTimeOnly = (tokens: readonly Token[]): boolean =>
  tokens[0]?.text === "at" &&
  !tokens.some(({ text }) => MONTHS.has(text) || /^(today|tomorrow|tonight|this|next|last)$/.test(text));

/** Points at the word after `every`, `at`, `on` and the like: that is the one in the way. */
function notUnderstood(tokens: readonly Token[], at: number): Refusal {
  const isLead = EVERY.has(textAt(tokens, at)) || PREPOSITION.test(textAt(tokens, at));
  const place = isLead && at + 1 < tokens.length ? at + 1 : at;
  const before = textAt(tokens, place - 1).slice(0, 15);
  return refusal({
    reason: "not_understood",
    message: `${quote(textAt(tokens, place))} was not understood${before === "" ? "" : ` after ${quote(before)}`}.`,
    span: tokens[place] ?? { start: 0, end: 0 },
    expected: EVERY.has(textAt(tokens, at))
      ? "a number and a unit of time, a weekday, a month or a day of the month"
      : "a frequency, a time of day, weekdays, days of the month, months or a time zone",
  });
}

const PREPOSITION = /^(at|on|in|of|from|between|during)$/;
