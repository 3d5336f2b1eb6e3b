/** A refusal in one text: what an author of code reads as the message of an exception. */
import type { InputIssue } from "../domain/errors.ts";
import type { Problem } from "./problem.ts";

/** More than this is not read any more. */
const ISSUES_SHOWN = 3;

/** What was wrong, where, and what would have been right. */
export function refusalOf({ detail, errors = [] }: Pick<Problem, "detail" | "errors">): string {
  if (errors.length === 0) return withoutStop(detail);
  const more = errors.length > ISSUES_SHOWN ? [`and ${errors.length - ISSUES_SHOWN} more`] : [];
  return [...errors.slice(0, ISSUES_SHOWN).map(sentenceOf), ...more].join("; ");
}

function sentenceOf({ path, message, expected, suggestion }: InputIssue): string {
  // What an author wrote is the event's data: its fields are theirs without that word in front.
  const place = path
    .replace(/^\/data(?=\/|$)/, "")
    .slice(1)
    .replaceAll("/", ".");
  return [
    `${place === "" ? "" : `${place}: `}${withoutStop(message)}`,
    ...(expected === undefined ? [] : [`expected ${withoutStop(expected)}`]),
    ...(suggestion === undefined ? [] : [`try ${JSON.stringify(suggestion)}`]),
  ].join("; ");
}

const withoutStop = (text: string): string => text.replace(/\.$/, "");
