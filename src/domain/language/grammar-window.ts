/** Windows of the day: `between 9am and 5pm`, `from 9 to 17`, `9am-5pm`. Pure. */
import { readTime } from "./grammar-clock.ts";
import { RANGE } from "./lexicon.ts";
import type { Draft, Reader, TimeOfDay, Window } from "./phrase.ts";
import { quote, refusal, type Span } from "./refusal.ts";
import { skip, spanOf, textAt } from "./scan.ts";
import { HOUR_S } from "./seconds.ts";

const HALF_DAY_S = 12 * HOUR_S;

/** Reads `[between|from] T and|to|until T`. */
export const readWindow: Reader = (tokens, at, draft) => {
  const lead = skip(tokens, at, "between", "from", "during");
  const isGrid = draft.frequencies.some(({ seconds }) => seconds > 0);
  const bare = lead > at || isGrid ? "allowed" : "refused";
  const from = readTime(tokens, lead, bare);
  if (from === undefined || "reason" in from) return lead > at ? from : undefined;
  const joins = textAt(tokens, at) === "between" ? isBetweenJoin : isRangeJoin;
  if (!joins(textAt(tokens, from.next))) return undefined;
  const to = readTime(tokens, skip(tokens, from.next + 1, "at"), "allowed");
  if (to === undefined || "reason" in to) return to;
  const window = settle({ ...spanOf(tokens, at, to.next), from: from.value, to: to.value }, draft);
  if ("reason" in window) return window;
  draft.windows.push(window);
  return to.next;
};

const isRangeJoin = (word: string): boolean => RANGE.has(word);
const isBetweenJoin = (word: string): boolean => word === "and" || RANGE.has(word);

/** Decides what an end without am or pm means: `from 9 to 5` ends at 17:00, `from 22 to 2` after midnight. */
function settle(window: Window, draft: Draft): Window | ReturnType<typeof refusal> {
  const { from, to } = window;
  if (!from.sure && to.sure && from.second + HALF_DAY_S < to.second && from.second < HALF_DAY_S)
    return refuseStart(from, to, draft, window);
  if (to.sure || to.second >= HALF_DAY_S || to.second >= from.second || to.second + HALF_DAY_S <= from.second)
    return window;
  const hour = to.second / HOUR_S + 12;
  draft.notes.push(
    `The end ${quote(draft.text.slice(to.start, to.end))} was read as ${Math.floor(hour)}:${minutesText(to)}, as it follows ${quote(draft.text.slice(from.start, from.end))}.`,
  );
  return { ...window, to: { ...to, second: to.second + HALF_DAY_S } };
}

const minutesText = (time: TimeOfDay): string => String(Math.floor(time.second / 60) % 60).padStart(2, "0");

function refuseStart(from: TimeOfDay, to: TimeOfDay, draft: Draft, span: Span): ReturnType<typeof refusal> {
  const typed = draft.text.slice(from.start, from.end);
  const hour = Math.floor(from.second / HOUR_S);
  const end = draft.text.slice(to.start, to.end);
  return refusal({
    reason: "ambiguous",
    message: `It is not clear whether ${quote(typed)} is in the morning or the afternoon.`,
    span,
    expected: "am or pm at both ends of the window",
    suggestions: [
      `every hour from ${hour === 0 ? 12 : hour}am to ${end}`,
      `every hour from ${hour === 0 ? 12 : hour}pm to ${end}`,
    ],
  });
}
