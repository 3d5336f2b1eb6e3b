/** Looking at tokens without consuming them: the small steps that all grammar files are made of. Pure. */
import { CARDINALS, LIST, ORDINALS, RANGE } from "./lexicon.ts";
import { type Found, found, type Piece } from "./phrase.ts";
import type { Span } from "./refusal.ts";
import type { Token } from "./tokens.ts";

/** The text of the token at `at`, or the empty text past the end. */
export const textAt = (tokens: readonly Token[], at: number): string => tokens[at]?.text ?? "";

/** The index after `at` when that token is one of these words, else `at`. */
export const skip = (tokens: readonly Token[], at: number, ...words: string[]): number =>
  words.includes(textAt(tokens, at)) ? at + 1 : at;

/** The index after the words when exactly these stand at `at`; a word may list alternatives with `|`. */
export function follow(tokens: readonly Token[], at: number, words: string): number | undefined {
  let next = at;
  for (const word of words.split(" ")) {
    if (!word.split("|").includes(textAt(tokens, next))) return undefined;
    next += 1;
  }
  return next;
}

/** The stretch of text from token `at` up to, not including, token `next`. */
export function spanOf(tokens: readonly Token[], at: number, next: number): Span {
  const first = tokens[Math.min(at, tokens.length - 1)];
  const last = tokens[Math.min(Math.max(next - 1, at), tokens.length - 1)];
  return { start: first?.start ?? 0, end: last?.end ?? 0 };
}

/** A number in digits or words: `5`, `1.5`, `five`, `a`. */
export function readNumber(tokens: readonly Token[], at: number): Found<number> | undefined {
  const token = tokens[at];
  if (token === undefined) return undefined;
  if (token.kind === "number") return found(token.value, at + 1);
  const word = token.kind === "word" ? CARDINALS.get(token.text) : undefined;
  return word === undefined ? undefined : found(word, at + 1);
}

/** An ordinal in digits or words: `1st`, `first`. */
export function readOrdinal(tokens: readonly Token[], at: number): Found<number> | undefined {
  const token = tokens[at];
  if (token === undefined) return undefined;
  if (token.kind === "ordinal") return found(token.value, at + 1);
  const word = token.kind === "word" ? ORDINALS.get(token.text) : undefined;
  return word === undefined ? undefined : found(word, at + 1);
}

/** The index after one or more list joins at `at`, or `undefined`. */
export function skipJoins(tokens: readonly Token[], at: number): number | undefined {
  let next = at;
  while (LIST.has(textAt(tokens, next))) next += 1;
  return next === at ? undefined : next;
}

/** Reads one item of a list. */
export type ReadItem = (tokens: readonly Token[], at: number) => Found<number> | undefined;

/**
 * A list of values and ranges: `1st, 5th to 7th and 9th`. Stops before a join that no further item follows, so that
 * the join may belong to the next part.
 */
export function readPieces(tokens: readonly Token[], at: number, item: ReadItem): Found<Piece[]> | undefined {
  const first = readPiece(tokens, at, item);
  if (first === undefined) return undefined;
  const pieces = [first.value];
  let next = first.next;
  for (;;) {
    const join = skipJoins(tokens, next);
    const piece = join === undefined ? undefined : readPiece(tokens, skip(tokens, join, "the", "on"), item);
    if (piece === undefined) return found(pieces, next);
    pieces.push(piece.value);
    next = piece.next;
  }
}

function readPiece(tokens: readonly Token[], at: number, item: ReadItem): Found<Piece> | undefined {
  const from = item(tokens, at);
  if (from === undefined) return undefined;
  const to = RANGE.has(textAt(tokens, from.next)) ? item(tokens, skip(tokens, from.next + 1, "the", "on")) : undefined;
  return to === undefined
    ? found({ from: from.value, to: from.value }, from.next)
    : found({ from: from.value, to: to.value }, to.next);
}
