/** Fields are spelt as the cron reader spells them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cronLine,
  monthDayField,
  monthField,
  numberField,
  spread,
  weekdayField,
} from "../../../src/domain/language/line.ts";
import { readCron } from "../../../src/domain/recurrence/cron.ts";

const one = (value: number) => ({ from: value, to: value });

describe("cron fields", () => {
  it("are sorted, unique, and ranges from three values in a row", () => {
    expect(numberField([30, 0, 30])).toBe("0,30");
    expect(weekdayField([{ from: 5, to: 1 }], [])).toBe("SUN,MON,FRI,SAT");
    expect(weekdayField([{ from: 1, to: 5 }], [])).toBe("MON-FRI");
    expect(
      weekdayField(
        [],
        [
          { nth: "L", weekday: 5 },
          { nth: 1, weekday: 1 },
        ],
      ),
    ).toBe("MON#1,FRIL");
    expect(monthField([{ from: 11, to: 2 }])).toBe("1,2,11,12");
    expect(monthDayField([one(15), one(1), "L"])).toBe("1,15,L");
    expect(spread([{ from: 6, to: 0 }], 0, 6)).toEqual([0, 6]);
  });

  it("are what reading the line gives again", () => {
    const days = fc.array(fc.integer({ min: 1, max: 28 }), { maxLength: 8 });
    const months = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 6 });
    const weekdays = fc.array(fc.nat(6), { maxLength: 6 });
    fc.assert(
      fc.property(days, months, weekdays, (monthDays, inMonths, onWeekdays) => {
        const line = cronLine(
          { second: "0", minute: "0", hour: "9" },
          {
            monthDay: monthDayField(monthDays.map(one)),
            month: monthField(inMonths.map(one)),
            weekday: weekdayField(onWeekdays.map(one), []),
          },
        );
        const read = readCron(line);
        expect(read.ok ? read.value.text : read.error.message).toBe(line);
      }),
    );
  });
});
