/** Parts that do not go together, and phrases that could recur or not: refused with both readings. Pure. */

import type { Refusal } from "./interpretation.ts";
import { DAY_PARTS } from "./lexicon.ts";
import { ordinalText, weekdayName } from "./names.ts";
import type { Draft } from "./phrase.ts";
import { cover, quote, refusal, type Span } from "./refusal.ts";
import { HOUR_S } from "./seconds.ts";

/** The refusal for two parts that contradict each other, quoting both. */
export function clash(draft: Draft, one: Span, other: Span, suggestions: readonly string[]): Refusal {
  const [first, second] = one.start <= other.start ? [one, other] : [other, one];
  const text = (span: Span): string => quote(draft.text.slice(span.start, Math.min(span.end, span.start + 30)));
  return refusal({
    reason: "contradiction",
    message: `${text(first)} and ${text(second)} contradict each other.`,
    span: cover(first, second),
    expected: "one of the two",
    suggestions,
  });
}

/** A weekday, a time or a day of the month without `on`, `at` or `every`: once or again and again? */
export function refuseUnsaid(draft: Draft): Refusal | undefined {
  if (draft.strong) return undefined;
  const time = draft.times[0];
  const clock = time === undefined ? "9am" : draft.text.slice(time.start, time.end);
  const weekday = draft.weekdays[0];
  const span = { start: 0, end: draft.text.length };
  if (draft.bareWeekday && weekday !== undefined) {
    const day = weekdayName(weekday.from);
    const message = `${quote(draft.text)} may mean the coming ${day} only or every ${day}.`;
    return refusal({
      reason: "ambiguous",
      message,
      span,
      expected: `"every ${day}" or "this ${day}"`,
      suggestions: [`every ${day} at ${clock}`, `this ${day} at ${clock}`],
    });
  }
  if (draft.bareOrdinal) return refuseOrdinal(draft, span, clock);
  if (draft.weak) return undefined;
  const message = `${quote(draft.text)} does not say whether it recurs.`;
  const suggestions = [`every day at ${clock}`, `tomorrow at ${clock}`];
  return refusal({
    reason: "ambiguous",
    message,
    span,
    expected: `"every day", "on" or "at" before it, or a date`,
    suggestions,
  });
}

/** `1st at noon`, `first Monday at 9am`: of this month or of every month? */
function refuseOrdinal(draft: Draft, span: Span, clock: string): Refusal {
  const first = draft.ordinals[0];
  const what =
    first === undefined
      ? "on the 1st of every month"
      : `${ordinalText(first.nth)} ${weekdayName(first.weekday)} of every month`;
  return refusal({
    reason: "ambiguous",
    message: `${quote(draft.text)} does not say of which month, or of every month.`,
    span,
    expected: `"of every month" after it, or a date`,
    suggestions: [`${what} at ${clock}`],
  });
}

/** A bare hour beside `night` or `evening` may be in either half; a part of the day alone names no time. */
export function refuseHalves(draft: Draft): Refusal | undefined {
  const said = draft.dayParts[0];
  const part = said === undefined ? undefined : DAY_PARTS.get(said.word);
  if (said === undefined || part === undefined) return undefined;
  if (draft.times.length === 0)
    return part.free
      ? undefined
      : refusal({
          reason: "ambiguous",
          message: `${quote(said.word)} names no time of day.`,
          span: said,
          expected: "a time of day",
          suggestions: said.word.startsWith("morning") ? ["every day at 9am"] : ["every day at 6pm"],
        });
  const outside = draft.times.find(({ second }) => !isWithin(Math.floor(second / HOUR_S), part.first, part.last));
  if (outside === undefined) return undefined;
  const hour = Math.floor(outside.second / HOUR_S) % 12 || 12;
  return refusal({
    reason: outside.sure ? "contradiction" : "ambiguous",
    message: `${quote(draft.text.slice(outside.start, outside.end))} is not in the ${said.word.replace(/(s|ly)$/, "")}, unless am or pm says so.`,
    span: outside,
    expected: "a time in that part of the day, with am or pm",
    suggestions: [`every day at ${hour}pm`, `every day at ${hour}am`],
  });
}

const isWithin = (hour: number, first: number, last: number): boolean =>
  first <= last ? hour >= first && hour <= last : hour >= first || hour <= last;
