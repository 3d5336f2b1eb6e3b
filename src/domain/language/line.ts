/** Cron text out of parts: the canonical spelling that `recurrence/cron.ts` also answers with. Pure. */
import type { MonthDay, OrdinalWeekday, Piece } from "./phrase.ts";

/** Fields of one cron line; `second` is left out of the text when it is `0`. */
export interface TimeFields {
  readonly second: string;
  readonly minute: string;
  readonly hour: string;
}

/** The fields of days; all three `*` is every day. */
export interface DayFields {
  readonly monthDay: string;
  readonly month: string;
  readonly weekday: string;
}

const WEEKDAY_CODES = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] as const;

/** `MON`, 0 = Sunday. */
export const weekdayCode = (weekday: number): string => WEEKDAY_CODES[weekday] ?? "";

/** One cron line. */
export function cronLine(time: TimeFields, day: DayFields): string {
  const fields = [time.minute, time.hour, day.monthDay, day.month, day.weekday];
  if (time.second !== "0") fields.unshift(time.second);
  return fields.join(" ");
}

/** A sorted list of numbers, `*` when it is empty. */
export function numberField(values: Iterable<number>): string {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  return sorted.length === 0 ? "*" : sorted.join(",");
}

/** Fewer values in a row are written as a list, as `recurrence/cron-text.ts` does. */
const SHORTEST_RUN = 3;

/** Days or months as sorted values, runs of three and more as ranges; `*` when all are named. */
function valueText(values: readonly number[], whole: number, name: (value: number) => string): string[] {
  if (values.length === whole) return ["*"];
  const texts: string[] = [];
  for (let index = 0; index < values.length; ) {
    const first = values[index] ?? 0;
    let run = 1;
    while (values[index + run] === first + run) run += 1;
    const length = run < SHORTEST_RUN ? 1 : run;
    texts.push(length === 1 ? name(first) : `${name(first)}-${name(first + run - 1)}`);
    index += length;
  }
  return texts;
}

const fieldOf = (texts: readonly string[]): string => [...new Set(texts)].join(",") || "*";

/** Days of the month, `*` when there are none. */
export function monthDayField(days: readonly MonthDay[]): string {
  const pieces = days.filter((day) => typeof day !== "string");
  const named = (["1W", "L", "LW"] as const).filter((name) => days.includes(name));
  return fieldOf([...valueText(spread(pieces, 1, 31), 31, String), ...named]);
}

/** Months, `*` when there are none. */
export const monthField = (months: readonly Piece[]): string => fieldOf(valueText(spread(months, 1, 12), 12, String));

/** Weekdays and ordinal weekdays, `*` when there are none. */
export function weekdayField(weekdays: readonly Piece[], ordinals: readonly OrdinalWeekday[]): string {
  const order = ({ nth, weekday }: OrdinalWeekday): number => (nth === "L" ? LAST_ORDER : nth * 10) + weekday;
  const named = [...ordinals].sort((a, b) => order(a) - order(b));
  return fieldOf([
    ...valueText(spread(weekdays, 0, 6), 7, weekdayCode),
    ...named.map(({ nth, weekday }) => weekdayCode(weekday) + (nth === "L" ? "L" : `#${nth}`)),
  ]);
}

/** The last weekdays of the month are written after all numbered ones. */
const LAST_ORDER = 100;

/** Every value a list of pieces names, ranges (also wrapping ones) spread out. */
export function spread(pieces: readonly Piece[], first: number, last: number): number[] {
  const values = new Set<number>();
  for (const { from, to } of unwrap(pieces, first, last)) {
    for (let value = from; value <= to; value += 1) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

/** Wrapping ranges as two that do not: November to February -> 1-2 and 11-12. */
function unwrap(pieces: readonly Piece[], first: number, last: number): Piece[] {
  return pieces.flatMap((piece) =>
    piece.from <= piece.to
      ? [piece]
      : [
          { from: first, to: piece.to },
          { from: piece.from, to: last },
        ],
  );
}
