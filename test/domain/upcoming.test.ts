/** Which occurrences of a schedule come next. */
import { describe, expect, it } from "vitest";
import { readScheduleId } from "../../src/domain/ids.ts";
import { DEFAULT_RETRY_LIMITS } from "../../src/domain/policy/retry.ts";
import { effectiveAt } from "../../src/domain/policy/spread.ts";
import type { Schedule, ScheduleInput } from "../../src/domain/schedule.ts";
import { specify } from "../../src/domain/schedule-input.ts";
import { HOUR_MS } from "../../src/domain/time/instant.ts";
import { upcomingOf } from "../../src/domain/upcoming.ts";

const ID = readScheduleId("019a0000-0000-7000-8000-000000000001");
const NOON = Date.UTC(2026, 10, 22, 12);
const hour = (hours: number) => NOON + hours * HOUR_MS;
const iso = (instant: number) => new Date(instant).toISOString();

function hourly(more: Partial<Schedule> = {}, input: Partial<ScheduleInput> = {}): Schedule {
  const context = { now: hour(-24), timezone: "UTC", retryLimits: DEFAULT_RETRY_LIMITS };
  const spec = specify({ schedule: "0 * * * *", ...input }, context);
  if (!spec.ok) throw new Error(JSON.stringify(spec.error));
  return {
    id: ID,
    key: null,
    origin: "dynamic",
    state: "active",
    reason: null,
    spec: spec.value,
    args: null,
    skips: [],
    runs: 0,
    createdAt: hour(-24),
    updatedAt: hour(-24),
    ...more,
  };
}

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
