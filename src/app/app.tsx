/** The app, drawn: views in, pages out. Knows nothing of requests, of runs on their way, or of where outputs are kept. */
import { createHash } from "node:crypto";
import type { AppPages, AppView, CaptureCaption } from "../domain/app-view.ts";
import { CapturePage } from "./capture-page.tsx";
import { Fragment } from "./fragment.tsx";
import { AppPage, RefusalPage } from "./page.tsx";
import { progressOf } from "./progress.ts";
import { SCRIPT } from "./script.ts";

/**
 * Nothing but the one script, which is named by its hash; styles of any kind, because an author's html block inherits this
 * policy and is worth little without its own, and because a style reaches nothing: there is nothing to load but pictures.
 * Frames may not leave for another address, and the page itself stands in pages of this deployment alone. Its base is of this
 * deployment too: a page that is captured has one, without the token that is in its address.
 */
const POLICY = [
  "default-src 'none'",
  `script-src 'sha256-${createHash("sha256").update(SCRIPT).digest("base64")}'`,
  "style-src 'unsafe-inline'",
  "img-src https: data:",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join("; ");

/** What is there only once it has loaded. Text never looks like it: every text is escaped. */
const LOADS = /<(?:iframe|img)\b/;

/** Links that are whole only together with the page's own address: on paper they lead nowhere. Markdown alone makes links. */
const LEADS_NOWHERE = /<a href="(?!https?:\/\/|mailto:)[^"]*"/gi;

const fragment = (view: AppView): string => String(<Fragment view={view} />);

function page(view: AppView): string {
  const inner = fragment(view);
  const isReady = !view.isPending && !view.opensWithRun && !LOADS.test(inner);
  return `<!DOCTYPE html>${<AppPage view={view} fragment={inner} isReady={isReady} />}`;
}

function capturePage(view: AppView, caption: CaptureCaption): string {
  const inner = fragment(view).replaceAll(LEADS_NOWHERE, "<a");
  return `<!DOCTYPE html>${<CapturePage view={view} caption={caption} fragment={inner} isReady={!LOADS.test(inner)} />}`;
}

/** The pages, for whoever has something to show. */
export const appPages: AppPages = {
  policy: POLICY,
  page,
  capturePage,
  fragment,
  progress: progressOf,
  refusal: (refusal) => `<!DOCTYPE html>${<RefusalPage {...refusal} />}`,
};
