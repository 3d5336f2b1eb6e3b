/** How the app is answered: as a page to people, as JSON to programs, and as a way to where it is instead. */
import { createHash } from "node:crypto";
import type { AppPages, AppView } from "../domain/app-view.ts";
import type { Reply } from "./answer.ts";
import { appJson } from "./app-json.ts";
import { isKnown } from "./etag.ts";
import type { Problem } from "./problem.ts";
import { PROBLEMS } from "./problem-catalogue.ts";

/** As it changes with every run: to be asked for again, and kept by nobody in between. */
const REVALIDATED = { "cache-control": "private, no-cache", vary: "accept" };

/** A page of this deployment may hold it in a frame; the policy says the same to newer browsers. */
const pageHeaders = ({ policy }: AppPages) => ({
  "content-security-policy": policy,
  "x-frame-options": "SAMEORIGIN",
});

/** A page that nobody keeps. */
export const htmlReply = (pages: AppPages, html: string): Reply => ({
  status: 200,
  content: { type: "text/html; charset=utf-8", body: html },
  headers: pageHeaders(pages),
});

/** The mark of a page: of what it says. */
export const tagOf = (text: string): string => `"${createHash("sha256").update(text).digest("base64url")}"`;

/**
 * A page that a browser keeps and asks about: it is sent again only when it is another one. The policy goes with the answer
 * that it is the same, too: the headers of a 304 take the place of those that are kept (RFC 9111 section 4.3.4).
 */
export function markedPageReply(pages: AppPages, request: Request, html: string, tag: string): Reply {
  const headers = { ...pageHeaders(pages), ...REVALIDATED, etag: tag };
  return isKnown(request, tag) ? { status: 304, headers } : { ...htmlReply(pages, html), headers };
}

export const appJsonReply = (view: AppView): Reply => ({ status: 200, body: appJson(view), headers: REVALIDATED });

/** The way to another page; nobody remembers it, since where it leads is a setting. */
export const wayTo = (status: 302 | 303, location: string): Reply => ({
  status,
  headers: { location, "cache-control": "no-store" },
});

/** Tells a browser of a problem on a page. */
export const tellOnPage =
  (pages: AppPages) =>
  ({ code, detail, headers }: Problem, requestId: string): Response => {
    const { status, title } = PROBLEMS[code];
    return new Response(pages.refusal({ title, detail, requestId }), {
      status,
      headers: { ...headers, ...pageHeaders(pages), "content-type": "text/html; charset=utf-8" },
    });
  };

/** The same, where people sign in: whoever is not signed in goes there. */
export const tellBrowserBy =
  (pages: AppPages) =>
  (problem: Problem, requestId: string): Response =>
    problem.code === "unauthorized"
      ? new Response(null, { status: 303, headers: { location: "/sign-in" } })
      : tellOnPage(pages)(problem, requestId);
