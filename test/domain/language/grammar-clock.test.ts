/** Times of day in all their spellings. */
import { describe, expect, it } from "vitest";
import { meaningOf, notesOf, refusalOf } from "./tables.ts";

describe("times of day", () => {
  it.each([
    ["every day at 12am", "cron 0 0 * * *"],
    ["every day at 12 p.m.", "cron 0 12 * * *"],
    ["at 12 noon", "cron 0 12 * * *"],
  ])("twelve is noon in the afternoon and midnight in the morning: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["at 5", "cron 0 5 * * *"],
    ["at 17:30", "cron 30 17 * * *"],
    ["at 9 o'clock", "cron 0 9 * * *"],
  ])("no am or pm is the 24-hour clock: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["every day at half past nine", "cron 30 9 * * *"],
    ["every day at quarter to 5 pm", "cron 45 16 * * *"],
    ["every day at quarter to midnight", "cron 45 23 * * *"],
    ["at 8 in the evening", "cron 0 20 * * *"],
  ])("spoken times are read: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["at 24:00", "refused out_of_range"],
    ["at 9:60", "refused out_of_range"],
    ["every day at 13pm", "refused out_of_range"],
    ["every day at 0am", "refused out_of_range"],
  ])("a time out of range is refused: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it.each([
    ["every day at 9am or 5pm", "refused ambiguous"],
    ["at 9 and 11 am", "refused ambiguous"],
  ])("a choice is refused: %s is %s", (text, expected) => {
    expect(meaningOf(text)).toBe(expected);
  });

  it("notes a bare hour from 1 to 7, and no other", () => {
    expect(notesOf("every day at 5").join()).toContain("24-hour clock");
    for (const text of ["every day at 8", "every day at 05:00", "every day at 5am", "every day at 0:30"])
      expect(notesOf(text)).toEqual([]);
  });

  it("names the impossible part and where it stands", () => {
    expect(refusalOf("every day at 9:75")).toMatchObject({
      position: 13,
      length: 4,
      suggestions: ["every day at 9:00"],
    });
    expect(refusalOf("at 1730").suggestions).toEqual(["every day at 17:30"]);
  });
});
