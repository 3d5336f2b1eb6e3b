/**
 * A frequency inside a window of the day. The end is left out, unless it is a run of an hourly frequency:
 * `every hour from 9 to 5` runs at 17:00, `every 10 minutes from 9 to 5` ends at 16:50. Pure.
 */
import { fail, ok, type Result } from "../result.ts";
import { clash } from "./contradiction.ts";
import { minutesOf } from "./grammar-minute.ts";
import type { Refusal } from "./interpretation.ts";
import { numberField, type TimeFields } from "./line.ts";
import { timeText } from "./names.ts";
import type { Draft, Frequency, Window } from "./phrase.ts";
import { refusal } from "./refusal.ts";
import { DAY_S, HOUR_S, MINUTE_S } from "./seconds.ts";

const DAY_MINUTES = DAY_S / MINUTE_S;

/** The time fields of the window, with a note that names the last run of the day. */
export function composeWindow(draft: Draft, frequency: Frequency): Result<TimeFields[], Refusal> {
  const [window, other] = draft.windows;
  if (window === undefined) return ok([]);
  if (other !== undefined) return fail(clash(draft, window, other, ["every hour from 9am to 5pm"]));
  const from = window.from.second / MINUTE_S;
  const to = endMinute(window);
  const limited = draft.spans.weekday ?? draft.spans.monthDay ?? draft.spans.month ?? draft.yearDays[0];
  if (to < from && to > 0 && limited !== undefined) return fail(refuseNight(draft, window));
  if (from % 1 !== 0 || to % 1 !== 0 || from === to) return fail(refuseWindow(draft, window));
  return frequency.seconds % HOUR_S === 0
    ? hourly(draft, frequency.seconds / HOUR_S, from, to)
    : withinHours(draft, frequency, from, to === 0 ? DAY_MINUTES : to);
}

/** `17:59` is how some say "to the end of 17": the same as 18:00. */
function endMinute(window: Window): number {
  const minute = window.to.second / MINUTE_S;
  return minute % 60 === 59 ? minute + 1 : minute;
}

/** Runs at the window's own minute, or at the marked minutes, in the hours of the window. */
function hourly(draft: Draft, hours: number, from: number, to: number): Result<TimeFields[], Refusal> {
  const marks = draft.minutes.length > 0 ? minutesOf(draft) : [from % 60];
  const first = marks[0] ?? 0;
  if (draft.minutes.length > 0 && (from % 60 !== 0 || to % 60 !== 0))
    return fail(refuseWindow(draft, draft.windows[0]));
  const end = to > from ? to : to + DAY_MINUTES;
  const isRun = draft.windows[0]?.to.second === (to % DAY_MINUTES) * MINUTE_S;
  const list: number[] = [];
  for (
    let hour = Math.floor(from / 60);
    hour * 60 + first < end || (isRun && hour * 60 + first === end && marks.length === 1 && end % 60 === first);
    hour += hours
  )
    list.push(hour);
  const last = ((list.at(-1) ?? 0) * 60 + (marks.at(-1) ?? 0)) % DAY_MINUTES;
  draft.notes.push(lastRun(last * MINUTE_S));
  return ok([{ second: "0", minute: numberField(marks), hour: hourField(list, hours) }]);
}

/** Ranges keep the hours a spaced rule (DESIGN.md 4.6): a wrapping one is cut at midnight. */
function hourField(list: readonly number[], step: number): string {
  const suffix = step === 1 ? "" : `/${step}`;
  const range = (hours: readonly number[]): string =>
    hours.length <= 1 ? `${hours[0] ?? ""}` : `${hours[0]}-${hours.at(-1)}${suffix}`;
  const tonight = list.filter((hour) => hour < 24);
  const tomorrow = list.filter((hour) => hour >= 24).map((hour) => hour - 24);
  return [range(tomorrow), range(tonight)].filter((text) => text !== "").join(",");
}

/** Minutes and seconds: whole hours in one line, the hours that the window cuts in lines of their own. */
function withinHours(draft: Draft, frequency: Frequency, from: number, to: number): Result<TimeFields[], Refusal> {
  const minutes = frequency.seconds / MINUTE_S;
  const grid = Math.max(minutes, 1);
  if (from % grid !== 0 || (60 % grid !== 0 && grid < 60)) return fail(refuseWindow(draft, draft.windows[0]));
  const second = frequency.seconds < MINUTE_S ? (frequency.seconds === 1 ? "*" : `*/${frequency.seconds}`) : "0";
  const pieces = to > from ? cut(from, to) : [...cut(0, to), ...cut(from, DAY_MINUTES)];
  const byMinutes = new Map<string, string[]>();
  for (const piece of pieces) {
    const field = minuteField(piece.first, piece.last, grid);
    byMinutes.set(field, [...(byMinutes.get(field) ?? []), piece.hours]);
  }
  const lastMinute = Math.floor((to - 1) / grid) * grid;
  draft.notes.push(lastRun(lastMinute * MINUTE_S + (minutes < 1 ? MINUTE_S - frequency.seconds : 0)));
  return ok([...byMinutes].map(([minute, hours]) => ({ second, minute, hour: hours.join(",") })));
}

interface HourPiece {
  readonly hours: string;
  readonly first: number;
  readonly last: number;
}

/** Cuts a stretch of minutes of the day into a part hour, whole hours and a part hour. */
function cut(from: number, to: number): HourPiece[] {
  const [firstHour, lastHour] = [Math.floor(from / 60), Math.floor(to / 60)];
  if (firstHour === lastHour) return [{ hours: String(firstHour), first: from % 60, last: (to % 60) - 1 }];
  const pieces: HourPiece[] = [];
  const whole = from % 60 === 0 ? firstHour : firstHour + 1;
  if (whole > firstHour) pieces.push({ hours: String(firstHour), first: from % 60, last: 59 });
  if (lastHour > whole)
    pieces.push({ hours: lastHour - 1 === whole ? String(whole) : `${whole}-${lastHour - 1}`, first: 0, last: 59 });
  if (to % 60 > 0) pieces.push({ hours: String(lastHour), first: 0, last: (to % 60) - 1 });
  return pieces;
}

function minuteField(first: number, last: number, grid: number): string {
  if (first === 0 && last === 59) return grid === 1 ? "*" : `*/${grid}`;
  const lastRunMinute = last - ((last - first) % grid);
  if (lastRunMinute === first) return String(first);
  return grid === 1 ? `${first}-${last}` : `${first}-${lastRunMinute}/${grid}`;
}

const lastRun = (second: number): string => `The last run of the day is at ${timeText(second)}.`;

function refuseWindow(draft: Draft, window: Window | undefined): Refusal {
  return refusal({
    reason: "unsupported",
    message: "This frequency does not fit into that window: the window must begin on one of its runs and end later.",
    span: window ?? { start: 0, end: draft.text.length },
    expected: "a window that begins at a whole hour or on a run of the frequency",
    suggestions: ["every 10 minutes from 9am to 5pm", "every hour from 9am to 5pm"],
  });
}

function refuseNight(draft: Draft, window: Window): Refusal {
  const to = timeText(window.to.second);
  const from = timeText(window.from.second);
  return refusal({
    reason: "ambiguous",
    message: "A window over midnight that is limited to some days could belong to the day before or after midnight.",
    span: { start: window.start, end: Math.min(window.end, draft.text.length) },
    expected: "a window within one day, or no limit on the days",
    suggestions: [`every hour from ${from} to 11:00 PM on weekdays`, `every hour from ${from} to ${to}`],
  });
}
