import { expect, it } from "vitest";
import { civilDate, dayNumber, daysInMonth, weekdayOf } from "../../../src/domain/time/civil.ts";
import { kindOf, monthHolding, monthOfKind, monthStart } from "../../../src/domain/time/month-table.ts";

it("every day is found in its month, from 1600 to 9999", () => {
  const wrong: number[] = [];
  for (let day = -135_140; day < 2_932_896; day += 13) {
    const { year, month } = civilDate(day);
    const number = monthHolding(day);
    if (number !== (year - 1970) * 12 + month - 1 || monthStart(number) !== dayNumber({ year, month, day: 1 })) {
      wrong.push(day);
    }
  }
  expect(wrong).toEqual([]);
});

it("the kind of a month says its number, its length and its first weekday", () => {
  for (let number = -12; number < 96_000; number += 7) {
    const year = 1970 + Math.floor(number / 12);
    const month = number - (year - 1970) * 12 + 1;
    const firstWeekday = weekdayOf(monthStart(number));
    expect(monthOfKind(kindOf(number))).toEqual({ month, length: daysInMonth(year, month), firstWeekday });
  }
});
