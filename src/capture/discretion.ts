/** What may be kept of a page's words and addresses: bounded, printable, and without the tokens that opened it. Pure. */
import { EVIDENCE_TEXT_MAX_LENGTH } from "../domain/captures/evidence.ts";

const SECRET_PARAMETERS = /([?&#;](?:carillon_token|token)=)[^&#;\s"'<>)]*/gi;
/** The token of a page wherever it stands, also where the page has taken it out of its address. */
const PAGE_TOKEN = /\bcpt_[\w.~-]+/g;

/** One line of evidence. */
export function discreet(text: string): string {
  // Cut first: a page may say megabytes. Twice the length, so that a token at the cut is whole or cut off itself.
  const kept = text.slice(0, 2 * EVIDENCE_TEXT_MAX_LENGTH);
  const clean = printable(kept.replace(SECRET_PARAMETERS, "$1…").replace(PAGE_TOKEN, "cpt_…"));
  return clean.length > EVIDENCE_TEXT_MAX_LENGTH ? `${clean.slice(0, EVIDENCE_TEXT_MAX_LENGTH - 1)}…` : clean;
}

/** An address as evidence: without its tokens, and without the contents of one that is its own document. */
export function discreetUrl(url: string): string {
  return discreet(/^data:/i.test(url) ? `${url.split(",")[0]},…` : url);
}

/** Without control characters, which would garble a terminal or a log. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "\ufffd");
}
