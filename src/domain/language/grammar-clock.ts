/** Times of day: `at 9`, `9:30 pm`, `noon`, `half past nine`, `9am, 12:15 and 5 p.m.`. Pure. */
import type { Refusal } from "./interpretation.ts";
import { MERIDIEMS, NAMED_TIMES, UNITS } from "./lexicon.ts";
import { type Draft, type Found, found, type Reader, type TimeOfDay } from "./phrase.ts";
import { quote, refusal } from "./refusal.ts";
import { follow, readNumber, skip, skipJoins, spanOf, textAt } from "./scan.ts";
import { HOUR_S, MINUTE_S } from "./seconds.ts";
import type { Token } from "./tokens.ts";

/** Bare hours up to this one are more often meant for the afternoon: they get a note. */
const DOUBTFUL_HOUR = 7;

/** Whether a bare number may be an hour: after `at`, in a window, in a list of times. */
export type BareHours = "allowed" | "refused";

/** Reads `[at] time {, time} [and time]` and adds the times to the draft. */
export const readClock: Reader = (tokens, at, draft) => {
  const afterAt = skip(tokens, at, "at", "@");
  const bare: BareHours = afterAt > at ? "allowed" : "refused";
  let time = readTime(tokens, skip(tokens, afterAt, "the"), bare);
  if (time === undefined) return undefined;
  const times: TimeOfDay[] = [];
  let next = at;
  while (time !== undefined) {
    if ("reason" in time) return time;
    times.push(time.value);
    next = time.next;
    const join = skipJoins(tokens, next);
    time = join === undefined ? undefined : readTime(tokens, skip(tokens, join, "at"), bare);
    if (time !== undefined && tokens.slice(next, join).some(({ text }) => text === "or"))
      return refuseOr(tokens, at, join ?? next);
  }
  const mixed = refuseMixed(times, draft);
  if (mixed !== undefined) return mixed;
  draft.times.push(...times);
  if (afterAt > at) draft.weak = true;
  return next;
};

/** `9am or 5pm` leaves the choice to us. */
const refuseOr = (tokens: readonly Token[], at: number, join: number): Refusal =>
  refusal({
    reason: "ambiguous",
    message: `"or" between two times does not say which of them.`,
    span: spanOf(tokens, at, join + 1),
    expected: `one time, or "and" between them`,
    suggestions: ["every day at 9am and 5pm", "every day at 9am"],
  });

/** `at 9 and 11 am`: the first may be meant for am too, so both must say it. */
function refuseMixed(times: readonly TimeOfDay[], draft: Draft): Refusal | undefined {
  const bare = times.find((time) => !time.sure && time.end - time.start <= 2);
  const marked = times.some((time) => /[ap]\.?m?\.?$/i.test(draft.text.slice(time.start, time.end)));
  if (bare === undefined || !marked || bare.second > 12 * HOUR_S) return undefined;
  const hour = bare.second / HOUR_S;
  return refusal({
    reason: "ambiguous",
    message: `It is not clear whether ${quote(draft.text.slice(bare.start, bare.end))} is in the morning or the afternoon, as other times here say am or pm.`,
    span: bare,
    expected: "am or pm after each time",
    suggestions: [`every day at ${hour}am`, `every day at ${hour === 12 ? 12 : hour}pm`].filter(() => hour >= 1),
  });
}

/** One time of day; a refusal when it looks like one and is out of range. */
export function readTime(
  tokens: readonly Token[],
  at: number,
  bare: BareHours,
): Found<TimeOfDay> | Refusal | undefined {
  const token = tokens[at];
  if (token === undefined) return undefined;
  const spoken = readSpoken(tokens, at);
  if (spoken !== undefined) return spoken;
  const named = token.kind === "word" ? NAMED_TIMES.get(token.text) : undefined;
  if (named !== undefined) return timeFound(tokens, at, at + 1, named * HOUR_S, true);
  if (token.kind === "clock") return readDigital(tokens, at, token);
  return readHour(tokens, at, bare);
}

/** `half past nine`, `quarter to 5 pm`. */
function readSpoken(tokens: readonly Token[], at: number): Found<TimeOfDay> | Refusal | undefined {
  const start = skip(tokens, at, "a");
  const word = textAt(tokens, start);
  const minutes = word === "half" ? 30 : word === "quarter" ? 15 : undefined;
  const side = textAt(tokens, start + 1);
  if (minutes === undefined || !["past", "after", "to", "before"].includes(side)) return undefined;
  if (side !== "past" && side !== "after" && minutes === 30) return undefined;
  const hour = readTime(tokens, start + 2, "allowed");
  if (hour === undefined || "reason" in hour) return hour;
  const offset = (side === "past" || side === "after" ? minutes : -minutes) * MINUTE_S;
  const second = (hour.value.second + offset + 24 * HOUR_S) % (24 * HOUR_S);
  return timeFound(tokens, at, hour.next, second, hour.value.sure);
}

