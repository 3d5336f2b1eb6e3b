/** Calendars in English: times or a frequency, then the days. Undefined where English has no exact words. Pure. */

import { stepText } from "./compose-elapsed.ts";
import { timeLines } from "./compose-times.ts";
import { sayDays } from "./describe-days.ts";
import { listed, type ParsedLine, rangeOf, stepOf } from "./describe-line.ts";
import { listText, timeText } from "./names.ts";
import { DAY_S, HOUR_S, MINUTE_S } from "./seconds.ts";

/** More times than this are no sentence any more. */
const TIMES_MAX = 16;

/** The lines in English, one clause for those that share their days; undefined when English cannot say one of them. */
export function sayCalendar(lines: readonly ParsedLine[]): string | undefined {
  const clauses = new Map<string, ParsedLine[]>();
  for (const line of lines) {
    const days = `${line.monthDay} ${line.month} ${line.weekday}`;
    clauses.set(days, [...(clauses.get(days) ?? []), line]);
  }
  const said = [...clauses.values()].map(sayClause);
  return said.some((clause) => clause === undefined) ? undefined : said.join(" and ");
}

function sayClause(lines: readonly ParsedLine[]): string | undefined {
  const [first] = lines;
  if (first === undefined) return undefined;
  const times = fixedTimes(lines);
  const days = sayDays(first);
  if (days === undefined) return undefined;
  if (times !== undefined) return days.lead === "" ? `at ${times}${days.tail}` : `${days.lead} at ${times}${days.tail}`;
  const frequency = sayFrequency(lines);
  return frequency === undefined || days.limit === undefined ? undefined : frequency + days.limit;
}

/** `9:00 AM and 5:30 PM`, when the lines are exactly what these times make. */
function fixedTimes(lines: readonly ParsedLine[]): string | undefined {
  const times: number[] = [];
  for (const line of lines) {
    const [seconds, minutes, hours] = [listed(line.second), listed(line.minute), listed(line.hour)];
    if (seconds === undefined || minutes === undefined || hours === undefined) return undefined;
    if (seconds.length * minutes.length * hours.length > TIMES_MAX) return undefined;
    for (const hour of hours)
      for (const minute of minutes)
        for (const second of seconds) times.push(hour * HOUR_S + minute * MINUTE_S + second);
  }
  if (times.length > TIMES_MAX || timeLines(times).length !== lines.length) return undefined;
  return listText(times.sort((a, b) => a - b).map(timeText));
}

/** `every 10 minutes from 9:00 AM to 5:00 PM`, `every 2 hours at minute 30`. */
function sayFrequency(lines: readonly ParsedLine[]): string | undefined {
  const [line] = lines;
  if (line === undefined) return undefined;
  return (lines.length === 1 ? (sayWhole(line) ?? sayHours(line)) : undefined) ?? sayWindow(lines);
}

/** A step of one field, all day long. */
function sayWhole({ second, minute, hour }: ParsedLine): string | undefined {
  const [seconds, minutes, hours] = [stepOf(second), stepOf(minute), stepOf(hour)];
  if (hours === 1 && minutes === 1 && seconds !== undefined) return stepText(seconds);
  if (hours === 1 && minutes !== undefined && second === "0") return stepText(minutes * MINUTE_S);
  const marks = listed(minute);
  if (hours === undefined || marks === undefined || second !== "0") return undefined;
  return stepText(hours * HOUR_S) + (minute === "0" ? "" : ` at minute ${listText(marks.map(String))}`);
}

/** Whole hours in a range: the end is a run when there is one minute mark, else it is left out. */
function sayHours({ second, minute, hour }: ParsedLine): string | undefined {
  const night = /^0(?:-(\d+))?,(\d+)(?:-23)?$/.exec(hour);
  const wrapped = night === null ? undefined : { from: Number(night[2]), to: Number(night[1] ?? 0), step: 1 };
  const range = hour.includes("-") ? (rangeOf(hour) ?? wrapped) : undefined;
  const marks = listed(minute);
  const mark = marks?.[0];
  if (second !== "0" || range === undefined || marks === undefined || mark === undefined) return undefined;
  const every = stepText(range.step * HOUR_S);
  const at = (hours: number, minutes: number): string => timeText((hours * HOUR_S + minutes * MINUTE_S) % DAY_S);
  if (marks.length === 1) return `${every} from ${at(range.from, mark)} to ${at(range.to, mark)}`;
  return `${every} from ${at(range.from, 0)} to ${at(range.to + 1, 0)} at minute ${listText(marks.map(String))}`;
}

/** Minutes or seconds in a window: the lines are the whole hours and the hours that the window cuts. */
function sayWindow(lines: readonly ParsedLine[]): string | undefined {
  let [from, to, grid] = [DAY_S / MINUTE_S, 0, 0];
  for (const { minute, hour } of lines) {
    const hours = rangeOf(hour);
    const step = stepOf(minute);
    const minutes = step === undefined ? rangeOf(minute) : { from: 0, to: 60 - step, step };
    if (hours === undefined || minutes === undefined || hours.step !== 1) return undefined;
    grid = Math.max(grid, minutes.from === minutes.to ? 1 : minutes.step);
    from = Math.min(from, hours.from * 60 + minutes.from);
    to = Math.max(to, hours.to * 60 + minutes.to + minutes.step);
  }
  const seconds = stepOf(lines[0]?.second ?? "0");
  const every = seconds === undefined ? stepText(grid * MINUTE_S) : stepText(seconds);
  return `${every} from ${timeText(from * MINUTE_S)} to ${timeText((to * MINUTE_S) % DAY_S)}`;
}
