/** Which occurrences of a schedule come next. */
import { describe, expect, it } from "vitest";
import { effectiveAt } from "../../src/domain/policy/spread.ts";
import type { Schedule } from "../../src/domain/schedule.ts";
import { upcomingOf } from "../../src/domain/upcoming.ts";
import { hour, hourly, ID, iso, NOON } from "../support/hourly.ts";

const announced = (schedule: Schedule, now = NOON) => upcomingOf(schedule, now, 3).map(({ at }) => iso(at));

describe("what comes next", () => {
  it("begins after this very moment", () => {
    expect(announced(hourly())).toEqual([hour(1), hour(2), hour(3)].map(iso));
    expect(announced(hourly(), NOON - 1)).toEqual([hour(0), hour(1), hour(2)].map(iso));
  });

  it("leaves out what is to be skipped, and goes on after it", () => {
    expect(announced(hourly({ skips: [hour(1), hour(3)] }))).toEqual([hour(2), hour(4), hour(5)].map(iso));
  });

  it("ends with the maximum of runs and with the bounds", () => {
    expect(announced(hourly({ runs: 1 }, { max_runs: 3 }))).toEqual([hour(1), hour(2)].map(iso));
    expect(announced(hourly({ runs: 5 }, { max_runs: 3 }))).toEqual([]);
  });

  it.each(["paused", "completed", "cancelled", "quarantined"] as const)("is nothing while it is %s", (state) => {
    expect(announced(hourly({ state }))).toEqual([]);
  });

  it("still holds an occurrence whose nominal time has passed but whose start, moved by spread, has not", () => {
    const schedule = hourly({}, { spread: "50 minutes" });
    const starts = effectiveAt(ID, schedule.spec.spread, NOON, hour(1));
    expect(starts).toBeGreaterThan(NOON);
    const [before] = upcomingOf(schedule, starts - 1, 1);
    expect(before).toEqual({ at: NOON, startsAt: starts });
    const [after] = upcomingOf(schedule, starts, 1);
    expect(after?.at).toBe(hour(1));
  });
});
