/**
 * The civil calendar (proleptic Gregorian) as arithmetic on day numbers. Pure: no zone, no clock.
 *
 * A day number counts civil days from 1970-01-01, which is 0; the day before is -1. Months are 1 to 12, weekdays 0 (Sunday) to 6.
 */
import { DAY_MS } from "./instant.ts";

/** Civil days since 1970-01-01. */
export type DayNumber = number;

export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

export const DAYS_IN_WEEK = 7;
const MONTHS_IN_YEAR = 12;
/** 1970-01-01 was a Thursday. */
const WEEKDAY_OF_DAY_ZERO = 4;
const DATE_PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The day number of a civil date; a day past the end of its month flows into the next one. */
export function dayNumber(date: CivilDate): DayNumber {
  // Date.UTC reads the years 0 to 99 as 1900 to 1999, so the year is set apart.
  return new Date(0).setUTCFullYear(date.year, date.month - 1, date.day) / DAY_MS;
}

/** The civil date of a day number. */
export function civilDate(day: DayNumber): CivilDate {
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** The weekday of a day number, 0 = Sunday. */
export function weekdayOf(day: DayNumber): number {
  const weekday = (day + WEEKDAY_OF_DAY_ZERO) % DAYS_IN_WEEK;
  return weekday < 0 ? weekday + DAYS_IN_WEEK : weekday;
}

/** Whether the year has a 29 February. */
export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** How many days the month has, 28 to 31. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The date that many months later (or earlier), its day clamped to the month: 31 January + 1 month = 28 or 29 February. */
export function addMonths(date: CivilDate, months: number): CivilDate {
  const index = date.year * MONTHS_IN_YEAR + (date.month - 1) + months;
  const year = Math.floor(index / MONTHS_IN_YEAR);
  const month = index - year * MONTHS_IN_YEAR + 1;
  return { year, month, day: Math.min(date.day, daysInMonth(year, month)) };
}

/** The date that many days later (or earlier). */
export function addDays(date: CivilDate, days: number): CivilDate {
  return civilDate(dayNumber(date) + days);
}

/** Whether there is such a date: refuses 30 February, month 13 and parts that are no whole numbers. */
export function isCivilDate(date: CivilDate): boolean {
  const { year, month, day } = date;
  if (!Number.isInteger(year) || !Number.isInteger(month) || !Number.isInteger(day)) return false;
  return month >= 1 && month <= MONTHS_IN_YEAR && day >= 1 && day <= daysInMonth(year, month);
}

/** `YYYY-MM-DD`. */
export function formatCivilDate(date: CivilDate): string {
  const pad = (value: number, width: number): string => String(value).padStart(width, "0");
  return `${pad(date.year, 4)}-${pad(date.month, 2)}-${pad(date.day, 2)}`;
}

/** Reads `YYYY-MM-DD`; undefined when the text has another shape or names a day that does not exist. */
export function readCivilDate(text: string): CivilDate | undefined {
  const match = DATE_PATTERN.exec(text);
  if (!match) return undefined;
  const date = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  return isCivilDate(date) ? date : undefined;
}
