/** A schedule in words: what it runs, and each of its policies in a sentence. */
import { durationText } from "../../domain/language/duration-text.ts";
import type { CatchUp } from "../../domain/policy/catch-up.ts";
import type { Overlap } from "../../domain/policy/overlap.ts";
import type { ScheduleOrigin, ScheduleState } from "../../domain/schedule.ts";
import { sayMoment } from "../../domain/time/saying.ts";
import type { ScheduleAnswer } from "../answers/schedule.ts";

export const WHOLE_PROJECT = "The whole project";

/** The name of a schedule: what it runs. */
export const nameOfSchedule = ({ fn }: Pick<ScheduleAnswer, "fn">): string => fn ?? WHOLE_PROJECT;

/** Whether it may still run something. */
export const isLiving = ({ state }: Pick<ScheduleAnswer, "state">): boolean =>
  state !== "cancelled" && state !== "completed";

export const ORIGIN_WORDS: Readonly<Record<ScheduleOrigin, string>> = {
  metadata: "comes with its function",
  dynamic: "made at run time",
};

/** Why a schedule is in its state where nobody gave a reason. */
export const STATE_LINES: Readonly<Record<ScheduleState, string | null>> = {
  active: null,
  paused: "Nothing of it is due until it is resumed.",
  completed: "Its last occurrence has been decided.",
  cancelled: "Nothing of it runs any more.",
  quarantined: "Firing it failed in a way nobody expected. Resume it to try again.",
};

export const OVERLAP_WORDS: Readonly<Record<Overlap, string>> = {
  skip: "Skip the occurrence",
  buffer_one: "Let one wait until it ends",
  buffer_all: "Let all wait, one after another",
  cancel_other: "Cancel the earlier run, and start",
  allow_all: "Start beside it",
};

export const CATCH_UP_WORDS: Readonly<Record<CatchUp, string>> = {
  latest: "One run, for the newest of them",
  all: "All of them, one after another",
  none: "None of them",
};

export const GAP_WORDS = { run_after: "Run right after the gap", skip: "Leave it out" } as const;
export const FOLD_WORDS = { first: "Run the first time", last: "Run the second time", both: "Run both times" } as const;
export const BACKOFF_WORDS = { fixed: "Always the same", exponential: "Doubled each time" } as const;

/** A policy: its name, and what it says of this schedule. */
export type PolicyLine = readonly [name: string, text: string];

/** The policies of a schedule, those that everybody looks for first. */
export const policyLines = (schedule: ScheduleAnswer): readonly PolicyLine[] => [
  ["Retries", retryLine(schedule)],
  ["Timeout", `A run that takes longer than ${durationText(schedule.timeout)} is ended.`],
  ["An earlier run still lives", `${OVERLAP_WORDS[schedule.overlap]}.`],
  ["Missed occurrences", catchUpLine(schedule)],
  ...(schedule.kind === "calendar" ? [["Clock changes", dstLine(schedule)] as const] : []),
  [
    "Spread",
    schedule.spread === 0
      ? "Runs start on time."
      : `Runs start up to ${durationText(schedule.spread)} later, always by the same offset; what they are scheduled for stays.`,
  ],
  ...boundLines(schedule),
];

function retryLine({ retry: { attempts, delay, backoff } }: ScheduleAnswer): string {
  if (attempts === 0) return "A run that fails is not tried again.";
  const wait = delay === 0 ? "at once" : `after ${durationText(delay)}`;
  const times = attempts === 1 ? "once" : `up to ${attempts} times`;
  return `A run that fails is tried again ${times}, ${wait}${backoff === "exponential" ? ", the wait doubled each time" : ""}.`;
}

const catchUpLine = ({ catchup, catchup_window }: ScheduleAnswer): string =>
  catchup === "none"
    ? "What could not run in its time does not run."
    : `${CATCH_UP_WORDS[catchup]}, if no older than ${durationText(catchup_window)}.`;

const dstLine = ({ dst: { gap, fold } }: ScheduleAnswer): string =>
  `A time that the clock leaves out: ${lower(GAP_WORDS[gap])}. A time that it shows twice: ${lower(FOLD_WORDS[fold])}.`;

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

function boundLines({ starts_at, ends_at, max_runs, timezone }: ScheduleAnswer): readonly PolicyLine[] {
  return [
    ...(starts_at === null ? [] : [["Starts", sayMoment(starts_at, timezone)] as const]),
    ...(ends_at === null ? [] : [["Ends", `Before ${sayMoment(ends_at, timezone)}`] as const]),
    ...(max_runs === null ? [] : [["At most", max_runs === 1 ? "One run." : `${max_runs} runs.`] as const]),
  ];
}
