/** Weekdays: `on Monday`, `Mondays and Thursdays`, `Fri-Mon`, `weekdays`, `the first Monday of the month`. Pure. */
import type { Refusal } from "./interpretation.ts";
import { PLURAL_WEEKDAYS, RANGE, WEEKDAY_GROUPS, WEEKDAYS } from "./lexicon.ts";
import { ordinalText } from "./names.ts";
import { type Found, found, type OrdinalWeekday, type Piece, type Reader } from "./phrase.ts";
import { cover, quote, refusal } from "./refusal.ts";
import { follow, readOrdinal, skip, skipJoins, spanOf, textAt } from "./scan.ts";
import type { Token } from "./tokens.ts";

const WORKDAYS: readonly Piece[] = [{ from: 1, to: 5 }];
const WEEKEND: readonly Piece[] = [
  { from: 6, to: 6 },
  { from: 0, to: 0 },
];

/** What a list of weekdays says, and whether its form alone (plural, range, group, several) makes it recur. */
export interface WeekdayList {
  readonly pieces: readonly Piece[];
  readonly recurs: boolean;
}

/** Reads `[only] [on] weekday {, weekday}`. */
export const readWeekdays: Reader = (tokens, at, draft) => {
  const start = skip(tokens, skipAtWeekend(tokens, at), "from", "between");
  const afterOn = skip(tokens, start, "on");
  const afterEvery = skip(tokens, afterOn, "every", "each");
  const list = readWeekdayList(tokens, skip(tokens, afterEvery, "a", "the"));
  if (list === undefined) return undefined;
  const span = spanOf(tokens, at, list.next);
  draft.weekdays.push(...list.value.pieces);
  draft.spans.weekday = draft.spans.weekday === undefined ? span : cover(draft.spans.weekday, span);
  if (list.value.recurs || afterEvery > afterOn) draft.strong = true;
  else if (afterOn === start) draft.bareWeekday = true;
  if (afterOn > start) draft.weak = true;
  return list.next;
};

/** `at weekends`, `at the weekend`. */
const skipAtWeekend = (tokens: readonly Token[], at: number): number =>
  (follow(tokens, at, "at the weekend|weekends") ?? follow(tokens, at, "at weekend|weekends")) === undefined
    ? at
    : at + 1;

/** A list of weekdays, ranges and groups, without a preposition. */
export function readWeekdayList(tokens: readonly Token[], at: number): Found<WeekdayList> | undefined {
  const pieces: Piece[] = [];
  let recurs = false;
  let next = at;
  for (;;) {
    const join = pieces.length === 0 ? at : skipJoins(tokens, next);
    const item = join === undefined ? undefined : readWeekdayItem(tokens, skip(tokens, join, "on", "the"));
    if (item === undefined) break;
    pieces.push(...item.value.pieces);
    recurs ||= item.value.recurs || pieces.length > 1;
    next = item.next;
  }
  return pieces.length === 0 ? undefined : found({ pieces, recurs }, next);
}

function readWeekdayItem(tokens: readonly Token[], at: number): Found<WeekdayList> | undefined {
  const word = textAt(tokens, at);
  const group = WEEKDAY_GROUPS.get(word);
  if (group !== undefined) return found({ pieces: group === "workdays" ? WORKDAYS : WEEKEND, recurs: true }, at + 1);
  const from = weekdayOf(word);
  if (from === undefined) return undefined;
  const ranged = RANGE.has(textAt(tokens, at + 1)) || isBetween(tokens, at);
  const to = ranged ? weekdayOf(textAt(tokens, at + 2)) : undefined;
  if (to !== undefined) return found({ pieces: [{ from, to }], recurs: true }, at + 3);
  return found({ pieces: [{ from, to: from }], recurs: PLURAL_WEEKDAYS.has(word) }, at + 1);
}

const isBetween = (tokens: readonly Token[], at: number): boolean =>
  textAt(tokens, at - 1) === "between" && textAt(tokens, at + 1) === "and";

/** The weekday of a word, singular or plural, 0 = Sunday. */
export const weekdayOf = (word: string): number | undefined => WEEKDAYS.get(word) ?? PLURAL_WEEKDAYS.get(word);

/** `of the month`, `of every month`, `in each month`, `monthly`: what makes an ordinal count in the month. */
export function skipOfMonth(tokens: readonly Token[], at: number): number | undefined {
  return follow(tokens, at, "of|in the|every|each|a|any month|months") ?? follow(tokens, at, "of|in month|months");
}

