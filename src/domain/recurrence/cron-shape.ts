/** What a cron text looks like as a whole, before its fields are read: macros, number of fields, foreign dialects. Pure. */
import { EXPRESSION_MAX_LENGTH } from "../language/interpretation.ts";
import { ok, type Result } from "../result.ts";
import { type CronTrouble, type Piece, quoted, trouble } from "./cron-trouble.ts";

const DIALECT = "five fields (minute, hour, day of the month, month, day of the week), or six with seconds first";
const FIELDS_WITH_SECONDS = 6;
const FIELDS_WITHOUT_SECONDS = 5;

const MACROS: ReadonlyMap<string, string> = new Map([
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
  ["@monthly", "0 0 1 * *"],
  ["@weekly", "0 0 * * 0"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
]);
const OTHER_MACROS: ReadonlyMap<string, string> = new Map([
  ["@minutely", "* * * * *"],
  ["@secondly", "* * * * * *"],
  ["@weekdays", "0 0 * * MON-FRI"],
  ["@weekends", "0 0 * * SUN,SAT"],
]);
const EVERY_UNITS: ReadonlyMap<string, string> = new Map([
  ["s", "seconds"],
  ["m", "minutes"],
  ["h", "hours"],
]);

const ZONE_PREFIX = /^(CRON_)?TZ=\S*\s*/i;
/** A field: digits, marks, `L`, `W`, `H`, and three letters or more for names. */
const FIELD_SHAPE = /^([\d*?/,.~#+-]|[LWH](?![a-z])|[a-z]{3,9}(?![a-z]))+$/i;
const CLOCK_FIELD_SHAPE = /^([\d*?/,.~+-]|H(\(\d+-\d+\))?(?![a-z]))+$/i;

/**
 * Whether a text is meant as cron, well formed or not, so that it gets a cron refusal and is read as nothing else: a
 * macro, a zone prefix, a field that begins with a mark, or four fields and more whose first three are of digits and marks.
 */
export function looksLikeCron(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed.startsWith("@") || ZONE_PREFIX.test(trimmed)) return true;
  const fields = trimmed.split(/\s+/);
  if (fields.some((field) => /^[*?]/.test(field))) return true;
  const clock = fields.slice(0, 3);
  return (
    fields.length >= 4 && clock.every((field) => CLOCK_FIELD_SHAPE.test(field)) && FIELD_SHAPE.test(fields[3] ?? "")
  );
}

/** Cuts the text into its five or six fields; a macro into those it stands for. */
export function readShape(text: string): Result<readonly Piece[], CronTrouble> {
  const start = text.length - text.trimStart().length;
  const whole = { text: text.trim(), position: start };
  if (whole.text === "") {
    return trouble(whole, {
      reason: "empty",
      message: "There is no expression.",
      expected: DIALECT,
      instead: ["0 9 * * *"],
    });
  }
  if (whole.text.length > EXPRESSION_MAX_LENGTH) {
    return trouble(whole, {
      reason: "too_long",
      message: `The expression has more than ${EXPRESSION_MAX_LENGTH} characters.`,
      expected: DIALECT,
    });
  }
  const newline = text.slice(0, start + whole.text.length).search(/[\r\n]/);
  if (newline >= start) {
    return trouble(
      { text: text[newline] ?? "", position: newline },
      {
        reason: "not_understood",
        message: "An expression is one line.",
        expected: DIALECT,
        instead: [whole.text.split(/[\r\n]/)[0]?.trim() ?? ""],
      },
    );
  }
  if (whole.text.startsWith("@")) return readMacro(whole);
  const prefix = ZONE_PREFIX.exec(whole.text)?.[0];
  if (prefix !== undefined) {
    return trouble(
      { text: prefix, position: start },
      {
        reason: "unsupported",
        message: `${quoted(prefix.trim())}: the time zone is a field of the schedule, not a part of the cron text.`,
        expected: DIALECT,
        replacements: [""],
      },
    );
  }
  return readFieldCount(whole, pieces(text));
}

const pieces = (text: string): Piece[] =>
  [...text.matchAll(/\S+/g)].map((match) => ({ text: match[0], position: match.index }));

function readMacro(whole: Piece): Result<readonly Piece[], CronTrouble> {
  const name = whole.text.toLowerCase();
  const meant = MACROS.get(name);
  // The fields of a macro have no place of their own in the text.
  if (meant !== undefined) return ok(pieces(meant).map((piece) => ({ ...piece, position: whole.position })));
  const every = /^@every\s+(\d+)([smh])$/.exec(name);
  const near = OTHER_MACROS.get(name);
  const instead = every ? [`every ${every[1]} ${EVERY_UNITS.get(every[2] ?? "m")}`] : [];
  return trouble(whole, {
    reason: "unsupported",
    message: `${quoted(whole.text)} is not one of the macros.`,
    expected: `${[...MACROS.keys()].join(", ")}, or ${DIALECT}`,
    replacements: near === undefined ? [] : [near],
    instead: name.startsWith("@every") && !every ? ["every 5 minutes"] : instead,
  });
}

function readFieldCount(whole: Piece, fields: readonly Piece[]): Result<readonly Piece[], CronTrouble> {
  const count = fields.length;
  const last = fields.at(-1) ?? whole;
  if (/^\d{4}(-\d{4})?$/.test(last.text) && count >= FIELDS_WITH_SECONDS) {
    const without = fields.slice(0, -1).map((field) => field.text);
    return trouble(last, {
      reason: "unsupported",
      message: `${quoted(last.text)} looks like a year: a line has none. Six fields are read with seconds first.`,
      expected: DIALECT,
      instead: [without.join(" ")],
    });
  }
  if (count === FIELDS_WITH_SECONDS || count === FIELDS_WITHOUT_SECONDS) return ok(fields);
  const texts = fields.map((field) => field.text);
  const filled = [...texts, ...Array.from({ length: FIELDS_WITHOUT_SECONDS }, () => "*")].slice(
    0,
    FIELDS_WITHOUT_SECONDS,
  );
  return trouble(whole, {
    reason: "not_understood",
    message: `A cron line has five fields or six; here ${count === 1 ? "is one" : `are ${count}`}.`,
    expected: DIALECT,
    instead: [count > FIELDS_WITH_SECONDS ? texts.slice(0, FIELDS_WITH_SECONDS).join(" ") : filled.join(" ")],
  });
}
