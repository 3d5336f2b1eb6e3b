/** The fields of a canonical cron line, taken apart for describing. Pure. */
import type { DayFields, TimeFields } from "./line.ts";

/** The six fields of a line as texts. */
export interface ParsedLine extends TimeFields, DayFields {}

/** Splits a canonical line into its fields; seconds are `0` when there are five. */
export function parseLine(line: string): ParsedLine {
  const fields = line.split(" ");
  if (fields.length === 5) fields.unshift("0");
  const [second = "0", minute = "*", hour = "*", monthDay = "*", month = "*", weekday = "*"] = fields;
  return { second, minute, hour, monthDay, month, weekday };
}

/** The numbers of a list field, or undefined when it has a range, a step or `*`. */
export const listed = (field: string): number[] | undefined =>
  /^\d+(,\d+)*$/.test(field) ? field.split(",").map(Number) : undefined;

/** n of a step over the whole field, 1 for `*`, or undefined. */
export function stepOf(field: string): number | undefined {
  if (field === "*") return 1;
  const match = /^\*\/(\d+)$/.exec(field);
  return match === null ? undefined : Number(match[1]);
}

/** A range with its step: `9-17`, `9-17/2`, and `9` as a range of one. */
export interface SteppedRange {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** The field as one range, or undefined. */
export function rangeOf(field: string): SteppedRange | undefined {
  const match = /^(\d+)(?:-(\d+)(?:\/(\d+))?)?$/.exec(field);
  if (match === null) return undefined;
  return { from: Number(match[1]), to: Number(match[2] ?? match[1]), step: Number(match[3] ?? 1) };
}
