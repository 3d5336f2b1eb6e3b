/** Whether a text can be a CSS selector. Pure: what the browser makes of it is seen when a page is captured. */
import { fail, ok, type Result } from "../result.ts";

export const SELECTOR_MAX_LENGTH = 200;

const PAIRS: Readonly<Record<string, string>> = { "]": "[", ")": "(" };

/** The selector without space around it, or one sentence that says what is plainly wrong with it. */
export function readSelector(text: string): Result<string, string> {
  const selector = text.trim();
  if (selector === "") return fail("It is empty.");
  if (selector.length > SELECTOR_MAX_LENGTH) return fail(`It is longer than ${SELECTOR_MAX_LENGTH} characters.`);
  const bare = withoutStrings(selector);
  if (bare === null) return fail("A quotation mark in it is not closed.");
  // What stands in a style sheet around a selector, or belongs to XPath.
  const [strange] = /[{}<;\\@!%?/\p{Cc}]|&&/u.exec(bare) ?? [];
  if (strange !== undefined) return fail(`${JSON.stringify(strange)} stands in no selector.`);
  if (!isPaired(bare)) return fail("A bracket in it is not paired.");
  if (/^[>+~,]|[>+~,.#:]$|,\s*,|^\d/.test(bare)) return fail("It is not complete: something to select is missing.");
  return ok(selector);
}

/** The selector with each string in it as `""`; null: one is not closed. */
function withoutStrings(selector: string): string | null {
  const bare = selector.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, "S");
  return /["']/.test(bare) ? null : bare;
}

function isPaired(text: string): boolean {
  const open: string[] = [];
  for (const [mark] of text.matchAll(/[[\]()]/g)) {
    const wanted = PAIRS[mark];
    if (wanted === undefined) open.push(mark);
    else if (open.pop() !== wanted) return false;
  }
  return open.length === 0;
}
