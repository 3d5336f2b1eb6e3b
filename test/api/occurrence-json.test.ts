/** What is announced of a schedule. */
import { describe, expect, it } from "vitest";
import { upcomingOf } from "../../src/api/occurrence-json.ts";
import { readScheduleId } from "../../src/domain/ids.ts";
import { DEFAULT_RETRY_LIMITS } from "../../src/domain/policy/retry.ts";
import { effectiveAt } from "../../src/domain/policy/spread.ts";
import type { Schedule, ScheduleInput } from "../../src/domain/schedule.ts";
import { specify } from "../../src/domain/schedule-input.ts";
import { HOUR_MS } from "../../src/domain/time/instant.ts";

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

describe("what is announced", () => {
  it("is each occurrence in UTC and on the wall clock of its schedule", () => {
    const [next] = upcomingOf(hourly({}, { timezone: "Europe/Berlin" }), NOON, 1);
    expect(next).toEqual({ scheduled_for: iso(hour(1)), local: "2026-11-22T14:00:00+01:00" });
  });

  it("still holds an occurrence whose nominal time has passed but whose start, moved by spread, has not", () => {
    const schedule = hourly({}, { spread: "50 minutes" });
    const starts = effectiveAt(ID, schedule.spec.spread, NOON, hour(1));
    expect(starts).toBeGreaterThan(NOON);
    const [before] = upcomingOf(schedule, starts - 1, 1);
    expect(before).toMatchObject({ scheduled_for: iso(NOON), effective_at: iso(starts) });
    const [after] = upcomingOf(schedule, starts, 1);
    expect(after?.scheduled_for).toBe(iso(hour(1)));
  });
});
