/** Where something stands in a module, as editors and stack traces count. Pure. */

export interface Place {
  readonly module: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

/** The place of an offset in a text. */
export function placeAt(module: string, text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { module, line: before.split("\n").length, column: offset - lineStart + 1 };
}

/** The offset of a place in its text; its end when the text is shorter. */
export function offsetOf(text: string, { line, column }: Pick<Place, "line" | "column">): number {
  const start = text.split("\n", line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return Math.min(start + column - 1, text.length);
}

/** `lib/orders.js:12:9`. */
export const placeText = ({ module, line, column }: Place): string => `${module}:${line}:${column}`;
