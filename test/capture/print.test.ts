/** What is known of a PDF without a browser; what prints hold is in `picture.test.ts`. */
import { expect, it } from "vitest";
import { pagesOf } from "../../src/capture/print.ts";

it("a PDF's sheets are counted at the root of its page tree", () => {
  const pdf =
    "1 0 obj\n<</Type /Pages\n/Count 8\n/Kids [3 0 R]>>\nendobj\n2 0 obj\n<</Type /Pages\n/Kids [1 0 R]\n/Count 12>>\nendobj\n4 0 obj\n<</Type /Outlines /Count 99>>\nendobj";
  expect(pagesOf(new TextEncoder().encode(pdf))).toBe(12);
  expect(pagesOf(new TextEncoder().encode("nothing"))).toBe(0);
});
