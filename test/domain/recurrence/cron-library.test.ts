import { expect, it } from "vitest";
import { CRON_FIELDS } from "../../../src/domain/recurrence/cron-field.ts";
import { type CronItem, readItem } from "../../../src/domain/recurrence/cron-item.ts";
import { expandFields } from "../../../src/domain/recurrence/cron-library.ts";

const expand = (text: string) => {
  const items = text.split(" ").map((piece, index): readonly CronItem[] => {
    const field = CRON_FIELDS[index];
    const reading = field ? readItem({ text: piece, position: 0 }, field) : undefined;
    return reading?.ok ? reading.value : [];
  });
  return expandFields((field) => items[CRON_FIELDS.indexOf(field)] ?? []);
};

it("cron-parser expands every field", () => {
  expect(expand("0 */30 9-10 1-3 JAN-MAR MON-WED")).toEqual({
    seconds: [0],
    minutes: [0, 30],
    hours: [9, 10],
    monthDays: [1, 2, 3],
    months: [1, 2, 3],
    weekdays: [1, 2, 3],
  });
});

it("what cron-parser cannot read is left to us", () => {
  expect(expand("0 0 0 15W * 1#1")).toMatchObject({ monthDays: [], weekdays: [] });
});

it("a day that its month never has is let through, since a weekday may be given too", () => {
  expect(expand("0 0 0 31 4 1")).toMatchObject({ monthDays: [31], months: [4], weekdays: [1] });
});
