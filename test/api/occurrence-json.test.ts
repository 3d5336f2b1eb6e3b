/** What is announced of a schedule. */
import { describe, expect, it } from "vitest";
import { upcomingJson } from "../../src/api/occurrence-json.ts";
import { effectiveAt } from "../../src/domain/policy/spread.ts";
import { hour, hourly, ID, iso, NOON } from "../support/hourly.ts";

describe("what is announced", () => {
  it("is each occurrence in UTC and on the wall clock of its schedule", () => {
    const [next] = upcomingJson(hourly({}, { timezone: "Europe/Berlin" }), NOON, 1);
    expect(next).toEqual({ scheduled_for: iso(hour(1)), local: "2026-11-22T14:00:00+01:00" });
  });

  it("still holds an occurrence whose nominal time has passed but whose start, moved by spread, has not", () => {
    const schedule = hourly({}, { spread: "50 minutes" });
    const starts = effectiveAt(ID, schedule.spec.spread, NOON, hour(1));
    expect(starts).toBeGreaterThan(NOON);
    const [before] = upcomingJson(schedule, starts - 1, 1);
    expect(before).toMatchObject({ scheduled_for: iso(NOON), effective_at: iso(starts) });
    const [after] = upcomingJson(schedule, starts, 1);
    expect(after?.scheduled_for).toBe(iso(hour(1)));
  });
});
