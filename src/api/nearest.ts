/** What was probably meant: the known word nearest to the one that was written. */

/** Words further apart than a third of their letters, and never more than three, are different words. */
const SLIPS_MAX = 3;
const WORD_MAX_LENGTH = 64;

/** The nearest of the known words, if one is near enough to have been meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > WORD_MAX_LENGTH) return undefined;
  const wanted = plain(word);
  let best: { readonly word: string; readonly slips: number } | undefined;
  for (const candidate of known) {
    const slips = slipsBetween(wanted, plain(candidate));
    if (slips <= allowed(candidate) && (best === undefined || slips < best.slips)) best = { word: candidate, slips };
  }
  return best?.word;
}

const allowed = (word: string): number => Math.min(SLIPS_MAX, Math.max(1, Math.floor(word.length / 3)));

/** `startsAt`, `starts-at` and `starts_at` are one word. */
const plain = (word: string): string => word.toLowerCase().replaceAll(/[_\-\s]/g, "");

/** Letters changed, added, left out, or swapped with their neighbour (optimal string alignment); the words are short. */
function slipsBetween(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 0; i < one.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j++) {
      const replaced = (row[j] ?? 0) + (one[i] === other[j] ? 0 : 1);
      const isSwap = j > 0 && one[i] === other[j - 1] && one[i - 1] === other[j];
      const swapped = isSwap ? (before[j - 1] ?? 0) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[other.length] ?? Number.POSITIVE_INFINITY;
}
