/** Cursors: given out by one list, good for that list. */
import { describe, expect, it } from "vitest";
import { readCursor, writeCursor } from "../../src/api/cursor.ts";

const KEY = Buffer.alloc(32, 1).toString("base64");
const OTHER_KEY = Buffer.alloc(32, 2).toString("base64");

describe("a cursor", () => {
  it("brings its list back to the place it was written for", () => {
    const cursor = writeCursor(KEY, "runs|p", "019a-ü");
    expect(readCursor(KEY, "runs|p", cursor)).toEqual({ ok: true, value: "019a-ü" });
    expect(cursor).toMatch(/^[\w-]+$/);
  });

  it("is refused by every other list, and when it was changed by one character", () => {
    const cursor = writeCursor(KEY, "runs|p", "019a");
    expect(readCursor(KEY, "runs|q", cursor).ok).toBe(false);
    expect(readCursor(OTHER_KEY, "runs|p", cursor).ok).toBe(false);
    for (let index = 0; index < cursor.length; index++) {
      const letter = cursor[index] === "A" ? "B" : "A";
      const forged = cursor.slice(0, index) + letter + cursor.slice(index + 1);
      if (!Buffer.from(forged, "base64url").equals(Buffer.from(cursor, "base64url"))) {
        expect(readCursor(KEY, "runs|p", forged).ok).toBe(false);
      }
    }
  });

  it.each(["", "A", "!!!", "a b", "A".repeat(513)])("is never %j", (text) => {
    expect(readCursor(KEY, "runs|p", text)).toMatchObject({ ok: false, error: { code: "invalid_cursor" } });
  });
});
