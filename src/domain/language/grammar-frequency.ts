/** How often: `every 5 minutes`, `every other week`, `daily`, `every half hour`, `every night`, `each quarter`. Pure. */

import { refuseCapitalM, refuseCount, refuseOtherWeekday, refuseSecond, refuseSign } from "./frequency-refusal.ts";
import { readWeekdayList } from "./grammar-weekday.ts";
import {
  ADVERBS,
  DAY_PARTS,
  EVERY,
  NAMED_TIMES,
  UNITS,
  type UnitMeaning,
  WEEKDAY_GROUPS,
  WEEKDAYS,
} from "./lexicon.ts";
import { type Draft, type Found, type Frequency, found, type Reader } from "./phrase.ts";
import { follow, readNumber, readOrdinal, skip, spanOf, textAt } from "./scan.ts";
import { DAY_S, HOUR_S, MINUTE_S } from "./seconds.ts";
import type { Token } from "./tokens.ts";

const SECONDS_IN: Readonly<Record<string, number>> = { second: 1, minute: MINUTE_S, hour: HOUR_S };
/** As long as the longest duration that is read (duration.ts). */
const LONGEST_S = 3_650 * DAY_S;

/** Reads one frequency and adds it; weekdays after `every other` or `every 2` become weeks on these days. */
export const readFrequency: Reader = (tokens, at, draft) => {
  const adverb = ADVERBS.get(textAt(tokens, at));
  if (adverb !== undefined) return add(draft, adverb, 1, tokens, at, at + 1);
  if (DAY_PARTS.has(textAt(tokens, at))) return addDayPart(tokens, at, at + 1, draft);
  const once = follow(tokens, at, "once a|an|per|every|each");
  if (once !== undefined) return readUnit(tokens, at, once, 1, draft);
  if (!EVERY.has(textAt(tokens, at))) return undefined;
  return readAfterEvery(tokens, at, at + 1, draft);
};

function readAfterEvery(tokens: readonly Token[], at: number, start: number, draft: Draft): ReturnType<Reader> {
  if (DAY_PARTS.has(textAt(tokens, start))) return addDayPart(tokens, at, start + 1, draft);
  if (NAMED_TIMES.has(textAt(tokens, start))) return addNamedTime(tokens, at, start, draft);
  const fraction = readFraction(tokens, start);
  if (fraction !== undefined) return add(draft, fraction.value, 1, tokens, at, fraction.next);
  if (textAt(tokens, start) === "other") return readUnit(tokens, at, start + 1, 2, draft);
  if (UNITS.has(textAt(tokens, start)) && !isNthSecond(tokens, start)) return readUnit(tokens, at, start, 1, draft);
  const sign = textAt(tokens, start);
  if ((sign === "-" || sign === "–" || sign === "+") && tokens[start + 1]?.kind === "number")
    return refuseSign(tokens, at, start + 2);
  const number = readNumber(tokens, start);
  if (number !== undefined) return readCounted(tokens, at, number, draft);
  const ordinal = readOrdinal(tokens, start);
  return ordinal === undefined ? undefined : readNthUnit(tokens, at, ordinal, draft);
}

/** `every second hour` counts; `every second` alone is the unit. */
const isNthSecond = (tokens: readonly Token[], at: number): boolean =>
  textAt(tokens, at) === "second" &&
  (UNITS.has(textAt(tokens, at + 1)) ||
    WEEKDAYS.has(textAt(tokens, at + 1)) ||
    follow(tokens, at + 1, "of") !== undefined);

/** `half hour`, `half an hour`, `quarter hour`, `quarter of an hour`, `half minute`. */
function readFraction(tokens: readonly Token[], at: number): Found<UnitMeaning> | undefined {
  const start = skip(tokens, at, "a");
  const parts = textAt(tokens, start) === "half" ? 2 : textAt(tokens, start) === "quarter" ? 4 : undefined;
  if (parts === undefined) return undefined;
  const unitAt = skip(tokens, skip(tokens, skip(tokens, start + 1, "-"), "of"), "an", "a");
  const unit = UNITS.get(textAt(tokens, unitAt))?.unit;
  if (unit === "hour") return found({ unit: "minute", count: 60 / parts }, unitAt + 1);
  return unit === "minute" ? found({ unit: "second", count: 60 / parts }, unitAt + 1) : undefined;
}

