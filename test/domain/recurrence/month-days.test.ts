import { describe, expect, it } from "vitest";
import { readCron } from "../../../src/domain/recurrence/cron.ts";
import { type DaySelection, everSelects, MonthDays } from "../../../src/domain/recurrence/month-days.ts";
import { NEVER, NEVER_BEFORE } from "../../../src/domain/recurrence/wall-rule.ts";
import { civilDate, dayNumber, formatCivilDate, readCivilDate } from "../../../src/domain/time/civil.ts";

const selection = (monthDay: string, month: string, weekday: string): DaySelection => {
  const line = readCron(`0 0 ${monthDay} ${month} ${weekday}`);
  return line.ok ? line.value.days : expect.fail(line.error.message);
};
const day = (text: string): number => dayNumber(readCivilDate(text) ?? expect.fail(text));

function daysFrom(days: MonthDays, from: string, count: number): string[] {
  const found: string[] = [];
  let at = day(from) - 1;
  while (found.length < count) {
    at = days.after(at);
    found.push(formatCivilDate(civilDate(at)));
  }
  return found;
}

describe("days of the month", () => {
  it.each([
    ["L", "*", "*", ["2026-01-31", "2026-02-28", "2026-03-31"], "the last day"],
    ["15W", "*", "*", ["2026-01-15", "2026-02-16", "2026-03-16"], "the working day nearest to the 15th"],
    ["1W", "8", "*", ["2026-08-03"], "the 1st on a Saturday is the 3rd: it stays in the month"],
    ["31W", "1,5", "*", ["2026-01-30", "2026-05-29"], "the 31st on a Sunday is the 29th: it stays in the month"],
    ["30W", "2,4", "*", ["2026-04-30"], "a month without the day has no working day near it"],
    ["LW", "*", "*", ["2026-01-30", "2026-02-27", "2026-03-31"], "the last working day"],
    ["*", "*", "MON#1", ["2026-01-05", "2026-02-02", "2026-03-02"], "the first Monday"],
    ["*", "*", "FRI#5", ["2026-01-30", "2026-05-29", "2026-07-31"], "a fifth Friday, when there is one"],
    ["*", "*", "FRIL", ["2026-01-30", "2026-02-27", "2026-03-27"], "the last Friday"],
    ["13", "*", "FRI", ["2026-01-02", "2026-01-09", "2026-01-13"], "both given: either"],
    ["29", "2", "*", ["2028-02-29", "2032-02-29"], "29 February"],
    ["*", "2", "MON#5", ["2044-02-29", "2072-02-29"], "29 February on a Monday"],
  ])("%s %s %s are %j: %s", (monthDay, month, weekday, expected) => {
    const days = new MonthDays(selection(monthDay, month, weekday));
    expect(daysFrom(days, "2026-01-01", expected.length)).toEqual(expected);
  });

  it("29 February leaps over 2100", () => {
    expect(daysFrom(new MonthDays(selection("29", "2", "*")), "2096-03-01", 1)).toEqual(["2104-02-29"]);
  });

  it("are the same backwards as forwards", () => {
    for (const [monthDay, weekday] of [
      ["L", "*"],
      ["15W,LW", "*"],
      ["*/7", "SUN#2"],
      ["*", "FRIL"],
    ] as const) {
      const days = new MonthDays(selection(monthDay, "*", weekday));
      const forward: number[] = [];
      for (let at = days.after(day("2026-01-01")); at < day("2030-01-01"); at = days.after(at)) forward.push(at);
      const back: number[] = [];
      for (let at = days.before(day("2030-01-01")); at > day("2026-01-01"); at = days.before(at)) back.push(at);
      expect(back.reverse()).toEqual(forward);
      expect(forward.every((at) => days.has(at))).toBe(true);
    }
  });

  it("end with the year 9999 and begin with 1970", () => {
    const days = new MonthDays(selection("1", "1", "*"));
    expect(days.after(day("9999-06-01"))).toBe(day("9999-12-31") + 1);
    expect(days.after(day("9999-12-31") + 1)).toBe(NEVER);
    expect(days.before(day("1970-01-01"))).toBe(NEVER_BEFORE);
  });
});

describe("a selection that never comes", () => {
  const never = (monthDays: number[], months: number[]): boolean =>
    !everSelects({ ...selection("1", "1", "*"), monthDays, months });

  it("is told from a rare one", () => {
    expect([never([30, 31], [2]), never([31], [4, 6, 9, 11]), never([29], [2]), never([31], [4, 5])]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it("agrees with a search through 400 years for every day of every month", () => {
    const dates = new Set<string>();
    for (let at = day("2000-01-01"); at < day("2400-01-01"); at++) dates.add(formatCivilDate(civilDate(at)).slice(5));
    for (let month = 1; month <= 12; month++) {
      for (let date = 1; date <= 31; date++) {
        const name = [month, date].map((part) => String(part).padStart(2, "0")).join("-");
        expect([name, never([date], [month])]).toEqual([name, !dates.has(name)]);
      }
    }
  });
});