/** `9:30`, `09:30:15 pm`. */
function readDigital(tokens: readonly Token[], at: number, token: Token): Found<TimeOfDay> | Refusal {
  const [hour = 0, minute = 0, second = 0] = token.text.split(":").map(Number);
  const { value: meridiem, next } = readMeridiem(tokens, at + 1);
  const wellFormed = /^\d{1,2}:\d{2}(:\d{2})?$/.test(token.text);
  if (!wellFormed || minute > 59 || second > 59)
    return outOfRange(tokens, at, next, "a time such as 9:05 or 21:30, with minutes and seconds from 00 to 59");
  const hours = toHours(hour, meridiem);
  if (hours === undefined) return outOfRange(tokens, at, next, expectedHour(meridiem));
  const sure = meridiem !== undefined || token.text.startsWith("0");
  return timeFound(tokens, at, next, hours * HOUR_S + minute * MINUTE_S + second, sure);
}

/** `9`, `9 am`, `nine o'clock`, `12 noon`. */
function readHour(tokens: readonly Token[], at: number, bare: BareHours): Found<TimeOfDay> | Refusal | undefined {
  const number = readNumber(tokens, at);
  if (number === undefined || tokens[at]?.text === "a" || tokens[at]?.text === "an") return undefined;
  const oclock = skip(tokens, number.next, "o'clock", "oclock");
  const named = number.value === 12 ? NAMED_TIMES.get(textAt(tokens, oclock)) : undefined;
  if (named !== undefined) return timeFound(tokens, at, oclock + 1, named * HOUR_S, true);
  const { value: meridiem, next } = readMeridiem(tokens, oclock);
  if (meridiem === undefined && oclock === number.next && (bare === "refused" || !isBareHour(tokens, number.next)))
    return undefined;
  const hours = toHours(number.value, meridiem);
  if (hours === undefined) return outOfRange(tokens, at, next, expectedHour(meridiem));
  return timeFound(tokens, at, next, hours * HOUR_S, meridiem !== undefined || /^0\d/.test(textAt(tokens, at)));
}

/** `am`, `p.m.`, `in the morning`, `in the evening`; the value is undefined when none follows. */
function readMeridiem(tokens: readonly Token[], at: number): Found<"am" | "pm" | undefined> {
  const meridiem = MERIDIEMS.get(meridiemText(tokens, at));
  if (meridiem !== undefined) return found(meridiem, at + 1);
  const morning = follow(tokens, at, "in the morning");
  const later = follow(tokens, at, "in the afternoon|evening");
  return morning === undefined && later === undefined
    ? found(undefined, at)
    : found(morning === undefined ? "pm" : "am", morning ?? later ?? at);
}

/** A lone `a` or `p` is am or pm only when no space parts it from its number: `9a`. */
function meridiemText(tokens: readonly Token[], at: number): string {
  const token = tokens[at];
  if (token === undefined) return "";
  return token.text.length === 1 && !token.glued ? "" : token.text;
}

/** A number is no hour when a unit, or what makes it a minute or a date, follows. */
function isBareHour(tokens: readonly Token[], next: number): boolean {
  const following = tokens[next];
  if (following === undefined) return true;
  if (UNITS.has(following.text) || following.text === "past" || following.text === "%") return false;
  return !(following.glued && /^[^,.)]/.test(following.text) && !["-", "–", "&"].includes(following.text));
}

function toHours(hour: number, meridiem: "am" | "pm" | undefined): number | undefined {
  if (!Number.isInteger(hour)) return undefined;
  if (meridiem === undefined) return hour <= 23 ? hour : undefined;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (meridiem === "pm" ? 12 : 0);
}

const expectedHour = (meridiem: "am" | "pm" | undefined): string =>
  meridiem === undefined ? "an hour from 0 to 23" : `an hour from 1 to 12 before ${meridiem}`;

function timeFound(
  tokens: readonly Token[],
  at: number,
  next: number,
  second: number,
  sure: boolean,
): Found<TimeOfDay> {
  return found({ ...spanOf(tokens, at, next), second, sure }, next);
}

function outOfRange(tokens: readonly Token[], at: number, next: number, expected: string): Refusal {
  const text = tokens
    .slice(at, next)
    .map((token) => (token.glued ? "" : " ") + token.text)
    .join("");
  return refusal({
    reason: "out_of_range",
    message: `${quote(text)} is not a time of day.`,
    span: spanOf(tokens, at, next),
    expected,
    suggestions: nearTimes(tokens[at]),
  });
}

/** Two times near an impossible one: `25:00` -> 23:00, `13pm` -> 1pm. */
function nearTimes(token: Token | undefined): string[] {
  const packed = /^(\d{1,2})[.]?([0-5]\d)$/.exec(token?.text ?? "");
  if (packed !== null && Number(packed[1]) <= 23) return [`every day at ${Number(packed[1])}:${packed[2]}`];
  const hour = Number.parseInt(token?.text ?? "", 10);
  if (hour > 12 && hour <= 23) return [`every day at ${hour}:00`, `every day at ${hour - 12}pm`];
  return hour >= 1 && hour <= 12 ? [`every day at ${hour}:00`] : ["every day at 0:00", "every day at 23:00"];
}

/** The note for times that were read on the 24-hour clock and may have been meant for the afternoon. */
export function clockNotes(times: readonly TimeOfDay[], text: string): string[] {
  return times
    .filter((time) => !time.sure && time.second >= HOUR_S && time.second < (DOUBTFUL_HOUR + 1) * HOUR_S)
    .map((time) => {
      const hour = Math.floor(time.second / HOUR_S);
      const rest = text.slice(time.start, time.end).trim();
      return `${quote(rest)} was read on the 24-hour clock, in the morning; write ${hour}pm or ${hour + 12}:00 for the afternoon.`;
    });
}
