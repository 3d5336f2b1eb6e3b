/** Looks into values from outside. */

export const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** A text field; empty where there is none. */
export function textIn(value: unknown, field: string): string {
  const found = fieldOf(value, field);
  return typeof found === "string" ? found : "";
}

/** A finite number; null where there is none. */
export function numberIn(value: unknown, field: string): number | null {
  const found = fieldOf(value, field);
  return typeof found === "number" && Number.isFinite(found) ? found : null;
}

/** The beginning of a list; empty where there is none. */
export const listIn = (value: unknown, field: string, most: number): readonly unknown[] =>
  beginningOf(fieldOf(value, field), most);

/** A list with holes crosses in a few bytes and may be billions long: nothing but its beginning is looked at. */
export const beginningOf = (list: unknown, most: number): readonly unknown[] =>
  Array.isArray(list) ? list.slice(0, most) : [];

export const fieldOf = (value: unknown, field: string): unknown =>
  isObject(value) ? Object.entries(value).find(([name]) => name === field)?.[1] : undefined;
