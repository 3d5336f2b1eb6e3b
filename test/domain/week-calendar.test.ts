import { describe, expect, it } from "vitest";
import { type CalendarDay, calendarOf } from "../../src/domain/week-calendar.ts";

const at = (iso: string): number => Date.parse(iso);
const busy = (days: readonly CalendarDay[]) =>
  days.flatMap(({ date, hours }) =>
    hours.filter(({ count }) => count > 0).map(({ hour, count }) => `${date} ${hour}: ${count}`),
  );

describe("the calendar of what starts", () => {
  it("puts each start into the day and the hour that the clock of the zone shows", () => {
    const now = at("2027-01-15T22:30:00Z");
    const starts = [
      { at: at("2027-01-15T22:00:00Z"), count: 2 },
      { at: at("2027-01-16T23:00:00Z"), count: 5 },
    ];
    const days = calendarOf(starts, { now, timezone: "Europe/Berlin", days: 7 });
    expect(days.map(({ date }) => date)).toEqual(
      ["15", "16", "17", "18", "19", "20", "21"].map((day) => `2027-01-${day}`),
    );
    expect(days[0]?.weekday).toBe(5);
    expect(busy(days)).toEqual(["2027-01-15 23: 2", "2027-01-17 0: 5"]);
    expect(days[0]?.hours.map(({ kind }) => kind).lastIndexOf("past")).toBe(22);
  });

  it("knows the hour that is left out when the clock is set forward", () => {
    const days = calendarOf([], { now: at("2027-03-28T00:00:00Z"), timezone: "Europe/Berlin", days: 1 });
    expect(days[0]?.hours.map(({ kind }) => kind).indexOf("left_out")).toBe(2);
    expect(days[0]?.hours.filter(({ kind }) => kind === "left_out")).toHaveLength(1);
  });

  it("counts both passes of an hour that is shown twice as one hour, which is over with the second", () => {
    const starts = [
      { at: at("2026-10-25T00:00:00Z"), count: 1 },
      { at: at("2026-10-25T01:00:00Z"), count: 1 },
    ];
    const days = calendarOf(starts, { now: at("2026-10-25T01:30:00Z"), timezone: "Europe/Berlin", days: 1 });
    expect(busy(days)).toEqual(["2026-10-25 2: 2"]);
    expect(days[0]?.hours[2]?.kind).toBe("coming");
  });

  it("keeps to the clock's hours where it is set by half an hour", () => {
    // Lord Howe goes from 2:00 to 2:30 on 4 October 2026, at 15:30 UTC of the day before: the hour of 2 begins with its half.
    const starts = [{ at: at("2026-10-03T15:00:00Z"), count: 3 }];
    const days = calendarOf(starts, { now: at("2026-10-03T14:00:00Z"), timezone: "Australia/Lord_Howe", days: 1 });
    expect(busy(days)).toEqual(["2026-10-04 2: 3"]);
    expect(days[0]?.hours[2]?.kind).toBe("coming");
  });
});
