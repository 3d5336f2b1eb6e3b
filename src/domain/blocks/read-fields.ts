/** Reads the fields of a block, each with a refusal that says what would have been right. Pure. */
import type { InputIssue } from "../errors.ts";
import type { Json } from "../json.ts";
import { fail, ok, type Result } from "../result.ts";
import { fieldOf, type Row } from "./block.ts";

export type Read<Value> = Result<Value, InputIssue>;

/** Titles, labels, units and the like. */
const LINE_MAX_LENGTH = 300;

export const isRow = (value: Json | undefined): value is Row =>
  typeof value === "object" && value !== null && !isList(value);

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** Says what is wrong with the field at a path. */
export function wrong(path: string, value: Json | undefined, expected: string): { ok: false; error: InputIssue } {
  const message = value === undefined ? "It is missing." : `It is ${nameOfKind(value)}.`;
  return fail({ path, message, expected });
}

/** What a person would call the value. */
function nameOfKind(value: Json): string {
  if (value === null) return "null";
  if (isList(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "an object";
  return `the ${typeof value} ${clip(JSON.stringify(value), 40).text}`;
}

/** A text that has to be there. */
export function readText(block: Row, key: string): Read<string> {
  const value = fieldOf(block, key);
  return typeof value === "string" ? ok(value) : wrong(`/${key}`, value, "a text");
}

/** A short text that may be absent; null counts as absent. */
export function readLine(block: Row, key: string): Read<string | undefined> {
  const value = fieldOf(block, key);
  if (value === undefined || value === null) return ok(undefined);
  return typeof value === "string"
    ? ok(clip(value, LINE_MAX_LENGTH).text)
    : wrong(`/${key}`, value, "a text, or nothing");
}

/** A list of objects. */
export function readRows(block: Row): Read<readonly Row[]> {
  const rows = fieldOf(block, "rows");
  if (!isList(rows)) return wrong("/rows", rows, 'a list of objects, such as [{"day": "Mon", "orders": 12}]');
  const odd = rows.findIndex((row) => !isRow(row));
  if (odd >= 0) return wrong(`/rows/${odd}`, rows[odd], "an object");
  return ok(rows.filter(isRow));
}

/** The beginning of a text, and how much of it is missing. Never cuts a character in two. */
export function clip(text: string, max: number): { readonly text: string; readonly left: number } {
  if (text.length <= max) return { text, left: 0 };
  const isHalf = /[\uD800-\uDBFF]/.test(text.charAt(max - 1));
  const kept = text.slice(0, isHalf ? max - 1 : max);
  return { text: `${kept}…`, left: text.length - kept.length };
}

/** The beginning of a text, with a note of what is missing. */
export function clipWithNote(text: string, max: number): { readonly text: string; readonly notes: readonly string[] } {
  const { text: kept, left } = clip(text, max);
  return { text: kept, notes: left === 0 ? [] : [`${count(left, "more character")} not shown.`] };
}

/** `1 more row is`, `1,234 more rows are`. */
export const count = (many: number, one: string, several = `${one}s`): string =>
  `${many.toLocaleString("en")} ${many === 1 ? `${one} is` : `${several} are`}`;

/** The field, if there is one. An absent field is absent, not undefined: blocks are sent as JSON and compared. */
export const given = <Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } =>
  value === undefined ? {} : asPair(key, value);

const asPair = <Key extends string, Value>(key: Key, value: Value) => ({ [key]: value }) as { [K in Key]: Value };
