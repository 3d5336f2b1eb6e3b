import { expect, it } from "vitest";
import { readCron } from "../../../src/domain/recurrence/cron.ts";

const notes = (text: string): string => {
  const line = readCron(text);
  return line.ok ? line.value.notes.join(" ") : expect.fail(line.error.message);
};

it("says that either day field is enough when both are given", () => {
  expect(notes("0 0 13 * FRI")).toContain("either");
  expect([notes("0 0 13 * *"), notes("0 0 ? * FRI"), notes("0 0 13 * ?")]).toEqual(["", "", ""]);
});

it("says how a range over the end was read", () => {
  expect(notes("0 22-2 * * *")).toContain('"22-2" runs over the end of its range; read as 0-2,22-23.');
  expect(notes("0 0 * * fri-mon")).toContain("SUN,MON,FRI,SAT");
  expect(notes("0 0 * * SAT-SUN")).toBe("");
});

it("says that a step which does not divide its field begins anew", () => {
  expect(notes("*/45 * * * *")).toContain("*/45 in the minute field");
  expect(notes("0 0 */2 * *")).toContain("*/2 in the day of the month field");
  expect([notes("*/15 * * * *"), notes("0 */6 * * *"), notes("5-50/7 * * * *")]).toEqual(["", "", ""]);
});
