import { describe, expect, it } from "vitest";
import { CalendarRule } from "../../../src/domain/recurrence/calendar.ts";
import { cronLine } from "../../../src/domain/recurrence/cron.ts";
import { NEVER, NEVER_BEFORE } from "../../../src/domain/recurrence/wall-rule.ts";

const rule = (line: string): CalendarRule => new CalendarRule(cronLine(line));
const wall = (iso: string): number => Date.parse(`${iso}Z`) / 1000;
const iso = (second: number): string => new Date(second * 1000).toISOString().slice(0, 19);

describe("a line over the wall clock", () => {
  it("names the readings later than one, itself excluded", () => {
    expect(iso(rule("0 9 * * *").after(wall("2026-01-01T08:59:59")))).toBe("2026-01-01T09:00:00");
    expect(iso(rule("0 9 * * *").after(wall("2026-01-01T09:00:00")))).toBe("2026-01-02T09:00:00");
  });

  it("names the readings up to one, itself included", () => {
    expect(iso(rule("0 9 * * *").upTo(wall("2026-01-01T09:00:00")))).toBe("2026-01-01T09:00:00");
    expect(iso(rule("0 9 * * *").upTo(wall("2026-01-01T08:59:59")))).toBe("2025-12-31T09:00:00");
  });

  it("goes on to the next day that it names", () => {
    expect(iso(rule("0 9 * * MON-FRI").after(wall("2026-01-02T09:00:00")))).toBe("2026-01-05T09:00:00");
    expect(iso(rule("*/15 * * * * *").after(wall("2026-12-31T23:59:45")))).toBe("2027-01-01T00:00:00");
  });

  it("knows gaps no more than any other reading: that is decided elsewhere", () => {
    expect(iso(rule("30 2 * * *").after(wall("2026-03-08T00:00:00")))).toBe("2026-03-08T02:30:00");
  });

  it("ends where time ends", () => {
    expect(rule("0 0 1 1 *").after(wall("9999-12-31T23:59:59") + 1)).toBe(NEVER);
    expect(rule("0 0 1 2 *").upTo(0)).toBe(NEVER_BEFORE);
  });
});
