/** Schedules and how expressions are understood, as the console reads them. */
import { z } from "@hono/zod-openapi";
import { CATCH_UPS } from "../../domain/policy/catch-up.ts";
import { OVERLAPS } from "../../domain/policy/overlap.ts";
import { BACKOFFS } from "../../domain/policy/retry.ts";
import { SCHEDULE_ORIGINS, SCHEDULE_STATES } from "../../domain/schedule.ts";
import { InstantAnswer } from "./fields.ts";
import { NotificationAnswer } from "./notification.ts";
import { RunAnswer } from "./run.ts";

/** An occurrence to come. */
export const OccurrenceAnswer = z.object({
  scheduled_for: InstantAnswer,
  local: z.string(),
  effective_at: InstantAnswer.optional(),
  note: z.string().optional(),
});

export type OccurrenceAnswer = z.output<typeof OccurrenceAnswer>;

const INTERPRETATION = {
  kind: z.enum(["once", "interval", "calendar"]),
  format: z.string(),
  cron: z.array(z.string()),
  every: z.string().nullable(),
  at: z.string().nullable(),
  description: z.string(),
  timezone: z.string(),
  notes: z.array(z.string()),
};

/** `POST /v1/previews`: how an expression is understood. */
export const PreviewAnswer = z.object({
  ...INTERPRETATION,
  upcoming: z.array(OccurrenceAnswer),
  over_plan: z.string().nullable(),
});

export type PreviewAnswer = z.output<typeof PreviewAnswer>;

export const ScheduleAnswer = z.object({
  id: z.string(),
  key: z.string().nullable(),
  origin: z.enum(SCHEDULE_ORIGINS),
  state: z.enum(SCHEDULE_STATES),
  reason: z.string().nullable(),
  schedule: z.string(),
  ...INTERPRETATION,
  fn: z.string().nullable(),
  args: z.unknown(),
  retry: z.object({ attempts: z.int(), delay: z.int(), backoff: z.enum(BACKOFFS) }),
  overlap: z.enum(OVERLAPS),
  catchup: z.enum(CATCH_UPS),
  catchup_window: z.int(),
  dst: z.object({ gap: z.enum(["run_after", "skip"]), fold: z.enum(["first", "last", "both"]) }),
  spread: z.int(),
  starts_at: InstantAnswer.nullable(),
  ends_at: InstantAnswer.nullable(),
  max_runs: z.int().nullable(),
  timeout: z.int(),
  notifications: z.array(NotificationAnswer),
  skips: z.array(InstantAnswer),
  upcoming: z.array(OccurrenceAnswer),
  created_at: InstantAnswer,
  updated_at: InstantAnswer,
});

export type ScheduleAnswer = z.output<typeof ScheduleAnswer>;

/** A schedule in a list that shows how each went of late. */
export const ListedScheduleAnswer = ScheduleAnswer.extend({ latest_runs: z.array(RunAnswer) });

export type ListedScheduleAnswer = z.output<typeof ListedScheduleAnswer>;
