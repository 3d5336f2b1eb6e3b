/**
 * News: what is told of one event of a project, before it is expanded into deliveries. Pure. It carries all that a channel
 * says of the run and its schedule, as they were when it happened: what is changed later changes no news. News of a run has
 * the run's id; all other news has one that is derived from what happened, so that telling it twice is telling it once.
 */
import type { CaptureFormat } from "../captures/capture.ts";
import { type DeliveryId, deriveId, type NewsId, readNewsId, type ScheduleId } from "../ids.ts";
import { describe } from "../language/describe.ts";
import type { Notification } from "../notification.ts";
import type { Run } from "../run.ts";
import type { Schedule } from "../schedule.ts";
import type { Instant } from "../time/instant.ts";
import type { Channel, RecipientKind } from "./delivery.ts";
import type { DeliveryFailure } from "./delivery-failure.ts";

/** What a webhook endpoint may ask for. */
export const WEBHOOK_EVENTS = [
  "run.succeeded",
  "run.failed",
  "run.missed",
  "run.skipped",
  "delivery.failed",
  "schedule.paused",
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** The last one is for people alone: a recipient of a run that is due soon cannot be reached. */
export const NEWS_EVENTS = [...WEBHOOK_EVENTS, "delivery.at_risk"] as const;
export type NewsEvent = (typeof NEWS_EVENTS)[number];

/** The facts of a run that are told. */
export type NewsRun = Pick<
  Run,
  | "id"
  | "scheduleId"
  | "fn"
  | "version"
  | "context"
  | "cause"
  | "status"
  | "attempt"
  | "originRunId"
  | "scheduledFor"
  | "startedAt"
  | "finishedAt"
  | "retryAt"
  | "unrun"
  | "count"
> & {
  readonly error: { readonly reason: string; readonly message: string } | null;
};

/** The schedule as it was then. */
export interface NewsSchedule {
  readonly id: ScheduleId;
  /** As it was written. */
  readonly expression: string;
  /** In English, with its zone where that says more. */
  readonly description: string;
  readonly timezone: string;
  readonly fn: string | null;
}

/** One recipient whom news did not reach, or will not. */
export interface Unreached {
  readonly channel: Channel;
  readonly recipient: { readonly kind: RecipientKind; readonly id: string; readonly name: string };
  readonly failure: DeliveryFailure;
  /** The delivery that failed; null of one that is only at risk. */
  readonly delivery: { readonly news: NewsId; readonly id: DeliveryId } | null;
}

/**
 * Who hears, beside those whom a notification names: the `endpoints` that asked for the event, the `owners` of the project,
 * or the workspace's `admins`, who look after what all projects share.
 */
export const NEWS_AUDIENCES = ["endpoints", "owners", "admins"] as const;
export type NewsAudience = (typeof NEWS_AUDIENCES)[number];

export interface News {
  readonly id: NewsId;
  readonly event: NewsEvent;
  readonly audience: NewsAudience;
  /** When it happened. */
  readonly at: Instant;
  /** Somebody tries how it looks: it is marked as that, and counts for nothing. */
  readonly isTest: boolean;
  readonly run: NewsRun | null;
  readonly schedule: NewsSchedule | null;
  /** Those of the schedule, each at its place, that tell of the event; null at the place of one that does not. */
  readonly notifications: readonly (Notification | null)[];
  /** Until when it waits for captures; null: it waits for none. */
  readonly waitsUntil: Instant | null;
  /** Of `schedule.paused`: why. */
  readonly reason: string | null;
  /** Of `delivery.failed` one, of `delivery.at_risk` all that are at risk. */
  readonly unreached: readonly Unreached[];
}

const BLANK = {
  audience: "endpoints",
  isTest: false,
  run: null,
  schedule: null,
  notifications: [],
  waitsUntil: null,
  reason: null,
  unreached: [],
} as const;

/** News with what is told of its event alone. */
export const newsOf = (event: NewsEvent, facts: Pick<News, "id" | "at"> & Partial<News>): News => ({
  ...BLANK,
  ...facts,
  event,
});

/** An error's message travels through a queue, whose messages hold 128 kB. */
const MESSAGE_MAX_LENGTH = 2_000;

/** The facts of a run that are told. */
export function newsRunOf(run: Run): NewsRun {
  const { id, scheduleId, fn, version, context, cause, status, attempt, originRunId, scheduledFor } = run;
  const { startedAt, finishedAt, retryAt, unrun, count, error } = run;
  return {
    ...{ id, scheduleId, fn, version, context, cause, status, attempt, originRunId, scheduledFor },
    ...{ startedAt, finishedAt, retryAt, unrun, count },
    error: error === null ? null : { reason: error.reason, message: error.message.slice(0, MESSAGE_MAX_LENGTH) },
  };
}

/** The schedule as it is told. */
export const newsScheduleOf = ({ id, spec }: Pick<Schedule, "id" | "spec">): NewsSchedule => {
  const { expression, recurrence, timezone, fn } = spec;
  return { id, expression, description: describe(recurrence, timezone), timezone, fn };
};

/** The event that the end of a run is; null when nothing is told of it. */
export function eventOf({ status }: Pick<Run, "status">): NewsEvent | null {
  switch (status) {
    case "succeeded":
      return "run.succeeded";
    case "failed":
    case "timed_out":
    case "pending_retry":
      return "run.failed";
    case "missed":
      return "run.missed";
    case "skipped":
      return "run.skipped";
    default:
      return null;
  }
}

/** The id of news that is about no run of its own. */
export const deriveNewsId = (event: NewsEvent, at: Instant, ...parts: readonly (string | number)[]): NewsId =>
  readNewsId(deriveId(at, event, ...parts));

/** Whether somebody who hears of it is to hear soon: news of what went wrong never waits, and is rather told twice than not. */
export const isUrgent = ({ event }: Pick<News, "event">): boolean => event !== "run.succeeded";

/** Every format that one of its notifications wants. */
export const wantedFormats = ({
  notifications,
  event,
}: Pick<News, "notifications" | "event">): readonly CaptureFormat[] =>
  event === "run.succeeded"
    ? notifications.flatMap((one) => (one === null || one.capture === "none" ? [] : [one.capture]))
    : [];
