/**
 * A mail as the bytes that SMTP carries (RFC 5322, RFC 2045 to 2047). Nested as mail programs like it: attachments around
 * what belongs together, pictures around the two forms of the text.
 */
import type { Instant } from "../../../domain/time/instant.ts";
import { headersOf, type Mail, type MailFile, SENDER_NAME } from "../post.ts";
import { base64Lines, filenameParameter, headerText, oneHeaderLine, quotedPrintable } from "./encoding.ts";

const CRLF = "\r\n";

/** Headers and a body, which may hold parts of its own. */
interface Part {
  readonly headers: readonly string[];
  readonly body: string;
}

export interface Envelope {
  readonly from: string;
  /** Makes the Message-ID and the boundaries unique. */
  readonly id: string;
  readonly at: Instant;
}

/** The message, with CRLF at the ends of its lines. */
export function mimeMessage(mail: Mail, { from, id, at }: Envelope): string {
  const files = mail.files ?? [];
  const shown = files.filter(({ contentId }) => contentId !== null);
  const attached = files.filter(({ contentId }) => contentId === null);
  const mark = id.replace(/[^A-Za-z0-9]/g, "");
  const texts = multipart("alternative", mark, [textPart("plain", mail.text), textPart("html", mail.html)]);
  const body = enclose("mixed", mark, enclose("related", mark, texts, shown), attached);
  const headers = [
    `From: ${SENDER_NAME} <${from}>`,
    `To: <${mail.to}>`,
    `Subject: ${headerText(mail.subject)}`,
    `Date: ${mailDate(at)}`,
    `Message-ID: <${oneHeaderLine(id)}@${domainOf(from)}>`,
    "MIME-Version: 1.0",
    ...Object.entries(headersOf(mail)).map(([name, value]) => `${name}: ${headerText(value)}`),
  ];
  return render({ headers: [...headers, ...body.headers], body: body.body }) + CRLF;
}

export const domainOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1);

/** `Sun, 22 Nov 2026 12:00:00 +0000` */
const mailDate = (at: Instant): string => new Date(at).toUTCString().replace("GMT", "+0000");

const textPart = (kind: "plain" | "html", text: string): Part => ({
  headers: [`Content-Type: text/${kind}; charset=utf-8`, "Content-Transfer-Encoding: quoted-printable"],
  body: quotedPrintable(text),
});

/** The part itself where nothing goes along. */
const enclose = (kind: "mixed" | "related", mark: string, inner: Part, files: readonly MailFile[]): Part =>
  files.length === 0 ? inner : multipart(kind, mark, [inner, ...files.map(filePart)]);

/** No line of ours begins with the boundary: those of base64 have no dashes, and quoted-printable writes `=_` otherwise. */
function multipart(kind: "mixed" | "related" | "alternative", mark: string, parts: readonly Part[]): Part {
  const boundary = `=_${kind}_${mark}`;
  const type = kind === "related" ? `${kind}; type="multipart/alternative"` : kind;
  return {
    headers: [`Content-Type: multipart/${type};${CRLF} boundary="${boundary}"`],
    body: [...parts.map((part) => `--${boundary}${CRLF}${render(part)}`), `--${boundary}--`].join(CRLF),
  };
}

function filePart({ filename, contentType, bytes, contentId }: MailFile): Part {
  const disposition = contentId === null ? "attachment" : "inline";
  return {
    headers: [
      `Content-Type: ${oneHeaderLine(contentType)};${CRLF} ${filenameParameter(filename, "name")}`,
      "Content-Transfer-Encoding: base64",
      `Content-Disposition: ${disposition};${CRLF} ${filenameParameter(filename, "filename")}`,
      ...(contentId === null ? [] : [`Content-ID: <${oneHeaderLine(contentId)}>`]),
    ],
    body: base64Lines(bytes),
  };
}

const render = ({ headers, body }: Part): string => [...headers, "", body].join(CRLF);
