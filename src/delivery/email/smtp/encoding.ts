/** Texts and bytes as lines of ASCII: what mail is made of (RFC 2045, RFC 2047). */

const LINE_MAX = 76;
/** `=?UTF-8?B?` and `?=` take 12 of the 75 characters of an encoded word, and base64 makes 4 of 3 bytes. */
const WORD_BYTES = 45;
const PRINTABLE = /^[\x20-\x7e]*$/;
const CRLF = "\r\n";

/** Base64 in lines. */
export const base64Lines = (bytes: Uint8Array): string =>
  (
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,76}/g) ?? []
  ).join(CRLF);

/** Quoted-printable (RFC 2045 section 6.7). Line breaks of any kind become CRLF. */
export const quotedPrintable = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => foldQuoted(line))
    .join(CRLF);

function foldQuoted(line: string): string {
  const lines: string[] = [];
  let current = "";
  const bytes = Buffer.from(line, "utf8");
  for (const [index, byte] of bytes.entries()) {
    const token = quote(byte, index === bytes.length - 1);
    // One is left for the soft break.
    if (current.length + token.length > LINE_MAX - 1) {
      lines.push(`${current}=`);
      current = "";
    }
    current += token;
  }
  return [...lines, current].join(CRLF);
}

function quote(byte: number, isLast: boolean): string {
  const isSpace = byte === 0x20 || byte === 0x09;
  const isPlain = (byte >= 0x21 && byte <= 0x7e && byte !== 0x3d) || (isSpace && !isLast);
  return isPlain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

/** A text in a header, as encoded words where it is not ASCII; folded between them. */
export function headerText(text: string): string {
  const line = oneHeaderLine(text);
  // What looks like an encoded word is encoded too: it would be read as one.
  if (PRINTABLE.test(line) && !line.includes("=?")) return line;
  const words: string[] = [];
  let word = "";
  for (const character of line) {
    if (Buffer.byteLength(word + character) > WORD_BYTES) {
      words.push(word);
      word = "";
    }
    word += character;
  }
  return [...words, word].map((part) => `=?UTF-8?B?${Buffer.from(part).toString("base64")}?=`).join(`${CRLF} `);
}

/** What a header may hold: a line break would begin another header. */
export const oneHeaderLine = (text: string): string => text.replace(/\p{Cc}+/gu, " ").trim();

/** A quoted file name, and its full name where that is not ASCII (RFC 2231). */
export function filenameParameter(name: string, parameter: "name" | "filename"): string {
  const line = oneHeaderLine(name).replace(/["\\]/g, "_");
  const plain = `${parameter}="${line.replace(/[^\x20-\x7e]/gu, "_")}"`;
  return PRINTABLE.test(line) ? plain : `${plain}; ${parameter}*=UTF-8''${encodeURIComponent(line)}`;
}

/** Lines that begin with a dot get another one, so that none ends the message (RFC 5321 section 4.5.2). */
export const stuffDots = (message: string): string => message.replace(/^\./gm, "..");
