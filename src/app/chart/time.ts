/** Times along a chart: read as they are written, and called as coarsely as there is time to see. All in UTC. */
import type { Json } from "../../domain/json.ts";
import { DAY_MS, type Instant, MINUTE_MS, type Milliseconds, toIso } from "../../domain/time/instant.ts";
import { MONTHS } from "../../domain/time/saying.ts";

/** ISO 8601: a day, or a day and a time. */
const TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const HAS_OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/;
const DAY_LENGTH = 10;

/** From there on the coarser words do. */
const MONTHS_FROM: Milliseconds = 120 * DAY_MS;
const YEARS_FROM: Milliseconds = 1_000 * DAY_MS;

/** The time that a value is; NaN for any other value. Without an offset it is taken as written. */
export function readTime(value: Json): Instant {
  if (typeof value !== "string" || !TIME.test(value)) return Number.NaN;
  const iso = value.replace(" ", "T");
  return Date.parse(iso.length === DAY_LENGTH || HAS_OFFSET.test(iso) ? iso : `${iso}Z`);
}

/** From the first to the last. */
export const spanOf = (times: readonly Instant[]): Milliseconds =>
  times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY) -
  times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);

/** How times are called that lie within this span: by the year, the month, the day or the clock. */
export function timeLabel(span: Milliseconds): (time: Instant) => string {
  if (span > YEARS_FROM) return (time) => toIso(time).slice(0, 4);
  if (span > MONTHS_FROM) return (time) => `${monthOf(time)} ${toIso(time).slice(0, 4)}`;
  if (span >= 2 * DAY_MS || span === 0) return (time) => `${new Date(time).getUTCDate()} ${monthOf(time)}`;
  const [from, to] = [DAY_LENGTH + 1, DAY_LENGTH + (span < 2 * MINUTE_MS ? 9 : 6)];
  return (time) => toIso(time).slice(from, to);
}

const monthOf = (time: Instant): string => MONTHS[new Date(time).getUTCMonth()] ?? "";
