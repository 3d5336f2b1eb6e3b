/** Descriptions read back as the recurrence they describe. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describe as say } from "../../../src/domain/language/describe.ts";
import { readExpression } from "../../../src/domain/language/read.ts";
import { readCron } from "../../../src/domain/recurrence/cron.ts";
import type { Recurrence } from "../../../src/domain/recurrence/recurrence.ts";
import { BERLIN, CONTEXTS, readTable, UTC } from "./tables.ts";

const back = (recurrence: Recurrence, context = UTC, timezone?: string): Recurrence | string => {
  const text = say(recurrence, timezone);
  const reading = readExpression(text, context);
  return reading.ok ? reading.value.recurrence : `${text}: ${reading.error.message}`;
};
const calendar = (...lines: string[]): Recurrence => ({ kind: "calendar", lines });

describe("a description", () => {
  it.each([
    ["0 9 * * *", "every day at 9:00 AM"],
    ["30 17 * * MON-FRI", "every weekday at 5:30 PM"],
    ["0 0 1,15 * *", "at 12:00 AM on the 1st and 15th of every month"],
    ["*/10 9-16 * * MON-FRI", "every 10 minutes from 9:00 AM to 5:00 PM on weekdays"],
    ["0 9-17 * * *", "every hour from 9:00 AM to 5:00 PM"],
    ["0 9 * * MON#1", "at 9:00 AM on the 1st Monday of every month"],
    ["0 0 1 */3 *", "every 3 months on the 1st at 12:00 AM"],
    ["0 0 13 * FRI", "at 12:00 AM on the 13th of every month or on Friday"],
    ["0 0 15W * *", "cron 0 0 15W * *"],
    ["15 30 9 * * *", "every day at 9:30:15 AM"],
  ])("of %s is %s", (line, text) => {
    expect(say(calendar(line))).toBe(text);
  });

  it("joins lines that share their days, and makes clauses of those that do not", () => {
    expect(say(calendar("15 18 * * *", "45 20 * * *"))).toBe("every day at 6:15 PM and 8:45 PM");
    expect(say(calendar("0 9 * * MON", "0 17 * * FRI"))).toBe("every Monday at 9:00 AM and every Friday at 5:00 PM");
  });

  it("names the zone at the end when it is given", () => {
    expect(say(calendar("0 9 * * *"), "Europe/Berlin")).toBe("every day at 9:00 AM in Europe/Berlin");
  });

  it("of one instant shows it in the zone, with its offset", () => {
    const once: Recurrence = { kind: "once", at: Date.UTC(2027, 0, 15, 9, 30) };
    expect(say(once)).toBe("once at 2027-01-15 09:30:00 UTC");
    expect(say(once, "Europe/Berlin")).toBe("once at 2027-01-15 10:30:00 +01:00");
    expect(back(once, BERLIN, "Europe/Berlin")).toEqual(once);
  });

  it("keeps both passes of a fold apart", () => {
    for (const at of [Date.UTC(2027, 9, 31, 0, 30), Date.UTC(2027, 9, 31, 1, 30)])
      expect(back({ kind: "once", at }, BERLIN, "Europe/Berlin")).toEqual({ kind: "once", at });
  });

  it("reads back for every phrase of the table, with and without its zone", () => {
    for (const context of CONTEXTS) {
      for (const [phrase = ""] of readTable("phrases.tsv")) {
        const reading = readExpression(phrase, context);
        if (!reading.ok) continue;
        const { recurrence, timezone } = reading.value;
        const zoned = { ...context, timezone };
        expect(back(recurrence, zoned), phrase).toEqual(recurrence);
        expect(back(recurrence, { ...zoned, timezoneIsExplicit: true }, timezone), phrase).toEqual(recurrence);
      }
    }
  });

  it("reads back for cron lines of any kind", () => {
    const clock = (max: number) =>
      fc.oneof(
        fc.constantFrom("*", "*/2", "*/5", "*/7", "0"),
        fc.nat(max).map(String),
        fc.uniqueArray(fc.nat(max), { minLength: 1, maxLength: 30 }).map((list) => list.join(",")),
        fc.tuple(fc.nat(max), fc.nat(max)).map(([from, to]) => `${from}-${to}`),
        fc
          .tuple(fc.nat(max), fc.nat(max), fc.integer({ min: 1, max: 9 }))
          .map(([from, to, step]) => `${from}-${to}/${step}`),
      );
    const monthDay = fc.constantFrom("*", "*", "*", "1", "1,15", "1-7", "L", "15,L", "LW", "1W", "15W", "*/2", "31");
    const month = fc.constantFrom("*", "*", "*", "1", "1,7", "3-8", "*/3", "*/2", "2");
    const weekday = fc.constantFrom(
      "*",
      "*",
      "*",
      "MON",
      "MON-FRI",
      "SAT,SUN",
      "TUE-SAT",
      "MON#1",
      "FRIL",
      "MON#1,FRI#3",
      "MON,FRIL",
      "*/2",
    );
    const line = fc.tuple(fc.oneof(fc.constant("0"), clock(59)), clock(59), clock(23), monthDay, month, weekday);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 3 }), (fields) => {
        const lines = new Set<string>();
        for (const each of fields) {
          const read = readCron(each.join(" "));
          if (read.ok) lines.add(read.value.text);
        }
        const text = [...lines];
        const quotedLength = text.reduce((sum, each) => sum + each.length + 10, 0);
        fc.pre(text.length > 0 && quotedLength < 250);
        expect(back(calendar(...text))).toEqual(calendar(...text));
      }),
      { numRuns: 600 },
    );
  });

  it("reads back for intervals", () => {
    const elapsed = readExpression("every 90 seconds", { ...UTC, anchor: 0 });
    if (!elapsed.ok) throw new Error(elapsed.error.message);
    expect(elapsed.value.recurrence).toEqual({ kind: "interval", grid: "elapsed", every: 90_000, anchor: 0 });
    expect(back(elapsed.value.recurrence, { ...UTC, anchor: 0 })).toEqual(elapsed.value.recurrence);
  });
});
