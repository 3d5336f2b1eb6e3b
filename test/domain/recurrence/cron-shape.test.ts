import { describe, expect, it } from "vitest";
import { looksLikeCron, readShape } from "../../../src/domain/recurrence/cron-shape.ts";

describe("a text is taken for cron", () => {
  it.each([
    "* * * * *",
    "20 15 * *",
    "*",
    "@daily",
    "@every 5m",
    "TZ=UTC 0 0 * * *",
    "H H * * *",
    "0 9 1 1 FUNDAY",
    "0 9 * * FUNDAY",
    "1.5 0 1 1 1",
    "0 0 0 1 1 * 2030",
    "*/5/5 * * * *",
    "0 0 L-3 * *",
    "0 0 15W * MON",
  ])("when it is %s, well formed or not", (text) => {
    expect(looksLikeCron(text)).toBe(true);
  });

  it.each([
    "",
    "every day at 9:00 am",
    "on Sunday at 12:00",
    "in 10 minutes",
    "1 day 3 hours",
    "10 minutes",
    "15 Mar 2027 09:00",
    "2027-01-15T10:30:00Z",
    "2027-01-15",
    "MON",
    "Monday",
    "9 am on Monday",
    "1 2",
  ])("but not when it is %j", (text) => {
    expect(looksLikeCron(text)).toBe(false);
  });
});

it("fields are cut with their places, whatever white space is between them", () => {
  expect(readShape(" 0\t9  * * *")).toMatchObject({
    ok: true,
    value: [
      { text: "0", position: 1 },
      { text: "9", position: 3 },
      { text: "*", position: 6 },
      { text: "*", position: 8 },
      { text: "*", position: 10 },
    ],
  });
});

it("six fields stay six: seconds come first", () => {
  const shape = readShape("1 2 3 4 5 6");
  expect(shape.ok && shape.value.map(({ text }) => text)).toEqual(["1", "2", "3", "4", "5", "6"]);
});
