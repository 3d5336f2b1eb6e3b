/**
 * The token that opens the page of one run, for one purpose and a few minutes: what a browser that takes a capture brings,
 * and a page of the project's own that stands in for the app. It names what it opens and is a MAC over that, so none is
 * stored; it opens nothing else.
 */
import { timingSafeEqual } from "node:crypto";
import { mintProjectScope, type ProjectScope } from "../domain/access.ts";
import { type CaptureFormat, inOrder } from "../domain/captures/capture.ts";
import { isUuid, type RunId, readProjectId, readRunId, readWorkspaceId } from "../domain/ids.ts";
import type { Instant, Milliseconds } from "../domain/time/instant.ts";
import { mac, macKey } from "./mac.ts";

const PREFIX = "cpt";

/** What the page is opened for: to be seen by a person, or to be captured in these formats. */
export const PAGE_PURPOSES = ["view", "png", "pdf", "png-pdf"] as const;
export type PagePurpose = (typeof PAGE_PURPOSES)[number];

const FORMATS: Readonly<Record<PagePurpose, readonly CaptureFormat[]>> = {
  view: [],
  png: ["png"],
  pdf: ["pdf"],
  "png-pdf": ["png", "pdf"],
};

/** The formats that a page is captured in; none when people look at it. */
export const formatsOf = (purpose: PagePurpose): readonly CaptureFormat[] => FORMATS[purpose];

/** The purpose of a page that is captured in these formats, of which there is at least one. */
export function purposeOf(formats: readonly CaptureFormat[]): PagePurpose {
  const word = inOrder(formats).join("-");
  const purpose = PAGE_PURPOSES.find((one) => one === word);
  if (purpose === undefined) throw new TypeError(`No page is captured in these formats: ${JSON.stringify(formats)}`);
  return purpose;
}

export interface PageTokenSubject {
  readonly scope: ProjectScope;
  readonly run: RunId;
  readonly purpose: PagePurpose;
}

/** Where this deployment shows the page of a run to whoever brings its token. */
export const ownPageAddress = (origin: string, subject: PageTokenSubject, token: string): string =>
  `${pageAddress(origin, subject)}?token=${token}`;

const pageAddress = (origin: string, { scope, run }: PageTokenSubject): string =>
  `${origin}/v1/projects/${scope.projectId}/runs/${run}/page`;

/**
 * Where a page of the project's own is, with all that it needs to know: the run that it is to show, the token, and where it
 * gets what the run left; and that it is captured if it is. `origin`: this deployment's; null where nobody has named it.
 */
export function externalPageAddress(
  address: string,
  subject: PageTokenSubject,
  { token, origin }: { readonly token: string; readonly origin: string | null },
): string {
  const { scope, run, purpose } = subject;
  const url = new URL(address);
  const told = {
    carillon_project: scope.projectId,
    carillon_run: run,
    carillon_token: token,
    carillon_page: origin === null ? null : pageAddress(origin, subject),
    carillon_capture: purpose === "view" ? null : purpose,
  };
  for (const [name, value] of Object.entries(told)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.href;
}

/** `cpt_<workspace>_<project>_<run>_<purpose>_<expiry>_<mac>` */
export async function makePageToken(
  key: string,
  { scope, run, purpose }: PageTokenSubject,
  { now, lasts }: { readonly now: Instant; readonly lasts: Milliseconds },
): Promise<string> {
  const expiry = (now + lasts).toString(36);
  const named = [PREFIX, scope.workspaceId, scope.projectId, run, purpose, expiry].join("_");
  return `${named}_${(await macOf(key, named)).toString("base64url")}`;
}

/** What the token opens now, or null when it is not one of ours or its time is up. Compares in constant time. */
export async function readPageToken(key: string, token: string, now: Instant): Promise<PageTokenSubject | null> {
  const [prefix, workspace = "", project = "", run = "", word = "", expiry = "", ...rest] = token.split("_");
  const purpose = PAGE_PURPOSES.find((one) => one === word);
  if (prefix !== PREFIX || !isUuid(workspace) || !isUuid(project) || !isUuid(run) || purpose === undefined) return null;
  // As text: base64url has spare bits at its end, and one token must have one way to be written.
  const right = Buffer.from(
    (await macOf(key, [prefix, workspace, project, run, word, expiry].join("_"))).toString("base64url"),
  );
  const given = Buffer.from(rest.join("_"));
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  if (Number.parseInt(expiry, 36) <= now) return null;
  return { scope: mintProjectScope(readWorkspaceId(workspace), readProjectId(project)), run: readRunId(run), purpose };
}

const macOf = async (key: string, text: string): Promise<Buffer> =>
  mac(await macKey(Buffer.from(key, "base64")), `page-token|${text}`);
