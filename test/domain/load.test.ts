/** What starts when, over many schedules. */
import { describe, expect, it } from "vitest";
import { readScheduleId, uuidv7 } from "../../src/domain/ids.ts";
import { LISTED_PER_SCHEDULE, type LoadWindow, loadOf, WALKED_MAX } from "../../src/domain/load.ts";
import type { Schedule, ScheduleInput } from "../../src/domain/schedule.ts";
import { DAY_MS, HOUR_MS } from "../../src/domain/time/instant.ts";
import { hour, hourly, iso, NOON } from "../support/hourly.ts";

const WEEK: LoadWindow = { from: NOON, until: NOON + 7 * DAY_MS, timezone: "UTC" };
const DAY: LoadWindow = { ...WEEK, until: NOON + DAY_MS };

const DAY_MINUTES = 24 * 60;

let made = 0;
const make = (input: Partial<ScheduleInput>, more: Partial<Schedule> = {}): Schedule => {
  made += 1;
  return hourly({ id: readScheduleId(uuidv7(NOON, Buffer.alloc(10, made))), ...more }, input);
};
const times = (count: number, input: Partial<ScheduleInput>): Schedule[] =>
  Array.from({ length: count }, () => make(input));
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
const inHours = (load: ReturnType<typeof loadOf>) => sum(load.hours.map(({ count }) => count));

describe("the picture", () => {
  it("has each start in its hour and in its minute, in the zone that is asked for", () => {
    const load = loadOf([make({ schedule: "every day at 9:15", timezone: "UTC" })], {
      ...WEEK,
      timezone: "Asia/Kolkata",
    });
    expect(load.hours).toHaveLength(7);
    // 09:15 UTC is 14:45 there, in the hour from 14:00.
    expect(load.hours[0]).toEqual({ at: Date.parse("2026-11-23T08:30:00Z"), count: 1 });
    expect([sum(load.minutes), load.minutes[45]]).toEqual([1, 1]);
  });

  it("shows by the hour what a clock change does to the day", () => {
    const from = Date.parse("2026-10-24T22:00:00Z");
    const window = { from, until: from + 25 * HOUR_MS, timezone: "Europe/Berlin" };
    const daily = make({ schedule: "0 * * * *", timezone: "Europe/Berlin" }, { updatedAt: 0 });
    expect(loadOf([daily], window).hours.map(({ count }) => count)).toEqual(Array.from({ length: 24 }, () => 1));
  });

  it("keeps to what is skipped, to bounds, to maxima and to what stands still", () => {
    const skipping = make({}, { skips: [hour(1), hour(3)] });
    const ending = make({ ends_at: iso(hour(3)) });
    const spent = make({ max_runs: 5 }, { runs: 3 });
    const paused = make({}, { state: "paused" });
    const load = loadOf([skipping, ending, spent, paused], DAY);
    const counts = new Map(load.schedules.map(({ schedule, count }) => [schedule.id, count]));
    expect([skipping, ending, spent, paused].map(({ id }) => counts.get(id))).toEqual([21, 2, 2, undefined]);
    expect(inHours(load)).toBe(25);
  });

  it("is of starts, so that spread shows", () => {
    const load = loadOf(times(20, { schedule: "0 * * * *", spread: "30 minutes" }), DAY);
    expect(load.minutes.filter((count) => count > 0).length).toBeGreaterThan(5);
    expect(load.crowded).toEqual([]);
  });

  it("lists the soonest schedules first, with the first of their occurrences", () => {
    const often = make({ schedule: "*/5 * * * *" });
    const load = loadOf([make({ schedule: "every day at 9am" }), often], WEEK);
    const [first, second] = load.schedules;
    expect([first?.schedule.id, first?.count, first?.isDense]).toEqual([often.id, 7 * 288 - 1, false]);
    expect(first?.first).toHaveLength(LISTED_PER_SCHEDULE);
    expect(second?.first.map(({ at }) => iso(at).slice(8, 13))).toContain("23T09");
  });
});

describe("a crowded minute", () => {
  it("is one in which many start together, and names them, the most frequent first", () => {
    const nine = times(6, { schedule: "0 9 * * *" });
    const often = make({ schedule: "0 * * * *" });
    const load = loadOf([...nine, often, make({ schedule: "17 * * * *" })], WEEK);
    expect(load.crowded.map(({ minute, count }) => [minute, count])).toEqual([[0, 6 + 23]]);
    expect(load.crowded[0]?.schedules[0]?.id).toBe(often.id);
    expect(load.crowded[0]?.schedules).toHaveLength(7);
  });

  it.each([
    ["of few schedules", times(4, { schedule: "0 9 * * *" })],
    [
      "where others hold as much",
      Array.from({ length: 60 }, (_, at) => times(5, { schedule: `${at} * * * *` })).flat(),
    ],
  ])("is none %s", (_, schedules) => {
    expect(loadOf(schedules, DAY).crowded).toEqual([]);
  });
});

describe("what comes too often to be walked", () => {
  it("is counted by arithmetic where it is an even interval", () => {
    const load = loadOf([make({ schedule: "every 7 seconds" })], WEEK);
    const [only] = load.schedules;
    expect(only).toMatchObject({ isDense: true, count: (7 * DAY_MS) / 7_000 });
    expect(inHours(load)).toBe(only?.count);
    expect(Math.abs(sum(load.minutes) - DAY_MS / 7_000)).toBeLessThanOrEqual(1);
  });

  it("is left out of the picture where only walking is exact, and says so", () => {
    const load = loadOf([make({ schedule: "* 9-17 * * *" }), make({})], WEEK);
    const dense = load.schedules.find(({ isDense }) => isDense);
    expect(dense).toMatchObject({ count: null });
    expect(dense?.first).toHaveLength(LISTED_PER_SCHEDULE);
    expect(inHours(load)).toBe(7 * 24 - 1);
  });

  it("takes nothing from what is rare, however much of it there is", () => {
    const rare = make({ schedule: "every day at 9am" });
    const load = loadOf(
      [...times(40, { schedule: "*/5 0-22 * * *" }), ...times(9, { schedule: "* * * * *" }), rare],
      WEEK,
    );
    const counts = load.schedules.map(({ count }) => count);
    expect(load.schedules.find(({ schedule }) => schedule.id === rare.id)?.count).toBe(7);
    expect([counts.includes(null), counts.filter((count) => count === 7 * DAY_MINUTES - 1).length]).toEqual([true, 9]);
    const walked = load.schedules.filter(({ isDense }) => !isDense).map(({ count }) => count ?? 0);
    expect(sum(walked)).toBeLessThanOrEqual(WALKED_MAX);
  });
});
