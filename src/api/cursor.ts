/** Opaque marks of a place in a list. Signed, so that a forged one, or one of another list, is told from a real one. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Problem } from "./problem.ts";

const MAC_BYTES = 12;
const CURSOR_MAX_LENGTH = 512;

/** `list` names the list, its owner included: `schedules|<project>`. */
export const writeCursor = (key: string, list: string, after: string): string =>
  Buffer.concat([macOf(key, list, after), Buffer.from(after)]).toString("base64url");

/** The place that the cursor marks in this list. */
export function readCursor(key: string, list: string, cursor: string): Result<string, Problem> {
  if (cursor.length > CURSOR_MAX_LENGTH || !/^[\w-]+$/.test(cursor)) return fail(INVALID_CURSOR);
  const bytes = Buffer.from(cursor, "base64url");
  const after = bytes.subarray(MAC_BYTES).toString();
  const given = bytes.subarray(0, MAC_BYTES);
  const right = macOf(key, list, after);
  return given.length === right.length && timingSafeEqual(given, right) ? ok(after) : fail(INVALID_CURSOR);
}

const macOf = (key: string, list: string, after: string): Buffer =>
  createHmac("sha256", Buffer.from(key, "base64")).update(`cursor|${list}|${after}`).digest().subarray(0, MAC_BYTES);

const INVALID_CURSOR: Problem = {
  code: "invalid_cursor",
  detail: "The cursor was not given out by this list. Begin again without one.",
  errors: [
    { path: "/cursor", message: "The cursor was not given out by this list.", expected: "a next_cursor of this list" },
  ],
};
