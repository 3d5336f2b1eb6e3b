/**
 * One-time English dates, read by chrono-node. Pure.
 *
 * It is believed only if it understood all of the text, once, and only for the parts of the wall clock: it takes offsets at
 * the reference, not at the date, and its forward option asks the host's zone. The zone, the year and the week are ours.
 */
import type { ParsedComponents, ParsedResult } from "chrono-node";
import { casual } from "chrono-node/en";
import { fail, type Result } from "../result.ts";
import { addDays, type CivilDate, dayNumber, formatCivilDate, isCivilDate, weekdayOf } from "../time/civil.ts";
import { type WallTime, wallTimeAt } from "../time/local-time.ts";
import { clockNotes } from "./grammar-clock.ts";
import type { Interpretation, ReadingContext, Refusal } from "./interpretation.ts";
import { timeText, weekdayName } from "./names.ts";
import { instantOf, once, refusePast } from "./once.ts";
import { refusal } from "./refusal.ts";
import { HOUR_S, MINUTE_S } from "./seconds.ts";
import { type NamedZone, settleZone } from "./zone-choice.ts";

const DAYS_IN_WEEK = 7;
/** A date without a year comes within this time: 29 February skips at most one leap year in eight. */
const YEARS_AHEAD = 8;
/** Words that are no date: a length of the calendar without a day, or a part of the day without a time. */
const NO_DAY = /\b(week|month|quarter|year|weekend)s?\b/i;
const NO_TIME = /\b(morning|afternoon|evening|night|tonight|later)\b/i;
const PAST = /\b(ago|yesterday|last|previous|past)\b/i;
/** What may stand around a date without changing it. */
const LEAD = /^(?:please\s+)?(?:(?:run|fire|execute)\s+)?(?:it\s+)?(?:once\s+)?(?:(?:at|on)\s+)?(?:the\s+)?(?=\S)/i;
const ZONE = /\s+(?:in\s+)?\(?([A-Za-z_]+(?:\/[A-Za-z][A-Za-z0-9_+-]*)+|UTC)(?:\s+time)?\)?$/;

/** 29 February is read in a leap year; which one is meant is found later. */
const LEAP_DAY = /\bfeb(ruary)?\.? 29(th)?\b|\b29(th)?( of)? feb(ruary)?\b/i;
const LEAP_YEAR = Date.UTC(2028, 0, 1);

/** Reads the text as one date and time; undefined when it is none as a whole. Refuses the past and what is ambiguous. */
export function readDate(text: string, context: ReadingContext): Result<Interpretation, Refusal> | undefined {
  const zoneMatch = ZONE.exec(text);
  const name = zoneMatch?.[1];
  const zones: NamedZone[] = name === undefined ? [] : [{ name, start: text.length - name.length, end: text.length }];
  const timezone = settleZone(zones, context);
  if (!timezone.ok) return timezone;
  const today = wallTimeAt(context.now, timezone.value);
  const lead = LEAD.exec(text)?.[0].length ?? 0;
  const body = text
    .slice(lead, zoneMatch?.index ?? text.length)
    .replace(/[.!\s]+$/, "")
    .replace(/\s+/g, " ")
    .toLowerCase()
    .replace(/^(the )?day after tomorrow\b/, () => formatCivilDate(addDays(today, 2)));
  const result = parseWhole(body, today);
  if (result === undefined) return undefined;
  return settle(result.start, text, body, today, { ...context, timezone: timezone.value });
}

/** The one result that covers the whole text, without a range and without a zone of its own. */
function parseWhole(body: string, today: WallTime): ParsedResult | undefined {
  // A sign makes lengths of time, which are read by our own grammar and to the millisecond.
  if (body === "" || body.includes("+")) return undefined;
  // The wall clock posed as UTC: chrono then never asks the zone of the host.
  const posed = dayNumber(today) * 86_400_000 + today.hour * 3_600_000 + today.minute * 60_000 + today.second * 1_000;
  const reference = LEAP_DAY.test(body) ? LEAP_YEAR : posed;
  const results = casual.parse(body, { instant: new Date(reference), timezone: 0 });
  const [result] = results;
  if (result === undefined || results.length !== 1 || result.index !== 0 || result.text.length !== body.length)
    return undefined;
  return result.end ? undefined : result;
}

