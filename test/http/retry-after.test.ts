/** How long a server wants to be left. */
import { expect, it } from "vitest";
import { readRetryAfter } from "../../src/http/retry-after.ts";

it("Retry-After is read in seconds and as a date, and nothing else", () => {
  const now = Date.UTC(2027, 0, 1);
  expect(readRetryAfter("7", now)).toBe(7_000);
  expect(readRetryAfter(new Date(now + 9_000).toUTCString(), now)).toBe(9_000);
  expect(readRetryAfter(new Date(now - 9_000).toUTCString(), now)).toBe(0);
  expect([readRetryAfter("soon", now), readRetryAfter("", now), readRetryAfter(null, now)]).toEqual([null, null, null]);
});
