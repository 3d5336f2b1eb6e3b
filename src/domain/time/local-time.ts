/** Instants as a person reads them in a zone. Pure. */
import { type CivilDate, dayNumber, weekdayOf } from "./civil.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, type Milliseconds, SECOND_MS } from "./instant.ts";
import { type WallReading, zoneOf } from "./zone.ts";

/** What a wall clock and its calendar show. */
export interface WallTime extends CivilDate {
  /** 0 to 23. */
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/** What the clock of the zone shows at the instant, and the weekday, 0 = Sunday. */
export function wallTimeAt(instant: Instant, timezone: string): WallTime & { readonly weekday: number } {
  const wall = instant + zoneOf(timezone).offsetAt(instant);
  const shown = new Date(wall);
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    hour: shown.getUTCHours(),
    minute: shown.getUTCMinutes(),
    second: shown.getUTCSeconds(),
    millisecond: shown.getUTCMilliseconds(),
    weekday: weekdayOf(Math.floor(wall / DAY_MS)),
  };
}

/** The instants at which the clock of the zone shows the time: one, none (a gap) or two (a fold). */
export function resolveWallTime(time: WallTime, timezone: string): WallReading {
  return zoneOf(timezone).resolve(wallMilliseconds(time));
}

/** ISO 8601 with the zone's offset, `2026-03-08T03:00:00-04:00`; milliseconds only when there are some. */
export function toLocalIso(instant: Instant, timezone: string): string {
  const offset = zoneOf(timezone).offsetAt(instant);
  const iso = new Date(instant + offset).toISOString();
  return iso.replace("Z", "").replace(/\.000$/, "") + formatOffset(offset);
}

/** `02:30`, with seconds only when there are some: seconds after midnight as a clock shows them. */
export function formatSecondOfDay(time: number): string {
  const parts = [Math.floor(time / 3600), Math.floor(time / 60) % 60, time % 60];
  if (parts[2] === 0) parts.pop();
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** `+05:45`, and `-00:44:30` for the local mean times of old. */
export function formatOffset(offset: Milliseconds): string {
  const size = Math.abs(offset);
  return (offset < 0 ? "-" : "+") + formatSecondOfDay(Math.floor(size / SECOND_MS));
}

function wallMilliseconds(time: WallTime): Milliseconds {
  const clock = time.hour * HOUR_MS + time.minute * MINUTE_MS + time.second * SECOND_MS + time.millisecond;
  return dayNumber(time) * DAY_MS + clock;
}
