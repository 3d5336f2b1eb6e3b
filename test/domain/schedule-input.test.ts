import { describe, expect, it } from "vitest";
import { DEFAULT_RETRY_LIMITS } from "../../src/domain/policy/retry.ts";
import { occurrencesOf, type ScheduleInput, type ScheduleSpec } from "../../src/domain/schedule.ts";
import {
  MAX_CATCH_UP_WINDOW_MS,
  MAX_SPREAD_MS,
  MAX_TIMEOUT_MS,
  MIN_CATCH_UP_WINDOW_MS,
  MIN_TIMEOUT_MS,
  readTimeout,
  type SpecContext,
  specify,
} from "../../src/domain/schedule-input.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, toIso } from "../../src/domain/time/instant.ts";

const NOW = Date.parse("2027-01-15T08:30:00.000Z");
const CONTEXT: SpecContext = { now: NOW, timezone: "Europe/Berlin", retryLimits: DEFAULT_RETRY_LIMITS };
const DAILY: ScheduleInput = { schedule: "every day at 9:00 am", fn: "report" };

function specOf(more: Partial<ScheduleInput> = {}, context: Partial<SpecContext> = {}): ScheduleSpec {
  const spec = specify({ ...DAILY, ...more }, { ...CONTEXT, ...context });
  if (!spec.ok) throw new Error(`Refused: ${JSON.stringify(spec.error)}`);
  return spec.value;
}

function issuesOf(more: Partial<ScheduleInput>) {
  const spec = specify({ ...DAILY, ...more }, CONTEXT);
  return spec.ok ? [] : spec.error;
}

const pathsOf = (more: Partial<ScheduleInput>) => issuesOf(more).map((issue) => issue.path);
const upcoming = (spec: ScheduleSpec, count = 2) => occurrencesOf(spec).upcoming(NOW, count).map(toIso);

describe("a schedule of which only the expression is given", () => {
  it("has every default filled in", () => {
    expect(specOf({ fn: undefined })).toEqual({
      expression: "every day at 9:00 am",
      format: "english",
      recurrence: { kind: "calendar", lines: ["0 9 * * *"] },
      timezone: "Europe/Berlin",
      dst: { gap: "run_after", fold: "first" },
      fn: null,
      retry: { attempts: 0, delay: 1_000, backoff: "fixed" },
      overlap: "skip",
      catchUp: { mode: "latest", window: DAY_MS },
      spread: 0,
      startsAt: null,
      endsAt: null,
      maxRuns: null,
      timeout: 5 * MINUTE_MS,
      notifications: [],
      notes: expect.any(Array),
      clamped: [],
    });
  });

  it("runs however late when it is for one time only", () => {
    expect(specOf({ schedule: "in 10 minutes" }).catchUp.window).toBe(MAX_CATCH_UP_WINDOW_MS);
    expect(specOf({ schedule: "in 10 minutes", catchup_window: "1 hour" }).catchUp.window).toBe(HOUR_MS);
  });
});

describe("notifications", () => {
  it("are kept with their defaults", () => {
    const { notifications } = specOf({ notifications: [{ capture: "png" }, { on: "both", capture: "pdf" }] });
    expect(notifications).toMatchObject([
      { on: "success", capture: "png", attempts: "last", users: [] },
      { on: "both", capture: "pdf", attempts: "last", users: [] },
    ]);
  });

  it("that would do nothing are refused beside whatever else is wrong", () => {
    expect(pathsOf({ notifications: [{}], timeout: 1 })).toEqual(
      expect.arrayContaining(["/notifications/0", "/timeout"]),
    );
  });
});

describe("the zone", () => {
  it("is the schedule's own before the project's", () => {
    expect(upcoming(specOf({ timezone: "UTC" }), 1)).toEqual(["2027-01-15T09:00:00.000Z"]);
    expect(upcoming(specOf(), 1)).toEqual(["2027-01-16T08:00:00.000Z"]);
  });

  it("is refused when there is no such place", () => {
    expect(pathsOf({ timezone: "Mars/Olympus" })).toEqual(["/timezone"]);
  });
});

describe("a length of time", () => {
  it.each([
    ["timeout", 30_000, 30_000],
    ["timeout", "90 seconds", 90_000],
    ["timeout", MIN_TIMEOUT_MS, 1_000],
    ["timeout", MAX_TIMEOUT_MS, DAY_MS],
    ["spread", 0, 0],
    ["spread", "10 minutes", 600_000],
    ["spread", MAX_SPREAD_MS, DAY_MS],
  ] as const)("of %s may be %j", (field, given, expected) => {
    expect(specOf({ [field]: given })[field]).toBe(expected);
  });

  it.each([
    [MIN_CATCH_UP_WINDOW_MS, 10_000],
    ["2 days", 2 * DAY_MS],
    [MAX_CATCH_UP_WINDOW_MS, 365 * DAY_MS],
  ] as const)("of catchup_window may be %j", (given, expected) => {
    expect(specOf({ catchup_window: given }).catchUp.window).toBe(expected);
  });

  it.each([
    ["timeout", MIN_TIMEOUT_MS - 1],
    ["timeout", MAX_TIMEOUT_MS + 1],
    ["timeout", "2 days"],
    ["timeout", "soon"],
    ["timeout", Number.NaN],
    ["spread", -1],
    ["spread", MAX_SPREAD_MS + 1],
    ["spread", Number.POSITIVE_INFINITY],
    ["catchup_window", MIN_CATCH_UP_WINDOW_MS - 1],
    ["catchup_window", MAX_CATCH_UP_WINDOW_MS + 1],
    ["catchup_window", "every day"],
  ] as const)("of %s may not be %j, and the answer says what may be", (field, given) => {
    expect(issuesOf({ [field]: given })).toEqual([
      expect.objectContaining({ path: `/${field}`, expected: expect.stringContaining("milliseconds, or a duration") }),
    ]);
  });
});

