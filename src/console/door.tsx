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
import { Notice } from "./frame.tsx";
import { STYLE } from "./style.ts";

/** What a page finds in its context. The request's id is of the envelope that is around all of the Worker. */
export interface ConsoleEnv {
  readonly Bindings: Env;
  readonly Variables: { readonly requestId: string };
}

export type Pages = Hono<ConsoleEnv>;
export type Visit = Context<ConsoleEnv>;
/** The fields of a form; of a field that is no text, nothing. */
export type Form = Readonly<Record<string, string>>;

/** Nothing but the style sheets, which are named by their hashes, and forms that stay here. */
const policyOf = (styles: readonly string[], rules: readonly string[]): string =>
  [
    "default-src 'none'",
    `style-src ${styles.map((sheet) => `'sha256-${createHash("sha256").update(sheet).digest("base64")}'`).join(" ")}`,
    ...rules,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

const POLICY = policyOf([STYLE], []);

const FORM_MAX_BYTES = 16 * 1024;

/** What drawing a page comes to. */
export type Drawn = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Answers with a page. */
export async function show(c: Visit, page: Drawn, status: ContentfulStatusCode = 200): Promise<Response> {
  c.header("content-security-policy", POLICY);
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
  c.header("content-security-policy", policyOf([STYLE, ...styles], rules));
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
  const tooLarge = bodyLimit({ maxSize: FORM_MAX_BYTES, onError: (c) => c.text("The form is too large.", 413) });
  pages.post(path, tooLarge, async (c) => {
    if (!isSameOrigin(c.req.raw)) return show(c, <CrossSite />, 403);
    const fields = Object.entries(await c.req.parseBody());
    return handle(
      c,
      Object.fromEntries(fields.filter((field): field is [string, string] => typeof field[1] === "string")),
    );
  });
}

const scribeAt = scribing(newId);

/** What a page writes into the audit with. */
export const scribeOf = (c: Visit, doer: Doer): Scribe => scribeAt(c, doer, now());

/** Sets or clears a cookie, beside those that the answer has already. */
export const setCookie = (c: Visit, cookie: string): void => c.header("set-cookie", cookie, { append: true });

const CrossSite = () => (
  <Notice
    title="This came from elsewhere"
    lines={["The request did not come from a page of this deployment, so nothing was done."]}
    next={{ href: "/", label: "Go on from here" }}
  />
);
