/** What the page of an app shows, and who draws it. Types only; pure: the doors make views, the app draws them. */

import type { Block } from "./blocks/block.ts";
import type { CaptureFormat } from "./captures/capture.ts";
import type { ProjectId, RunId } from "./ids.ts";
import type { RunError, RunStatus } from "./run.ts";
import type { Instant } from "./time/instant.ts";

/**
 * - `cached`: what the latest good runs left, the same for everybody.
 * - `historic`: what one run left, whenever it was.
 * - `own`: what a visitor's own run brings, for nobody else to see.
 * - `empty`: no good run yet.
 */
export const APP_STATES = ["cached", "historic", "own", "empty"] as const;
export type AppState = (typeof APP_STATES)[number];

/** Which run left something, and when. */
export interface RunStamp {
  readonly run: RunId;
  readonly scheduledFor: Instant;
  /** Null while it runs. */
  readonly finishedAt: Instant | null;
}

/** What one function shows. */
export interface AppSection {
  readonly fn: string;
  readonly stamp: RunStamp;
  readonly blocks: readonly Block[];
}

/** `wrong`: something failed; `warn`: not what one may take it for; `quiet`: good to know. */
export const NOTICE_TONES = ["quiet", "warn", "wrong"] as const;
export type NoticeTone = (typeof NOTICE_TONES)[number];

/** A sentence to whoever looks at the page. */
export interface AppNotice {
  readonly tone: NoticeTone;
  readonly text: string;
  /** Where code threw. */
  readonly detail?: string;
}

/** Everything about one state of an app. */
export interface AppView {
  readonly project: { readonly id: ProjectId; readonly name: string };
  /** The zone in which times are shown, beside UTC. */
  readonly timezone: string;
  readonly state: AppState;
  /** Of the one run that is shown; null in the cached state, which may come from several. */
  readonly status: RunStatus | null;
  /** Why that run failed; the notices say it to people. */
  readonly error: Pick<RunError, "reason" | "message" | "fn"> | null;
  /** The run that most of it comes from. */
  readonly stamp: RunStamp | null;
  readonly sections: readonly AppSection[];
  readonly notices: readonly AppNotice[];
  /** The run is not over: the page follows it. */
  readonly isPending: boolean;
  /** Where a visitor starts a run of their own; null: not from here. */
  readonly rerun: string | null;
  /** The page starts that run by itself. */
  readonly opensWithRun: boolean;
  /** Where the page hears how its run goes on; null: it loads itself again. */
  readonly events: string | null;
  /** Where the app is as everybody sees it; null: here. */
  readonly home: string | null;
}

/** What a page that is captured says of itself: in which formats, and at its foot, beside the project's name, what it is of. */
export interface CaptureCaption {
  readonly formats: readonly CaptureFormat[];
  /** When the run's schedule runs, in words; null: it has none. */
  readonly schedule: string | null;
  readonly scheduledFor: Instant;
  /** Null: it never began. */
  readonly ranAt: Instant | null;
}

/** Draws views. `src/app` does; the API is handed it. */
export interface AppPages {
  /** The `Content-Security-Policy` that the pages need. */
  readonly policy: string;
  page(view: AppView): string;
  /** The same for a capture: everything there is to see at once, and nothing to be pressed. */
  capturePage(view: AppView, caption: CaptureCaption): string;
  /** The part of the page that changes while a run goes on. */
  fragment(view: AppView): string;
  /** How far the run is, in a sentence. */
  progress(view: AppView): string;
  /** A page that says why there is nothing to see. */
  refusal(refusal: { readonly title: string; readonly detail: string; readonly requestId: string }): string;
}