function readUnit(
  tokens: readonly Token[],
  at: number,
  start: number,
  count: number,
  draft: Draft,
): ReturnType<Reader> {
  const meaning = UNITS.get(textAt(tokens, start));
  const half = follow(tokens, start + 1, "and a half");
  const size = meaning === undefined ? undefined : SECONDS_IN[meaning.unit];
  if (half !== undefined && size !== undefined && size > 1)
    return add(draft, { unit: size === HOUR_S ? "minute" : "second", count: 90 }, count, tokens, at, half);
  if (meaning !== undefined) return add(draft, meaning, count, tokens, at, start + 1);
  const weekdays = count > 1 ? readWeekdayList(tokens, start) : undefined;
  if (weekdays === undefined) return undefined;
  if (WEEKDAY_GROUPS.get(textAt(tokens, start)) === "workdays") return refuseOtherWeekday(tokens, at, start + 1);
  draft.weekdays.push(...weekdays.value.pieces);
  draft.spans.weekday = spanOf(tokens, start, weekdays.next);
  return add(draft, { unit: "week", count: 1 }, count, tokens, at, weekdays.next);
}

/** `every 5 minutes`, and compounds: `every 1h 30m`, `every 2 hours and 30 minutes`, `every hour and a half`. */
function readCounted(tokens: readonly Token[], at: number, number: Found<number>, draft: Draft): ReturnType<Reader> {
  const unit = UNITS.get(textAt(tokens, number.next))?.unit;
  const size = unit === undefined ? undefined : SECONDS_IN[unit];
  const span = spanOf(tokens, at, number.next + 1);
  if (unit !== undefined && draft.text.slice(span.start, span.end).endsWith("M"))
    return refuseCapitalM(span, number.value);
  if (unit === undefined || size === undefined) {
    const counted = readUnit(tokens, at, number.next, number.value, draft);
    return typeof counted === "number" && !(Number.isInteger(number.value) && number.value > 0)
      ? refuseCount(tokens, at, counted)
      : counted;
  }
  let [seconds, next] = [number.value * size, number.next + 1];
  for (let more = readMore(tokens, next, size); more !== undefined; more = readMore(tokens, next, more.value.size)) {
    seconds += more.value.seconds;
    next = more.next;
  }
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_S) return refuseCount(tokens, at, next);
  draft.strong = true;
  draft.frequencies.push({ ...spanOf(tokens, at, next), unit, count: number.value, seconds });
  return next;
}

/** A further, smaller item of a compound frequency: `[and] 30 minutes`. */
function readMore(
  tokens: readonly Token[],
  at: number,
  above: number,
): Found<{ seconds: number; size: number }> | undefined {
  const number = readNumber(tokens, skip(tokens, at, "and", ","));
  const unit = number === undefined ? undefined : UNITS.get(textAt(tokens, number.next))?.unit;
  const size = unit === undefined ? undefined : SECONDS_IN[unit];
  if (number === undefined || size === undefined || size >= above) return undefined;
  const following = textAt(tokens, number.next + 1);
  if (following === "past" || following === "after") return undefined;
  return found({ seconds: number.value * size, size }, number.next + 1);
}

/** `every 2nd hour`, `every third month`; days are ambiguous and left to the days of the month. */
function readNthUnit(tokens: readonly Token[], at: number, nth: Found<number>, draft: Draft): ReturnType<Reader> {
  const unit = UNITS.get(textAt(tokens, nth.next))?.unit;
  if (
    textAt(tokens, nth.next - 1) === "second" &&
    (unit === undefined || unit === "day") &&
    !WEEKDAYS.has(textAt(tokens, nth.next))
  )
    return refuseSecond(tokens, at, unit === undefined ? nth.next : nth.next + 1);
  if (unit === undefined || unit === "day" || nth.value < 1) return undefined;
  return readUnit(tokens, at, nth.next, nth.value, draft);
}

function add(
  draft: Draft,
  meaning: UnitMeaning,
  times: number,
  tokens: readonly Token[],
  at: number,
  next: number,
): number {
  const count = meaning.count * times;
  const seconds = (SECONDS_IN[meaning.unit] ?? 0) * count;
  draft.frequencies.push({ ...spanOf(tokens, at, next), unit: meaning.unit, count, seconds } satisfies Frequency);
  draft.strong = true;
  return next;
}

/** `every midnight`, `every noon`. */
function addNamedTime(tokens: readonly Token[], at: number, start: number, draft: Draft): number {
  const second = (NAMED_TIMES.get(textAt(tokens, start)) ?? 0) * HOUR_S;
  draft.times.push({ ...spanOf(tokens, start, start + 1), second, sure: true });
  return add(draft, { unit: "day", count: 1 }, 1, tokens, at, start + 1);
}

/** `every night` is every day; which half of the day a bare hour is in is checked when composing. */
function addDayPart(tokens: readonly Token[], at: number, next: number, draft: Draft): number {
  draft.dayParts.push({ ...spanOf(tokens, at, next), word: textAt(tokens, next - 1) });
  return add(draft, { unit: "day", count: 1 }, 1, tokens, at, next);
}
