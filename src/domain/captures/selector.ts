/** Whether a text may be a CSS selector. Pure: what it selects, and whether it selects at all, the browser says when a page is captured. */
import { fail, ok, type Result } from "../result.ts";

export const SELECTOR_MAX_LENGTH = 200;

/** The selector without space around it, or one sentence that says what is plainly wrong with it. */
export function readSelector(text: string): Result<string, string> {
  const selector = text.trim();
  if (selector === "") return fail("It is empty.");
  if (selector.length > SELECTOR_MAX_LENGTH) return fail(`It is longer than ${SELECTOR_MAX_LENGTH} characters.`);
  if (/\p{Cc}/u.test(selector)) return fail("It holds a character that cannot be seen.");
  if (/^[</]/.test(selector)) return fail("It is HTML or a path, and no CSS selector.");
  return ok(selector);
}
