/** Every n-th day or week, counted on the civil calendar of the zone from the first one after now. Pure. */
import type { CivilInterval, Recurrence } from "../recurrence/recurrence.ts";
import { fail, ok, type Result } from "../result.ts";
import { civilDate, DAYS_IN_WEEK, type DayNumber, dayNumber, formatCivilDate, weekdayOf } from "../time/civil.ts";
import { DAY_MS, type Instant, SECOND_MS } from "../time/instant.ts";
import { wallTimeAt } from "../time/local-time.ts";
import { zoneOf } from "../time/zone.ts";
import { clash } from "./contradiction.ts";
import type { ReadingContext, Refusal } from "./interpretation.ts";
import { spread } from "./line.ts";
import { listText, timeText, weekdayName } from "./names.ts";
import type { Draft, Frequency } from "./phrase.ts";
import { quote, refusal } from "./refusal.ts";

const MONDAY = 1;
/** As long as the longest duration: ten years. */
const DAYS_MAX = 3_650;

/** The civil interval of `every n days` or `every n weeks on ...`; limits to months or days of the month are refused. */
export function composeCivil(draft: Draft, frequency: Frequency, context: ReadingContext): Result<Recurrence, Refusal> {
  const wrong = refuseLimits(draft, frequency);
  if (wrong !== undefined) return fail(wrong);
  const unit = frequency.unit === "week" ? "week" : "day";
  const weekdays =
    unit === "day" ? [] : spread(draft.weekdays.length > 0 ? draft.weekdays : [{ from: 0, to: 0 }], 0, 6);
  const times = [...new Set(draft.times.length > 0 ? draft.times.map(({ second }) => second) : [0])].sort(
    (a, b) => a - b,
  );
  const first = firstDay(context.anchor ?? context.now, context.timezone, weekdays, times);
  const anchor = unit === "day" ? first : first - ((weekdayOf(first) - MONDAY + DAYS_IN_WEEK) % DAYS_IN_WEEK);
  if (unit === "week" && draft.weekdays.length === 0) draft.notes.push("No weekday was given: it runs on Sunday.");
  draft.notes.push(
    `The first one is ${weekdayName(weekdayOf(first))}, ${formatCivilDate(civilDate(first))}, at ${listText(times.map(timeText))}; every ${frequency.count} ${unit}s are counted from it.`,
  );
  const interval: CivilInterval = {
    kind: "interval",
    grid: "civil",
    unit,
    every: frequency.count,
    anchor: formatCivilDate(civilDate(anchor)),
    weekdays,
    times,
  };
  return ok(interval);
}

/** The first day of these weekdays (any, when none) with a time strictly later than the instant. */
function firstDay(after: Instant, timezone: string, weekdays: readonly number[], times: readonly number[]): DayNumber {
  const today = dayNumber(wallTimeAt(after, timezone));
  const zone = zoneOf(timezone);
  for (let day = today; ; day += 1) {
    // The eighth day is later than `after` whatever the clock does, so the loop ends there.
    const matches = weekdays.length === 0 || weekdays.includes(weekdayOf(day));
    if (matches && (day > today + DAYS_IN_WEEK || times.some((time) => isLater(zone, day, time, after)))) return day;
  }
}

function isLater(zone: ReturnType<typeof zoneOf>, day: DayNumber, time: number, after: Instant): boolean {
  const reading = zone.resolve(day * DAY_MS + time * SECOND_MS);
  return (reading.kind === "fold" ? reading.first : reading.instant) > after;
}

function refuseLimits(draft: Draft, frequency: Frequency): Refusal | undefined {
  const unit = frequency.unit;
  const weekday = unit === "day" || draft.ordinals.length > 0 ? draft.spans.weekday : undefined;
  const other = weekday ?? draft.spans.monthDay ?? draft.spans.month ?? draft.yearDays[0];
  const examples = unit === "day" ? ["every other day at 9am"] : ["every other week on Monday at 9am"];
  if (other !== undefined)
    return refusal({
      reason: "unsupported",
      message: `${quote(draft.text.slice(frequency.start, frequency.end))} counts on its own grid and cannot also be limited to ${quote(draft.text.slice(other.start, other.start + 15))}.`,
      span: other,
      expected: unit === "day" ? "a time of day only" : "weekdays and a time of day only",
      suggestions: examples,
    });
  const clashing = draft.windows[0] ?? draft.spans.minute;
  if (clashing !== undefined) return clash(draft, frequency, clashing, examples);
  const days = frequency.count * (unit === "week" ? DAYS_IN_WEEK : 1);
  if (days <= DAYS_MAX) return undefined;
  return refusal({
    reason: "out_of_range",
    message: "The days between two runs are more than ten years.",
    span: frequency,
    expected: "at most 3650 days or 521 weeks",
    suggestions: ["every year", "every 365 days"],
  });
}
