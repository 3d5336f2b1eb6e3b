/** Where something stands in a module, as editors and stack traces count. Pure. */

export interface Place {
  readonly module: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

/** The place of an offset in a text. */
export const placeAt = (module: string, text: string, offset: number): Place => placesIn(module, text)(offset);

/** Finds the places of many offsets in one text, which is read through once, when the first is asked for. */
export function placesIn(module: string, text: string): (offset: number) => Place {
  let starts: readonly number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text);
    const line = lineOf(starts, offset);
    return { module, line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return starts;
}

/** The last line that starts at the offset or before it. */
function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The offset of a place in its text; its end when the text is shorter. */
export function offsetOf(text: string, { line, column }: Pick<Place, "line" | "column">): number {
  const start = text.split("\n", line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return Math.min(start + column - 1, text.length);
}

/** `lib/orders.js:12:9`. */
export const placeText = ({ module, line, column }: Place): string => `${module}:${line}:${column}`;
