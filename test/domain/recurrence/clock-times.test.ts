import fc from "fast-check";
import { expect, it } from "vitest";
import { ClockTimes, NO_TIME } from "../../../src/domain/recurrence/clock-times.ts";

const values = (max: number) =>
  fc.uniqueArray(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 8 }).map((list) => list.sort((a, b) => a - b));

it("the nearest listed time on either side is the one that a search through all of them finds", () => {
  fc.assert(
    fc.property(
      values(23),
      values(59),
      values(59),
      fc.integer({ min: 0, max: 86_399 }),
      (hours, minutes, seconds, time) => {
        const listed = hours.flatMap((hour) =>
          minutes.flatMap((minute) => seconds.map((second) => hour * 3600 + minute * 60 + second)),
        );
        const times = new ClockTimes(hours, minutes, seconds);
        expect(times.from(time)).toBe(listed.find((each) => each >= time) ?? NO_TIME);
        expect(times.upTo(time)).toBe(listed.findLast((each) => each <= time) ?? NO_TIME);
        expect([times.first, times.last]).toEqual([listed[0], listed.at(-1)]);
      },
    ),
    { numRuns: 500 },
  );
});
