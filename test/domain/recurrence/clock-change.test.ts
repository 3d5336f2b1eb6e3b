import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type CompiledRecurrence, compile } from "../../../src/domain/recurrence/compile.ts";
import { DEFAULT_DST, type DstPolicy } from "../../../src/domain/recurrence/recurrence.ts";
import { type ClockChange, luxonChanges } from "../time/luxon-clock.ts";
import { COMPARED, occurrencesAround, readingsAround, type SampleLine } from "./clock-oracle.ts";

const ALL_ZONES = Intl.supportedValuesOf("timeZone");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ALL_POLICIES: readonly DstPolicy[] = (["run_after", "skip"] as const).flatMap((gap) =>
  (["first", "last", "both"] as const).map((fold) => ({ gap, fold })),
);
const SAMPLES: readonly SampleLine[] = [
  { text: "30 2 * * *", hours: [2], minutes: [30], spaced: false },
  { text: "0 0 * * *", hours: [0], minutes: [0], spaced: false },
  { text: "30 0,23 * * *", hours: [0, 23], minutes: [30], spaced: false },
  { text: "0,15,45 1,2,3 * * *", hours: [1, 2, 3], minutes: [0, 15, 45], spaced: false },
  { text: "*/30 * * * *", hours: [...Array(24).keys()], minutes: [0, 30], spaced: true },
  { text: "10 0-3 * * *", hours: [0, 1, 2, 3], minutes: [10], spaced: true },
];
/** Of every shape: 30 minutes, one and two hours, at midnight, at a quarter to, over midnight, several a year, a lost day. */
const NASTY_ZONES = [
  "Australia/Lord_Howe",
  "Antarctica/Troll",
  "America/Santiago",
  "Asia/Beirut",
  "America/Havana",
  "Pacific/Chatham",
  "America/Nuuk",
  "Africa/Casablanca",
  "Africa/Cairo",
  "America/New_York",
  "Europe/Berlin",
] as const;

const calendar = (line: string, zone: string, dst?: DstPolicy): CompiledRecurrence =>
  compile({ kind: "calendar", lines: [line] }, zone, dst);
const iso = (instants: readonly number[]): string[] => instants.map((at) => new Date(at).toISOString());

function walkForward(compiled: CompiledRecurrence, from: number, to: number): number[] {
  const found: number[] = [];
  for (let at = compiled.next(from - 1); at !== null && at <= to; at = compiled.next(at)) found.push(at);
  return found;
}

function walkBack(compiled: CompiledRecurrence, from: number, to: number): number[] {
  const found: number[] = [];
  for (let at = compiled.previous(to + 1); at !== null && at >= from; at = compiled.previous(at)) found.push(at);
  return found.reverse();
}

describe("the table of clock changes", () => {
  const rows = readFileSync(new URL("../../tables/dst.tsv", import.meta.url).pathname, "utf8")
    .split("\n")
    .filter((row) => row !== "" && !row.startsWith("#"))
    .map((row) => row.split("\t"));

  it.each(rows)(
    "%s in %s from %s (%s): %s, since %s",
    (line = "", zone = "", from = "", policy = "", expected = "") => {
      const [gap, fold] = policy.split(" ");
      const dst = ALL_POLICIES.find((each) => each.gap === gap && each.fold === fold) ?? DEFAULT_DST;
      const instants = expected.split(" ").map((text) => Date.parse(text));
      const compiled = calendar(line, zone, dst);
      expect(iso(compiled.upcoming(Date.parse(from), instants.length))).toEqual(iso(instants));
      expect(iso(walkBack(compiled, Date.parse(from) + 1, instants.at(-1) ?? 0))).toEqual(iso(instants));
    },
  );
});

