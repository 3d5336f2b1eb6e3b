/** What is wrong with a cron text, before it becomes a refusal. Pure. */
import type { Refusal, RefusalReason } from "../language/interpretation.ts";
import { fail } from "../result.ts";

/** A piece of the text and where it begins. */
export interface Piece {
  readonly text: string;
  readonly position: number;
}

/** A refusal whose suggestions are still pieces to be put in place of the troubling one. */
export interface CronTrouble extends Omit<Refusal, "suggestions"> {
  /** What could stand where the trouble is; tried in turn, kept when the whole text is then accepted. */
  readonly replacements: readonly string[];
  /** Whole expressions that say what was probably meant; they need not be cron. */
  readonly instead: readonly string[];
}

export interface TroubleParts {
  readonly reason: RefusalReason;
  readonly message: string;
  readonly expected: string;
  readonly replacements?: readonly string[];
  readonly instead?: readonly string[];
}

const QUOTE_MAX_LENGTH = 40;

/** The text in quotation marks, cut when it is long. */
export function quoted(text: string): string {
  return text.length > QUOTE_MAX_LENGTH ? `"${text.slice(0, QUOTE_MAX_LENGTH)}..."` : `"${text}"`;
}

/** Refuses a piece. */
export function trouble(piece: Piece, parts: TroubleParts): { readonly ok: false; readonly error: CronTrouble } {
  const { text, position } = piece;
  return fail({ replacements: [], instead: [], ...parts, position, length: text.length });
}
