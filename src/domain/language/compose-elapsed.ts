/** Seconds, minutes and hours: a step inside cron's fields where it divides evenly, else an interval on elapsed time. Pure. */
import type { Recurrence } from "../recurrence/recurrence.ts";
import { fail, ok, type Result } from "../result.ts";
import { SECOND_MS } from "../time/instant.ts";
import { composeDays } from "./compose-days.ts";
import { composeWindow } from "./compose-window.ts";
import { clash } from "./contradiction.ts";
import { minutesOf } from "./grammar-minute.ts";
import type { ReadingContext, Refusal } from "./interpretation.ts";
import { cronLine, numberField, type TimeFields } from "./line.ts";
import type { Draft, Frequency } from "./phrase.ts";
import { quote, refusal } from "./refusal.ts";
import { DAY_S, HOUR_S, MINUTE_S } from "./seconds.ts";

/** True for a frequency in seconds, minutes or hours. */
export const isGrid = (frequency: Frequency): boolean => frequency.seconds > 0;

/** The recurrence of `every N seconds, minutes or hours` with its window, minutes and days. */
export function composeElapsed(
  draft: Draft,
  frequency: Frequency,
  context: ReadingContext,
): Result<Recurrence, Refusal> {
  const time = draft.times[0];
  if (time !== undefined) return fail(clash(draft, frequency, time, ["every day at 9:00 am", "every hour"]));
  const wholeHours = frequency.seconds % HOUR_S === 0;
  if (draft.spans.minute !== undefined && !wholeHours)
    return fail(clash(draft, frequency, draft.spans.minute, ["every hour at minute 30", "every 15 minutes"]));
  const fields = stepFields(frequency.seconds, draft);
  const limit = limits(draft);
  const windowed = draft.windows.length > 0 && wholeHours && frequency.seconds < DAY_S;
  if (fields === undefined && !windowed) {
    if (limit !== undefined) return fail(refuseLimited(draft, frequency, limit));
    return ok({
      kind: "interval",
      grid: "elapsed",
      every: frequency.seconds * SECOND_MS,
      anchor: context.anchor ?? context.now,
    });
  }
  const times = draft.windows.length > 0 ? composeWindow(draft, frequency) : ok([fields ?? EVERY_MIDNIGHT]);
  if (!times.ok) return times;
  const days = composeDays(draft, undefined);
  if (!days.ok) return days;
  return ok({ kind: "calendar", lines: days.value.flatMap((day) => times.value.map((each) => cronLine(each, day))) });
}

const EVERY_MIDNIGHT: TimeFields = { second: "0", minute: "0", hour: "0" };

/** `*` or a step that divides the unit evenly; undefined when cron would leave a shorter gap at the end of the unit. */
export function stepFields(seconds: number, draft: Draft): TimeFields | undefined {
  if (seconds < MINUTE_S)
    return MINUTE_S % seconds === 0 ? { second: step(seconds), minute: "*", hour: "*" } : undefined;
  const minutes = seconds / MINUTE_S;
  if (!Number.isInteger(minutes)) return undefined;
  if (minutes < 60) return 60 % minutes === 0 ? { second: "0", minute: step(minutes), hour: "*" } : undefined;
  const hours = seconds / HOUR_S;
  if (!Number.isInteger(hours) || hours >= 24 || 24 % hours !== 0) return undefined;
  return { second: "0", minute: draft.minutes.length > 0 ? numberField(minutesOf(draft)) : "0", hour: step(hours) };
}

const step = (count: number): string => (count === 1 ? "*" : `*/${count}`);

/** The part that keeps an uneven frequency from being a plain interval. */
const limits = (draft: Draft): { start: number; end: number } | undefined =>
  draft.windows[0] ??
  draft.spans.weekday ??
  draft.spans.monthDay ??
  draft.spans.month ??
  draft.spans.minute ??
  draft.yearDays[0];

function refuseLimited(draft: Draft, frequency: Frequency, limit: { start: number; end: number }): Refusal {
  const typed = draft.text.slice(frequency.start, frequency.end);
  const rest = draft.text.slice(limit.start, limit.end);
  return refusal({
    reason: "unsupported",
    message: `${quote(typed)} does not divide its unit evenly, so it runs as an interval, which cannot be limited to ${quote(rest.slice(0, 12))}.`,
    span: { start: frequency.start, end: frequency.end },
    expected: "a frequency that divides a minute, an hour or a day, such as 10, 15 or 30 minutes",
    suggestions: nearSteps(frequency.seconds).map((near) => `${near} ${rest}`),
  });
}

/** The even frequencies just below and just above an uneven one: 45 minutes -> 30 minutes and 1 hour. */
export function nearSteps(seconds: number): string[] {
  const sizes = EVEN_STEPS_S.filter((size) => size < seconds).slice(-1);
  sizes.push(...EVEN_STEPS_S.filter((size) => size > seconds).slice(0, 1));
  return sizes.map(stepText);
}

const divisors = (whole: number, size: number): number[] =>
  Array.from({ length: whole - 1 }, (_, index) => index + 1)
    .filter((count) => whole % count === 0)
    .map((count) => count * size);

const EVEN_STEPS_S = [...divisors(60, 1), ...divisors(60, MINUTE_S), ...divisors(24, HOUR_S)];

/** `every 30 minutes`, `every hour`: a length in seconds in its largest even unit. */
export function stepText(seconds: number): string {
  const [size, unit] =
    seconds % HOUR_S === 0 ? [HOUR_S, "hour"] : seconds % MINUTE_S === 0 ? [MINUTE_S, "minute"] : [1, "second"];
  const count = seconds / size;
  return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`;
}
