import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Refusal } from "../../../src/domain/language/interpretation.ts";
import { type CronLine, cronLine, readCron } from "../../../src/domain/recurrence/cron.ts";
import { anyLine } from "./any-line.ts";

const accepted = (text: string): CronLine => {
  const line = readCron(text);
  return line.ok ? line.value : expect.fail(`${text}: ${line.error.message}`);
};
const refused = (text: string): Refusal => {
  const line = readCron(text);
  return line.ok ? expect.fail(`${text} is read as ${line.value.text}`) : line.error;
};

describe("accepted lines and their canonical text", () => {
  it.each([
    ["* * * * *", "* * * * *"],
    ["*/15 * * * * *", "*/15 * * * * *"],
    ["0 */15 * * * *", "*/15 * * * *"],
    ["0 16 * * *", "0 16 * * *"],
    ["0 12 * * SUN", "0 12 * * SUN"],
    ["0 14 * * 1", "0 14 * * MON"],
    ["0 0 1,15 * *", "0 0 1,15 * *"],
    ["0 30 9 * * MON", "30 9 * * MON"],
    ["  0\t0  * * *  ", "0 0 * * *"],
    ["08 09 * * *", "8 9 * * *"],
    ["0,0 0 15,1 * *", "0 0 1,15 * *"],
    ["0 0 * * 0,7", "0 0 * * SUN"],
    ["0 0 * * 7", "0 0 * * SUN"],
    ["0 0 * jan,FEB,March,SEPT mon", "0 0 * 1-3,9 MON"],
    ["0 0 * * MONDAY-friday", "0 0 * * MON-FRI"],
    ["0 0 * * tues,Thurs", "0 0 * * TUE,THU"],
    ["0 0 ? * MON", "0 0 * * MON"],
    ["0 0 1 * ?", "0 0 1 * *"],
    ["0 0 * * FRI-MON", "0 0 * * SUN,MON,FRI,SAT"],
    ["0 0 * * SAT-SUN", "0 0 * * SUN,SAT"],
    ["0 0 * * 5-7", "0 0 * * SUN,FRI,SAT"],
    ["0 0 * NOV-FEB *", "0 0 * 1,2,11,12 *"],
    ["0 22-2 * * *", "0 0-2,22-23 * * *"],
    ["0 23-0 * * *", "0 0-0,23-23 * * *"],
    ["0 20-3/2 * * *", "0 0-2/2,20-22/2 * * *"],
    ["5/15 * * * *", "5-59/15 * * * *"],
    ["0/15 * * * *", "*/15 * * * *"],
    ["*/1 * * * *", "* * * * *"],
    ["*,5 * * * *", "* * * * *"],
    ["0-30/10 * * * *", "0-30/10 * * * *"],
    ["0 0 L * *", "0 0 L * *"],
    ["0 0 l,15,1 * *", "0 0 1,15,L * *"],
    ["0 0 lw,15w * *", "0 0 15W,LW * *"],
    ["0 0 * * 5L", "0 0 * * FRIL"],
    ["0 0 * * fril", "0 0 * * FRIL"],
    ["0 0 * * 1#3,MON#1", "0 0 * * MON#1,MON#3"],
    ["0 0 * * 7#2", "0 0 * * SUN#2"],
    ["0 0 29 2 *", "0 0 29 2 *"],
    ["0 0 30 2 MON", "0 0 30 2 MON"],
    ["0 0 * 2 MON#5", "0 0 * 2 MON#5"],
    ["@yearly", "0 0 1 1 *"],
    ["@Annually", "0 0 1 1 *"],
    ["@MONTHLY", "0 0 1 * *"],
    ["@weekly", "0 0 * * SUN"],
    ["@DAILY", "0 0 * * *"],
    ["@midnight", "0 0 * * *"],
    ["@hourly", "0 * * * *"],
  ])("%s is %s", (text, canonical) => {
    expect(accepted(text).text).toBe(canonical);
  });
});

