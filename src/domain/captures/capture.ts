/** A capture: a picture (PNG) or a print (PDF) of the app in the state of one run. Pure. */
import type { ProjectId, RunId, WorkspaceId } from "../ids.ts";
import type { PlanName } from "../plan.ts";
import { type Instant, MINUTE_MS, type Milliseconds, SECOND_MS } from "../time/instant.ts";
import type { CaptureEvidence } from "./evidence.ts";
import type { CaptureFailure } from "./failure.ts";
import type { NewsSizes } from "./news-size.ts";

export const CAPTURE_FORMATS = ["png", "pdf"] as const;
export type CaptureFormat = (typeof CAPTURE_FORMATS)[number];

/** The formats in their usual order, each once. */
export const inOrder = (formats: Iterable<CaptureFormat>): readonly CaptureFormat[] => {
  const wanted = new Set(formats);
  return CAPTURE_FORMATS.filter((format) => wanted.has(format));
};

/** `pending`: ordered, or being taken; `captured`: there to be had; `failed`: for good, with a named reason. */
export const CAPTURE_STATES = ["pending", "captured", "failed"] as const;
export type CaptureState = (typeof CAPTURE_STATES)[number];

/** Who wants it: a notification of the run's schedule, or a person for a run of the past. */
export const CAPTURE_CAUSES = ["notification", "demand"] as const;
export type CaptureCause = (typeof CAPTURE_CAUSES)[number];

/** News of a run that went well waits so long for its captures, from the run's end; then it goes with a link. */
export const NEWS_BUDGET_MS: Milliseconds = MINUTE_MS;

/** From the first request to the last byte of one attempt, all formats together. */
export const ATTEMPT_TIMEOUT_MS: Milliseconds = 45 * SECOND_MS;

/** Whoever takes a capture has so long to settle it, attempt and storing together; then it is anybody's again. */
export const CLAIM_LASTS_MS: Milliseconds = 2 * ATTEMPT_TIMEOUT_MS;

/** Attempts at one capture; waiting for a browser is none. */
export const ATTEMPTS_MAX = 3;

/** A capture that has not been taken so long after it was ordered is given up. */
export const GIVE_UP_AFTER_MS: Milliseconds = 30 * MINUTE_MS;

/** How the page is laid out: a setting of the project. */
export interface CaptureLayout {
  /** Of a PNG, in CSS pixels. */
  readonly width: number;
  readonly paper: Paper;
  readonly orientation: Orientation;
}

export const PAPERS = ["a4", "letter"] as const;
export type Paper = (typeof PAPERS)[number];
export const ORIENTATIONS = ["portrait", "landscape"] as const;
export type Orientation = (typeof ORIENTATIONS)[number];

export const DEFAULT_LAYOUT: CaptureLayout = { width: 1_280, paper: "a4", orientation: "portrait" };
export const LAYOUT_WIDTH_MIN = 320;
export const LAYOUT_WIDTH_MAX = 2_560;

/** Device pixels for each CSS pixel of a PNG. */
export const DEVICE_SCALE = 2;

/** A PNG shows so much of the page, in CSS pixels from its top; a longer one is cut there, and says so. */
export const HEIGHT_MAX = 12_000;
/** The same across: what is wider than the layout, such as a table of many columns, widens the picture up to here. */
export const WIDTH_MAX = 4_096;

/** What was taken. */
export interface CaptureFacts {
  /** SHA-256 of the bytes, in hex. */
  readonly hash: string;
  readonly bytes: number;
  /** From the attempt's beginning until it was stored. */
  readonly tookMs: Milliseconds;
  /** Of a PNG. */
  readonly picture?: {
    /** In device pixels. */
    readonly width: number;
    readonly height: number;
    readonly deviceScale: number;
    /** Of the whole page, in CSS pixels; greater than what is shown where the picture is cut. */
    readonly pageWidth: number;
    readonly pageHeight: number;
    /** Below or at the right; the picture says so itself. */
    readonly isCut: boolean;
    readonly tiles: number;
  };
  /** Of a PDF. */
  readonly print?: {
    readonly pages: number;
    readonly paper: Paper;
    readonly orientation: Orientation;
    /** Something of the page is not in it: what is wider than can be printed, or stays hidden in a part that scrolls. */
    readonly isCut: boolean;
  };
  /** A smaller rendition of a PNG, for news. */
  readonly preview?: {
    readonly type: "image/png" | "image/webp";
    readonly bytes: number;
    readonly width: number;
    readonly height: number;
    /** It shows the upper part of the picture alone, and says so. */
    readonly isCut: boolean;
  };
  /** What each channel of news can carry of it. */
  readonly news: NewsSizes;
}

/** One capture of one run in one format: what the ledger keeps. */
export interface Capture {
  readonly run: RunId;
  readonly format: CaptureFormat;
  readonly state: CaptureState;
  readonly cause: CaptureCause;
  readonly orderedAt: Instant;
  /** When news stops waiting for it; null: no news waits. */
  readonly newsBy: Instant | null;
  readonly attempts: number;
  readonly settledAt: Instant | null;
  /** Of a captured one; while it is taken anew, of the one before, which is still there. */
  readonly facts: CaptureFacts | null;
  /** Why the last attempt failed: of a failed one, of a pending one, and of a captured one that could not be taken anew. */
  readonly failure: CaptureFailure | null;
  /** Of the last attempt. */
  readonly evidence: CaptureEvidence | null;
}

/** What is wanted of one run. */
export interface CaptureWish {
  readonly run: RunId;
  readonly formats: readonly CaptureFormat[];
  readonly cause: CaptureCause;
  readonly orderedAt: Instant;
  /** See `Capture.newsBy`. */
  readonly newsBy: Instant | null;
  /** The workspace's, for its limit of captures per day. */
  readonly plan: PlanName;
}

/** A message of the queue `captures`: one load of the page gives all formats. */
export interface CaptureOrder extends CaptureWish {
  readonly workspace: WorkspaceId;
  readonly project: ProjectId;
}