function settle(
  parts: ParsedComponents,
  text: string,
  body: string,
  today: WallTime,
  context: ReadingContext,
): Result<Interpretation, Refusal> | undefined {
  if (PAST.test(body)) return fail(refusePast(text, undefined, context));
  if (/^(right )?now$/i.test(body)) return fail(refusePast(text, 0, context));
  if (parts.isCertain("timezoneOffset") && parts.get("timezoneOffset") !== 0) return undefined;
  const timed = parts.isCertain("hour");
  if (!timed && NO_TIME.test(body)) return fail(refuseVague(text, "names no time of day", "a time of day beside it"));
  const named = parts.isCertain("day") || parts.isCertain("weekday");
  const dated = parts.isCertain("weekday") || !NO_DAY.test(body);
  if (!named || !dated)
    return fail(refuseVague(text, "names no day", "a day, such as a date, tomorrow or this Friday"));
  const time = timed ? timeOf(parts) : MIDNIGHT;
  // chrono takes "midnight tonight" for noon.
  if (
    (body.includes("midnight") && time.hour !== 0) ||
    (body.includes("noon") && !body.includes("afternoon") && time.hour !== 12)
  )
    return undefined;
  const dates = candidates(parts, body, today);
  const [first, second] = dates
    .map((date) => ({ date, ...instantOf({ ...date, ...time }, context.timezone) }))
    .filter(({ at }) => at > context.now || parts.isCertain("year"));
  if (first === undefined) return fail(refusePast(text, undefined, context));
  if (second !== undefined && /\bnext\b/i.test(body)) return fail(refuseNext(text, first.date, second.date, time));
  const weekday = parts.isCertain("weekday") && parts.isCertain("day") ? parts.get("weekday") : null;
  if (weekday !== null && weekday !== weekdayOf(dayNumber(first.date)))
    return fail(refuseWeekday(text, first.date, weekday));
  const notes = [...first.notes, ...timeNotes(parts, timed, time, body)];
  return once("date", first.at, context.timezone, notes, text, context);
}

type Clock = Omit<WallTime, keyof CivilDate>;
const MIDNIGHT: Clock = { hour: 0, minute: 0, second: 0, millisecond: 0 };

const timeOf = (parts: ParsedComponents): Clock => ({
  hour: parts.get("hour") ?? 0,
  minute: parts.get("minute") ?? 0,
  second: parts.isCertain("second") ? (parts.get("second") ?? 0) : 0,
  millisecond: parts.isCertain("millisecond") ? (parts.get("millisecond") ?? 0) : 0,
});

function timeNotes(parts: ParsedComponents, timed: boolean, time: Clock, body: string): string[] {
  if (!timed) return ["No time was given: it runs at 00:00."];
  const second = time.hour * HOUR_S + time.minute * MINUTE_S;
  const typed = /\d{1,2}(:\d\d)?$/.exec(body);
  const sure = parts.isCertain("meridiem") || typed === null || typed[0].startsWith("0");
  return clockNotes([{ second, sure, start: typed?.index ?? 0, end: body.length }], body);
}

/** The dates that may be meant, the nearest first; only `next <weekday>` can have two. */
function candidates(parts: ParsedComponents, body: string, today: WallTime): CivilDate[] {
  const date = { year: parts.get("year") ?? 0, month: parts.get("month") ?? 0, day: parts.get("day") ?? 0 };
  if (parts.isCertain("year") || /\bin \d/.test(body)) return isCivilDate(date) ? [date] : [];
  if (parts.isCertain("weekday") && !parts.isCertain("day"))
    return weekdayDates(parts.get("weekday") ?? 0, body, today);
  return Array.from({ length: YEARS_AHEAD + 1 }, (_, index) => ({ ...date, year: today.year + index })).filter(
    isCivilDate,
  );
}

function weekdayDates(weekday: number, body: string, today: WallTime): CivilDate[] {
  const now = weekdayOf(dayNumber(today));
  const ahead = (weekday - now + DAYS_IN_WEEK) % DAYS_IN_WEEK;
  const isoNow = (now + DAYS_IN_WEEK - 1) % DAYS_IN_WEEK;
  const inNextWeek = DAYS_IN_WEEK - isoNow + ((weekday + DAYS_IN_WEEK - 1) % DAYS_IN_WEEK);
  if (/\bnext week\b/i.test(body)) return [addDays(today, inNextWeek)];
  if (!/\bnext\b/i.test(body)) return [addDays(today, ahead), addDays(today, ahead + DAYS_IN_WEEK)];
  const coming = ahead === 0 ? DAYS_IN_WEEK : ahead;
  return [...new Set([coming, inNextWeek])].map((days) => addDays(today, days));
}

const refuseVague = (text: string, what: string, expected: string): Refusal =>
  refusal({
    reason: "ambiguous",
    message: `This ${what}.`,
    span: { start: 0, end: text.length },
    expected,
    suggestions: ["tomorrow at 9am", "this Friday at 5pm"],
  });

function refuseWeekday(text: string, date: CivilDate, said: number): Refusal {
  const shown = `${formatCivilDate(date)} at 9am`;
  return refusal({
    reason: "contradiction",
    message: `${formatCivilDate(date)} is a ${weekdayName(weekdayOf(dayNumber(date)))}, not a ${weekdayName(said)}.`,
    span: { start: 0, end: text.length },
    expected: "a weekday and a date that agree, or the date alone",
    suggestions: [shown, `this ${weekdayName(said)} at 9am`],
  });
}

function refuseNext(text: string, one: CivilDate, other: CivilDate, time: Clock): Refusal {
  const clock = timeText(time.hour * HOUR_S + time.minute * MINUTE_S);
  const shown = (date: CivilDate): string => `${weekdayName(weekdayOf(dayNumber(date)))}, ${formatCivilDate(date)}`;
  return refusal({
    reason: "ambiguous",
    message: `"next" may mean ${shown(one)}, or ${shown(other)}.`,
    span: { start: Math.max(text.search(/next/i), 0), end: text.length },
    expected: `a date, or "this ${weekdayName(weekdayOf(dayNumber(one)))}" for the coming one`,
    suggestions: [`${formatCivilDate(one)} at ${clock}`, `${formatCivilDate(other)} at ${clock}`],
  });
}