describe("whether a line is fixed or spaced", () => {
  it.each(["0 9 * * *", "0,30 9,17 * * MON-FRI", "15 0 9 1-5 */2 *", "0 0 L * *", "1,2,3 4,5,6 * * *"])(
    "%s is fixed: second, minute and hour are numbers or lists",
    (text) => expect(accepted(text).spaced).toBe(false),
  );

  it.each(["* * * * *", "0 * * * *", "*/30 1 * * *", "0 1-4 * * *", "0 22-2 * * *", "0 23-0 * * *", "5-5 9 * * *"])(
    "%s is spaced: a star, a range or a step is written there",
    (text) => expect(accepted(text).spaced).toBe(true),
  );

  it("is not decided by the days", () => {
    expect(accepted("0 9 1-15/2 1-6 MON-FRI").spaced).toBe(false);
  });
});

describe("any line", () => {
  it("has a canonical text that reads back as the same line", () => {
    fc.assert(
      fc.property(anyLine, (text) => {
        const line = readCron(text);
        if (!line.ok) return;
        const { notes: _, ...again } = accepted(line.value.text);
        expect({ ...again, notes: line.value.notes }).toEqual(line.value);
      }),
      { numRuns: 400 },
    );
  });

  it("of random characters is read or refused in bounded time, with a place inside the text", () => {
    const characters = fc.constantFrom(..."0123456789*/,-?#LWHMONTUE@~ \t\n".split(""));
    const texts = fc.array(characters, { maxLength: 60 }).map((each) => each.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        const line = readCron(text);
        if (line.ok) return;
        const { position, length, expected, message, suggestions } = line.error;
        expect(position).toBeGreaterThanOrEqual(0);
        expect(position + length).toBeLessThanOrEqual(text.length);
        expect([expected, message].every((each) => each.length > 0)).toBe(true);
        expect(suggestions.length).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });
});

describe("refused lines say what, where, and what would be accepted", () => {
  it.each([
    ["", "empty", 0, 0, "0 9 * * *"],
    ["20 15 * *", "not_understood", 0, 9, "20 15 * * *"],
    ["* * *", "not_understood", 0, 5, "* * * * *"],
    ["0 0 0 1 1 * 2030", "unsupported", 12, 4, "0 0 0 1 1 *"],
    ["0 0 1 1 * 2030", "unsupported", 10, 4, "0 0 1 1 *"],
    ["0 0 * * *\n* * * * *", "not_understood", 9, 1, "0 0 * * *"],
    ["60 * * * *", "out_of_range", 0, 2, "0 * * * *"],
    ["0 24 * * *", "out_of_range", 2, 2, "0 0 * * *"],
    ["0 0 0 * *", "out_of_range", 4, 1, "0 0 1 * *"],
    ["0 0 32 * *", "out_of_range", 4, 2, "0 0 31 * *"],
    ["0 0 * 13 *", "out_of_range", 6, 2, "0 0 * 12 *"],
    ["0 0 * * 8", "out_of_range", 8, 1, "0 0 * * 6"],
    ["-5 * * * *", "out_of_range", 0, 2, "0 * * * *"],
    ["  0 0,99 * * *", "out_of_range", 6, 2, "0 0,23 * * *"],
    ["1.5 * * * *", "not_understood", 0, 3, "0 * * * *"],
    ["1, * * * *", "not_understood", 1, 1, "1 * * * *"],
    [",1 * * * *", "not_understood", 0, 1, "1 * * * *"],
    ["1,,2 * * * *", "not_understood", 1, 1, "1,2 * * * *"],
    ["*/0 * * * *", "out_of_range", 0, 3, "* * * * *"],
    ["*/-5 * * * *", "out_of_range", 0, 4, "*/5 * * * *"],
    ["*/5/5 * * * *", "not_understood", 0, 5, "* * * * *"],
    ["*/60 * * * *", "out_of_range", 0, 4, "0 * * * *"],
    ["*/90 * * * *", "out_of_range", 0, 4, "0 * * * *"],
    ["0 */24 * * *", "out_of_range", 2, 4, "0 0 * * *"],
    ["30/40 * * * *", "out_of_range", 0, 5, "30 * * * *"],
    ["H H * * *", "unsupported", 0, 1, "0 9 * * *"],
    ["0~30 * * * *", "unsupported", 0, 4, "0 * * * *"],
    ["CRON_TZ=UTC 0 0 * * *", "unsupported", 0, 12, "0 0 * * *"],
    ["TZ=Asia/Tokyo 0 0 * * *", "unsupported", 0, 14, "0 0 * * *"],
    ["0 0 L-3 * *", "unsupported", 4, 3, "0 0 L * *"],
    ["? 0 * * *", "unsupported", 0, 1, "* 0 * * *"],
    ["0 0 * * L", "ambiguous", 8, 1, "0 0 * * FRIL"],
    ["0 0 * * MON#6", "out_of_range", 8, 5, "0 0 * * MON#1"],
    ["0 0 * * MON-FRI#2", "not_understood", 8, 9, "0 0 * * MON-FRI"],
    ["0 0 13 * +5", "not_understood", 9, 2, "0 0 13 * MON-FRI"],
    ["0 0 * MON *", "not_understood", 6, 3, "0 0 * 1 *"],
    ["0 0 * * FUNDAY", "not_understood", 8, 6, "0 0 * * MON-FRI"],
    ["@reboot", "unsupported", 0, 7, "0 9 * * *"],
    ["@every 5m", "unsupported", 0, 9, "every 5 minutes"],
    ["@every 1h30m", "unsupported", 0, 12, "every 5 minutes"],
    ["@weekdays", "unsupported", 0, 9, "0 0 * * MON-FRI"],
    ["0 0 30 2 *", "never_occurs", 4, 2, "0 0 L 2 *"],
    ["0 0 31 4,6 *", "never_occurs", 4, 2, "0 0 L 4,6 *"],
    ["0 0 31W 4 *", "never_occurs", 4, 3, "0 0 L 4 *"],
  ])("%j is %s at %i for %i; %s", (text, reason, position, length, suggestion) => {
    const refusal = refused(text);
    expect(refusal).toMatchObject({ reason, position, length });
    expect(refusal.suggestions[0]).toBe(suggestion);
    for (const each of refusal.suggestions.filter((cron) => !cron.startsWith("every "))) accepted(each);
  });

  it("name the field and its range", () => {
    expect(refused("0 24 * * *")).toMatchObject({
      message: '"24" is out of range for the hour field.',
      expected: "an hour from 0 to 23",
    });
  });

  it("offer an interval for a step that no field can hold", () => {
    expect(refused("*/90 * * * *").suggestions).toContain("every 90 minutes");
  });

  it("say which month has no such day", () => {
    expect(refused("0 0 31 4,6 *").message).toBe('No such day ever comes: April, June have no day "31".');
  });

  it("are never quoted at length", () => {
    for (const text of [
      "9".repeat(200),
      `0 0 * * ${"X".repeat(200)}`,
      "@".repeat(200),
      `*/${"9".repeat(150)} * * * *`,
    ]) {
      expect(refused(text).message.length).toBeLessThan(200);
    }
    expect(refused("1 ".repeat(200)).reason).toBe("too_long");
  });

  it("that never happen are found out at once", () => {
    const began = performance.now();
    for (let day = 0; day < 200; day++) refused(`${day % 60} ${day % 24} 30,31 2 *`);
    expect(performance.now() - began).toBeLessThan(500);
  });
});

it("a saved line that cannot be read is an error", () => {
  expect(cronLine("0 9 * * *").text).toBe("0 9 * * *");
  expect(() => cronLine("0 0 30 2 *")).toThrow("cannot be read");
});
