/**
 * The life of a run: its states, the one table of transitions, and the words for how it came to be and how it ended.
 * Pure. `docs/run-lifecycle.md` draws the same machine; `test/domain/run.test.ts` holds this file, the drawing and the
 * SQL CHECKs together.
 */
import type { RunId, ScheduleId } from "./ids.ts";
import type { Instant, Milliseconds } from "./time/instant.ts";

/**
 * - `queued`: decided, on its way to an executor (or held back until an earlier run of its schedule ends).
 * - `running`: an executor claimed it and holds a lease.
 * - `pending_retry`: failed, and a retry is due at `retryAt`.
 * - `succeeded`, `failed`, `timed_out`, `cancelled`: over.
 * - `skipped`, `missed`: never ran; the ledger row of one occurrence, or of `count` of them.
 */
export const RUN_STATUSES = [
  "queued",
  "running",
  "pending_retry",
  "succeeded",
  "failed",
  "timed_out",
  "cancelled",
  "skipped",
  "missed",
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Every change of state there is. A state that leads nowhere is final. */
export const TRANSITIONS: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  queued: ["running", "cancelled"],
  running: ["succeeded", "failed", "timed_out", "pending_retry", "cancelled"],
  pending_retry: ["failed", "cancelled"],
  succeeded: [],
  failed: [],
  timed_out: [],
  cancelled: [],
  skipped: [],
  missed: [],
};

export const canMove = (from: RunStatus, to: RunStatus): boolean => TRANSITIONS[from].includes(to);
export const isFinal = (status: RunStatus): boolean => TRANSITIONS[status].length === 0;
export const isRunStatus = (text: string): text is RunStatus => (RUN_STATUSES as readonly string[]).includes(text);

/** What a function can see of where its run comes from: a draft by hand, the app, a schedule, or a call of the API. */
export const RUN_CONTEXTS = ["logic", "app", "scheduled", "api-triggered"] as const;
export type RunContext = (typeof RUN_CONTEXTS)[number];

/** What made the run: its time came (perhaps late), a backfill, a person's run now, an API call, or a failed attempt. */
export const RUN_CAUSES = ["occurrence", "catch_up", "backfill", "manual", "api", "retry"] as const;
export type RunCause = (typeof RUN_CAUSES)[number];

/** Why an occurrence did not run. `skipped`: overlap to limit (of the plan); `missed`: limit (of a catch-up) to superseded. */
export const UNRUN_REASONS = [
  "overlap",
  "buffer_full",
  "requested",
  "paused",
  "limit",
  "catchup_window",
  "superseded",
] as const;
export type UnrunReason = (typeof UNRUN_REASONS)[number];

/** Why a run failed. The message beside it is for people; this is for programs. */
export const FAILURE_REASONS = [
  "http_status",
  "timeout",
  "network",
  "address_refused",
  "response_too_large",
  "reported",
  "exception",
  "load_failed",
  "output_invalid",
  "limit_exceeded",
  "function_missing",
  "lost",
  "undeliverable",
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

export interface RunError {
  readonly reason: FailureReason;
  readonly message: string;
  /** The HTTP status that the function answered, when it answered. */
  readonly status?: number;
  /** The first bytes of what the function answered. */
  readonly excerpt?: string;
  /** In a run of the whole project: the function that failed. */
  readonly fn?: string;
  /** Where code threw, in the author's own modules and lines. */
  readonly stack?: string;
}

/** A JSON text kept in the row, or where the text lies when it is too big for that. */
export type Output =
  | { readonly stored: "inline"; readonly json: string }
  | { readonly stored: "artifact"; readonly key: string; readonly bytes: number };

/** A run as every room knows it: the live row of the actor and the finished row of the run log have this shape. */
export interface Run {
  readonly id: RunId;
  readonly scheduleId: ScheduleId | null;
  /** Null for a run of the whole project. */
  readonly fn: string | null;
  /** The version that runs or ran; null until an executor begins it. */
  readonly version: number | null;
  readonly context: RunContext;
  readonly cause: RunCause;
  readonly status: RunStatus;
  /** 0 for the first try. */
  readonly attempt: number;
  /** The first run of a chain of retries; null on that first run itself. */
  readonly originRunId: RunId | null;
  /** The nominal time: the occurrence's identity. For a run without a schedule, when it was asked for. */
  readonly scheduledFor: Instant;
  /** Nominal plus spread: when it was to start. */
  readonly effectiveAt: Instant;
  readonly queuedAt: Instant;
  readonly startedAt: Instant | null;
  /** When it ended; on a run that waits for its retry, when its own execution did. */
  readonly finishedAt: Instant | null;
  /** When the retry is or was due, on a run that another attempt follows. */
  readonly retryAt: Instant | null;
  readonly unrun: UnrunReason | null;
  /** How many occurrences this row stands for: 1, more only on skipped and missed rows. */
  readonly count: number;
  readonly error: RunError | null;
  readonly output: Output | null;
}

/** What an executor reports of a run that it began. */
export type Outcome =
  | { readonly kind: "succeeded"; readonly at: Instant; readonly output: Output | null }
  | {
      readonly kind: "failed";
      readonly at: Instant;
      readonly error: RunError;
      /** What the function asked for: never again, or not before this long. */
      readonly retry?: "never" | { readonly after: Milliseconds };
      /** What was produced before it failed; absent: nothing beyond the progress that was recorded. */
      readonly output?: Output | null;
    }
  /** The function answered 202 and will complete the run itself. */
  | { readonly kind: "accepted"; readonly at: Instant };

/** The facts of a run that its function is told, beside the arguments. */
export interface RunFacts {
  readonly id: RunId;
  readonly schedule_id: ScheduleId | null;
  readonly scheduled_for: string;
  readonly context: RunContext;
  readonly scheduled: boolean;
  readonly attempt: number;
  readonly origin_run_id: RunId | null;
  readonly version: number;
}
