/** Near accepted examples for what was not understood: misspelt words put right, then examples of the same kind. Pure. */
import { KNOWN_WORDS } from "./lexicon.ts";
import type { Token } from "./tokens.ts";

/** Longer misspellings than this are no words of ours. */
const WORD_MAX_LENGTH = 14;
/** Words that are put right at most, so that the work is bounded. */
const REPAIRS_MAX = 6;

/** The text with its unknown words replaced by the nearest known ones; undefined when none is near. */
export function repair(text: string, tokens: readonly Token[]): string | undefined {
  let repaired = "";
  let end = 0;
  let repairs = 0;
  for (const token of tokens) {
    if (token.kind !== "word" || KNOWN_WORDS.has(token.text)) continue;
    const near = repairs < REPAIRS_MAX ? nearestWord(token.text) : undefined;
    if (near === undefined) continue;
    repairs += 1;
    repaired += text.slice(end, token.start) + near;
    end = token.end;
  }
  return repairs === 0 ? undefined : repaired + text.slice(end);
}

/** The known word within one slip, or two for long words; undefined when none or when it is too short to tell. */
export function nearestWord(word: string): string | undefined {
  if (word.length < 3 || word.length > WORD_MAX_LENGTH) return undefined;
  let best: string | undefined;
  let bestSlips = word.length >= 6 ? 3 : 2;
  for (const known of KNOWN_WORDS) {
    if (known.length < 3 || Math.abs(known.length - word.length) >= bestSlips) continue;
    const slips = slipsBetween(word, known, bestSlips);
    if (slips < bestSlips) [best, bestSlips] = [known, slips];
  }
  return best;
}

/** Slips of the pen between two words (letters changed, left out, added or swapped), given up at `limit`. */
function slipsBetween(word: string, other: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= word.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = word[i - 1] === other[j - 1] ? 0 : 1;
      let slips = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      const swapped = i > 1 && j > 1 && word[i - 1] === other[j - 2] && word[i - 2] === other[j - 1];
      if (swapped) slips = Math.min(slips, (beforeLast[j - 2] ?? 0) + 1);
      row.push(slips);
    }
    if (Math.min(...row) >= limit) return limit;
    [beforeLast, last] = [last, row];
  }
  return last[other.length] ?? limit;
}

/** Examples by a word or shape that the text holds, first match counts; all are accepted in any context. */
const FAMILIES: readonly (readonly [pattern: RegExp, examples: readonly string[]])[] = [
  [/\b(sec|second)/i, ["every 15 seconds", "every minute"]],
  [/\b(min|minute)/i, ["every 15 minutes", "every hour"]],
  [/\b(hr|hour)/i, ["every hour", "every hour from 9am to 5pm"]],
  [/\b(mon|tue|wed|thu|fri|sat|sun)/i, ["every Monday at 2:00 pm", "weekdays at 9am"]],
  [/\b(month|1st|15th|last day)/i, ["on the 1st of every month at 9am", "last Friday of every month"]],
  [
    /\b(year|jan|feb|apr|jun|jul|aug|sep|oct|nov|dec)/i,
    ["every year on March 5 at 9am", "every day at 9am in January"],
  ],
  [/\b(week)/i, ["every week on Monday", "weekdays at 9am"]],
  [/\b(in|later|now|wait|delay)\b/i, ["in 10 minutes", "2 hours from now"]],
  [/\b(tomorrow|today|tonight|next|this)\b/i, ["tomorrow at 9am", "in 10 minutes"]],
];
const ANY: readonly string[] = ["every day at 9:00 am", "in 10 minutes"];

/** One or two accepted examples of the kind that the text seems to be. */
export const examplesFor = (text: string): readonly string[] =>
  FAMILIES.find(([pattern]) => pattern.test(text))?.[1] ?? ANY;
