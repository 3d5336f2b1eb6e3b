/** Reads one item of a cron field: `5`, `1-5`, `22-2/2`, `L`, `15W`, `MON#2`, `FRIL`. Pure. */
import { ok, type Result } from "../result.ts";
import { type CronField, MONTH_DAY, WEEKDAY } from "./cron-field.ts";
import { readStep } from "./cron-step.ts";
import { type CronTrouble, type Piece, quoted, trouble } from "./cron-trouble.ts";
import type { NthWeekday } from "./month-days.ts";

export type CronItem =
  | { readonly kind: "all" }
  | { readonly kind: "value"; readonly value: number }
  /** from <= to; of a field of days, stepped ones only: its plain ranges are values. */
  | { readonly kind: "range"; readonly from: number; readonly to: number; readonly step: number }
  | { readonly kind: "last-day" }
  | { readonly kind: "last-workday" }
  | { readonly kind: "nearest-workday"; readonly day: number }
  | ({ readonly kind: "nth-weekday" } & NthWeekday)
  | { readonly kind: "last-weekday"; readonly weekday: number };

export type ItemReading = Result<readonly CronItem[], CronTrouble>;

const DIGITS = /^\d{1,4}$/;
const STEP_OF_ONE = /\/0*1$/;
const NTH_MAX = 5;

/** Reads one item; a range over the end of its field becomes two. */
export function readItem(piece: Piece, field: CronField): ItemReading {
  const text = piece.text.toUpperCase();
  const special = readSpecial(piece, text, field);
  if (special) return special;
  const slash = text.indexOf("/");
  const base = slash < 0 ? text : text.slice(0, slash);
  if (base === "*" && (slash < 0 || STEP_OF_ONE.test(text))) return ok([{ kind: "all" }]);
  if (base === "*") return readStep(piece, field.min, field.max, field);
  const dash = base.indexOf("-", 1);
  if (dash < 0) {
    const value = readValue(piece, base, field);
    if (!value.ok) return value;
    if (slash >= 0) return readStep(piece, normalised(value.value, field), field.max, field);
    return ok([{ kind: "value", value: normalised(value.value, field) }]);
  }
  const from = readValue(piece, base.slice(0, dash), field);
  if (!from.ok) return from;
  const to = readValue(piece, base.slice(dash + 1), field);
  if (!to.ok) return to;
  return readStep(piece, from.value, to.value, field);
}

/** What is neither a number, a name, a range nor a step; undefined when the item is none of these. */
function readSpecial(piece: Piece, text: string, field: CronField): ItemReading | undefined {
  if (text.includes("~") || /^H($|[^A-Z])/.test(text)) {
    return trouble(piece, {
      reason: "unsupported",
      message: `${quoted(piece.text)} asks for a time by chance, which would differ at every reading; use the spread of the schedule.`,
      expected: field.expected,
      replacements: [String(field.min)],
    });
  }
  if (text.includes("?")) return readQuestionMark(piece, text, field);
  if (field === MONTH_DAY) return readMonthDaySpecial(piece, text);
  if (field === WEEKDAY) return readWeekdaySpecial(piece, text);
  return undefined;
}

function readQuestionMark(piece: Piece, text: string, field: CronField): ItemReading {
  if (text === "?" && (field === MONTH_DAY || field === WEEKDAY)) return ok([{ kind: "all" }]);
  return trouble(piece, {
    reason: "unsupported",
    message: `"?" may only stand alone, in the day of the month or the day of the week.`,
    expected: field.expected,
    replacements: [text.replaceAll("?", "*"), "*"],
  });
}

function readMonthDaySpecial(piece: Piece, text: string): ItemReading | undefined {
  if (text === "L") return ok([{ kind: "last-day" }]);
  if (text === "LW" || text === "WL") return ok([{ kind: "last-workday" }]);
  if (/^L-\d+W?$/.test(text)) {
    return trouble(piece, {
      reason: "unsupported",
      message: `${quoted(piece.text)}: days counted from the end of the month are not supported.`,
      expected: MONTH_DAY.expected,
      replacements: ["L", "28"],
    });
  }
  if (!/^.+W$/.test(text)) return undefined;
  const day = readValue(piece, text.slice(0, -1), MONTH_DAY);
  return day.ok ? ok([{ kind: "nearest-workday", day: day.value }]) : day;
}

function readWeekdaySpecial(piece: Piece, text: string): ItemReading | undefined {
  const hash = text.indexOf("#");
  if (hash >= 0) {
    const weekday = readValue(piece, text.slice(0, hash), WEEKDAY);
    if (!weekday.ok) return weekday;
    const nth = Number(text.slice(hash + 1));
    if (/^\d$/.test(text.slice(hash + 1)) && nth >= 1 && nth <= NTH_MAX) {
      return ok([{ kind: "nth-weekday", weekday: weekday.value % 7, nth }]);
    }
    return trouble(piece, {
      reason: "out_of_range",
      message: `${quoted(piece.text)}: a month has a first to a fifth of each weekday.`,
      expected: "a number from 1 to 5 after #",
      replacements: [`${text.slice(0, hash)}#1`, `${text.slice(0, hash)}L`],
    });
  }
  if (text === "L") {
    return trouble(piece, {
      reason: "ambiguous",
      message: `"L" in the day of the week does not say which weekday is meant.`,
      expected: "a weekday before L, such as FRIL",
      replacements: ["FRIL", "SATL"],
    });
  }
  if (!/^(\d+|[A-Z]{3,})L$/.test(text)) return undefined;
  const weekday = readValue(piece, text.slice(0, -1), WEEKDAY);
  return weekday.ok ? ok([{ kind: "last-weekday", weekday: weekday.value % 7 }]) : weekday;
}

/** A number or a name as it is written: 7 stays 7. */
function readValue(piece: Piece, text: string, field: CronField): Result<number, CronTrouble> {
  const value = DIGITS.test(text) ? Number(text) : field.names.get(text);
  if (value !== undefined && value >= field.min && value <= field.maxWritten) return ok(value);
  const isNumber = /^-?\d+$/.test(text);
  // 60 and 24 mean the next hour or day to people who write them.
  const nearest = Number(text) < field.min || (field.isClock && Number(text) === field.max + 1) ? field.min : field.max;
  return trouble(piece, {
    reason: isNumber ? "out_of_range" : "not_understood",
    message: isNumber
      ? `${quoted(text)} is out of range for the ${field.name} field.`
      : `${quoted(piece.text)} cannot be read in the ${field.name} field.`,
    expected: field.expected,
    replacements: isNumber ? [String(nearest), field.example] : [field.example],
  });
}

const normalised = (value: number, field: CronField): number => (field === WEEKDAY ? value % 7 : value);
