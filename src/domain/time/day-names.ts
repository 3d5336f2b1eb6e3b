/** Days of the calendar as people say them. Pure. */
import { dayNumber, readCivilDate, weekdayOf } from "./civil.ts";
import { MONTHS } from "./saying.ts";

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

/** `12 Nov`, of `2026-11-12`; a text that names no day stays as it is. */
export function sayDate(date: string): string {
  const read = readCivilDate(date);
  return read === undefined ? date : `${read.day} ${MONTHS[read.month - 1] ?? ""}`;
}

/** `Thu`, of `2026-11-12`. */
export function sayWeekday(date: string): string {
  const read = readCivilDate(date);
  return read === undefined ? "" : (WEEKDAYS[weekdayOf(dayNumber(read))] ?? "");
}
