/** Cron lines by chance, well formed for the most part, in the dialect that croner reads too. */
import fc from "fast-check";

const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const number = (min: number, max: number): fc.Arbitrary<string> => fc.integer({ min, max }).map(String);

function range(min: number, max: number): fc.Arbitrary<string> {
  return fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map(([one, other]) => {
    return `${Math.min(one, other)}-${Math.max(one, other)}`;
  });
}

const step = (max: number): fc.Arbitrary<string> => number(2, Math.floor(max / 2)).map((each) => `*/${each}`);

const list = (item: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(","));

function field(min: number, max: number): fc.Arbitrary<string> {
  return fc.oneof(fc.constant("*"), list(fc.oneof(number(min, max), range(min, max))), step(max));
}

const monthDay = fc.oneof(
  { weight: 3, arbitrary: fc.constant("*") },
  { weight: 3, arbitrary: field(1, 31) },
  { weight: 2, arbitrary: fc.constantFrom("L", "LW", "1W", "15W", "31W", "1,15,L") },
);

const weekday = fc.oneof(
  { weight: 3, arbitrary: fc.constant("*") },
  { weight: 2, arbitrary: list(fc.constantFrom(...WEEKDAYS, "0", "7", "MON-FRI", "2-4")) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...WEEKDAYS), fc.integer({ min: 1, max: 5 })).map((each) => each.join("#")),
  },
  { weight: 1, arbitrary: fc.constantFrom("FRIL", "0L", "1#1,1#3") },
);

/** Five fields. */
export const anyLine: fc.Arbitrary<string> = fc
  .tuple(field(0, 59), field(0, 23), monthDay, field(1, 12), weekday)
  .map((fields) => fields.join(" "));
