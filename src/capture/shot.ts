/** What the camera is asked for, and what it answers. */
import type { CaptureFacts, CaptureFormat, CaptureLayout } from "../domain/captures/capture.ts";
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
  readonly picture?: NonNullable<CaptureFacts["picture"]>;
  readonly print?: Pick<NonNullable<CaptureFacts["print"]>, "pages" | "isCut">;
  readonly preview?: Omit<NonNullable<CaptureFacts["preview"]>, "bytes"> & { readonly bytes: Uint8Array };
}

/** One format that a page which was ready could not be taken in, such as a picture that is too large. */
export interface FailedFormat {
  readonly format: CaptureFormat;
  readonly failure: CaptureFailure;
}

/** How an attempt ended: the page was there to be taken, and each format was or was not; or it was not, and why. */
export type ShotOutcome =
  | {
      readonly ok: true;
      /** Together every format that was asked for, each once. */
      readonly taken: readonly Taken[];
      readonly failed: readonly FailedFormat[];
      readonly evidence: CaptureEvidence;
    }
  | {
      readonly ok: false;
      readonly failure: CaptureFailure;
      readonly evidence: CaptureEvidence;
      /** What the page showed when it was given up, as a PNG of its first screen; null when nothing could be seen. */
      readonly partialPicture: Uint8Array | null;
      /** What the platform or the page's server named. */
      readonly retryAfter?: Milliseconds;
    };
