/** What was seen while a page was waited for: kept with every capture, so that a failed one explains itself. Pure. */
import type { Milliseconds } from "../time/instant.ts";

/**
 * The waits before a page is believed, in their order.
 *
 * - `document`: the page answered, with a status below 400 and from where it was asked for.
 * - `flag`: it said itself that it is ready (`data-carillon-ready="true"` on its root).
 * - `selector`: what the project names is there and visible.
 * - `network`, `dom`: no request under way and nothing changed for a moment.
 * - `fonts`, `images`: everything that it draws with has loaded.
 * - `spinner`: nothing says that it is still busy.
 * - `content`: the picture is not one colour.
 */
export const WAITS = [
  "document",
  "flag",
  "selector",
  "network",
  "dom",
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
  /** What kept it, in words. */
  readonly detail?: string;
}

/** Who vouches for the page: its own flag, the project's selector, or nobody but our watching. */
export const VOUCHERS = ["flag", "selector", "quiet"] as const;
export type Voucher = (typeof VOUCHERS)[number];

export interface ConsoleLine {
  readonly level: "error" | "warning" | "exception";
  readonly text: string;
}

/** A request that did not go well, or had not ended. */
export interface SeenRequest {
  readonly url: string;
  /** `refused`: our rules; `failed`: the network; `pending`: no answer yet; a number: the status of a bad answer. */
  readonly how: "refused" | "failed" | "pending" | number;
  /** `document`, `script`, `image`, `fetch` and so on. */
  readonly type: string;
  readonly detail?: string;
}

export interface CaptureEvidence {
  readonly voucher: Voucher | null;
  readonly waits: readonly Wait[];
  readonly console: readonly ConsoleLine[];
  readonly requests: readonly SeenRequest[];
  /** Lines and requests beyond those that are kept. */
  readonly omitted: number;
  /** The share of the picture that plainly differs from its commonest colour, from 0 to 1; null when none was taken. */
  readonly ink: number | null;
  /** Whether what the page showed at its failure is kept, for editors. */
  readonly hasPartialPicture: boolean;
}

export const NO_EVIDENCE: CaptureEvidence = {
  voucher: null,
  waits: [],
  console: [],
  requests: [],
  omitted: 0,
  ink: null,
  hasPartialPicture: false,
};

/** Lines and requests that are kept of one attempt, and the length of each text. */
export const EVIDENCE_LINES_MAX = 20;
export const EVIDENCE_TEXT_MAX_LENGTH = 300;
