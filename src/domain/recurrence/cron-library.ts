/** The one place that speaks to cron-parser. Pure: it is given a date, else it would read the clock. */
import { CronExpressionParser } from "cron-parser";
import { type CronField, HOUR, MINUTE, MONTH, MONTH_DAY, SECOND, WEEKDAY } from "./cron-field.ts";
import type { CronItem } from "./cron-item.ts";
import { numericText } from "./cron-text.ts";

/** The values of each field, sorted; without `L`, `W` and `#`, which are ours. */
export interface ExpandedFields {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly monthDays: readonly number[];
  readonly months: readonly number[];
  readonly weekdays: readonly number[];
}

/** Any date: nothing is computed from it. */
const SOME_DATE = new Date(0);

/**
 * Has cron-parser validate and expand the fields. It throws for what it refuses; that would be a fault of our own
 * reading, which is stricter. Days and months are read apart, since it refuses 31 April even where a weekday is given too.
 */
export function expandFields(itemsOf: (field: CronField) => readonly CronItem[]): ExpandedFields {
  const text = (field: CronField): string => numericText(itemsOf(field)) || "*";
  const clock = [SECOND, MINUTE, HOUR].map(text).join(" ");
  const { fields } = parse(`${clock} ${text(MONTH_DAY)} * ${text(WEEKDAY)}`);
  const months = text(MONTH) === "*" ? fields.month : parse(`0 0 0 * ${text(MONTH)} *`).fields.month;
  const hasNone = (field: CronField): boolean => numericText(itemsOf(field)) === "";
  return {
    seconds: numbers(fields.second.values),
    minutes: numbers(fields.minute.values),
    hours: numbers(fields.hour.values),
    monthDays: hasNone(MONTH_DAY) ? [] : numbers(fields.dayOfMonth.values),
    months: numbers(months.values),
    weekdays: hasNone(WEEKDAY) ? [] : [...new Set(numbers(fields.dayOfWeek.values).map((day) => day % 7))],
  };
}

const parse = (text: string) => CronExpressionParser.parse(text, { currentDate: SOME_DATE, tz: "UTC" });

const numbers = (values: readonly (number | string)[]): readonly number[] =>
  values.map(Number).sort((one, other) => one - other);
