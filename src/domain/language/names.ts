/** English names of weekdays and months, and times as people write them. Pure. */
import { HOUR_S, MINUTE_S } from "./seconds.ts";

const WEEKDAY_NAMES = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
const MONTH_NAMES = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** English name of a weekday, 0 = Sunday. */
export const weekdayName = (weekday: number): string => WEEKDAY_NAMES[weekday] ?? "";

/** English name of a month, 1 = January. */
export const monthName = (month: number): string => MONTH_NAMES[month - 1] ?? "";

/** `9:00 AM`, `9:05:30 PM`: a time of day given in seconds after midnight. */
export function timeText(second: number): string {
  const hour = Math.floor(second / HOUR_S);
  const rest = [Math.floor(second / MINUTE_S) % 60, second % MINUTE_S].map((part) => String(part).padStart(2, "0"));
  if (rest[1] === "00") rest.pop();
  return `${hour % 12 || 12}:${rest.join(":")} ${hour < 12 ? "AM" : "PM"}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listText(items: readonly string[], join = "and"): string {
  if (items.length <= 1) return items[0] ?? "";
  return `${items.slice(0, -1).join(", ")} ${join} ${items.at(-1)}`;
}

/** `2` -> `2nd`, `L` -> `last`. */
export function ordinalText(nth: number | "L"): string {
  if (nth === "L") return "last";
  const teen = nth % 100 >= 11 && nth % 100 <= 13;
  const ending = teen ? "th" : (["th", "st", "nd", "rd"][nth % 10] ?? "th");
  return `${nth}${ending}`;
}

const LENGTHS: readonly (readonly [number, string])[] = [
  [365 * 86_400_000, "year"],
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
  [1_000, "second"],
  [1, "millisecond"],
];

/** `3 days`: a length in milliseconds in its largest unit, rounded down. */
export function lengthText(length: number): string {
  const [size, unit] = LENGTHS.find(([each]) => length >= each) ?? [1, "millisecond"];
  const count = Math.floor(length / size);
  return countText(count, unit);
}

/** `1 minute`, `2 minutes`. */
export const countText = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? "" : "s"}`;
