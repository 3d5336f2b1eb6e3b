/** Every shape that a month can have: its number, its length, the weekday it begins with. Pure. */
import { daysInMonth } from "../time/civil.ts";

export interface MonthShape {
  /** 1 to 12. */
  readonly month: number;
  readonly length: number;
  /** 0 = Sunday. */
  readonly firstWeekday: number;
}

const COMMON_YEAR = 1970;
const LEAP_YEAR = 1972;
const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6];
const MONTHS = Array.from({ length: 12 }, (_, index) => index + 1);

/** How long a month may be: one length, two for February. */
export const lengthsOf = (month: number): readonly number[] => [
  ...new Set([daysInMonth(COMMON_YEAR, month), daysInMonth(LEAP_YEAR, month)]),
];

/** All of them do occur: within 400 years every month begins on every weekday, February in leap years too. */
export const MONTH_SHAPES: readonly MonthShape[] = MONTHS.flatMap((month) =>
  lengthsOf(month).flatMap((length) => WEEKDAYS.map((firstWeekday) => ({ month, length, firstWeekday }))),
);

/** The shapes of the month that follows one of this shape. */
export function shapesAfter({ month, length, firstWeekday }: MonthShape): readonly MonthShape[] {
  const next = (month % MONTHS.length) + 1;
  return lengthsOf(next).map((after) => ({
    month: next,
    length: after,
    firstWeekday: (firstWeekday + length) % WEEKDAYS.length,
  }));
}
