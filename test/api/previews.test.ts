/** `/v1/previews`: every row of the seed product's tables, through the API. */
import { beforeAll, describe, expect, it } from "vitest";
import { makeRecipientsTeam } from "../support/recipients-team.ts";
import { expectProblem, makeOwner, type Owner } from "./caller.ts";

/** Cron expression format: the common patterns, and how they are written canonically. */
const PATTERNS: readonly (readonly [string, string])[] = [
  ["* * * * *", "* * * * *"],
  ["*/5 * * * *", "*/5 * * * *"],
  ["0 * * * *", "0 * * * *"],
  ["0 0 * * *", "0 0 * * *"],
  ["0 0 * * 0", "0 0 * * SUN"],
  ["0 0 1 * *", "0 0 1 * *"],
];

/** Supported English patterns, with their equivalent cron. */
const PHRASES: readonly (readonly [string, string])[] = [
  ["every minute", "* * * * *"],
  ["every 15 seconds", "*/15 * * * * *"],
  ["every day at 4:00 pm", "0 16 * * *"],
  ["at 10:00 am", "0 10 * * *"],
  ["run at midnight on the 1st and 15th of the month", "0 0 1,15 * *"],
  ["on Sunday at 12:00", "0 12 * * SUN"],
  ["7pm every Thursday", "0 19 * * THU"],
  ["midnight on Tuesdays", "0 0 * * TUE"],
];

const FROM = "2026-11-22T10:00:00Z";

/** Schedule formats: text, kind, and the first occurrence after `FROM`. */
const FORMATS: readonly (readonly [string, string, string])[] = [
  ["2027-01-15T10:30:00Z", "once", "2027-01-15T10:30:00.000Z"],
  ["10 minutes", "once", "2026-11-22T10:10:00.000Z"],
  ["2h", "once", "2026-11-22T12:00:00.000Z"],
  ["1 day 3 hours", "once", "2026-11-23T13:00:00.000Z"],
  ["in 10 minutes", "once", "2026-11-22T10:10:00.000Z"],
  ["2 hours from now", "once", "2026-11-22T12:00:00.000Z"],
  ["0 30 9 * * MON", "calendar", "2026-11-23T09:30:00.000Z"],
  ["every day at 9am", "calendar", "2026-11-23T09:00:00.000Z"],
  ["every Monday at 2 PM", "calendar", "2026-11-23T14:00:00.000Z"],
];

describe("a preview", () => {
  let owner: Owner;
  beforeAll(async () => {
    owner = await makeOwner();
  });
  const preview = (body: object) => owner.call("POST", "/v1/previews", { body });

  it.each(PATTERNS)("reads the cron pattern %s, canonically %s", async (pattern, canonical) => {
    const { status, body } = await preview({ schedule: pattern });
    expect(status).toBe(200);
    expect(body).toMatchObject({ kind: "calendar", format: "cron", cron: [canonical], every: null, at: null });
  });

  it.each(PHRASES)("reads %s as %s", async (phrase, cron) => {
    const { body } = await preview({ schedule: phrase, from: FROM });
    const same = await preview({ schedule: cron, from: FROM });
    expect(body).toMatchObject({ kind: "calendar", format: "english", cron: [cron] });
    expect(body.upcoming).toEqual(same.body.upcoming);
  });

  it.each(FORMATS)("reads the format of %s: %s, first at %s", async (text, kind, first) => {
    const { body } = await preview({ schedule: text, from: FROM });
    expect(body.kind).toBe(kind);
    expect(body.upcoming[0].scheduled_for).toBe(first);
  });

  it("shows the wall clock of the zone beside UTC, and says where a clock change touches an occurrence", async () => {
    const { body } = await preview({
      schedule: "every day at 2:30",
      timezone: "Europe/Berlin",
      from: "2027-03-27T12:00:00Z",
      count: 2,
    });
    expect(body.upcoming).toEqual([
      {
        scheduled_for: "2027-03-28T01:00:00.000Z",
        local: "2027-03-28T03:00:00+02:00",
        note: expect.stringContaining("02:30"),
      },
      { scheduled_for: "2027-03-29T00:30:00.000Z", local: "2027-03-29T02:30:00+02:00" },
    ]);
    expect(body.description).toContain("Berlin");
  });

  it("follows the clock change policy that is asked for", async () => {
    const { body } = await preview({
      schedule: "every day at 2:30",
      timezone: "Europe/Berlin",
      from: "2027-03-27T12:00:00Z",
      count: 1,
      dst: { gap: "skip" },
    });
    expect(body.upcoming[0].local).toBe("2027-03-29T02:30:00+02:00");
  });

  it("says the step and the anchor of an interval", async () => {
    const { body } = await preview({ schedule: "every 45 minutes", from: FROM });
    expect(body).toMatchObject({ kind: "interval", every: "PT45M", anchor: "2026-11-22T10:00:00.000Z", cron: [] });
    const weeks = await preview({ schedule: "every 2 weeks on Monday at 9:00", from: FROM });
    expect(weeks.body).toMatchObject({ kind: "interval", every: "P2W", anchor: "2026-11-23" });
  });

  it("gives as many occurrences as are asked for, up to a hundred", async () => {
    expect((await preview({ schedule: "every minute" })).body.upcoming).toHaveLength(5);
    expect((await preview({ schedule: "every minute", count: 100 })).body.upcoming).toHaveLength(100);
    expectProblem(await preview({ schedule: "every minute", count: 101 }), 422, "invalid_input");
  });

  it("refuses what it does not understand with the position, what was expected and something near", async () => {
    const answer = await preview({ schedule: "every day at 25:00" });
    expectProblem(answer, 422, "invalid_input");
    expect(answer.body.errors).toEqual([
      {
        path: "/schedule",
        message: expect.any(String),
        position: 13,
        expected: expect.any(String),
        suggestion: expect.any(String),
      },
    ]);
  });

  it("says what the plan would refuse, in the words of the refusal", async () => {
    expect((await preview({ schedule: "every weekday at 9am" })).body.over_plan).toBeNull();
    const small = await makeRecipientsTeam("professional");
    const answer = await small.ada.call("POST", "/v1/previews", { body: { schedule: "every weekday at 9am" } });
    expect(answer.body.over_plan).toBe(
      "The workspace's plan does not include custom_schedules. The team plan lifts it.",
    );
  });
});
