/** What every page of the console has in common: how it is shown, and what a form must fulfil to be listened to. */
import { createHash } from "node:crypto";
import type { Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { HtmlEscapedString } from "hono/utils/html";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Scribe } from "../directory/audit.ts";
import type { Doer } from "../domain/audit.ts";
import type { Env } from "../env.ts";
import { scribing } from "../http/doing.ts";
import { isSameOrigin } from "../http/same-origin.ts";
import { newId, now } from "../system.ts";
import type { AnswerRequest } from "./client.ts";
import { Filled } from "./filled.ts";
import { Notice } from "./frame.tsx";

/** What a page finds in its context. The request's id is of the envelope that is around all of the Worker. */
export interface ConsoleEnv {
  readonly Bindings: Env;
  readonly Variables: {
    readonly requestId: string;
    readonly answerRequest: AnswerRequest;
    /** The form that was sent; absent when none was. */
    readonly filled?: Filled;
  };
}

export type Pages = Hono<ConsoleEnv>;
export type Visit = Context<ConsoleEnv>;
/** The fields of a form; of a field that is no text, nothing. */
export type Form = Readonly<Record<string, string>>;

/** Nothing but our own style sheet, others that are named by their hashes, pictures of our own, and forms that stay here. */
const policyOf = (styles: readonly string[], rules: readonly string[]): string =>
  [
    "default-src 'none'",
    [
      "style-src 'self'",
      ...styles.map((sheet) => `'sha256-${createHash("sha256").update(sheet).digest("base64")}'`),
    ].join(" "),
    ...(rules.some((rule) => rule.startsWith("img-src")) ? [] : ["img-src 'self'"]),
    ...rules,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

const POLICY = policyOf([], []);
/** Of pages for whoever is signed in: beside that our own script, and whom it asks, both here. */
const INSIDE_POLICY = policyOf([], ["script-src 'self'", "connect-src 'self'"]);

const FORM_MAX_BYTES = 16 * 1024;

/** What drawing a page comes to. */
export type Drawn = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Answers with a page. */
export async function show(c: Visit, page: Drawn, status: ContentfulStatusCode = 200): Promise<Response> {
  c.header("content-security-policy", POLICY);
  return c.html(`<!DOCTYPE html>${await page}`, status);
}

/** Answers with a page for whoever is signed in. */
export async function showInside(c: Visit, page: Drawn, status: ContentfulStatusCode = 200): Promise<Response> {
  c.header("content-security-policy", INSIDE_POLICY);
  return c.html(`<!DOCTYPE html>${await page}`, status);
}

/** What a page has beyond the others: sheets of its own, and what else its policy lets it load. */
export interface Looks {
  readonly styles: readonly string[];
  readonly rules: readonly string[];
  readonly status?: ContentfulStatusCode;
}

/** Answers with a page that loads more than the one style sheet. */
export async function showWith(c: Visit, page: Drawn, { styles, rules, status = 200 }: Looks): Promise<Response> {
  c.header("content-security-policy", policyOf(styles, rules));
  return c.html(`<!DOCTYPE html>${await page}`, status);
}

/**
 * Routes a form. The only way for one to change anything: cookies go along with requests from elsewhere under some
 * circumstances, so where a request comes from is looked at first.
 */
export function onPost(
  pages: Pages,
  path: string,
  handle: (c: Visit, form: Form) => Response | Promise<Response>,
): void {
  onFilled(pages, path, FORM_MAX_BYTES, (c, filled) => handle(c, Object.fromEntries(filled.entries())));
}

/** The same for a form whose fields may have several values each, of at most so many bytes. */
export function onFilled(
  pages: Pages,
  path: string,
  maxBytes: number,
  handle: (c: Visit, filled: Filled) => Response | Promise<Response>,
): void {
  const tooLarge = bodyLimit({ maxSize: maxBytes, onError: (c) => show(c, <TooLarge maxBytes={maxBytes} />, 413) });
  pages.post(path, tooLarge, async (c) => {
    if (!isSameOrigin(c.req.raw)) return show(c, <CrossSite />, 403);
    if (!FORM_TYPE.test(c.req.header("content-type") ?? "")) return show(c, <NoForm />, 415);
    const filled = new Filled((await c.req.formData()).entries());
    c.set("filled", filled);
    return handle(c, filled);
  });
}

/** What browsers send forms as (WHATWG HTML section 4.10.21.3). */
const FORM_TYPE = /^(?:application\/x-www-form-urlencoded|multipart\/form-data; *boundary=)/i;

const scribeAt = scribing(newId);

/** What a page writes into the audit with. */
export const scribeOf = (c: Visit, doer: Doer): Scribe => scribeAt(c, doer, now());

/** Sets or clears a cookie, beside those that the answer has already. */
export const setCookie = (c: Visit, cookie: string): void => c.header("set-cookie", cookie, { append: true });

const TooLarge = ({ maxBytes }: { readonly maxBytes: number }) => (
  <Notice
    title="The form is too large"
    lines={[
      `It takes ${sizeOf(maxBytes)} as a browser sends it, so nothing was done. Go back: what you typed is still in this tab.`,
      "The API takes more than a form does.",
    ]}
    next={{ href: "/docs", label: "The API" }}
  />
);

const MIB = 1024 * 1024;

const sizeOf = (bytes: number): string =>
  bytes < MIB ? `${Math.floor(bytes / 1024)} kB` : `${Math.floor(bytes / MIB)} MB`;

const NoForm = () => (
  <Notice
    title="This is no form"
    lines={["A page of this deployment sends forms; what came is something else, so nothing was done."]}
    next={{ href: "/", label: "Go on from here" }}
  />
);

const CrossSite = () => (
  <Notice
    title="This came from elsewhere"
    lines={["The request did not come from a page of this deployment, so nothing was done."]}
    next={{ href: "/", label: "Go on from here" }}
  />
);
