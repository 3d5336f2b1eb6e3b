/** Durations in words and short units: `1 day 3 hours`, `2h`, `half an hour`, `2 hours from now`. Pure. */
import { fail, ok, type Result } from "../result.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, WEEK_MS } from "../time/instant.ts";
import type { DurationAmount } from "./duration-iso.ts";
import type { Refusal } from "./interpretation.ts";
import { CARDINALS, UNITS } from "./lexicon.ts";
import { countText } from "./names.ts";
import { type Found, found } from "./phrase.ts";
import { quote, refusal, type Span } from "./refusal.ts";
import { follow, readNumber, skip, spanOf, textAt } from "./scan.ts";
import type { Token } from "./tokens.ts";

/** One unit of a duration, as elapsed time or as calendar months. */
interface DurationUnit {
  readonly name: string;
  readonly elapsed: number;
  readonly months: number;
}

const elapsedUnit = (name: string, elapsed: number): DurationUnit => ({ name, elapsed, months: 0 });
const MILLISECOND = elapsedUnit("millisecond", 1);
const MILLISECOND_WORDS = new Set("ms msec msecs millisecond milliseconds".split(" "));
const BY_UNIT: Readonly<Record<string, DurationUnit>> = {
  second: elapsedUnit("second", SECOND_MS),
  minute: elapsedUnit("minute", MINUTE_MS),
  hour: elapsedUnit("hour", HOUR_MS),
  day: elapsedUnit("day", DAY_MS),
  week: elapsedUnit("week", WEEK_MS),
  month: { name: "month", elapsed: 0, months: 1 },
  year: { name: "year", elapsed: 0, months: 12 },
};

interface Item extends Span {
  readonly count: number;
  readonly unit: DurationUnit;
}

/** Reads the whole text as a duration; undefined when it does not begin like one or goes on as something else. */
export function readWordedDuration(
  text: string,
  tokens: readonly Token[],
): Result<DurationAmount, Refusal> | undefined {
  const start = skip(
    tokens,
    skip(tokens, skip(tokens, 0, "please"), "run", "fire", "execute"),
    "in",
    "after",
    "within",
  );
  if (isSign(textAt(tokens, start)) && tokens[start + 1]?.kind === "number") return fail(refuseSign(tokens, start));
  const items: Item[] = [];
  let next = start;
  for (;;) {
    const item = readItem(text, tokens, items.length === 0 ? next : skip(tokens, skip(tokens, next, ","), "and"));
    if (item === undefined) break;
    if ("reason" in item) return fail(item);
    items.push(item.value);
    next = item.next;
  }
  if (items.length === 0) return refuseBare(text, tokens, start);
  const end = skipLater(tokens, next);
  const rest = tokens[end];
  if (rest === undefined) return addUp(items);
  if (rest.text === "ago") return fail(refuseAgo(items, rest));
  return rest.kind === "number" && tokens.length === end + 1 ? fail(refuseNoUnit(rest)) : refuseComma(tokens, next);
}

function readItem(text: string, tokens: readonly Token[], at: number): Found<Item> | Refusal | undefined {
  const half = follow(tokens, at, "half a|an");
  const number = half === undefined ? readNumber(tokens, at) : found(0.5, half);
  if (number === undefined) return undefined;
  const token = tokens[number.next];
  if (token === undefined) return undefined;
  const typed = text.slice(token.start, token.end);
  if (typed.length === 1 && /[A-Z]/.test(typed)) return refuseCapital(token, typed, number.value);
  const unit = MILLISECOND_WORDS.has(token.text) ? MILLISECOND : unitOf(token.text);
  if (unit === undefined) return undefined;
  const andHalf = follow(tokens, number.next + 1, "and a half");
  const next = andHalf ?? number.next + 1;
  const count = number.value + (andHalf === undefined ? 0 : 0.5);
  return found({ ...spanOf(tokens, at, next), count, unit }, next);
}

function unitOf(word: string): DurationUnit | undefined {
  const meaning = UNITS.get(word);
  const unit = meaning === undefined ? undefined : BY_UNIT[meaning.unit];
  if (meaning === undefined || unit === undefined || word.startsWith("quarter")) return undefined;
  return meaning.count === 1 ? unit : elapsedUnit(word.replace(/s$/, ""), unit.elapsed * meaning.count);
}

const skipLater = (tokens: readonly Token[], at: number): number =>
  follow(tokens, at, "from now") ?? skip(tokens, at, "later", "hence");

