/** What the camera is asked for, and what it answers. */
import type { CaptureFormat, CaptureLayout } from "../domain/captures/capture.ts";
import type { CaptureEvidence } from "../domain/captures/evidence.ts";
import type { CaptureFailure } from "../domain/captures/failure.ts";
import type { RunId } from "../domain/ids.ts";
import type { Instant, Milliseconds } from "../domain/time/instant.ts";

/** The page: one of this deployment, which is handed to the browser without leaving the house, or one on the Internet. */
export type ShotPage =
  | {
      readonly kind: "own";
      readonly url: string;
      /** Answers the page's own address as the deployment would. Nothing else of the deployment can be reached. */
      readonly open: (request: Request) => Promise<Response>;
    }
  | { readonly kind: "external"; readonly url: string };

/** What stands at the foot of every sheet of a PDF. */
export interface ShotCaption {
  readonly project: string;
  /** Of the schedule: its expression in words; null for a run without one. */
  readonly schedule: string | null;
  readonly scheduledFor: Instant;
  readonly ranAt: Instant | null;
  readonly timezone: string;
}

export interface Shot {
  /** The run that the page shows, as it says itself where it says anything. */
  readonly run: RunId;
  readonly page: ShotPage;
  readonly formats: readonly CaptureFormat[];
  readonly layout: CaptureLayout;
  /** A CSS selector that is visible once the page is ready; null: none was named. */
  readonly readySelector: string | null;
  readonly caption: ShotCaption;
}

/** One format, taken. */
export interface Taken {
  readonly format: CaptureFormat;
  readonly bytes: Uint8Array;
  readonly picture?: {
    readonly width: number;
    readonly height: number;
    readonly deviceScale: number;
    readonly pageHeight: number;
    readonly isCut: boolean;
    readonly tiles: number;
  };
  readonly print?: { readonly pages: number };
  readonly preview?: {
    readonly type: "image/png" | "image/webp";
    readonly bytes: Uint8Array;
    readonly width: number;
    readonly height: number;
  };
}

/** How an attempt ended: all formats, or none and why. */
export type ShotOutcome =
  | { readonly ok: true; readonly taken: readonly Taken[]; readonly evidence: CaptureEvidence }
  | {
      readonly ok: false;
      readonly failure: CaptureFailure;
      readonly evidence: CaptureEvidence;
      /** What the page showed when it was given up, as a PNG of its first screen; null when nothing could be seen. */
      readonly partialPicture: Uint8Array | null;
      /** What the platform or the page's server named. */
      readonly retryAfter?: Milliseconds;
    };
