/** Minutes past the hour: `at minute 5`, `at 5 and 20 past every hour`, `on the half hour`, `at quarter past the hour`. Pure. */
import { UNITS } from "./lexicon.ts";
import { type Draft, type Found, found, type Reader } from "./phrase.ts";
import { refusal } from "./refusal.ts";
import { follow, readNumber, skip, skipJoins, spanOf, textAt } from "./scan.ts";
import type { Token } from "./tokens.ts";

const HALF = 30;
const QUARTER = 15;
const LAST_MINUTE = 59;

/** Reads any of the forms above and marks the minutes in the draft. */
export const readMinuteMarks: Reader = (tokens, at, draft) => {
  const marks = readOnTheHour(tokens, at, draft) ?? readNamedMinutes(tokens, at) ?? readMinutesPast(tokens, at, draft);
  if (marks === undefined) return undefined;
  const span = spanOf(tokens, at, marks.next);
  const wrong = marks.value.find((minute) => !Number.isInteger(minute) || minute < 0 || minute > LAST_MINUTE);
  if (wrong !== undefined)
    return refusal({
      reason: "out_of_range",
      message: `An hour has no minute ${wrong}.`,
      span,
      expected: "a minute from 0 to 59",
      suggestions: ["at minute 59", "every hour"],
    });
  draft.minutes.push(...marks.value);
  draft.spans.minute = span;
  draft.strong = true;
  return marks.next;
};

/** `on the hour`, `on the half hour`, `at the top of the hour`, `at half past every hour`, `at quarter to the hour`. */
function readOnTheHour(tokens: readonly Token[], at: number, draft: Draft): Found<number[]> | undefined {
  const start = skip(tokens, skip(tokens, at, "on", "at"), "the", "a");
  const whole = start > at ? follow(tokens, start, "hour") : undefined;
  const top = follow(tokens, start, "top of the|every|each hour");
  if (top ?? whole) return found([0], top ?? whole ?? at);
  const half = start > at ? follow(tokens, start, "half hour") : undefined;
  if (half !== undefined) return found([HALF], half);
  const past = follow(tokens, start, "half|quarter past|after|to|before");
  const next = past === undefined ? undefined : (skipEveryHour(tokens, past) ?? endOfHourly(tokens, past, draft));
  if (past === undefined || next === undefined) return undefined;
  const minutes = textAt(tokens, past - 2) === "half" ? HALF : QUARTER;
  const before = ["to", "before"].includes(textAt(tokens, past - 1));
  return found([before ? 60 - minutes : minutes], next);
}

/** `at minute 5 and 20`, `at minutes 0, 30 of every hour`. */
function readNamedMinutes(tokens: readonly Token[], at: number): Found<number[]> | undefined {
  const start = follow(tokens, skip(tokens, at, "at", "on"), "minute|minutes");
  const list = start === undefined ? undefined : readNumbers(tokens, start);
  return list === undefined
    ? undefined
    : found(list.value, skipEveryHour(tokens, skip(tokens, list.next, "of", "past")) ?? list.next);
}

/** `at 5 minutes past every hour`, `at 15 and 45 past the hour`, `5 minutes after each hour`. */
function readMinutesPast(tokens: readonly Token[], at: number, draft: Draft): Found<number[]> | undefined {
  const list = readNumbers(tokens, skip(tokens, at, "at"));
  if (list === undefined) return undefined;
  const afterUnit = UNITS.get(textAt(tokens, list.next))?.unit === "minute" ? list.next + 1 : list.next;
  const side = textAt(tokens, afterUnit);
  if (!["past", "after", "to", "before"].includes(side)) return undefined;
  const hourly = draft.frequencies[0]?.unit === "hour" ? afterUnit + 1 : undefined;
  const next =
    skipEveryHour(tokens, afterUnit + 1) ?? (NUMBERED.test(textAt(tokens, afterUnit + 1)) ? undefined : hourly);
  if (next === undefined) return undefined;
  const before = side === "to" || side === "before";
  return found(before ? list.value.map((minute) => 60 - minute) : list.value, next);
}

/** `every hour at half past`: the hour was said before. */
const endOfHourly = (tokens: readonly Token[], at: number, draft: Draft): number | undefined =>
  draft.frequencies[0]?.unit === "hour" && at === tokens.length ? at : undefined;

/** `5 past 9` is a time of day, not a mark. */
const NUMBERED = /^\d|^(noon|midnight|midday)$/;

const skipEveryHour = (tokens: readonly Token[], at: number): number | undefined =>
  follow(tokens, at, "every|each|the|an hour") ?? follow(tokens, at, "hour");

function readNumbers(tokens: readonly Token[], at: number): Found<number[]> | undefined {
  const numbers: number[] = [];
  let next = at;
  for (;;) {
    const start = numbers.length === 0 ? next : skipJoins(tokens, next);
    const number = start === undefined ? undefined : readNumber(tokens, start);
    if (number === undefined) break;
    numbers.push(number.value);
    next = number.next;
  }
  return numbers.length === 0 ? undefined : found(numbers, next);
}

/** The minutes of the draft, sorted and unique. */
export const minutesOf = (draft: Draft): number[] => [...new Set(draft.minutes)].sort((a, b) => a - b);