/** Reads `[on] [the] first [and third] Monday [of the month]`, also the first and last working day. */
export const readOrdinalWeekday: Reader = (tokens, at, draft) => {
  const afterLead = skip(tokens, at, "on", "every", "each");
  const list = readOrdinalList(tokens, skip(tokens, afterLead, "the"));
  if (list === undefined) return undefined;
  const ofMonth = skipOfMonth(tokens, list.next);
  const next = ofMonth ?? list.next;
  const counted = ofMonth ?? follow(tokens, next, "of|in|monthly");
  const wrong = refuseOrdinals(tokens, at, list, counted !== undefined);
  if (wrong !== undefined) return wrong;
  for (const one of list.value) addOrdinal(one, draft);
  const span = spanOf(tokens, at, next);
  draft.spans.weekday = draft.spans.weekday === undefined ? span : cover(draft.spans.weekday, span);
  if (ofMonth !== undefined || afterLead > at || counted !== undefined) draft.strong = true;
  else draft.bareOrdinal = true;
  return next;
};

interface ListedOrdinal {
  readonly nth: number | "L";
  /** A weekday, or any working day. */
  readonly weekday: number | "workday";
}

function readOrdinalList(tokens: readonly Token[], at: number): Found<ListedOrdinal[]> | undefined {
  const ordinals: (number | "L")[] = [];
  const listed: ListedOrdinal[] = [];
  let next = at;
  for (;;) {
    const start = ordinals.length === 0 ? next : skipJoins(tokens, next);
    const nth = start === undefined ? undefined : readNth(tokens, skip(tokens, start, "the"));
    if (nth === undefined) break;
    ordinals.push(nth.value);
    next = nth.next;
    const weekday = ordinalWeekdayOf(textAt(tokens, next));
    if (weekday === undefined) continue;
    listed.push(...ordinals.slice(listed.length).map((each) => ({ nth: each, weekday })));
    next += 1;
  }
  return listed.length > 0 && listed.length === ordinals.length ? found(listed, next) : undefined;
}

function readNth(tokens: readonly Token[], at: number): Found<number | "L"> | undefined {
  return textAt(tokens, at) === "last" ? found("L", at + 1) : readOrdinal(tokens, at);
}

function ordinalWeekdayOf(word: string): number | "workday" | undefined {
  return word === "weekday" || word === "workday" ? "workday" : weekdayOf(word);
}

function addOrdinal(one: ListedOrdinal, draft: { ordinals: OrdinalWeekday[]; monthDays: unknown[] }): void {
  if (one.weekday === "workday") draft.monthDays.push(one.nth === "L" ? "LW" : "1W");
  else draft.ordinals.push({ nth: one.nth, weekday: one.weekday });
}

function refuseOrdinals(
  tokens: readonly Token[],
  at: number,
  list: Found<ListedOrdinal[]>,
  counted: boolean,
): Refusal | undefined {
  const span = spanOf(tokens, at, list.next);
  const name = textAt(tokens, list.next - 1);
  const tooLarge = list.value.find((one) => typeof one.nth === "number" && (one.nth > 5 || one.nth < 1));
  if (tooLarge !== undefined)
    return refusal({
      reason: "out_of_range",
      message: `A month has no ${tooLarge.nth}th ${name}.`,
      span,
      expected: "first to fifth, or last",
      suggestions: [`first ${name} of every month`, `last ${name} of every month`],
    });
  if (list.value.some((one) => one.weekday === "workday" && one.nth !== 1 && one.nth !== "L"))
    return refusal({
      reason: "unsupported",
      message: "Only the first and the last working day of a month can be named.",
      span,
      expected: "the first weekday or the last weekday",
      suggestions: ["first weekday of every month at 9am", "last weekday of every month at 9am"],
    });
  const everyNth = list.value.find((one) => one.nth !== 1 && one.nth !== "L");
  if (counted || everyNth === undefined || !/^(every|each)$/.test(textAt(tokens, at))) return undefined;
  return refusal({
    reason: "ambiguous",
    message: `${quote(`every ${ordinalText(everyNth.nth)} ${name}`)} may mean one of each month or every n-th week.`,
    span,
    expected: "the n-th weekday of every month, or every n weeks on a weekday",
    suggestions: [
      `${ordinalText(everyNth.nth)} ${name} of every month`,
      `every ${everyNth.nth === 2 ? "other week" : `${everyNth.nth} weeks`} on ${name}`,
    ],
  });
}
