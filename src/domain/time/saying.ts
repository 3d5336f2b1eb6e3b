/** Instants and lengths of time as people say them. Pure. */
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, type Milliseconds, SECOND_MS } from "./instant.ts";
import { wallTimeAt } from "./local-time.ts";

export const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** `15 Jan 2027, 10:30 Europe/Berlin (09:30 UTC)`; the day once more where it is another one in UTC. */
export function sayMoment(at: Instant, timezone: string): string {
  const [here, utc] = [wallTimeAt(at, timezone), wallTimeAt(at, "UTC")];
  const beside = here.day === utc.day ? clock(utc) : `${date(utc)}, ${clock(utc)}`;
  return `${date(here)} ${here.year}, ${clock(here)} ${timezone}${timezone === "UTC" ? "" : ` (${beside} UTC)`}`;
}

type Wall = ReturnType<typeof wallTimeAt>;

const two = (part: number): string => String(part).padStart(2, "0");
const date = ({ day, month }: Wall): string => `${day} ${MONTHS[month - 1] ?? ""}`;
const clock = ({ hour, minute }: Wall): string => `${two(hour)}:${two(minute)}`;

/** A length of time, as roughly as people say it: `350 ms`, `4 s`, `12 min`, `3 h`, `2 days`. */
export function lengthOf(time: Milliseconds): string {
  if (time < SECOND_MS) return `${Math.max(0, time)} ms`;
  if (time < MINUTE_MS) return `${Math.round(time / SECOND_MS)} s`;
  if (time < HOUR_MS) return `${Math.round(time / MINUTE_MS)} min`;
  return time < 2 * DAY_MS ? `${Math.round(time / HOUR_MS)} h` : `${Math.round(time / DAY_MS)} days`;
}
