/** Weekdays, lists, ranges that wrap, and ordinal weekdays. */
import { describe, expect, it } from "vitest";
import { meaningOf, refusalOf } from "./tables.ts";

describe("weekdays", () => {
  it.each([
    ["every mon, wed and fri at 8am", "cron 0 8 * * MON,WED,FRI"],
    ["Mon/Wed/Fri at 9", "cron 0 9 * * MON,WED,FRI"],
    ["Friday through Monday at 9am", "cron 0 9 * * SUN,MON,FRI,SAT"],
    ["between Monday and Friday at 9", "cron 0 9 * * MON-FRI"],
    ["every weekend", "cron 0 0 * * SUN,SAT"],
  ])("lists and ranges: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["first Monday of every month at 9am", "cron 0 9 * * MON#1"],
    ["last Friday of the month", "cron 0 0 * * FRIL"],
    ["first and third Monday of the month", "cron 0 0 * * MON#1,MON#3"],
    ["last weekday of the month", "cron 0 0 LW * *"],
  ])("ordinals count in the month: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["Friday at 5pm", "refused ambiguous"],
    ["7pm Friday", "refused ambiguous"],
    ["every second Sunday", "refused ambiguous"],
    ["first Monday at 9am", "refused ambiguous"],
  ])("a weekday alone may be once or weekly: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["last Friday", "refused past"],
    ["last Friday at 5pm", "refused past"],
  ])("last Friday is over: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([["sixth Monday of every month", "refused out_of_range"]])(
    "a month has at most five of each: %s is %s",
    (text, expected) => {
      expect(meaningOf(text)).toBe(expected);
    },
  );

  it("offers both readings of a lone weekday", () => {
    expect(refusalOf("Friday at 5pm").suggestions).toEqual(["every Friday at 5pm", "this Friday at 5pm"]);
  });
});