describe("the timeout of a run that no schedule governs", () => {
  it.each([
    [undefined, 5 * MINUTE_MS],
    [20_000, 20_000],
    ["2 minutes", 2 * MINUTE_MS],
    ["nonsense", 5 * MINUTE_MS],
  ])("given as %j is %i ms", (given, expected) => {
    expect(readTimeout(given, NOW)).toBe(expected);
  });
});

describe("retries", () => {
  it("that ask for more than the deployment allows are lowered, and the answer says so", () => {
    const spec = specOf({ retry: { attempts: 50, delay: 2 * HOUR_MS, backoff: "exponential" } });
    expect(spec.retry).toEqual({ attempts: 10, delay: HOUR_MS, backoff: "exponential" });
    expect(spec.clamped).toHaveLength(2);
  });
});

describe("bounds", () => {
  it("are read in the schedule's zone when they name none", () => {
    const spec = specOf({ starts_at: "2027-02-01T00:00", ends_at: "2027-03-01T00:00:00Z" });
    expect([spec.startsAt, spec.endsAt]).toEqual([
      Date.parse("2027-01-31T23:00:00Z"),
      Date.parse("2027-03-01T00:00:00Z"),
    ]);
  });

  it("may begin in the past", () => {
    expect(specOf({ starts_at: "2020-01-01T00:00:00Z" }).startsAt).toBe(Date.parse("2020-01-01T00:00:00Z"));
  });

  it("keep every occurrence inside", () => {
    const spec = specOf({ starts_at: "2027-02-01T00:00:00Z", ends_at: "2027-02-03T00:00:00Z" });
    expect(upcoming(spec, 9)).toEqual(["2027-02-01T08:00:00.000Z", "2027-02-02T08:00:00.000Z"]);
  });

  it.each([
    [{ ends_at: "2027-01-15T08:30:00Z" }, "/ends_at"],
    [{ starts_at: "2027-02-01T00:00:00Z", ends_at: "2027-02-01T00:00:00Z" }, "/ends_at"],
    [{ starts_at: "tomorrow" }, "/starts_at"],
    [{ ends_at: "every day" }, "/ends_at"],
    [{ ends_at: "2027-02-30T00:00:00Z" }, "/ends_at"],
    [{ ends_at: "2027-01-15T08:45:00Z" }, "/ends_at"],
  ])("%j are refused", (more, path) => {
    expect(pathsOf(more)).toEqual([path]);
  });

  it("that leave nothing of a one-time schedule are refused", () => {
    expect(pathsOf({ schedule: "in 10 minutes", starts_at: "2027-02-01T00:00:00Z" })).toEqual(["/schedule"]);
  });

  it("let an elapsed grid begin right at its start", () => {
    const spec = specOf({ schedule: "every 45 minutes", starts_at: "2027-02-01T00:10:00Z" });
    expect(upcoming(spec)).toEqual(["2027-02-01T00:10:00.000Z", "2027-02-01T00:55:00.000Z"]);
  });
});

describe("what is wrong", () => {
  it("is named all at once, each thing by its path", () => {
    const wrong: ScheduleInput = {
      schedule: "every blue moon",
      timezone: "Mars/Olympus",
      starts_at: "x",
      ends_at: "y",
      timeout: 1,
      spread: -1,
      catchup_window: "z",
    };
    expect(pathsOf(wrong).sort()).toEqual(
      ["/catchup_window", "/ends_at", "/schedule", "/spread", "/starts_at", "/timeout", "/timezone"].sort(),
    );
  });

  it("with an expression comes with the position and what was expected", () => {
    expect(issuesOf({ schedule: "every day at 25:00" })).toEqual([
      expect.objectContaining({ path: "/schedule", position: 13, expected: expect.any(String) }),
    ]);
  });

  it("is a one-time expression whose time is over", () => {
    expect(pathsOf({ schedule: "2027-01-15T08:00:00Z" })).toEqual(["/schedule"]);
  });
});

describe("a change that leaves the times alone", () => {
  it("keeps what was understood, down to the anchor of a grid", () => {
    const standing = specOf({ schedule: "every 45 minutes" });
    const later = NOW + 10 * MINUTE_MS;
    const changed = specOf({ schedule: "every 45 minutes", timeout: 9_000 }, { now: later, standing });
    expect(changed.recurrence).toEqual(standing.recurrence);
    expect(changed.timeout).toBe(9_000);
    expect(specOf({ schedule: "every 45 minutes" }, { now: later }).recurrence).not.toEqual(standing.recurrence);
  });

  it("is accepted for a one-time schedule whose time has come meanwhile", () => {
    const standing = specOf({ schedule: "in 10 minutes" });
    expect(specOf({ schedule: "in 10 minutes", args: { a: 1 } }, { now: NOW + HOUR_MS, standing }).recurrence).toEqual(
      standing.recurrence,
    );
  });
});
