/** Numbers and other values, as people read them. */
import { clip } from "../domain/blocks/read-fields.ts";
import type { Json } from "../domain/json.ts";

/** A cell is for glancing at; a longer text says how much more of it there is. */
const CELL_MAX_LENGTH = 1_000;

/** Digits that a double holds for certain: 0.1 + 0.2 is 0.3. */
const CERTAIN_DIGITS = 12;
/** Below the first and from the second on, powers of ten are easier to read. */
const SMALL = 1e-4;
const LARGE = 1e15;

const GROUPED = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const FINE = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 });
const COMPACT_FROM = 10_000;

/** A number that stands for itself: `1,234,567.89`, `0.0123`. */
export function bigNumber(value: number): string {
  const size = Math.abs(value);
  if (isFar(size)) return power(value);
  return size !== 0 && size < 1 ? FINE.format(value) : GROUPED.format(value + 0);
}

/** A number along an axis: `2,500`, `12.5K`. `isName`: it may be a year or an id. */
export function axisNumber(value: number, isName = false): string {
  const size = Math.abs(value);
  if (!isFar(size) && size >= COMPACT_FROM) return COMPACT.format(value);
  return isName || size < 1_000 ? cellNumber(value) : bigNumber(value);
}

/** A number in a table: its digits, ungrouped, since it may be a year or an id. */
export const cellNumber = (value: number): string =>
  isFar(Math.abs(value))
    ? power(value)
    : String(Number.isInteger(value) ? value : Number(value.toPrecision(CERTAIN_DIGITS)));

/** Any value in a cell. */
export function cellText(value: Json | undefined): string {
  if (value === undefined || value === null) return "–";
  if (typeof value === "number") return cellNumber(value);
  const { text, left } = clip(typeof value === "string" ? value : JSON.stringify(value), CELL_MAX_LENGTH);
  return left === 0 ? text : `${text} (${bigNumber(left)} more characters)`;
}

const isFar = (size: number): boolean => size !== 0 && (size < SMALL || size >= LARGE);
const power = (value: number): string => String(Number(value.toPrecision(6)));
