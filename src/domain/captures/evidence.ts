/** What was seen while a page was waited for: kept with every capture, so that a failed one explains itself. Pure. */
import type { Milliseconds } from "../time/instant.ts";

/**
 * The waits before a page is believed, in their order.
 *
 * - `document`: the page answered, with a status below 400 and from where it was asked for.
 * - `flag`: it said itself that it is ready (`data-carillon-ready="true"` on its root).
 * - `selector`: what the project names is there and visible.
 * - `network`, `dom`: no request under way and nothing changed for a moment.
 * - `scroll`: all of it was brought into view once, so that what waits for that has come; one that did not pass fails nothing.
 * - `fonts`, `images`: everything that it draws with has loaded.
 * - `spinner`: nothing says that it is still busy.
 * - `content`: there is something on the picture.
 */
export const WAITS = [
  "document",
  "flag",
  "selector",
  "network",
  "dom",
  "scroll",
  "fonts",
  "images",
  "spinner",
  "content",
] as const;
export type WaitName = (typeof WAITS)[number];

export interface Wait {
  readonly name: WaitName;
  readonly passed: boolean;
  readonly tookMs: Milliseconds;
  /** What kept it, in words that may be the page's: for editors. */
  readonly detail?: string;
}

/** By what a page is ready: its own flag, the project's selector, or nothing but that it is quiet. */
export const READY_BY = ["flag", "selector", "quiet"] as const;
export type ReadyBy = (typeof READY_BY)[number];

export interface ConsoleLine {
  readonly level: "error" | "warning" | "exception";
  readonly text: string;
}

/** `refused`: by our rules; `failed`: in the network; `pending`: no answer yet; `bad_status`: an answer of 400 or above. */
export const REQUEST_OUTCOMES = ["refused", "failed", "pending", "bad_status"] as const;
export type RequestOutcome = (typeof REQUEST_OUTCOMES)[number];

/** A request that did not go well, or had not ended. */
export interface SeenRequest {
  readonly url: string;
  readonly outcome: RequestOutcome;
  /** Of a bad answer. */
  readonly status: number | null;
  /** `document`, `script`, `image`, `fetch` and so on. */
  readonly type: string;
  readonly detail?: string;
}

export interface CaptureEvidence {
  readonly readyBy: ReadyBy | null;
  readonly waits: readonly Wait[];
  readonly console: readonly ConsoleLine[];
  readonly requests: readonly SeenRequest[];
  /** Lines and requests beyond those that are kept. */
  readonly omitted: number;
  /** The share of the picture that plainly differs from its commonest colour, from 0 to 1; null when none was taken. */
  readonly contentShare: number | null;
  /** Whether what the page showed at its failure is kept, for editors. */
  readonly hasPartialPicture: boolean;
}

export const NO_EVIDENCE: CaptureEvidence = {
  readyBy: null,
  waits: [],
  console: [],
  requests: [],
  omitted: 0,
  contentShare: null,
  hasPartialPicture: false,
};

/** Lines and requests that are kept of one attempt, and the length of each text. */
export const EVIDENCE_LINES_MAX = 20;
export const EVIDENCE_TEXT_MAX_LENGTH = 300;
