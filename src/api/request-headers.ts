/** Which headers a function may have sent with its calls. */
import type { InputIssue } from "../domain/errors.ts";

/** RFC 9110 section 5.1: a token. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}$/;
/** Visible ASCII, with blanks and tabs inside. */
const VALUE = /^(?:[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?)?$/;

/** Set by the call itself, or of meaning to those who carry it. */
const RESERVED = new Set([
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "via",
]);
/** Ours say who calls and why; a function must be able to trust them. */
const RESERVED_PREFIXES = ["webhook-", "carillon-", "x-carillon-", "cf-", "sec-", "x-forwarded-"];

/** What is wrong with the headers, under `/headers`. Values are secrets, so none is repeated. */
export function headerIssues(headers: Readonly<Record<string, string>>): readonly InputIssue[] {
  const names = Object.keys(headers);
  return names.flatMap((name, index) => {
    const path = `/headers/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (!NAME.test(name))
      return [{ path, message: "It is not a header name.", expected: "letters, digits and dashes" }];
    if (isReserved(name))
      return [{ path, message: `The header ${name} is set by the scheduler itself.`, expected: "another header" }];
    if (names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < index) {
      return [{ path, message: "The header is given twice, in another case.", expected: "each header once" }];
    }
    if (!VALUE.test(headers[name] ?? ""))
      return [{ path, message: "It is not a header value.", expected: "printable ASCII" }];
    return [];
  });
}

function isReserved(name: string): boolean {
  const lower = name.toLowerCase();
  return RESERVED.has(lower) || RESERVED_PREFIXES.some((prefix) => lower.startsWith(prefix));
}
