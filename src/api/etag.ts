/** The mark of what a caller saw, and the wish to change only that. */
import type { Schedule } from "../domain/schedule.ts";
import type { Instant } from "../domain/time/instant.ts";

const ETAG = /^"u([0-9a-z]{1,12})"$/;

/** The mark of a schedule as people last left it; its firing does not change the mark. */
export const etagOf = (schedule: Schedule): string => `"u${schedule.updatedAt.toString(36)}"`;

/** When the caller's version was written; `anything` without the header or with `*`; null for a tag of no version of ours. */
export function readIfMatch(header: string | null): Instant | "anything" | null {
  if (header === null || header.trim() === "*") return "anything";
  const [, stamp] = ETAG.exec(header.trim()) ?? [];
  return stamp === undefined ? null : Number.parseInt(stamp, 36);
}

/** Whether the caller knows this version already; a tag that was weakened on its way still counts (RFC 9110 section 13.1.2). */
export const isKnown = (request: Request, tag: string): boolean =>
  (request.headers.get("if-none-match") ?? "")
    .split(",")
    .some((known) => known.trim() === "*" || known.trim().replace(/^W\//, "") === tag);
