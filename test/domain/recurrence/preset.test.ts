import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readExpression } from "../../../src/domain/language/read.ts";
import { compile } from "../../../src/domain/recurrence/compile.ts";
import { presetOf } from "../../../src/domain/recurrence/preset.ts";
import type { Recurrence } from "../../../src/domain/recurrence/recurrence.ts";
import { DAY_MS, HOUR_MS } from "../../../src/domain/time/instant.ts";

const NOW = Date.parse("2027-01-15T08:00:00Z");

function read(text: string): Recurrence {
  const read = readExpression(text, { now: NOW, timezone: "UTC", timezoneIsExplicit: false });
  if (!read.ok) throw new Error(`${text}: ${read.error.message}`);
  return read.value.recurrence;
}

const calendar = (...lines: readonly string[]): Recurrence => ({ kind: "calendar", lines });

describe("what an expression means, however it is written", () => {
  it.each([
    ["hourly", ["@hourly", "0 * * * *", "every hour", "15 * * * *", "0 */1 * * *", "30 5 * * * *", "5 0-23 * * *"]],
    ["hourly", ["every 60 minutes", "every 3600 seconds", "every 1 hour"]],
    ["daily", ["@daily", "@midnight", "0 9 * * *", "every day at 9am", "0 9 * * 0-6", "0 9 1-31 * *", "0 9 */1 * *"]],
    ["daily", ["0 9 * 1-12 *", "30 15 9 * * *", "every day at 9:15", "0 9 ? * *"]],
    ["weekly", ["@weekly", "0 9 * * MON", "every monday at 9am", "0 0 9 * * 1", "0 9 ? * 7"]],
    ["monthly", ["@monthly", "0 9 1 * *", "0 9 L * *", "0 9 31 * *", "0 9 15 1-12 *", "0 9 12-12 * *"]],
  ] as const)("is %s: %j", (preset, texts) => {
    for (const text of texts) expect([text, presetOf(read(text))]).toEqual([text, preset]);
  });

  it.each([
    ["a minute", "* * * * *"],
    ["every other hour", "0 */2 * * *"],
    ["two times a day", "0 9,17 * * *"],
    ["two minutes of an hour", "0,30 * * * *"],
    ["the hours of work", "0 9-17 * * *"],
    ["working days", "0 9 * * MON-FRI"],
    ["two weekdays", "0 9 * * MON,THU"],
    ["a weekday of one month", "0 9 * 1 MON"],
    ["the first Monday", "0 9 * * MON#1"],
    ["the last Friday", "0 9 * * FRIL"],
    ["a working day near the 15th", "0 9 15W * *"],
    ["two days of a month", "0 9 1,15 * *"],
    ["a day of the month or of the week", "0 9 1 * MON"],
    ["once a year", "@yearly"],
    ["half an hour", "every 30 minutes"],
    ["a day of elapsed time", "every 24 hours"],
    ["every other day", "every 2 days at 9am"],
    ["two times in words", "every day at 9:15 and 17:30"],
    ["one time only", "in 10 minutes"],
    ["an instant", "2027-03-01T10:00:00Z"],
  ])("is custom: %s", (_, text) => {
    expect(presetOf(read(text))).toBeNull();
  });

  it("looks at what several lines mean together", () => {
    expect(presetOf(calendar("0 9 * * MON-WED", "0 9 * * THU-SUN"))).toBe("daily");
    expect(presetOf(calendar("0 0-11 * * *", "0 12-23 * * *"))).toBe("hourly");
    expect(presetOf(calendar("0 9 * 1-6 MON", "0 9 * 7-12 MON"))).toBe("weekly");
    expect(presetOf(calendar("0 9 1 1-6 *", "0 9 1 7-12 *"))).toBe("monthly");
    expect(presetOf(calendar("0 9 * * *", "0 10 * * *"))).toBeNull();
    expect(presetOf(calendar("0 9 1 * *", "0 10 2 * *"))).toBeNull();
    expect(presetOf(calendar("0 0-11 * * *", "1 12-23 * * *"))).toBeNull();
  });
});

describe("whatever is a preset", () => {
  const least = { hourly: HOUR_MS, daily: DAY_MS, weekly: 7 * DAY_MS, monthly: 28 * DAY_MS };
  const field = (max: number, min = 0) =>
    fc.oneof(fc.constant("*"), fc.integer({ min, max }).map(String), fc.constant(`${min}-${max}`));

  it("comes as rarely as its name says", () => {
    fc.assert(
      fc.property(field(59), field(23), field(28, 1), field(12, 1), field(6), (...fields) => {
        const recurrence = calendar(fields.join(" "));
        const preset = presetOf(recurrence);
        const [first = 0, ...others] = compile(recurrence, "UTC").upcoming(NOW, 6);
        if (preset === null) return;
        let before = first;
        for (const at of others) {
          expect(at - before).toBeGreaterThanOrEqual(least[preset]);
          before = at;
        }
      }),
    );
  });
});
