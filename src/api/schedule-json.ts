/** A schedule as JSON: what a caller sends and what it gets. */
import { z } from "@hono/zod-openapi";
import { CATCH_UPS } from "../domain/policy/catch-up.ts";
import { OVERLAPS } from "../domain/policy/overlap.ts";
import { BACKOFFS } from "../domain/policy/retry.ts";
import { SCHEDULE_ORIGINS, SCHEDULE_STATES, type Schedule } from "../domain/schedule.ts";
import { type Instant, toIso } from "../domain/time/instant.ts";
import { FunctionName, Id, InstantText, isoOrNull, JsonValue, LengthField, TimezoneField } from "./fields.ts";
import { INTERPRETATION_FIELDS, specInterpretationJson } from "./interpretation-json.ts";
import { NotificationJson, NotificationsField, notificationJson } from "./notification-json.ts";
import { OccurrenceJson, UPCOMING_SHOWN, upcomingJson } from "./occurrence-json.ts";

const MAX_RUNS_MAX = 1_000_000_000;
const KEY_MAX_LENGTH = 255;

/** The text of a schedule; what it means is for the domain to say. */
export const ExpressionField = z.string().openapi({
  description: "An ISO 8601 instant, a duration, English, or cron with 5 fields, or 6 with seconds first.",
  example: "every day at 9:00 am",
});

/** A number of attempts, or the parts. */
export const RetryField = z
  .union([
    z.int().min(0),
    z.strictObject({
      attempts: z.int().min(0),
      delay: z.int().min(0).optional().openapi({ description: "Milliseconds." }),
      backoff: z.enum(BACKOFFS).optional(),
    }),
  ])
  .openapi({ description: "Tries after the first one. Values over the limits are lowered, and the notes say so." });

/** The policy at clock changes. */
export const DstField = z
  .strictObject({
    gap: z.enum(["run_after", "skip"]).optional(),
    fold: z.enum(["first", "last", "both"]).optional(),
  })
  .openapi({ description: "What a fixed time does where the clock changes." });

const FIELDS = {
  fn: FunctionName.openapi({ description: "Absent: the whole project." }),
  args: JsonValue,
  timezone: TimezoneField,
  retry: RetryField,
  overlap: z.enum(OVERLAPS),
  catchup: z.enum(CATCH_UPS),
  catchup_window: LengthField,
  dst: DstField,
  spread: LengthField,
  starts_at: z.string().openapi({ description: "ISO 8601; local times are read in the schedule's zone." }),
  ends_at: z.string().openapi({ description: "ISO 8601; occurrences at or after it are not named." }),
  max_runs: z.int().min(1).max(MAX_RUNS_MAX),
  timeout: LengthField,
  notifications: NotificationsField,
};

/** What a caller sends to make a schedule. */
export const NewSchedule = z
  .strictObject({
    schedule: ExpressionField,
    ...z.strictObject(FIELDS).partial().shape,
    key: z.string().min(1).max(KEY_MAX_LENGTH).optional().openapi({
      description: "A name of your own: the same key again changes the schedule instead of making another.",
    }),
  })
  .openapi("NewSchedule");

/** What a caller sends to change one: some fields; null takes a field back to its default. */
export const ScheduleChange = z
  .strictObject({
    schedule: ExpressionField.optional(),
    fn: FIELDS.fn.nullish(),
    args: FIELDS.args.nullish(),
    timezone: FIELDS.timezone.nullish(),
    retry: FIELDS.retry.nullish(),
    overlap: FIELDS.overlap.nullish(),
    catchup: FIELDS.catchup.nullish(),
    catchup_window: FIELDS.catchup_window.nullish(),
    dst: FIELDS.dst.nullish(),
    spread: FIELDS.spread.nullish(),
    starts_at: FIELDS.starts_at.nullish(),
    ends_at: FIELDS.ends_at.nullish(),
    max_runs: FIELDS.max_runs.nullish(),
    timeout: FIELDS.timeout.nullish(),
    notifications: FIELDS.notifications.nullish(),
  })
  .openapi("ScheduleChange");

/** What a caller gets. */
export const ScheduleJson = z
  .strictObject({
    id: Id,
    key: z.string().nullable(),
    origin: z.enum(SCHEDULE_ORIGINS),
    state: z.enum(SCHEDULE_STATES),
    reason: z.string().nullable().openapi({ description: "Why it is paused or quarantined." }),
    schedule: z.string().openapi({ description: "The expression as it was written." }),
    ...INTERPRETATION_FIELDS,
    fn: z.string().nullable(),
    args: JsonValue.nullable(),
    retry: z.strictObject({ attempts: z.int(), delay: z.int(), backoff: z.enum(BACKOFFS) }),
    overlap: z.enum(OVERLAPS),
    catchup: z.enum(CATCH_UPS),
    catchup_window: z.int().openapi({ description: "Milliseconds." }),
    dst: z.strictObject({ gap: z.enum(["run_after", "skip"]), fold: z.enum(["first", "last", "both"]) }),
    spread: z.int().openapi({ description: "Milliseconds." }),
    starts_at: InstantText.nullable(),
    ends_at: InstantText.nullable(),
    max_runs: z.int().nullable(),
    timeout: z.int().openapi({ description: "Milliseconds." }),
    notifications: z.array(NotificationJson),
    skips: z.array(InstantText).openapi({ description: "Occurrences to come that were asked to be skipped." }),
    upcoming: z.array(OccurrenceJson).openapi({ description: "The next five that will run." }),
    created_at: InstantText,
    updated_at: InstantText,
  })
  .openapi("Schedule");

/** The schedule as a caller sees it at this moment. */
export function scheduleJson(schedule: Schedule, now: Instant): z.output<typeof ScheduleJson> {
  const { spec } = schedule;
  return {
    id: schedule.id,
    key: schedule.key,
    origin: schedule.origin,
    state: schedule.state,
    reason: schedule.reason,
    schedule: spec.expression,
    ...specInterpretationJson(spec),
    fn: spec.fn,
    args: schedule.args,
    retry: { ...spec.retry },
    overlap: spec.overlap,
    catchup: spec.catchUp.mode,
    catchup_window: spec.catchUp.window,
    dst: { ...spec.dst },
    spread: spec.spread,
    starts_at: isoOrNull(spec.startsAt),
    ends_at: isoOrNull(spec.endsAt),
    max_runs: spec.maxRuns,
    timeout: spec.timeout,
    notifications: (spec.notifications ?? []).map(notificationJson),
    skips: schedule.skips.map(toIso),
    upcoming: upcomingJson(schedule, now, UPCOMING_SHOWN),
    created_at: toIso(schedule.createdAt),
    updated_at: toIso(schedule.updatedAt),
  };
}
