/** Times and frequencies in English. */
import { describe, expect, it } from "vitest";
import { sayCalendar } from "../../../src/domain/language/describe-calendar.ts";
import { parseLine } from "../../../src/domain/language/describe-line.ts";

const say = (...lines: string[]) => sayCalendar(lines.map(parseLine));

describe("a calendar", () => {
  it.each([
    ["* * * * *", "every minute"],
    ["*/15 * * * * *", "every 15 seconds"],
    ["30 */6 * * *", "every 6 hours at minute 30"],
    ["15,45 9-17 * * *", "every hour from 9:00 AM to 6:00 PM at minute 15 and 45"],
    ["0 0-2,22-23 * * *", "every hour from 10:00 PM to 2:00 AM"],
    ["*/30 * 9-16 * * *", "every 30 seconds from 9:00 AM to 5:00 PM"],
  ])("%s is %s", (line, words) => {
    expect(say(line)).toBe(words);
  });

  it("of hours that a window cuts is one window", () => {
    expect(say("30-50/10 9 * * *", "*/10 10-16 * * *")).toBe("every 10 minutes from 9:30 AM to 5:00 PM");
  });

  it("without exact words is left to cron", () => {
    expect(say("1-59/7 3,5 * * *")).toBeUndefined();
    expect(say("0 0 15W * *")).toBeUndefined();
  });
});
