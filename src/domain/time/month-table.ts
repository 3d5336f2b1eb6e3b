/**
 * Months as consecutive numbers, for search by arithmetic alone. Pure.
 *
 * The Gregorian calendar, weekdays included, repeats after 400 years, so one table of 4,800 months serves all times.
 */
import { type DayNumber, daysInMonth, weekdayOf } from "./civil.ts";

/** Months since January 1970, which is 0. */
export type MonthNumber = number;

const CYCLE_YEARS = 400;
const CYCLE_DAYS = 146_097;
const CYCLE_MONTHS = CYCLE_YEARS * 12;
const MEAN_DAYS_IN_MONTH = CYCLE_DAYS / CYCLE_MONTHS;
const SHORTEST_MONTH_DAYS = 28;
const FIRST_YEAR = 1970;

/** How many kinds of month there are: 12 months, 4 lengths, 7 weekdays to begin with. */
export const MONTH_KINDS = 12 * 4 * 7;

const starts = new Int32Array(CYCLE_MONTHS + 1);
const kinds = new Uint16Array(CYCLE_MONTHS);

for (let index = 0, start = 0; index < CYCLE_MONTHS; index++) {
  const month = (index % 12) + 1;
  const length = daysInMonth(FIRST_YEAR + Math.floor(index / 12), month);
  kinds[index] = monthKind(month, length, weekdayOf(start));
  start += length;
  starts[index + 1] = start;
}

/** The number of a kind of month: `month` is 1 to 12, `length` its days, `firstWeekday` the weekday of its first day. */
export function monthKind(month: number, length: number, firstWeekday: number): number {
  return ((month - 1) * 4 + (length - SHORTEST_MONTH_DAYS)) * 7 + firstWeekday;
}

/** What `monthKind` put together. */
export function monthOfKind(kind: number): { month: number; length: number; firstWeekday: number } {
  const shape = Math.floor(kind / 7);
  return { month: (shape >> 2) + 1, length: (shape & 3) + SHORTEST_MONTH_DAYS, firstWeekday: kind % 7 };
}

/** The month that holds a day. */
export function monthHolding(day: DayNumber): MonthNumber {
  const cycle = day >= 0 && day < CYCLE_DAYS ? 0 : Math.floor(day / CYCLE_DAYS);
  const rest = day - cycle * CYCLE_DAYS;
  let index = Math.min((rest / MEAN_DAYS_IN_MONTH) | 0, CYCLE_MONTHS - 1);
  while (startInCycle(index) > rest) index--;
  while (startInCycle(index + 1) <= rest) index++;
  return cycle * CYCLE_MONTHS + index;
}

/** The first day of a month. */
export function monthStart(month: MonthNumber): DayNumber {
  if (month >= 0 && month < CYCLE_MONTHS) return startInCycle(month);
  const cycle = Math.floor(month / CYCLE_MONTHS);
  return cycle * CYCLE_DAYS + startInCycle(month - cycle * CYCLE_MONTHS);
}

/** The kind of a month, see `monthKind`. */
export function kindOf(month: MonthNumber): number {
  const index = month >= 0 && month < CYCLE_MONTHS ? month : month - Math.floor(month / CYCLE_MONTHS) * CYCLE_MONTHS;
  return kinds[index] ?? 0;
}

const startInCycle = (index: number): DayNumber => starts[index] ?? CYCLE_DAYS;
