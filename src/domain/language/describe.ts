/**
 * Says a recurrence in English that `readExpression` reads back as the same recurrence (in the same context). Pure.
 *
 * What English has no exact words for is quoted as cron lines; each calendar is read back before it is said, so a
 * description can be clumsy but never wrong.
 */
import type { Calendar, CivilInterval, Once, Recurrence } from "../recurrence/recurrence.ts";
import { SECOND_MS, toIso } from "../time/instant.ts";
import { toLocalIso } from "../time/local-time.ts";
import { stepText } from "./compose-elapsed.ts";
import { sayCalendar } from "./describe-calendar.ts";
import { parseLine } from "./describe-line.ts";
import { readEnglish } from "./english.ts";
import { EXPRESSION_MAX_LENGTH, type ReadingContext } from "./interpretation.ts";
import { isListedName } from "./lexicon.ts";
import { listText, timeText, weekdayName } from "./names.ts";
import { quoteCron } from "./quoted-cron.ts";
import { tokenize } from "./tokens.ts";

/** Zones that the grammar reads by their form alone. */
const READABLE_ZONE = /^(UTC|[A-Za-z_]+(\/[A-Za-z][A-Za-z0-9_]*([-+][A-Za-z0-9_]+)*)+)$/;

/**
 * The recurrence in English. With a zone, wall-clock recurrences name it at the end and a single instant is shown on its
 * clock; without one, an instant is shown in UTC.
 */
export function describe(recurrence: Recurrence, timezone?: string): string {
  const zone = timezone !== undefined && READABLE_ZONE.test(timezone) ? ` in ${timezone}` : "";
  switch (recurrence.kind) {
    case "once":
      return describeOnce(recurrence, timezone);
    case "interval":
      return recurrence.grid === "elapsed" ? stepText(recurrence.every / SECOND_MS) : describeCivil(recurrence) + zone;
    case "calendar":
      return describeCalendar(recurrence, zone);
  }
}

/** `once at 2027-01-15 10:30:00 UTC`, or with the offset of the zone at that instant. */
function describeOnce({ at }: Once, timezone: string | undefined): string {
  const local = timezone === undefined || timezone === "UTC" ? undefined : toLocalIso(at, timezone);
  // Local mean times have offsets to the second, which ISO 8601 cannot write.
  const iso = local !== undefined && /[+-]\d\d:\d\d$/.test(local) ? local : toIso(at).replace(/(\.000)?Z$/, "Z");
  const offset = /(Z|[+-]\d\d:\d\d)$/.exec(iso)?.[0] ?? "Z";
  const clock = iso.slice(0, -offset.length).replace("T", " ");
  return `once at ${clock} ${offset === "Z" ? "UTC" : offset}`;
}

function describeCivil(interval: CivilInterval): string {
  const times = listText(interval.times.map(timeText));
  const every =
    interval.unit === "day" && interval.every === 2 ? "every other day" : `every ${interval.every} ${interval.unit}s`;
  const weekdays = interval.unit === "week" ? ` on ${listText(interval.weekdays.map(weekdayName))}` : "";
  return `${every}${weekdays} at ${times}`;
}

function describeCalendar(calendar: Calendar, zone: string): string {
  const english = sayCalendar(calendar.lines.map(parseLine));
  if (english !== undefined && readsBack(english, calendar)) return english + zone;
  const quoted = quoteCron(calendar.lines);
  const whole = quoted + zone;
  if (whole.length <= EXPRESSION_MAX_LENGTH) return whole;
  // Too long to be read with its frame: a single line is still a whole expression.
  return calendar.lines.length === 1 ? (calendar.lines[0] ?? quoted) : quoted;
}

/** What a calendar means depends on neither now nor the zone. */
const ANY_CONTEXT: ReadingContext = { now: 0, timezone: "UTC", timezoneIsExplicit: false };

function readsBack(english: string, calendar: Calendar): boolean {
  if (english.length > EXPRESSION_MAX_LENGTH - 64) return false;
  const reading = readEnglish(english, tokenize(english, isListedName), ANY_CONTEXT);
  if (reading === undefined || !reading.ok || reading.value.recurrence.kind !== "calendar") return false;
  const { lines } = reading.value.recurrence;
  return lines.length === calendar.lines.length && lines.every((line, index) => line === calendar.lines[index]);
}
