/** Frequencies that are refused, each with what would be right. Pure. */
import type { Refusal } from "./interpretation.ts";
import { UNITS } from "./lexicon.ts";
import { countText } from "./names.ts";
import { quote, refusal, type Span } from "./refusal.ts";
import { spanOf, textAt } from "./scan.ts";
import type { Token } from "./tokens.ts";

/** A length of zero, of a fraction of a second or of more than ten years. */
export function refuseCount(tokens: readonly Token[], at: number, next: number): Refusal {
  return refusal({
    reason: "out_of_range",
    message: `${quote(joined(tokens, at, next))} is no length that can be counted: it must be at least one second, in whole seconds, and days and longer in whole numbers.`,
    span: spanOf(tokens, at, next),
    expected: "a number of at least 1, at most ten years in all",
    suggestions: ["every minute", "every 5 minutes"],
  });
}

/** `every -5 minutes`. */
export function refuseSign(tokens: readonly Token[], at: number, next: number): Refusal {
  const unit = UNITS.get(textAt(tokens, next))?.unit ?? "minute";
  return refusal({
    reason: "out_of_range",
    message: "A frequency has no sign: it counts forward from 1.",
    span: spanOf(tokens, at, next),
    expected: "a number of at least 1",
    suggestions: [`every ${countText(Math.max(1, Math.round(tokens[next - 1]?.value ?? 1)), unit)}`, `every ${unit}`],
  });
}

/** `every 4M`. */
export function refuseCapitalM(span: Span, count: number): Refusal {
  return refusal({
    reason: "ambiguous",
    message: `"M" may mean minutes or months.`,
    span: { start: span.end - 1, end: span.end },
    expected: "minutes or months as a word",
    suggestions: [
      `every ${countText(Math.max(1, Math.round(count)), "minute")}`,
      12 % count === 0 ? `every ${countText(count, "month")}` : "every month",
    ],
  });
}

/** `every other weekday`: Monday, Wednesday, Friday, or all five in every other week? */
export function refuseOtherWeekday(tokens: readonly Token[], at: number, next: number): Refusal {
  return refusal({
    reason: "ambiguous",
    message: `${quote(joined(tokens, at, next))} may mean some of the weekdays or every second week.`,
    span: spanOf(tokens, at, next),
    expected: "the weekdays by name, or every n weeks on weekdays",
    suggestions: ["every Monday, Wednesday and Friday", "every other week on weekdays"],
  });
}

/** `every second day`. */
export function refuseSecond(tokens: readonly Token[], at: number, next: number): Refusal {
  return refusal({
    reason: "ambiguous",
    message: `${quote(joined(tokens, at, next))} may mean every other one, the 2nd of the month, or the unit of time.`,
    span: spanOf(tokens, at, next),
    expected: `"every other ...", "the 2nd of every month" or "every second"`,
    suggestions: ["every other day", "on the 2nd of every month"],
  });
}

const joined = (tokens: readonly Token[], at: number, next: number): string =>
  tokens
    .slice(at, next)
    .map((token) => (token.glued ? "" : " ") + token.text)
    .join("");
