/** The day fields of a phrase: days of the month, months, weekdays, days of the year, and their defaults. Pure. */
import { fail, ok, type Result } from "../result.ts";
import { clash } from "./contradiction.ts";
import { monthLength } from "./grammar-month.ts";
import type { Refusal } from "./interpretation.ts";
import { type DayFields, monthDayField, monthField, spread, weekdayField } from "./line.ts";
import { monthName, weekdayName } from "./names.ts";
import type { Draft, Frequency } from "./phrase.ts";
import { refusal, type Span } from "./refusal.ts";

const MONTHS_IN_YEAR = 12;
const SUNDAY = { from: 0, to: 0 };

/** Day fields of one line, or of several for days of the year. */
export function composeDays(draft: Draft, frequency: Frequency | undefined): Result<DayFields[], Refusal> {
  if (draft.yearDays.length > 0) return composeYearDays(draft, frequency);
  const wrong = refuseBoth(draft) ?? refuseImpossible(draft);
  if (wrong !== undefined) return fail(wrong);
  switch (frequency?.unit) {
    case "week":
      return weekly(draft, frequency);
    case "month":
      return monthly(draft, frequency);
    case "year":
      return yearly(draft, frequency);
    default:
      return ok([fields(draft)]);
  }
}

const fields = (draft: Draft): DayFields => ({
  monthDay: monthDayField(draft.monthDays),
  month: monthField(draft.months),
  weekday: weekdayField(draft.weekdays, draft.ordinals),
});

const hasDays = (draft: Draft): boolean => draft.monthDays.length + draft.weekdays.length + draft.ordinals.length > 0;

function weekly(draft: Draft, frequency: Frequency): Result<DayFields[], Refusal> {
  const other = draft.spans.monthDay ?? (draft.ordinals.length > 0 ? draft.spans.weekday : undefined);
  if (other !== undefined)
    return fail(clash(draft, frequency, other, ["every Monday at 9am", "on the 1st of every month"]));
  if (draft.weekdays.length > 0) return ok([fields(draft)]);
  draft.notes.push("No weekday was given: every week runs on Sunday.");
  return ok([{ ...fields(draft), weekday: weekdayField([SUNDAY], []) }]);
}

function monthly(draft: Draft, frequency: Frequency): Result<DayFields[], Refusal> {
  if (frequency.count === MONTHS_IN_YEAR) return yearly(draft, frequency);
  if (MONTHS_IN_YEAR % frequency.count !== 0)
    return fail(refuseCount(draft, frequency, "every 6 months", "every year"));
  if (frequency.count > 1 && draft.spans.month !== undefined)
    return fail(
      clash(draft, frequency, draft.spans.month, ["every 3 months", "on the 1st of January and July"].slice(0, 1)),
    );
  const weekday = draft.weekdays[0];
  if (weekday !== undefined && draft.monthDays.length === 0) return fail(refuseMonthlyWeekday(draft, weekday.from));
  const days = fields(draft);
  return ok([
    {
      ...days,
      monthDay: hasDays(draft) ? days.monthDay : "1",
      month: frequency.count === 1 ? days.month : `*/${frequency.count}`,
    },
  ]);
}

function yearly(draft: Draft, frequency: Frequency): Result<DayFields[], Refusal> {
  if (frequency.unit === "year" && frequency.count !== 1)
    return fail(refuseCount(draft, frequency, "every year", "every 6 months"));
  const days = fields(draft);
  if (!hasDays(draft)) return ok([{ ...days, monthDay: "1", month: days.month === "*" ? "1" : days.month }]);
  if (draft.months.length > 0) return ok([days]);
  const span = draft.spans.monthDay ?? draft.spans.weekday ?? frequency;
  return fail(
    refusal({
      reason: "not_understood",
      message: "A day that comes once a year needs its month.",
      span,
      expected: "a month and a day, such as March 5",
      suggestions: ["every year on March 5", "on the 5th of every month"],
    }),
  );
}

