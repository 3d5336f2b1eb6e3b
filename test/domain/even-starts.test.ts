/** Counting by arithmetic is counting by walking, or is not done. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { evenStarts } from "../../src/domain/even-starts.ts";
import type { Schedule } from "../../src/domain/schedule.ts";
import { DAY_MS, HOUR_MS } from "../../src/domain/time/instant.ts";
import { comingUp, upcomingOf } from "../../src/domain/upcoming.ts";
import { hour, hourly, iso, NOON } from "../support/hourly.ts";

const UNTIL = NOON + 2 * DAY_MS;

function walked(schedule: Schedule, from: number, to: number): number {
  let count = 0;
  for (const { startsAt } of comingUp(schedule, NOON)) {
    if (startsAt >= to) break;
    if (startsAt >= from) count += 1;
  }
  return count;
}

const counter = (schedule: Schedule, until = UNTIL) => evenStarts(schedule, upcomingOf(schedule, NOON, 200), until);
const instant = fc.integer({ min: NOON - HOUR_MS, max: UNTIL });

it("whatever the bounds, the spread and the zone", () => {
  const any = fc.record({
    schedule: fc.oneof(
      fc.integer({ min: 31, max: 400 }).map((seconds) => `every ${seconds} seconds`),
      fc.constantFrom("* * * * *", "*/2 * * * *", "1-59/3 * * * *", "*/30 * * * * *", "0,7,8 * * * *"),
    ),
    spread: fc.constantFrom(0, 20_000, 600_000),
    timezone: fc.constantFrom("UTC", "Asia/Kathmandu"),
    starts_at: fc.constantFrom(undefined, iso(NOON + 90_000)),
  });
  fc.assert(
    fc.property(any, instant, instant, (input, one, other) => {
      const schedule = hourly({}, input);
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      expect([input.schedule, counter(schedule)?.(from, to)]).toEqual([input.schedule, walked(schedule, from, to)]);
    }),
    { numRuns: 150 },
  );
});

it.each(["* * * * *", "every 50 seconds"])("%s stops where the schedule ends", (schedule) => {
  const ending = hourly({}, { schedule, ends_at: iso(hour(30) + 1) });
  expect(counter(ending)?.(NOON, UNTIL)).toBe(walked(ending, NOON, UNTIL));
});

it("across a change of the clock by an hour too", () => {
  const change = Date.parse("2026-11-01T06:00:00Z");
  const schedule = hourly({ updatedAt: 0 }, { schedule: "*/2 * * * *", timezone: "America/New_York" });
  const found = upcomingOf(schedule, change - DAY_MS, 200);
  const count = evenStarts(schedule, found, change + DAY_MS)?.(change - HOUR_MS, change + 2 * HOUR_MS);
  expect(count).toBe(90);
});

it.each([
  ["hours are left out", hourly({}, { schedule: "* 9-17 * * *" })],
  ["there is a most of runs", hourly({}, { schedule: "* * * * *", max_runs: 5_000 })],
  ["one is to be skipped", hourly({ skips: [hour(1)] }, { schedule: "* * * * *" })],
  ["the last is spread otherwise", hourly({}, { schedule: "every 50 seconds", spread: 9, ends_at: iso(hour(99)) })],
  ["it is on a grid of days", hourly({}, { schedule: "every 2 days at 9am" })],
])("not where %s", (_, schedule) => {
  expect(counter(schedule)).toBeNull();
});

it("not where a clock changes by half an hour", () => {
  const schedule = hourly({ updatedAt: 0 }, { schedule: "*/2 * * * *", timezone: "Australia/Lord_Howe" });
  const october = Date.parse("2026-10-01T00:00:00Z");
  expect(evenStarts(schedule, upcomingOf(schedule, october, 200), october + 14 * DAY_MS)).toBeNull();
});
