/**
 * Reads a cron line: five fields, or six with seconds first, or a macro (the dialect: DESIGN.md 4.4 and 4.5). Pure.
 *
 * cron-parser validates the fields and expands them, after everything it would misread has been rewritten or refused:
 * it fills up missing fields, refuses values named twice, and does not know `W` or lists of `#`.
 */
import type { Refusal } from "../language/interpretation.ts";
import { fail, ok, type Result } from "../result.ts";
import {
  CRON_FIELDS,
  type CronField,
  HOUR,
  MINUTE,
  MONTH,
  MONTH_DAY,
  monthName,
  SECOND,
  WEEKDAY,
} from "./cron-field.ts";
import { type CronItem, readItem } from "./cron-item.ts";
import { expandFields } from "./cron-library.ts";
import { notesOf } from "./cron-note.ts";
import { readShape } from "./cron-shape.ts";
import { valuesOf } from "./cron-step.ts";
import { canonicalItems, fieldText } from "./cron-text.ts";
import { type CronTrouble, type Piece, quoted, trouble } from "./cron-trouble.ts";
import { type DaySelection, everSelects } from "./month-days.ts";

export interface CronLine {
  /** Canonical text: five fields, or six when the seconds are not 0. Reading it gives the same line again. */
  readonly text: string;
  /** `*`, a range or a step in second, minute or hour: it runs whenever the clock matches (DESIGN.md 4.6). */
  readonly spaced: boolean;
  /** Sorted, unique. */
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: DaySelection;
  /** Sentences for a person about what was read otherwise than some would expect. */
  readonly notes: readonly string[];
}

/** One field as it was read: the items in canonical order, and the text they came from. */
export interface ReadField {
  readonly field: CronField;
  readonly piece: Piece;
  readonly items: readonly CronItem[];
}

/** Lines that are kept for the next time the same text is read, oldest dropped. */
const LINES_MAX = 1_024;
/** What a field that cannot be mended is replaced by in a suggestion. */
const PLAIN_EXAMPLE = "0 9 * * *";
const SUGGESTIONS_MAX = 2;
const ZERO_SECONDS: Piece = { text: "0", position: 0 };

const linesRead = new Map<string, CronLine>();

/**
 * Reads a cron line. The refusal says where the trouble is, what is expected there, and one or two expressions that are
 * accepted. What never happens (30 February) is refused as `never_occurs`.
 */
export function readCron(text: string): Result<CronLine, Refusal> {
  const known = linesRead.get(text);
  if (known) return ok(known);
  const line = readLine(text);
  if (!line.ok) return fail(refusalOf(text, line.error));
  if (linesRead.size >= LINES_MAX) for (const oldest of linesRead.keys()) if (linesRead.delete(oldest)) break;
  linesRead.set(text, line.value);
  return line;
}

/** The line of a text that was read before, when its schedule was saved; throws when it cannot be read after all. */
export function cronLine(text: string): CronLine {
  const line = readCron(text);
  if (line.ok) return line.value;
  throw new Error(`A saved cron line cannot be read: ${line.error.message}`);
}

function readLine(text: string): Result<CronLine, CronTrouble> {
  const shape = readShape(text);
  if (!shape.ok) return shape;
  const pieces = shape.value.length === CRON_FIELDS.length ? shape.value : [ZERO_SECONDS, ...shape.value];
  const fields: ReadField[] = [];
  for (const [index, field] of CRON_FIELDS.entries()) {
    const piece = pieces[index] ?? ZERO_SECONDS;
    const items = readField(piece, field);
    if (!items.ok) return items;
    fields.push({ field, piece, items: items.value });
  }
  return lineOf(fields);
}

function readField(piece: Piece, field: CronField): Result<readonly CronItem[], CronTrouble> {
  const items: CronItem[] = [];
  let position = piece.position;
  for (const text of piece.text.split(",")) {
    if (text === "") return emptyItem(piece, position, field);
    const read = readItem({ text, position }, field);
    if (!read.ok) return read;
    items.push(...read.value);
    position += text.length + 1;
  }
  return ok(canonicalItems(items, field));
}

/** The comma too many is what is in the way: the one before the place, or after it at the start of the field. */
function emptyItem(piece: Piece, position: number, field: CronField): Result<never, CronTrouble> {
  return trouble(
    { text: ",", position: Math.max(position - 1, piece.position) },
    {
      reason: "not_understood",
      message: `A list of the ${field.name} field has an empty item.`,
      expected: field.expected,
      replacements: [""],
    },
  );
}

function lineOf(fields: readonly ReadField[]): Result<CronLine, CronTrouble> {
  const itemsOf = (field: CronField): readonly CronItem[] => fields.find((each) => each.field === field)?.items ?? [];
  const expanded = expandFields(itemsOf);
  const monthDays = itemsOf(MONTH_DAY);
  const weekdays = itemsOf(WEEKDAY);
  const days: DaySelection = {
    months: expanded.months,
    restrictsMonthDays: !isAll(monthDays),
    monthDays: expanded.monthDays,
    lastDay: monthDays.some((item) => item.kind === "last-day"),
    nearestWorkdays: monthDays.flatMap((item) => (item.kind === "nearest-workday" ? [item.day] : [])),
    lastWorkday: monthDays.some((item) => item.kind === "last-workday"),
    restrictsWeekdays: !isAll(weekdays),
    weekdays: expanded.weekdays,
    nthWeekdays: weekdays.flatMap((item) => (item.kind === "nth-weekday" ? [item] : [])),
    lastWeekdays: weekdays.flatMap((item) => (item.kind === "last-weekday" ? [item.weekday] : [])),
  };
  if (!everSelects(days)) return neverOccurs(fields);
  const texts = fields.map(({ field, items }) => fieldText(items, field));
  const spaced = [SECOND, MINUTE, HOUR].some((field) => itemsOf(field).some((item) => item.kind !== "value"));
  const { seconds, minutes, hours } = expanded;
  const text = (texts[0] === "0" ? texts.slice(1) : texts).join(" ");
  return ok({ text, spaced, seconds, minutes, hours, days, notes: notesOf(fields) });
}

const isAll = (items: readonly CronItem[]): boolean => items.some((item) => item.kind === "all");

function neverOccurs(fields: readonly ReadField[]): Result<never, CronTrouble> {
  const days = fields.find(({ field }) => field === MONTH_DAY)?.piece ?? ZERO_SECONDS;
  const months = valuesOf(fields.find(({ field }) => field === MONTH)?.items ?? []).map(monthName);
  return trouble(days, {
    reason: "never_occurs",
    message: `No such day ever comes: ${months.join(", ")} ${months.length === 1 ? "has" : "have"} no day ${quoted(days.text)}.`,
    expected: "a day that the month has in some year",
    replacements: ["L", "28"],
  });
}

/** Keeps of the suggestions those that are accepted themselves. */
function refusalOf(text: string, { replacements, instead, ...refusal }: CronTrouble): Refusal {
  const { position, length } = refusal;
  const mended = replacements.map((piece) => (text.slice(0, position) + piece + text.slice(position + length)).trim());
  const isCron = (candidate: string): boolean => !candidate.startsWith("every ");
  const accepted = [...new Set([...mended, ...instead])].filter((each) => !isCron(each) || readLine(each).ok);
  return { ...refusal, suggestions: accepted.length > 0 ? accepted.slice(0, SUGGESTIONS_MAX) : [PLAIN_EXAMPLE] };
}
