/** What the attempts of a chain did when: queued, running, waiting for the next one. For a picture of it. Pure. */
import type { RunStatus } from "./run.ts";
import type { Instant } from "./time/instant.ts";

/** What is looked at of an attempt. */
export interface Attempt {
  readonly status: RunStatus;
  readonly queuedAt: Instant;
  /** Null: it has not begun, or never will. */
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  /** When the next attempt is, or was, due. */
  readonly retryAt: Instant | null;
}

export interface Stretch {
  readonly kind: "queued" | "running" | "waiting";
  readonly from: Instant;
  readonly to: Instant;
}

export interface Timeline {
  readonly from: Instant;
  /** Later than `from`, even where all happened in one moment. */
  readonly to: Instant;
  /** Of each attempt, in their order. */
  readonly rows: readonly (readonly Stretch[])[];
}

/** From the first one's queueing to the end of the last, or until now where that is still to come. */
export function timelineOf(attempts: readonly Attempt[], now: Instant): Timeline {
  const rows = attempts.map((attempt) => stretchesOf(attempt, now));
  const all = rows.flat();
  const from = Math.min(...all.map((stretch) => stretch.from));
  const to = Math.max(...all.map((stretch) => stretch.to));
  return all.length === 0 ? { from: now, to: now + 1, rows } : { from, to: Math.max(to, from + 1), rows };
}

function stretchesOf({ status, queuedAt, startedAt, finishedAt, retryAt }: Attempt, now: Instant): readonly Stretch[] {
  if (startedAt === null) return [stretch("queued", queuedAt, finishedAt ?? (status === "queued" ? now : queuedAt))];
  const ended = finishedAt ?? (status === "running" ? now : startedAt);
  return [
    stretch("queued", queuedAt, startedAt),
    stretch("running", startedAt, ended),
    ...(retryAt === null || finishedAt === null ? [] : [stretch("waiting", finishedAt, retryAt)]),
  ];
}

/** Machines' clocks may disagree by a little: nothing ends before it begins. */
const stretch = (kind: Stretch["kind"], from: Instant, to: Instant): Stretch => ({
  kind,
  from,
  to: Math.max(from, to),
});
