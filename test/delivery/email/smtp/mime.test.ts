/** Mail as MIME: whatever is in it is read back as it was, by a parser that is not ours. */
import fc from "fast-check";
import PostalMime from "postal-mime";
import { expect, it } from "vitest";
import { quotedPrintable, stuffDots } from "../../../../src/delivery/email/smtp/encoding.ts";
import { mimeMessage } from "../../../../src/delivery/email/smtp/mime.ts";
import { oneLine } from "../../../../src/domain/news/wording.ts";

const ENVELOPE = { from: "carillon@acme.test", id: "0193d9a0-0000-7000-8000-000000000001", at: Date.UTC(2027, 0, 15) };
const unlined = (text: string | undefined): string => (text ?? "").replace(/\r\n|\r/g, "\n").trimEnd();
const anyText = fc.string({ unit: "grapheme", maxLength: 400 });

it("Any subject, text and bytes arrive as they were", async () => {
  const parts = fc.record({ subject: anyText, text: anyText, bytes: fc.uint8Array({ maxLength: 500 }) });
  await fc.assert(
    fc.asyncProperty(parts, async ({ subject: given, text, bytes }) => {
      const subject = oneLine(given);
      const file = { filename: "a.bin", contentType: "application/octet-stream", bytes, contentId: null };
      const mail = { to: "ada@acme.test", subject, text, html: `<p>${text.length}</p>`, files: [file] };
      const read = await PostalMime.parse(mimeMessage(mail, ENVELOPE));
      expect(oneLine(read.subject ?? "")).toBe(subject);
      expect(unlined(read.text)).toBe(unlined(text));
      expect(new Uint8Array(read.attachments[0]?.content as ArrayBuffer)).toEqual(bytes);
    }),
    { numRuns: 60 },
  );
});

it("No line is longer than a line of mail may be, and none ends the message early", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const line of stuffDots(quotedPrintable(text)).split("\r\n")) {
        expect(line.length).toBeLessThanOrEqual(77);
        expect(line).not.toBe(".");
        expect(line).toMatch(/^[\t\x20-\x7e]*$/);
      }
    }),
  );
});
