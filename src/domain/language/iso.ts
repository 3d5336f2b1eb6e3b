/** ISO 8601 instants and local datetimes, by our own pattern: `Date` would roll 30 February over. Pure. */
import { fail, type Result } from "../result.ts";
import { dayNumber, daysInMonth } from "../time/civil.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../time/instant.ts";
import type { WallTime } from "../time/local-time.ts";
import type { Interpretation, ReadingContext, Refusal } from "./interpretation.ts";
import { monthName } from "./names.ts";
import { instantOf, nextMorning, once } from "./once.ts";
import { quote, refusal } from "./refusal.ts";
import { settleZone } from "./zone-choice.ts";

const ISO =
  /^(?:once (?:at|on) )?(\d{4})-(\d\d)-(\d\d)(?:(?:[Tt]|\s+)(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:\s*(Z|UTC|[+-]\d\d(?::?\d\d)?))?)?(?:\s+(?:in )?([A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)+))?$/i;
/** Begins like an ISO date and goes on with no words: then it is one, right or wrong. */
const LOOKS_ISO = /^(?:once (?:at|on) )?[+-]?\d{4,6}-\d{1,2}(?:-\d{1,2})?(?:$|[Tt\s]+\d|[Zz]|[Tt]$)/i;
const OFFSET_MAX_MINUTES = 14 * 60;

/** Reads the text as ISO 8601; undefined when it does not look like it. Refuses parts that do not exist. */
export function readIso(text: string, context: ReadingContext): Result<Interpretation, Refusal> | undefined {
  const match = ISO.exec(text);
  if (match === null) return LOOKS_ISO.test(text) ? fail(refuseShape(text, context)) : undefined;
  const [, year = "", month = "", day = "", hour = "0", minute = "0", second = "0", fraction = "", offset, zone] =
    match;
  const time: WallTime = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    millisecond: Number(fraction.slice(0, 3).padEnd(3, "0")),
  };
  const wrong = refuseParts(time, text, context);
  if (wrong !== undefined) return fail(wrong);
  const start = zone === undefined ? 0 : text.length - zone.length;
  const timezone = settleZone(zone === undefined ? [] : [{ name: zone, start, end: text.length }], context);
  if (!timezone.ok) return timezone;
  const notes = match[4] === undefined ? ["No time was given: it runs at 00:00."] : [];
  if (offset === undefined) {
    const local = instantOf(time, timezone.value);
    return once("iso", local.at, timezone.value, [...notes, ...local.notes], text, context);
  }
  const minutes = offsetMinutes(offset);
  if (minutes === undefined) return fail(refuseOffset(text, offset, context));
  return once("iso", utcOf(time) - minutes * MINUTE_MS, timezone.value, notes, text, context);
}

const utcOf = (time: WallTime): number =>
  dayNumber(time) * DAY_MS + time.hour * HOUR_MS + time.minute * MINUTE_MS + time.second * SECOND_MS + time.millisecond;

function offsetMinutes(offset: string): number | undefined {
  if (/^(z|utc)$/i.test(offset)) return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(3).replace(":", "") || "0");
  const total = hours * 60 + minutes;
  if (minutes > 59 || total > OFFSET_MAX_MINUTES) return undefined;
  return offset.startsWith("-") ? -total : total;
}

function refuseParts(time: WallTime, text: string, context: ReadingContext): Refusal | undefined {
  const first = text.search(/\d/);
  const at = (
    start: number,
    message: string,
    expected: string,
    reason: "impossible" | "out_of_range" = "out_of_range",
  ): Refusal =>
    refusal({
      reason,
      message,
      span: { start: first + start, end: first + start + 2 },
      expected,
      suggestions: [nextMorning(context)],
    });
  if (time.month < 1 || time.month > 12) return at(5, `There is no month ${time.month}.`, "a month from 01 to 12");
  const longest = daysInMonth(time.year, time.month);
  if (time.day < 1 || time.day > 31) return at(8, `There is no day ${time.day}.`, `a day from 01 to ${longest}`);
  if (time.day > longest)
    return at(
      8,
      `${monthName(time.month)} ${time.year} has no day ${time.day}.`,
      `a day from 01 to ${longest}`,
      "impossible",
    );
  if (time.hour > 23) return at(11, `There is no hour ${time.hour}.`, "an hour from 00 to 23");
  if (time.minute > 59) return at(14, `There is no minute ${time.minute}.`, "a minute from 00 to 59");
  return time.second > 59 ? at(17, `There is no second ${time.second}.`, "a second from 00 to 59") : undefined;
}

function refuseShape(text: string, context: ReadingContext): Refusal {
  const good =
    /^(?:once (?:at|on) )?\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?/i.exec(text)?.[0].length ?? 0;
  return refusal({
    reason: "not_understood",
    message: `${quote(text)} looks like an ISO 8601 datetime, but is not written as one.`,
    span: { start: Math.min(good, text.length), end: text.length },
    expected: "YYYY-MM-DDTHH:MM:SS with Z, an offset or nothing after it",
    suggestions: [nextMorning(context)],
  });
}

function refuseOffset(text: string, offset: string, context: ReadingContext): Refusal {
  const start = text.lastIndexOf(offset);
  return refusal({
    reason: "out_of_range",
    message: `${quote(offset)} is not an offset from UTC.`,
    span: { start, end: start + offset.length },
    expected: "Z or an offset from -14:00 to +14:00",
    suggestions: [nextMorning(context)],
  });
}
