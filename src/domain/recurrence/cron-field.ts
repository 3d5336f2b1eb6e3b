/** The six fields of a cron line: their ranges and names (DESIGN.md 4.5). Pure. */

export type FieldName = "second" | "minute" | "hour" | "day of the month" | "month" | "day of the week";

export interface CronField {
  readonly name: FieldName;
  /** What a refusal asks for. */
  readonly expected: string;
  /** What a suggestion puts in place of something that cannot be mended. */
  readonly example: string;
  readonly min: number;
  readonly max: number;
  /** The largest number that may be written: 7 is Sunday too. */
  readonly maxWritten: number;
  /** Values by name: three letters, and the longer forms people write. Upper case. */
  readonly names: ReadonlyMap<string, number>;
  /** Names by value, for canonical text; empty when numbers are written. */
  readonly canonicalNames: readonly string[];
  /** A range or step in these makes a line spaced, so lists and ranges must stay what they are. */
  readonly isClock: boolean;
}

export const WEEKDAY_NAMES = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] as const;
const WEEKDAYS_LONG = ["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"];
const WEEKDAYS_OTHER: readonly (readonly [string, number])[] = [
  ["TUES", 2],
  ["WEDS", 3],
  ["THUR", 4],
  ["THURS", 4],
];
const MONTHS_LONG = [
  "JANUARY",
  "FEBRUARY",
  "MARCH",
  "APRIL",
  "MAY",
  "JUNE",
  "JULY",
  "AUGUST",
  "SEPTEMBER",
  "OCTOBER",
  "NOVEMBER",
  "DECEMBER",
];

const shortAndLong = (names: readonly string[], first: number): (readonly [string, number])[] =>
  names.flatMap((name, index): (readonly [string, number])[] => [
    [name.slice(0, 3), index + first],
    [name, index + first],
  ]);

const NO_NAMES: ReadonlyMap<string, number> = new Map();

const clockField = (name: FieldName, expected: string, example: string, max: number): CronField => ({
  name,
  expected,
  example,
  min: 0,
  max,
  maxWritten: max,
  names: NO_NAMES,
  canonicalNames: [],
  isClock: true,
});

export const SECOND = clockField("second", "a second from 0 to 59", "0", 59);
export const MINUTE = clockField("minute", "a minute from 0 to 59", "0", 59);
export const HOUR = clockField("hour", "an hour from 0 to 23", "9", 23);

export const MONTH_DAY: CronField = {
  name: "day of the month",
  expected: "a day of the month from 1 to 31, L for the last one, or 15W for the nearest working day",
  example: "1",
  min: 1,
  max: 31,
  maxWritten: 31,
  names: NO_NAMES,
  canonicalNames: [],
  isClock: false,
};

export const MONTH: CronField = {
  name: "month",
  expected: "a month from 1 to 12 or JAN to DEC",
  example: "1",
  min: 1,
  max: 12,
  maxWritten: 12,
  names: new Map([...shortAndLong(MONTHS_LONG, 1), ["SEPT", 9]]),
  canonicalNames: [],
  isClock: false,
};

export const WEEKDAY: CronField = {
  name: "day of the week",
  expected: "a weekday from 0 to 7 or SUN to SAT, MON#2 for the second Monday, or FRIL for the last Friday",
  example: "MON-FRI",
  min: 0,
  max: 6,
  maxWritten: 7,
  names: new Map([...shortAndLong(WEEKDAYS_LONG, 0), ...WEEKDAYS_OTHER]),
  // Numbers of weekdays differ between dialects (Quartz and AWS count from 1), names do not.
  canonicalNames: WEEKDAY_NAMES,
  isClock: false,
};

/** `February`. */
export function monthName(month: number): string {
  const name = MONTHS_LONG[month - 1] ?? String(month);
  return name.charAt(0) + name.slice(1).toLowerCase();
}

/** In the order of a line with seconds. */
export const CRON_FIELDS: readonly CronField[] = [SECOND, MINUTE, HOUR, MONTH_DAY, MONTH, WEEKDAY];
