/** Splits an expression into tokens that remember where they stood. Pure; linear in the length of the text. */
import type { Span } from "./refusal.ts";

/**
 * - `word`: letters in lower case, e.g. `every`, `o'clock`, `am` (also written `a.m.`)
 * - `number`: digits, maybe with a fraction, e.g. `15`, `1.5`
 * - `ordinal`: `1st`, `22nd`
 * - `clock`: `9:30`, `09:30:15`, also impossible ones such as `25:00`
 * - `zone`: something like `Europe/Berlin`
 * - `mark`: any other single character, e.g. `,` `-` `/`
 */
export type TokenKind = "word" | "number" | "ordinal" | "clock" | "zone" | "mark";

/** A word, number or mark with its place in the text. */
export interface Token extends Span {
  readonly kind: TokenKind;
  /** The text in lower case, as typed otherwise; zones keep their case. */
  readonly text: string;
  /** The number of a `number` or `ordinal`, else NaN. */
  readonly value: number;
  /** True when no space stands before it. */
  readonly glued: boolean;
}

const TOKEN =
  /(?<zone>[A-Za-z_]+(?:\/[A-Za-z][A-Za-z0-9_]*(?:[-+][A-Za-z0-9_]+)*)+)|(?<clock>\d+:\d+(?::\d+)?(?:[.]\d+)?)|(?<ordinal>\d+(?:st|nd|rd|th)\b)|(?<number>\d+(?:\.\d+)?|\.\d+)|(?<meridiem>[ap]\.m\b\.?)|(?<word>\p{L}+(?:['’]\p{L}+)?)|(?<mark>[^\s])/giu;

/** Joins that look like a zone but list two words, such as `Mon/Wed`. The lexicon decides which words those are. */
export type IsListed = (word: string) => boolean;

/**
 * Tokenizes a text. `isListed` says which words make `a/b` a list instead of a zone.
 */
export function tokenize(text: string, isListed: IsListed): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const start = match.index;
    const raw = match[0];
    if (match.groups?.zone !== undefined && isListed(raw.slice(0, raw.indexOf("/")).toLowerCase())) {
      tokens.push(...splitList(raw, start, start === end));
    } else {
      tokens.push(makeToken(raw, start, start === end, match.groups ?? {}));
    }
    end = start + raw.length;
  }
  return tokens;
}

function makeToken(raw: string, start: number, glued: boolean, groups: Record<string, string | undefined>): Token {
  const at = { start, end: start + raw.length, glued };
  if (groups.zone !== undefined) return { ...at, kind: "zone", text: raw, value: Number.NaN };
  if (groups.clock !== undefined) return { ...at, kind: "clock", text: raw, value: Number.NaN };
  if (groups.ordinal !== undefined)
    return { ...at, kind: "ordinal", text: raw.toLowerCase(), value: Number.parseInt(raw, 10) };
  if (groups.number !== undefined) return { ...at, kind: "number", text: raw, value: Number(raw) };
  if (groups.meridiem !== undefined)
    return { ...at, kind: "word", text: `${raw.charAt(0)}m`.toLowerCase(), value: Number.NaN };
  const text = raw.toLowerCase().replace("’", "'");
  return { ...at, kind: groups.word === undefined ? "mark" : "word", text, value: Number.NaN };
}

function splitList(raw: string, start: number, glued: boolean): Token[] {
  const tokens: Token[] = [];
  for (const piece of raw.matchAll(/[^/]+|\//g)) {
    const at = start + piece.index;
    tokens.push({
      kind: piece[0] === "/" ? "mark" : "word",
      text: piece[0].toLowerCase(),
      start: at,
      end: at + piece[0].length,
      value: Number.NaN,
      glued: glued || piece.index > 0,
    });
  }
  return tokens;
}
