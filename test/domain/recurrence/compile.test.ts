import { Cron } from "croner";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type CompiledRecurrence, compile, compileCached } from "../../../src/domain/recurrence/compile.ts";
import { readCron } from "../../../src/domain/recurrence/cron.ts";
import type { Recurrence } from "../../../src/domain/recurrence/recurrence.ts";
import { LAST_INSTANT } from "../../../src/domain/time/instant.ts";
import { anyLine } from "./any-line.ts";

const calendar = (...lines: string[]): Recurrence => ({ kind: "calendar", lines });
const HOUR = 3_600_000;
const anyInstant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) });

function walk(compiled: CompiledRecurrence, from: number, to: number): number[] {
  const found: number[] = [];
  for (let at = compiled.next(from); at !== null && at <= to; at = compiled.next(at)) found.push(at);
  return found;
}

describe("any line in UTC", () => {
  it("comes when croner says it does", () => {
    fc.assert(
      fc.property(anyLine, anyInstant, (text, from) => {
        const line = readCron(text);
        if (!line.ok) {
          expect(new Cron(text, { timezone: "UTC", paused: true }).nextRun(new Date(from))).toBeNull();
          return;
        }
        const theirs = new Cron(text, { timezone: "UTC", paused: true }).nextRuns(4, new Date(from));
        const ours = compile(calendar(line.value.text), "UTC").upcoming(from, 4);
        expect([text, ...ours]).toEqual([text, ...theirs.map(Number)]);
      }),
      { numRuns: 400 },
    );
  });

  it("is the same backwards as forwards, in any zone", () => {
    const zones = fc.constantFrom(
      "UTC",
      "America/New_York",
      "Australia/Lord_Howe",
      "Africa/Casablanca",
      "Asia/Kolkata",
    );
    fc.assert(
      fc.property(anyLine, zones, anyInstant, (text, zone, from) => {
        if (!readCron(text).ok) return;
        const compiled = compile(calendar(text), zone);
        const runs = compiled.upcoming(from, 12);
        for (const [index, at] of runs.entries()) {
          expect(compiled.previous(at + 1)).toBe(at);
          if (index > 0) expect([at > (runs[index - 1] ?? 0), compiled.previous(at)]).toEqual([true, runs[index - 1]]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("several lines", () => {
  const lines = ["15 9 * * *", "30 17 * * *", "*/30 9 * * MON"];
  const [from, to] = [Date.UTC(2026, 2, 1), Date.UTC(2026, 3, 1)];

  it("merge as a set in order", () => {
    const merged = walk(compile(calendar(...lines), "America/New_York"), from, to);
    const apart = lines.flatMap((line) => walk(compile(calendar(line), "America/New_York"), from, to));
    expect(merged).toEqual([...new Set(apart)].sort((one, other) => one - other));
  });

  it("that name one instant run once", () => {
    const compiled = compile(calendar("0 9 * * *", "0 9 * * MON", "0 * * * *"), "UTC");
    expect(walk(compiled, from, from + 24 * HOUR)).toHaveLength(24);
  });

  it("in one gap meet at its end", () => {
    const compiled = compile(calendar("15 2 * * *", "45 2 * * *", "0 3 * * *"), "America/New_York");
    const runs = walk(compiled, Date.parse("2026-03-08T05:00Z"), Date.parse("2026-03-09T05:00Z"));
    expect(runs).toEqual([Date.parse("2026-03-08T07:00Z")]);
  });
});

describe("counting", () => {
  const compiled = compile(calendar("0 * * * *"), "UTC");
  const from = Date.UTC(2026, 0, 1);

  it("leaves out the start and takes in the end", () => {
    expect(compiled.count(from, from + 24 * HOUR, 100)).toBe(24);
    expect(compiled.count(from - 1, from + 24 * HOUR - 1, 100)).toBe(24);
  });

  it("stops at its cap", () => {
    expect(compiled.count(from, LAST_INSTANT, 50)).toBe(50);
  });

  it("of an empty or a reversed stretch is 0", () => {
    expect([compiled.count(from, from, 9), compiled.count(from, from - HOUR, 9)]).toEqual([0, 0]);
  });
});

describe("the ends of time", () => {
  const compiled = compile(calendar("0 0 * * *"), "Pacific/Auckland");

  it("there is no occurrence after the year 9999, and none before 1970", () => {
    expect(compiled.next(LAST_INSTANT)).toBeNull();
    expect(compiled.next(Number.POSITIVE_INFINITY)).toBeNull();
    expect(compiled.next(Number.NaN)).toBeNull();
    expect(compiled.previous(0)).toBeNull();
    expect(compiled.previous(Number.NEGATIVE_INFINITY)).toBeNull();
  });

  it("the first and the last one are found from beyond", () => {
    const [first, last] = [compiled.next(Number.NEGATIVE_INFINITY), compiled.previous(Number.POSITIVE_INFINITY)];
    expect(new Date(first ?? 0).toISOString()).toBe("1970-01-01T12:00:00.000Z");
    expect(new Date(last ?? 0).toISOString()).toBe("9999-12-31T11:00:00.000Z");
  });

  it("an instant within a second is later than that second", () => {
    const everySecond = compile(calendar("* * * * * *"), "UTC");
    expect([
      everySecond.next(1_999),
      everySecond.next(2_000),
      everySecond.previous(2_001),
      everySecond.previous(2_000),
    ]).toEqual([2_000, 3_000, 2_000, 1_000]);
  });
});

describe("work is bounded", () => {
  it("a rare day costs microseconds, not a search by hours", () => {
    const rare = ["0 0 29 2 *", "0 0 * 2 MON#5", "* * 29 2 *", "0 0 31W 1 *"].map((line) =>
      compile(calendar(line), "Europe/Berlin"),
    );
    for (const compiled of rare) compiled.upcoming(Date.UTC(2026, 0, 1), 30);
    const began = performance.now();
    for (const compiled of rare) for (let i = 0; i < 250; i++) compiled.next(Date.UTC(2026 + i, 0, 1));
    expect((performance.now() - began) / 1_000).toBeLessThan(0.5);
  });
});

describe("the zone of the host", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("never changes an answer", () => {
    const answers = (): (string | number)[] =>
      ["30 2 * * *", "*/20 1-3 * * *", "0 0 1,15 * *"].flatMap((line, index) => {
        // Names that no other test asks about, so that nothing is known of them yet.
        const zone = ["America/Toronto", "Europe/Vienna", "Australia/Hobart"][index] ?? "UTC";
        return [line, ...compile(calendar(line), zone).upcoming(Date.UTC(2026, 2, 1), 120)];
      });
    vi.stubEnv("TZ", "Pacific/Chatham");
    expect(new Date(Date.UTC(2026, 0, 1)).getTimezoneOffset()).toBe(-825);
    const odd = answers();
    vi.stubEnv("TZ", "America/St_Johns");
    expect(answers()).toEqual(odd);
    expect(odd).toContain(Date.parse("2026-03-08T07:00Z"));
  });
});

describe("compiled recurrences are kept", () => {
  it("for equal arguments, and only for these", () => {
    const kept = compileCached(calendar("0 9 * * *"), "Europe/Berlin");
    expect(compileCached(calendar("0 9 * * *"), "Europe/Berlin")).toBe(kept);
    expect(compileCached(calendar("0 9 * * *"), "Europe/Paris")).not.toBe(kept);
    expect(compileCached(calendar("0 9 * * *"), "Europe/Berlin", { gap: "skip", fold: "first" })).not.toBe(kept);
  });

  it("but not for ever", () => {
    const first = compileCached({ kind: "once", at: -1 }, "UTC");
    for (let at = 0; at < 2_000; at++) compileCached({ kind: "once", at }, "UTC");
    expect(compileCached({ kind: "once", at: -1 }, "UTC")).not.toBe(first);
  });
});