/** `every March 5`: months that share their days share a line. */
function composeYearDays(draft: Draft, frequency: Frequency | undefined): Result<DayFields[], Refusal> {
  const [first] = draft.yearDays;
  const other: Span | undefined = draft.spans.monthDay ?? draft.spans.weekday ?? draft.spans.month;
  const unit = frequency?.unit;
  if (first !== undefined && other !== undefined)
    return fail(clash(draft, first, other, ["every year on March 5", "every Monday in March"]));
  if (first !== undefined && frequency !== undefined && unit !== "year" && unit !== "day")
    return fail(clash(draft, frequency, first, ["every year on March 5", "every month on the 5th"]));
  if (frequency !== undefined && frequency.count !== 1)
    return fail(refuseCount(draft, frequency, "every year", "every 6 months"));
  const monthsByDays = new Map<string, number[]>();
  for (const { month, days } of draft.yearDays) {
    const key = monthDayField(days);
    monthsByDays.set(key, [...(monthsByDays.get(key) ?? []), month]);
  }
  return ok(
    [...monthsByDays].map(([monthDay, months]) => ({
      monthDay,
      month: monthField(months.map((month) => ({ from: month, to: month }))),
      weekday: "*",
    })),
  );
}

/** `Friday the 13th` asks for both to match; cron runs on either, so either must be said outright. */
function refuseBoth(draft: Draft): Refusal | undefined {
  const { weekday, monthDay } = draft.spans;
  if (weekday === undefined || monthDay === undefined || draft.either) return undefined;
  return refusal({
    reason: "unsupported",
    message: "A weekday and a day of the month together: a schedule can run on either, but not only where both meet.",
    span: { start: Math.min(weekday.start, monthDay.start), end: Math.max(weekday.end, monthDay.end) },
    expected: `one of them, or "or" between them`,
    suggestions: [
      `on the 13th of every month or on ${weekdayName(draft.weekdays[0]?.from ?? 5)}`,
      "first Friday of every month",
    ],
  });
}

/** A day that none of the months has, such as 31 April. */
function refuseImpossible(draft: Draft): Refusal | undefined {
  if (draft.months.length === 0 || draft.monthDays.length === 0) return undefined;
  const months = spread(draft.months, 1, MONTHS_IN_YEAR);
  const longest = Math.max(...months.map(monthLength));
  const days = draft.monthDays.filter((day) => typeof day !== "string").flatMap(({ from, to }) => [from, to]);
  const wrong = days.find((day) => day > longest);
  const month = months[0];
  if (wrong === undefined || month === undefined) return undefined;
  return refusal({
    reason: "impossible",
    message: `${months.length === 1 ? monthName(month) : "None of these months"} has ${months.length === 1 ? "no" : "a"} day ${wrong}.`,
    span: draft.spans.monthDay ?? { start: 0, end: draft.text.length },
    expected: `a day from 1 to ${longest}`,
    suggestions: [
      `on the last day of the month in ${monthName(month)}`,
      `every year on ${monthName(month)} ${Math.min(longest, 28)}`,
    ],
  });
}

function refuseCount(draft: Draft, frequency: Frequency, ...suggestions: string[]): Refusal {
  return refusal({
    reason: "unsupported",
    message: `${frequency.count} ${frequency.unit}s do not divide a year evenly, so they cannot be told from the calendar.`,
    span: { start: frequency.start, end: Math.min(frequency.end, draft.text.length) },
    expected: "every 1, 2, 3, 4, 6 or 12 months, or every year",
    suggestions,
  });
}

function refuseMonthlyWeekday(draft: Draft, weekday: number): Refusal {
  const day = weekdayName(weekday);
  return refusal({
    reason: "ambiguous",
    message: `A month has four or five ${day}s, and it does not say which.`,
    span: draft.spans.weekday ?? { start: 0, end: draft.text.length },
    expected: `"first ${day} of every month", or "every ${day}"`,
    suggestions: [`first ${day} of every month`, `every ${day}`],
  });
}
