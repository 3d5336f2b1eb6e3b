/** Small marks beside names: how a run ended, which attempt it is, in what state a schedule is. A word each, never a colour alone. */
import type { RunStatus } from "../../domain/run.ts";
import type { ScheduleState } from "../../domain/schedule.ts";
import { lengthOf } from "../../domain/time/saying.ts";
import type { RunAnswer } from "../answers/run.ts";

/** What a run is, in a word or two. */
export const STATUS_NAMES: Readonly<Record<RunStatus, string>> = {
  queued: "queued",
  running: "running",
  pending_retry: "waits to retry",
  succeeded: "succeeded",
  failed: "failed",
  timed_out: "timed out",
  cancelled: "cancelled",
  skipped: "skipped",
  missed: "missed",
};

export const StatusMark = ({ status }: { readonly status: RunStatus }) => (
  <span class={`status ${status}`}>{STATUS_NAMES[status]}</span>
);

/** `↻1` on the first retry. */
export const RetryMark = ({ attempt }: { readonly attempt: number }) =>
  attempt === 0 ? null : (
    <span class="mark" title={`Attempt ${attempt + 1}, retry ${attempt}`}>
      ↻{attempt}
    </span>
  );

const STATE_NAMES: Readonly<Record<ScheduleState, string>> = {
  active: "active",
  paused: "paused",
  completed: "completed",
  cancelled: "cancelled",
  quarantined: "quarantined",
};

export const StateMark = ({ state }: { readonly state: ScheduleState }) => (
  <span class={`state ${state}`}>{STATE_NAMES[state]}</span>
);

/** A run may start a little late; from here on it is said. */
const LATE_FROM_MS = 5_000;

/** Whether a run began later than it was to, and by how much. */
export const LateMark = ({ lateness_ms: late }: Pick<RunAnswer, "lateness_ms">) =>
  late === null || late < LATE_FROM_MS ? null : <span class="mark warn">{lengthOf(late)} late</span>;
