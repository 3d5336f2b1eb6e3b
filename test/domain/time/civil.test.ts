import { describe, expect, it } from "vitest";
import {
  addDays,
  addMonths,
  civilDate,
  dayNumber,
  daysInMonth,
  formatCivilDate,
  isCivilDate,
  readCivilDate,
  weekdayOf,
} from "../../../src/domain/time/civil.ts";

const date = (text: string) => readCivilDate(text) ?? expect.fail(`${text} is no date`);

describe("day numbers", () => {
  it("count from 1970-01-01, a Thursday", () => {
    expect(dayNumber({ year: 1970, month: 1, day: 1 })).toBe(0);
    expect([0, 3, -1, -4].map(weekdayOf)).toEqual([4, 0, 3, 0]);
  });

  it("and dates are each other's inverse from year 0 to 9999", () => {
    for (let day = -719_528; day < 2_932_896; day += 97) expect(dayNumber(civilDate(day))).toBe(day);
  });

  it("cross month ends and leap days", () => {
    expect(formatCivilDate(addDays(date("2028-02-28"), 2))).toBe("2028-03-01");
    expect(formatCivilDate(addDays(date("2100-02-28"), 1))).toBe("2100-03-01");
  });
});

describe("adding months", () => {
  it.each([
    ["2026-01-31", 1, "2026-02-28"],
    ["2028-01-31", 1, "2028-02-29"],
    ["2028-02-29", 12, "2029-02-28"],
    ["2026-03-31", -1, "2026-02-28"],
    ["2026-12-15", 1, "2027-01-15"],
    ["2026-01-15", -1, "2025-12-15"],
    ["2026-05-31", 25, "2028-06-30"],
  ])("to %s: %i is %s, the day clamped to the month", (from, months, to) => {
    expect(formatCivilDate(addMonths(date(from), months))).toBe(to);
  });
});

describe("dates that do not exist", () => {
  it.each([
    "2026-02-29",
    "2026-04-31",
    "2026-13-01",
    "2026-00-10",
    "2026-01-00",
    "26-01-01",
    "2026-1-1",
    "2026-01-01Z",
  ])("such as %s are not read", (text) => {
    expect(readCivilDate(text)).toBeUndefined();
  });

  it("are told from real ones", () => {
    expect(isCivilDate({ year: 2028, month: 2, day: 29 })).toBe(true);
    expect(isCivilDate({ year: 2026, month: 1.5, day: 1 })).toBe(false);
    expect([1900, 2000, 2026, 2028].map((year) => daysInMonth(year, 2))).toEqual([28, 29, 28, 29]);
  });
});
