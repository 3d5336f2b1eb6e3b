/** Days and full hours of a wall clock. */
import { describe, expect, it } from "vitest";
import { daysUpTo, hourOf, nextDate } from "../../../src/domain/time/civil-days.ts";
import { HOUR_MS, toIso } from "../../../src/domain/time/instant.ts";

const hours = ({ from, to }: { from: number; to: number }) => (to - from) / HOUR_MS;

describe("the days up to an instant", () => {
  it("end with the day that it is in the zone, and lie end to end", () => {
    const days = daysUpTo(Date.parse("2026-11-22T23:30:00Z"), "Europe/Berlin", 3);
    expect(days.map(({ date }) => date)).toEqual(["2026-11-21", "2026-11-22", "2026-11-23"]);
    expect(days.map(({ from }) => toIso(from).slice(0, 16))).toEqual([
      "2026-11-20T23:00",
      "2026-11-21T23:00",
      "2026-11-22T23:00",
    ]);
    expect(days.map(({ to }) => to).slice(0, 2)).toEqual(days.map(({ from }) => from).slice(1));
  });

  it.each([
    ["Europe/Berlin", "2026-10-25T12:00:00Z", 25],
    ["Europe/Berlin", "2026-03-29T12:00:00Z", 23],
    // Midnight itself is skipped, and shown twice.
    ["America/Asuncion", "2023-10-01T12:00:00Z", 23],
    ["America/Havana", "2026-11-01T12:00:00Z", 25],
  ])("in %s at %s end with one of %i hours", (zone, at, long) => {
    expect(daysUpTo(Date.parse(at), zone, 1).map(hours)).toEqual([long]);
  });

  it("name a day that a zone left out, and give it no time", () => {
    const days = daysUpTo(Date.parse("2011-12-30T20:00:00Z"), "Pacific/Apia", 3);
    expect(days.map((day) => [day.date, hours(day)])).toEqual([
      ["2011-12-29", 24],
      ["2011-12-30", 0],
      ["2011-12-31", 24],
    ]);
  });
});

it("the date after one is of the calendar", () => {
  expect([nextDate("2026-12-31"), nextDate("2028-02-28")]).toEqual(["2027-01-01", "2028-02-29"]);
  expect(() => nextDate("today")).toThrow("Not a date");
});

it("a full hour is one of the wall clock", () => {
  const at = Date.parse("2026-11-22T12:40:00Z");
  expect(toIso(hourOf(at, "UTC"))).toBe("2026-11-22T12:00:00.000Z");
  expect(toIso(hourOf(at, "Asia/Kolkata"))).toBe("2026-11-22T12:30:00.000Z");
});
