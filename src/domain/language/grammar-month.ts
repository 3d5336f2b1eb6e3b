/** Months and days of the year: `in January and July`, `from May to August`, `on March 5`, `4th of July`. Pure. */
import type { Refusal } from "./interpretation.ts";
import { MONTHS } from "./lexicon.ts";
import { monthName } from "./names.ts";
import { type Draft, type Found, found, type Piece, type Reader, type YearDay } from "./phrase.ts";
import { cover, refusal, type Span } from "./refusal.ts";
import { follow, readOrdinal, readPieces, skip, spanOf, textAt } from "./scan.ts";
import type { Token } from "./tokens.ts";

/** Longest length each month ever has, January first. */
const MONTH_LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
/** Number of days the month can have, 29 for February. */
export const monthLength = (month: number): number => MONTH_LENGTHS[month - 1] ?? 0;

const isMonth = (tokens: readonly Token[], at: number): Found<number> | undefined => {
  const month = tokens[at]?.kind === "word" ? MONTHS.get(textAt(tokens, at)) : undefined;
  return month === undefined ? undefined : found(month, at + 1);
};

/** Reads `[only] [in|of|during|from] [every] month {, month}`; a month followed by a day is a day of the year. */
export const readMonths: Reader = (tokens, at, draft) => {
  const lead = skip(tokens, at, "in", "of", "during", "throughout", "from", "between");
  const every = skip(tokens, lead, "every", "each", "the");
  const start = follow(tokens, every, "month|months of") ?? every;
  const between = textAt(tokens, at) === "between" && textAt(tokens, start + 1) === "and";
  const from = isMonth(tokens, start);
  const to = between ? isMonth(tokens, start + 2) : undefined;
  const list =
    from !== undefined && to !== undefined
      ? found([{ from: from.value, to: to.value }], to.next)
      : readPieces(tokens, start, isMonth);
  if (list === undefined) return undefined;
  draft.months.push(...list.value);
  const span = spanOf(tokens, at, list.next);
  draft.spans.month = draft.spans.month === undefined ? span : cover(draft.spans.month, span);
  if (every > lead && textAt(tokens, lead) !== "the") addYearly(draft, span);
  return list.next;
};

/** `every January` is once a year, unless something else already says how often. */
function addYearly(draft: Draft, span: Span): void {
  draft.strong = true;
  if (draft.frequencies.length + draft.weekdays.length + draft.ordinals.length + draft.monthDays.length === 0)
    draft.frequencies.push({ ...span, unit: "year", count: 1, seconds: 0 });
}

/** Reads `[on|every] March 5 [and 6]`, `[on] [the] 5th of March`. */
export const readYearDay: Reader = (tokens, at, draft) => {
  const start = skip(tokens, skip(tokens, at, "on", "every", "each"), "the");
  const day = readMonthFirst(tokens, start) ?? readDayFirst(tokens, start);
  if (day === undefined) return undefined;
  const wrong = refuseYearDay(day.value);
  if (wrong !== undefined) return wrong;
  draft.yearDays.push(day.value);
  if (/^(every|each)$/.test(textAt(tokens, at))) draft.strong = true;
  return skipYear(tokens, day.next, draft);
};

/** `of every year` makes a day of the year recur. */
function skipYear(tokens: readonly Token[], at: number, draft: Draft): number {
  const next = follow(tokens, at, "of|in every|each|the year");
  if (next !== undefined) draft.strong = true;
  return next ?? at;
}

/** A day is a number of one or two digits that no clock or unit follows, or an ordinal. */
const readDay = (tokens: readonly Token[], at: number): Found<number> | undefined => {
  const token = tokens[at];
  if (token?.kind !== "number") return tokens[at]?.text === "second" ? undefined : readOrdinal(tokens, at);
  const following = tokens[at + 1];
  const clock = following !== undefined && /^(am|pm|a|p|o'clock|oclock)$/.test(following.text);
  return clock || token.text.length > 2 ? undefined : found(token.value, at + 1);
};

function readMonthFirst(tokens: readonly Token[], at: number): Found<YearDay> | undefined {
  const month = isMonth(tokens, at);
  const days = month === undefined ? undefined : readPieces(tokens, skip(tokens, month.next, "the"), readDay);
  if (month === undefined || days === undefined) return undefined;
  return found({ ...spanOf(tokens, at, days.next), month: month.value, days: days.value }, days.next);
}

function readDayFirst(tokens: readonly Token[], at: number): Found<YearDay> | undefined {
  const days = readPieces(tokens, at, readDay);
  if (days === undefined) return undefined;
  const month = isMonth(tokens, skip(tokens, skip(tokens, days.next, "day"), "of"));
  // `on the 15th of January and July` lists months: the month-day reader takes it.
  if (month === undefined || readsMoreMonths(tokens, month.next)) return undefined;
  return found({ ...spanOf(tokens, at, month.next), month: month.value, days: days.value }, month.next);
}

const readsMoreMonths = (tokens: readonly Token[], at: number): boolean =>
  isMonth(tokens, skip(tokens, at, "and", "or", ",", "to", "through", "-")) !== undefined;

function refuseYearDay(date: YearDay): Refusal | undefined {
  const longest = monthLength(date.month);
  const wrong = date.days
    .flatMap((piece: Piece) => [piece.from, piece.to])
    .find((day) => day < 1 || day > longest || !Number.isInteger(day));
  if (wrong === undefined) return undefined;
  const name = monthName(date.month);
  return refusal({
    reason: wrong >= 1 && wrong <= 31 ? "impossible" : "out_of_range",
    message: `${name} has no day ${wrong}.`,
    span: date,
    expected: `a day from 1 to ${longest}`,
    suggestions: [`every year on ${name} ${Math.min(longest, 28)}`, `on the last day of the month in ${name}`],
  });
}
