/** The civil days that a cron line names, as one bit mask per kind of month. Pure. */
import { type DayNumber, daysInMonth } from "../time/civil.ts";
import { kindOf, MONTH_KINDS, monthHolding, monthOfKind, monthStart } from "../time/month-table.ts";
import { FIRST_RULE_MONTH, LAST_RULE_MONTH, NEVER, NEVER_BEFORE } from "./wall-rule.ts";

/** The k-th weekday of its month; 0 = Sunday, k is 1 to 5. */
export interface NthWeekday {
  readonly weekday: number;
  readonly nth: number;
}

/** What the three day fields of a cron line say. */
export interface DaySelection {
  /** 1 to 12. */
  readonly months: readonly number[];
  /** False when the field is `*` or `?`: then it has no say. */
  readonly restrictsMonthDays: boolean;
  readonly monthDays: readonly number[];
  /** `L` */
  readonly lastDay: boolean;
  /** `15W`: the working day nearest to the 15th, in the same month. */
  readonly nearestWorkdays: readonly number[];
  /** `LW` */
  readonly lastWorkday: boolean;
  readonly restrictsWeekdays: boolean;
  /** 0 = Sunday. */
  readonly weekdays: readonly number[];
  readonly nthWeekdays: readonly NthWeekday[];
  /** `FRIL` */
  readonly lastWeekdays: readonly number[];
}

const SUNDAY = 0;
const SATURDAY = 6;
const UNKNOWN_MASK = -1;

/** Days of months, looked up by kind of month; masks are made when first asked for. */
export class MonthDays {
  private readonly selection: DaySelection;
  private readonly masks = new Int32Array(MONTH_KINDS).fill(UNKNOWN_MASK);

  constructor(selection: DaySelection) {
    this.selection = selection;
  }

  /** Whether the day is one of the selection. */
  has(day: DayNumber): boolean {
    const month = monthHolding(day);
    return ((this.maskOf(month) >>> (day - monthStart(month))) & 1) === 1;
  }

  /** The first day after `day`, or `NEVER`. */
  after(day: DayNumber): DayNumber {
    let month = monthHolding(day + 1);
    const start = monthStart(month);
    const bits = this.maskOf(month) & (-1 << (day + 1 - start));
    if (bits !== 0) return start + lowestBit(bits);
    while (++month <= LAST_RULE_MONTH) {
      const mask = this.maskOf(month);
      if (mask !== 0) return monthStart(month) + lowestBit(mask);
    }
    return NEVER;
  }

  /** The last day before `day`, or `NEVER_BEFORE`. */
  before(day: DayNumber): DayNumber {
    let month = monthHolding(day - 1);
    const start = monthStart(month);
    const bits = this.maskOf(month) & ((2 << (day - 1 - start)) - 1);
    if (bits !== 0) return start + highestBit(bits);
    while (--month >= FIRST_RULE_MONTH) {
      const mask = this.maskOf(month);
      if (mask !== 0) return monthStart(month) + highestBit(mask);
    }
    return NEVER_BEFORE;
  }

  private maskOf(month: number): number {
    const kind = kindOf(month);
    const known = this.masks[kind] ?? 0;
    if (known !== UNKNOWN_MASK) return known;
    const { month: number, length, firstWeekday } = monthOfKind(kind);
    const mask = dayMask(this.selection, number, length, firstWeekday);
    this.masks[kind] = mask;
    return mask;
  }
}

/**
 * Whether any day of any year is selected. Exact: within 400 years every month begins on every weekday, February in leap
 * years too, so each pairing of length and first weekday does occur.
 */
export function everSelects(selection: DaySelection): boolean {
  return selection.months.some((month) => {
    const lengths = month === 2 ? [28, 29] : [daysInMonth(1970, month)];
    return lengths.some((length) => {
      for (let weekday = SUNDAY; weekday <= SATURDAY; weekday++) {
        if (dayMask(selection, month, length, weekday) !== 0) return true;
      }
      return false;
    });
  });
}

/** The days of one month as bits: bit 0 is the 1st. Both fields restricted: either matches (POSIX; DESIGN.md 4.5). */
export function dayMask(selection: DaySelection, month: number, length: number, firstWeekday: number): number {
  if (!selection.months.includes(month)) return 0;
  const all = 2 ** length - 1;
  const { restrictsMonthDays, restrictsWeekdays } = selection;
  if (!restrictsMonthDays && !restrictsWeekdays) return all;
  const byMonthDay = restrictsMonthDays ? monthDayMask(selection, length, firstWeekday) : 0;
  const byWeekday = restrictsWeekdays ? weekdayMask(selection, length, firstWeekday) : 0;
  return (byMonthDay | byWeekday) & all;
}

function monthDayMask(selection: DaySelection, length: number, firstWeekday: number): number {
  const weekdayOfDay = (day: number): number => (firstWeekday + day - 1) % 7;
  let mask = 0;
  for (const day of selection.monthDays) mask |= bitOf(day);
  if (selection.lastDay) mask |= bitOf(length);
  for (const day of selection.nearestWorkdays) {
    if (day <= length) mask |= bitOf(nearestWorkday(day, length, weekdayOfDay(day)));
  }
  if (selection.lastWorkday) mask |= bitOf(nearestWorkday(length, length, weekdayOfDay(length)));
  return mask;
}

function weekdayMask(selection: DaySelection, length: number, firstWeekday: number): number {
  const firstOf = (weekday: number): number => 1 + ((weekday - firstWeekday + 7) % 7);
  let mask = 0;
  for (const weekday of selection.weekdays) {
    for (let day = firstOf(weekday); day <= length; day += 7) mask |= bitOf(day);
  }
  for (const { weekday, nth } of selection.nthWeekdays) {
    const day = firstOf(weekday) + (nth - 1) * 7;
    if (day <= length) mask |= bitOf(day);
  }
  for (const weekday of selection.lastWeekdays) {
    const first = firstOf(weekday);
    mask |= bitOf(first + Math.floor((length - first) / 7) * 7);
  }
  return mask;
}

/** The working day nearest to a day of the month; it never leaves the month, so the 1st looks forward and the last one back. */
function nearestWorkday(day: number, length: number, weekday: number): number {
  if (weekday === SATURDAY) return day > 1 ? day - 1 : day + 2;
  if (weekday === SUNDAY) return day < length ? day + 1 : day - 2;
  return day;
}

const bitOf = (day: number): number => 1 << (day - 1);
const lowestBit = (bits: number): number => 31 - Math.clz32(bits & -bits);
const highestBit = (bits: number): number => 31 - Math.clz32(bits);
