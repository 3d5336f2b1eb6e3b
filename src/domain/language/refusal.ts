/** Making refusals: one constructor, and the quoting that keeps a message short. Pure. */
import type { Refusal, RefusalReason } from "./interpretation.ts";

/** A stretch of the text: 0-based start, end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** At most this many characters of the input are ever quoted in one message (interpretation.ts). */
export const QUOTE_MAX_LENGTH = 60;

/** The particulars of a refusal; suggestions may be left out, the reader then looks for near ones (suggest.ts). */
export interface RefusalParts {
  readonly reason: RefusalReason;
  readonly message: string;
  readonly span: Span;
  readonly expected: string;
  readonly suggestions?: readonly string[];
}

/** Makes a refusal out of its parts. */
export const refusal = (parts: RefusalParts): Refusal => ({
  reason: parts.reason,
  message: parts.message,
  position: parts.span.start,
  length: parts.span.end - parts.span.start,
  expected: parts.expected,
  suggestions: parts.suggestions ?? [],
});

/** The text in quotation marks, on one line, cut off with an ellipsis when it is long. */
export function quote(text: string): string {
  const flat = text.replace(/\s+/g, " ").trim();
  const shown = flat.length > QUOTE_MAX_LENGTH ? `${flat.slice(0, QUOTE_MAX_LENGTH - 1)}…` : flat;
  return `"${shown}"`;
}

/** The smallest span that covers both. */
export const cover = (a: Span, b: Span): Span => ({ start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) });
