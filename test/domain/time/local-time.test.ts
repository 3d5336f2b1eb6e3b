import { describe, expect, it } from "vitest";
import {
  formatOffset,
  formatSecondOfDay,
  resolveWallTime,
  toLocalIso,
  wallTimeAt,
} from "../../../src/domain/time/local-time.ts";

describe("an instant as local ISO text", () => {
  it.each([
    ["2026-03-08T07:00:00Z", "America/New_York", "2026-03-08T03:00:00-04:00"],
    ["2026-01-01T00:00:00Z", "UTC", "2026-01-01T00:00:00+00:00"],
    ["2026-01-01T00:00:00.250Z", "Asia/Kathmandu", "2026-01-01T05:45:00.250+05:45"],
    ["1970-01-01T00:00:00Z", "Africa/Monrovia", "1969-12-31T23:15:30-00:44:30"],
  ])("%s in %s is %s", (iso, zone, local) => {
    expect(toLocalIso(Date.parse(iso), zone)).toBe(local);
  });

  it("reads back as the same instant", () => {
    for (let hour = 0; hour < 9_000; hour += 5) {
      const instant = Date.UTC(2026, 0, 1, hour);
      expect(Date.parse(toLocalIso(instant, "Pacific/Chatham"))).toBe(instant);
    }
  });
});

describe("the parts of a wall clock", () => {
  it("are those of the zone, with the weekday", () => {
    expect(wallTimeAt(Date.parse("2026-03-08T03:30:00Z"), "America/New_York")).toEqual({
      year: 2026,
      month: 3,
      day: 7,
      hour: 22,
      minute: 30,
      second: 0,
      millisecond: 0,
      weekday: 6,
    });
  });

  it("lead back to the instant", () => {
    const instant = Date.parse("2026-07-01T12:34:56.789Z");
    const reading = resolveWallTime(wallTimeAt(instant, "Australia/Lord_Howe"), "Australia/Lord_Howe");
    expect(reading).toMatchObject({ kind: "unique", instant });
  });
});

it("clock times and offsets show seconds only when there are some", () => {
  expect([formatSecondOfDay(9_000), formatSecondOfDay(9_030)]).toEqual(["02:30", "02:30:30"]);
  expect([formatOffset(0), formatOffset(-12_600_000)]).toEqual(["+00:00", "-03:30"]);
});
