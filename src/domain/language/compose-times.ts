/** Times of day as the time fields of as few cron lines as say them exactly. Pure. */
import { fail, ok, type Result } from "../result.ts";
import { clash } from "./contradiction.ts";
import { minutesOf } from "./grammar-minute.ts";
import type { Refusal } from "./interpretation.ts";
import { numberField, type TimeFields } from "./line.ts";
import type { Draft, Frequency } from "./phrase.ts";
import { refusal } from "./refusal.ts";
import { HOUR_S, MINUTE_S } from "./seconds.ts";

/** The time fields of a phrase that recurs by days, weeks, months or years, or says only when. No time is midnight. */
export function composeTimes(draft: Draft, frequency: Frequency | undefined): Result<TimeFields[], Refusal> {
  const window = draft.windows[0];
  if (window !== undefined)
    return fail(
      refusal({
        reason: "not_understood",
        message: "A window of the day needs to say how often it runs inside it.",
        span: window,
        expected: "every N minutes or every hour beside the window",
        suggestions: ["every hour from 9am to 5pm", "every 10 minutes from 9am to 5pm"],
      }),
    );
  const minuteSpan = draft.spans.minute;
  const time = draft.times[0];
  const other = time ?? frequency;
  if (minuteSpan !== undefined && other !== undefined)
    return fail(clash(draft, other, minuteSpan, ["every hour at minute 30", "every day at 9:30 am"]));
  if (minuteSpan !== undefined) return ok([{ second: "0", minute: numberField(minutesOf(draft)), hour: "*" }]);
  return ok(timeLines(draft.times.length === 0 ? [0] : draft.times.map(({ second }) => second)));
}

/**
 * Groups times of day (seconds after midnight) into fields whose product is exactly the list: 9:15 and 17:15 share a
 * line, 9:15 and 17:30 do not.
 */
export function timeLines(times: readonly number[]): TimeFields[] {
  const minutesByHour = new Map<string, { second: number; hour: number; minutes: number[] }>();
  for (const time of [...new Set(times)].sort((a, b) => a - b)) {
    const [second, hour] = [time % MINUTE_S, Math.floor(time / HOUR_S)];
    const key = `${second}/${hour}`;
    const group = minutesByHour.get(key) ?? { second, hour, minutes: [] };
    group.minutes.push(Math.floor(time / MINUTE_S) % 60);
    minutesByHour.set(key, group);
  }
  const hoursByMinutes = new Map<string, { second: number; minutes: number[]; hours: number[] }>();
  for (const { second, hour, minutes } of minutesByHour.values()) {
    const key = `${second}/${minutes.join()}`;
    const group = hoursByMinutes.get(key) ?? { second, minutes, hours: [] };
    group.hours.push(hour);
    hoursByMinutes.set(key, group);
  }
  return [...hoursByMinutes.values()].map(({ second, minutes, hours }) => ({
    second: String(second),
    minute: numberField(minutes),
    hour: numberField(hours),
  }));
}
