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

/** A list; empty where there is none. */
export function listIn(value: unknown, field: string): readonly unknown[] {
  const found = fieldOf(value, field);
  return Array.isArray(found) ? found : [];
}

export const fieldOf = (value: unknown, field: string): unknown =>
  isObject(value) ? Object.entries(value).find(([name]) => name === field)?.[1] : undefined;
