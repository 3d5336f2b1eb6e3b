/** A schedule of every full hour, and a noon to look at it from. */
import { readScheduleId } from "../../src/domain/ids.ts";
import { DEFAULT_RETRY_LIMITS } from "../../src/domain/policy/retry.ts";
import type { Schedule, ScheduleInput } from "../../src/domain/schedule.ts";
import { specify } from "../../src/domain/schedule-input.ts";
import { HOUR_MS } from "../../src/domain/time/instant.ts";

export const ID = readScheduleId("019a0000-0000-7000-8000-000000000001");
export const NOON = Date.UTC(2026, 10, 22, 12);
export const hour = (hours: number) => NOON + hours * HOUR_MS;
export const iso = (instant: number) => new Date(instant).toISOString();

/** A schedule of every full hour, a day old by then. */
export function hourly(more: Partial<Schedule> = {}, input: Partial<ScheduleInput> = {}): Schedule {
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
