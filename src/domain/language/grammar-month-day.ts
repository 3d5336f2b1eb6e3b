/** Days of the month: `on the 1st and 15th`, `day 1 through 5`, `the last day of the month`, `every 15th`. Pure. */

import { skipOfMonth } from "./grammar-weekday.ts";
import type { Refusal } from "./interpretation.ts";
import { type Draft, type Found, found, type MonthDay, type Reader } from "./phrase.ts";
import { cover, quote, refusal } from "./refusal.ts";
import { follow, readOrdinal, readPieces, skip, skipJoins, spanOf, textAt } from "./scan.ts";
import type { Token } from "./tokens.ts";

const LAST_DAY_OF_MONTH = 31;

/** Reads `[on|every] [the] 1st [and 15th|to 5th] [day] [of the month]`, `day 5`, `the last day of the month`. */
export const readMonthDays: Reader = (tokens, at, draft) => {
  const afterLead = skip(tokens, skip(tokens, at, "from", "between"), "on", "every", "each", "only");
  const start = skip(tokens, afterLead, "the");
  const list = readNumberedDays(tokens, start) ?? readOrdinalDays(tokens, start);
  if (list === undefined) return undefined;
  const ofMonth = skipOfMonth(tokens, list.next);
  const next = ofMonth ?? list.next;
  if (follow(tokens, next, "of|in the|every|each|a week|year|quarter|day") !== undefined)
    return refuseCounting(tokens, at, next + 3);
  const every = /^(every|each)$/.test(textAt(tokens, at));
  const wrong =
    refuseDays(tokens, at, list) ?? (every && ofMonth === undefined ? refuseEveryNth(tokens, at, list) : undefined);
  if (wrong !== undefined) return wrong;
  draft.monthDays.push(...list.value);
  noteSpan(tokens, at, next, draft);
  if (ofMonth !== undefined || every) draft.strong = true;
  if (afterLead > at) draft.weak = true;
  else if (ofMonth === undefined) draft.bareOrdinal = true;
  return next;
};

function noteSpan(tokens: readonly Token[], at: number, next: number, draft: Draft): void {
  const span = spanOf(tokens, at, next);
  draft.spans.monthDay = draft.spans.monthDay === undefined ? span : cover(draft.spans.monthDay, span);
}

/** `day 1, 15 and 20`, `days 1 to 5`, `day 1 and day 15`. */
function readNumberedDays(tokens: readonly Token[], at: number): Found<MonthDay[]> | undefined {
  const start = follow(tokens, at, "day|days");
  if (start === undefined) return undefined;
  const between = textAt(tokens, at - 1) === "between" && textAt(tokens, start + 1) === "and";
  const from = tokens[start];
  const to = tokens[start + 2];
  if (between && from?.kind === "number" && to?.kind === "number")
    return found([{ from: from.value, to: to.value }], start + 3);
  return readPieces(tokens, start, (all, index) => {
    const token = all[skip(all, index, "day", "days")];
    return token?.kind === "number" ? found(token.value, skip(all, index, "day", "days") + 1) : undefined;
  });
}

/** `1st`, `first and fifteenth day`, `1st to 5th`, `last day`, mixed: `15th and last day`. */
function readOrdinalDays(tokens: readonly Token[], at: number): Found<MonthDay[]> | undefined {
  const days: MonthDay[] = [];
  let next = at;
  for (;;) {
    const start = days.length === 0 ? next : skipJoins(tokens, next);
    const day =
      start === undefined ? undefined : readOrdinalDay(tokens, skip(tokens, skip(tokens, start, "on"), "the"));
    if (day === undefined) break;
    days.push(...day.value);
    next = day.next;
  }
  return days.length === 0 ? undefined : found(days, next);
}

function readOrdinalDay(tokens: readonly Token[], at: number): Found<MonthDay[]> | undefined {
  const last = follow(tokens, at, "last day");
  if (last !== undefined) return found(["L"], last);
  const pieces = readPieces(tokens, at, readDayOrdinal);
  return pieces === undefined ? undefined : found(pieces.value, skip(tokens, pieces.next, "day", "days"));
}

/** An ordinal that is not followed by what it would count instead: `second hour`, `first Monday`. */
function readDayOrdinal(tokens: readonly Token[], at: number): Found<number> | undefined {
  const ordinal = readOrdinal(tokens, at);
  if (ordinal === undefined || NOT_A_DAY.test(textAt(tokens, ordinal.next))) return undefined;
  // A lone "second" is the unit far more often than the day.
  if (textAt(tokens, at) === "second" && textAt(tokens, at - 1) !== "the") return undefined;
  return ordinal;
}

const NOT_A_DAY =
  /^(sun|mon|tue|wed|thu|fri|sat|weekday|workday|weekend|hour|hr|h$|min|sec|second|week|month|year|quarter)/;

function refuseDays(tokens: readonly Token[], at: number, list: Found<MonthDay[]>): Refusal | undefined {
  const wrong = list.value.find(
    (day) =>
      typeof day !== "string" && [day.from, day.to].some((n) => !Number.isInteger(n) || n < 1 || n > LAST_DAY_OF_MONTH),
  );
  if (wrong === undefined || typeof wrong === "string") return undefined;
  const number = wrong.from >= 1 && wrong.from <= LAST_DAY_OF_MONTH ? wrong.to : wrong.from;
  return refusal({
    reason: "out_of_range",
    message: `No month has a day ${number}.`,
    span: spanOf(tokens, at, list.next),
    expected: "a day from 1 to 31, or the last day of the month",
    suggestions: ["on the last day of the month", "on the 1st of every month"],
  });
}

/** `every 2nd day` may be every other day or the 2nd; `every 15th` can only be the day of the month. */
function refuseEveryNth(tokens: readonly Token[], at: number, list: Found<MonthDay[]>): Refusal | undefined {
  const day = list.value[0];
  if (textAt(tokens, list.next - 1) !== "day" || list.value.length > 1 || day === undefined || typeof day === "string")
    return undefined;
  const span = spanOf(tokens, at, list.next);
  const nth = textAt(tokens, list.next - 2);
  return refusal({
    reason: "ambiguous",
    message: `${quote(`every ${nth} day`)} may mean every ${day.from} days or the ${nth} of each month.`,
    span,
    expected: "every n days, or a day of every month",
    suggestions: [
      day.from === 2 ? "every other day" : `every ${Math.max(day.from, 2)} days`,
      `on the ${nth} of every month`,
    ],
  });
}

function refuseCounting(tokens: readonly Token[], at: number, next: number): Refusal {
  return refusal({
    reason: "unsupported",
    message: `Days can be counted in a month only, not ${quote(`of the ${textAt(tokens, next - 1)}`)}.`,
    span: spanOf(tokens, at, next),
    expected: "a day of the month, a weekday, or a month and a day",
    suggestions: ["on the 1st of every month", "every year on January 1"],
  });
}