describe("around every clock change of every zone from 2024 to 2028, and some of old", () => {
  const changes = ALL_ZONES.flatMap((zone) =>
    luxonChanges(zone, Date.UTC(2024, 0, 1), Date.UTC(2029, 0, 1)).map((change) => ({ zone, change })),
  );
  const old = [
    ["Pacific/Apia", 2011],
    ["Pacific/Kwajalein", 1993],
    ["Pacific/Kiritimati", 1994],
    ["Africa/Monrovia", 1972],
    ["Africa/Cairo", 2010],
    ["America/Nuuk", 2023],
  ] as const;
  for (const [zone, year] of old) {
    for (const change of luxonChanges(zone, Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 8)))
      changes.push({ zone, change });
  }
  const lines = SAMPLES.flatMap((line) => (line.spaced ? [DEFAULT_DST] : ALL_POLICIES).map((dst) => ({ line, dst })));
  const keyOf = (change: ClockChange, line: SampleLine, dst: DstPolicy): string =>
    [change.at, change.before, change.after, line.text, dst.gap, dst.fold].join();
  /** Many zones change together, so the readings around a change are gone through once for all of them. */
  const expected = new Map<string, string>();
  for (const { change } of changes) {
    if (lines[0] && expected.has(keyOf(change, lines[0].line, lines[0].dst))) continue;
    const shown = readingsAround(change);
    for (const { line, dst } of lines) {
      expected.set(keyOf(change, line, dst), occurrencesAround(change, shown, line, dst).join());
    }
  }

  it.each(lines)("$line.text with $dst.gap and $dst.fold runs as the clock alone would have it", ({ line, dst }) => {
    const wrong: string[] = [];
    let zone = "";
    let compiled = calendar(line.text, "UTC");
    for (const { zone: each, change } of changes) {
      if (each !== zone) compiled = calendar(line.text, each, dst);
      zone = each;
      const [from, to] = [change.at - COMPARED, change.at + COMPARED];
      const runs = expected.get(keyOf(change, line, dst));
      const forward = walkForward(compiled, from, to).join();
      const back = walkBack(compiled, from, to).join();
      if (forward !== runs) wrong.push(`${zone}: ${forward} instead of ${runs}`);
      if (back !== runs) wrong.push(`${zone}, backwards: ${back} instead of ${runs}`);
    }
    expect(changes.length).toBeGreaterThan(1_000);
    expect(wrong.slice(0, 3)).toEqual([]);
  });
});

describe("over 400 days in zones with awkward changes", () => {
  const from = Date.UTC(2024, 0, 15, 12);
  const to = from + 400 * DAY;

  it.each(NASTY_ZONES)("a fixed time runs once on each civil day of %s", (zone) => {
    for (const line of ["30 2 * * *", "0 0 * * *", "30 23 * * *", "0 3 * * *"]) {
      expect(walkForward(calendar(line, zone), from, to)).toHaveLength(400);
    }
  });

  it("the lost day of Apia is the only one without a run", () => {
    const year = Date.UTC(2011, 5, 15, 12);
    expect(walkForward(calendar("30 2 * * *", "Pacific/Apia"), year, year + 400 * DAY)).toHaveLength(400);
    const around = walkForward(calendar("30 2 * * *", "Pacific/Apia"), Date.UTC(2011, 11, 28), Date.UTC(2012, 0, 1));
    expect(iso(around)).toEqual(iso([28, 29, 30, 31].map((day) => Date.UTC(2011, 11, day, 12, 30))));
  });

  it.each(NASTY_ZONES)("a quarter-hourly line has no hole in %s", (zone) => {
    const runs = walkForward(calendar("*/15 * * * *", zone), from, to);
    const spacings = new Set(runs.slice(1).map((at, index) => at - (runs[index] ?? 0)));
    expect([...spacings]).toEqual([HOUR / 4]);
  });

  it.each(NASTY_ZONES)("answers are strictly later, and the same from any instant between, in %s", (zone) => {
    for (const line of ["30 2 * * *", "*/20 1-3 * * *", "0 0,1,2,3 * * *", "30 23 * * *"]) {
      for (const dst of ALL_POLICIES) {
        const compiled = calendar(line, zone, dst);
        let at = compiled.next(from) ?? 0;
        for (let steps = 0; steps < 120; steps++) {
          const next = compiled.next(at) ?? 0;
          expect(next).toBeGreaterThan(at);
          const between = [at + 1, at + 999, at + 1_000, Math.floor((at + next) / 2), next - 1_000, next - 1];
          expect(between.map((instant) => compiled.next(Math.max(instant, at)))).toEqual(between.map(() => next));
          expect(between.map((instant) => compiled.previous(Math.max(instant, at + 1)))).toEqual(between.map(() => at));
          expect([compiled.previous(next), compiled.previous(at + 1)]).toEqual([at, at]);
          at = steps % 3 === 0 ? (compiled.next(next + 40 * HOUR) ?? 0) : next;
        }
      }
    }
  });
});

it("a rule whose every time falls into a gap ends, and does not search for ever", () => {
  const began = performance.now();
  const never = calendar("30 2 * 3 SUN#2", "America/New_York", { gap: "skip", fold: "first" });
  expect(never.next(Date.UTC(2026, 0, 1))).toBeNull();
  expect(performance.now() - began).toBeLessThan(1_000);
});

it("a spaced line of a rare day is found across decades of clock changes", () => {
  const rare = calendar("*/30 * * 2 MON#5", "America/New_York");
  expect(iso(rare.upcoming(Date.UTC(2026, 0, 1), 2))).toEqual(["2044-02-29T05:00:00.000Z", "2044-02-29T05:30:00.000Z"]);
  expect(iso([rare.previous(Date.UTC(2044, 0, 1)) ?? 0])).toEqual(["2016-03-01T04:30:00.000Z"]);
});
