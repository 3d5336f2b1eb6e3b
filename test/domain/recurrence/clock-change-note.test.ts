import { describe, expect, it } from "vitest";
import { compile } from "../../../src/domain/recurrence/compile.ts";
import type { DstPolicy } from "../../../src/domain/recurrence/recurrence.ts";

const note = (lines: string[], zone: string, at: string, dst?: DstPolicy): string | undefined =>
  compile({ kind: "calendar", lines }, zone, dst).clockChangeNote(Date.parse(at));

const NEW_YORK = "America/New_York";
const GAP = "2026-03-08T07:00Z";

describe("at a gap the note", () => {
  it("names the time that does not exist and the one that takes its place", () => {
    expect(note(["30 2 * * *"], NEW_YORK, GAP)).toBe(
      "02:30 does not exist on this day (clocks go forward); runs at 03:00",
    );
  });

  it("names several, of all lines, and leaves out the rest", () => {
    expect(note(["45 2 * * *", "15 2 * * *"], NEW_YORK, GAP)).toBe(
      "02:15, 02:45 do not exist on this day (clocks go forward); runs at 03:00",
    );
    expect(note(["0,10,20,30,40 2 * * *"], NEW_YORK, GAP)).toContain("02:00, 02:10, 02:20 and more do not exist");
  });

  it("is absent when the occurrence has nothing to do with the gap", () => {
    expect(note(["0 3 * * *"], NEW_YORK, GAP)).toBeUndefined();
    expect(note(["0 * * * *"], NEW_YORK, GAP)).toBeUndefined();
    expect(note(["30 2 * * *"], NEW_YORK, "2026-03-09T06:30Z")).toBeUndefined();
    expect(note(["30 2,3 * * *"], NEW_YORK, "2026-03-08T07:30Z")).toBeUndefined();
  });

  it("does not speak of a day that never was", () => {
    expect(note(["0 5 * * *", "0 0 * * *"], "Pacific/Apia", "2011-12-30T10:00Z")).toBeUndefined();
  });
});

describe("at a fold the note", () => {
  const [first, last] = ["2026-11-01T05:30Z", "2026-11-01T06:30Z"];

  it("says in which pass a fixed time runs", () => {
    expect(note(["30 1 * * *"], NEW_YORK, first)).toBe(
      "01:30 happens twice on this day (clocks go back); runs in the first pass",
    );
    expect(note(["30 1 * * *"], NEW_YORK, last, { gap: "skip", fold: "last" })).toContain("runs in the second pass");
    expect(note(["30 1 * * *"], NEW_YORK, last, { gap: "skip", fold: "both" })).toContain("runs in both passes");
  });

  it("says that a spaced line runs in both", () => {
    expect(note(["*/30 * * * *"], NEW_YORK, last)).toContain("01:30 happens twice on this day");
    expect(note(["*/30 * * * *"], NEW_YORK, last)).toContain("both passes");
  });

  it("is absent outside it", () => {
    expect(note(["0 * * * *"], NEW_YORK, "2026-11-01T04:00Z")).toBeUndefined();
    expect(note(["0 * * * *"], NEW_YORK, "2026-11-01T07:00Z")).toBeUndefined();
  });
});

it("elapsed time and single instants never have one", () => {
  const elapsed = { kind: "interval", grid: "elapsed", every: 3_600_000, anchor: 0 } as const;
  expect(compile(elapsed, NEW_YORK).clockChangeNote(Date.parse(GAP))).toBeUndefined();
  expect(compile({ kind: "once", at: Date.parse(GAP) }, NEW_YORK).clockChangeNote(Date.parse(GAP))).toBeUndefined();
});