function addUp(items: readonly Item[]): Result<DurationAmount, Refusal> {
  const repeated = items.find((item, index) => items.findIndex(({ unit }) => unit.name === item.unit.name) !== index);
  if (repeated !== undefined) return fail(refuseRepeated(repeated));
  const uneven = items.find(({ count, unit }) => unit.months > 0 && !Number.isInteger(count * unit.months));
  if (uneven !== undefined) return fail(refuseUneven(uneven));
  return ok({
    months: items.reduce((sum, { count, unit }) => sum + count * unit.months, 0),
    elapsed: items.reduce((sum, { count, unit }) => sum + count * unit.elapsed, 0),
  });
}

const isSign = (text: string): boolean => text === "-" || text === "+" || text === "−" || text === "–";

/** A bare number: milliseconds to some, seconds to others. Undefined for all that is no lone number. */
function refuseBare(
  text: string,
  tokens: readonly Token[],
  start: number,
): Result<DurationAmount, Refusal> | undefined {
  const token = tokens[start];
  if (token === undefined || token.kind === "zone") return undefined;
  const comma = refuseComma(tokens, start + 1);
  if (comma !== undefined) return comma;
  if (token.kind !== "number" && (token.kind !== "word" || !CARDINALS.has(token.text) || token.text === "a"))
    return undefined;
  return skipLater(tokens, start + 1) === tokens.length && text.trim() !== "" ? fail(refuseNoUnit(token)) : undefined;
}

function refuseNoUnit(token: Token): Refusal {
  const count = Number.isFinite(token.value) && token.value >= 1 && token.value <= 1_000 ? token.value : 10;
  return refusal({
    reason: "ambiguous",
    message: `${quote(token.text)} has no unit.`,
    span: token,
    expected: "a unit after the number, such as seconds, minutes or hours",
    suggestions: [`in ${countText(count, "minute")}`, `in ${countText(count, "second")}`],
  });
}

/** `1,5 hours`: five hours or one and a half. */
function refuseComma(tokens: readonly Token[], at: number): Result<DurationAmount, Refusal> | undefined {
  const [before, comma, after] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  const glued = comma?.text === "," && comma.glued && after?.glued === true;
  if (before?.kind !== "number" || !glued || after.kind !== "number") return undefined;
  return fail(
    refusal({
      reason: "ambiguous",
      message: `A comma in ${quote(`${before.text},${after.text}`)} may part decimals or thousands.`,
      span: { start: before.start, end: after.end },
      expected: "a decimal point, such as 1.5",
      suggestions: [`in ${before.text}.${after.text} hours`, "in 90 minutes"],
    }),
  );
}

const refuseSign = (tokens: readonly Token[], at: number): Refusal =>
  refusal({
    reason: tokens[at]?.text === "+" ? "not_understood" : "past",
    message: "A duration has no sign: it always leads into the future.",
    span: spanOf(tokens, at, at + 2),
    expected: "a number without a sign",
    suggestions: ["in 5 minutes", "in 1 hour"],
  });

const refuseAgo = (items: readonly Item[], ago: Token): Refusal =>
  refusal({
    reason: "past",
    message: `${quote("ago")} is in the past: a schedule that runs once must be in the future.`,
    span: { start: items[0]?.start ?? 0, end: ago.end },
    expected: "a duration from now on",
    suggestions: ["in 10 minutes", "2 hours from now"],
  });

function refuseCapital(token: Token, typed: string, count: number): Refusal {
  const isM = typed === "M";
  return refusal({
    reason: isM ? "ambiguous" : "not_understood",
    message: isM
      ? `"M" may mean minutes or months.`
      : `${quote(typed)} is not a unit: single letters are written in lower case.`,
    span: token,
    expected: isM ? "minutes or months as a word" : "a unit such as s, m, h, d or w",
    suggestions: isM
      ? [`in ${countText(count || 1, "minute")}`, `in ${countText(Math.min(Math.ceil(count) || 1, 120), "month")}`]
      : ["in 2h", "in 10 minutes"],
  });
}

const refuseRepeated = (item: Item): Refusal =>
  refusal({
    reason: "contradiction",
    message: `The unit ${item.unit.name} is given twice.`,
    span: item,
    expected: "each unit once",
    suggestions: ["in 1 hour 30 minutes", "in 10 minutes"],
  });

const refuseUneven = (item: Item): Refusal =>
  refusal({
    reason: "out_of_range",
    message: `A fraction of a ${item.unit.name} has no fixed length.`,
    span: item,
    expected: "a whole number of months or years",
    suggestions: ["in 6 weeks", "in 1 month"],
  });
