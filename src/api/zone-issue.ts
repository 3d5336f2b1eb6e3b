/** A refused time zone, as an issue of the field that named it. */
import type { InputIssue } from "../domain/errors.ts";
import type { Refusal } from "../domain/language/interpretation.ts";

/** The refusal, at the path of its field. */
export function zoneIssue(path: string, refusal: Refusal): InputIssue {
  const [suggestion] = refusal.suggestions;
  const { message, position, expected } = refusal;
  return { path, message, position, expected, ...(suggestion === undefined ? {} : { suggestion }) };
}
