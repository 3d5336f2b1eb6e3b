/** How the app says numbers, times, names and progress. */
import { describe, expect, it } from "vitest";
import { Moment } from "../../src/app/moment.tsx";
import { headingOf } from "../../src/app/naming.ts";
import { axisNumber, bigNumber, cellText } from "../../src/app/numbers.ts";
import { progressOf } from "../../src/app/progress.ts";
import { RUN_STATUSES } from "../../src/domain/run.ts";
import { lengthOf } from "../../src/domain/time/saying.ts";
import { viewOf } from "./views.ts";

describe("a number", () => {
  it.each([
    [0, "0"],
    [-0, "0"],
    [1_234_567.891, "1,234,567.89"],
    [-3.1, "-3.1"],
    [0.012345, "0.01235"],
    [0.00001234, "0.00001234"],
    [1e21, "1e+21"],
  ])("that stands for itself is grouped: %d", (value, text) => {
    expect(bigNumber(value)).toBe(text);
  });

  it.each([
    [2_500, "2,500"],
    [12_500, "12.5K"],
    [-3_000_000, "-3M"],
    [0.1 + 0.2, "0.3"],
  ])("beside an axis is short: %d", (value, text) => {
    expect(axisNumber(value)).toBe(text);
  });

  it("that may be a year is not grouped", () => {
    expect(axisNumber(2027, true)).toBe("2027");
    expect(cellText(20_270_115)).toBe("20270115");
  });
});

describe("a cell", () => {
  it.each([
    [null, "–"],
    [undefined, "–"],
    [0.1 + 0.2, "0.3"],
    [true, "true"],
    ["", ""],
    [{ a: [1] }, '{"a":[1]}'],
    ["x".repeat(1_500), `${"x".repeat(1_000)}… (500 more characters)`],
  ])("holds %j as text", (value, text) => {
    expect(cellText(value)).toBe(text);
  });
});

describe("a time", () => {
  const said = (iso: string, timezone: string) => String(Moment({ at: Date.parse(iso), timezone }));

  it("is said in the project's zone, and in UTC beside it", () => {
    expect(said("2027-01-15T09:00:00Z", "Europe/Berlin")).toContain(">15 Jan 2027, 10:00 Europe/Berlin (09:00 UTC)<");
    expect(said("2027-01-15T09:00:00Z", "UTC")).toContain(">15 Jan 2027, 09:00 UTC<");
  });

  it("names the day twice where it is another one in UTC", () => {
    expect(said("2027-01-15T23:30:00Z", "Europe/Berlin")).toContain(
      ">16 Jan 2027, 00:30 Europe/Berlin (15 Jan, 23:30 UTC)<",
    );
  });

  it.each([
    [-5, "0 ms"],
    [350, "350 ms"],
    [4_200, "4 s"],
    [720_000, "12 min"],
    [10_800_000, "3 h"],
    [200_000_000, "2 days"],
  ])("is as long as people say: %d", (length, text) => {
    expect(lengthOf(length)).toBe(text);
  });
});

describe("a function", () => {
  it.each([
    ["daily-report", "Daily report"],
    ["::myapp::reports/send_digest", "Send digest"],
    ["work", "Work"],
    ["::", "::"],
  ])("is headed by its name in words: %s", (fn, heading) => {
    expect(headingOf(fn)).toBe(heading);
  });
});

describe("the progress of a run", () => {
  it("is said in every state, and nothing is said of what is no run", () => {
    for (const status of RUN_STATUSES) expect(progressOf(viewOf({}, { status }))).toMatch(/^[A-Z].*[.…]$/);
    expect(progressOf(viewOf({ a: 1, b: 2 }, { status: "running" }))).toBe("Running… 2 functions are done.");
    expect(progressOf(viewOf({}, { status: null }))).toBe("");
  });
});
