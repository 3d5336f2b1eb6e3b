/** A project at a glance, and what starts in its coming days, as the console reads them. */
import { z } from "@hono/zod-openapi";
import type { Ending } from "../../domain/run-counts.ts";
import { InstantAnswer } from "./fields.ts";
import { RunAnswer } from "./run.ts";

const COUNTS = {
  ...{ succeeded: z.int(), failed: z.int(), timed_out: z.int() },
  ...{ cancelled: z.int(), skipped: z.int(), missed: z.int() },
} satisfies Record<Ending, z.ZodType>;

const DayAnswer = z.object({ date: z.string(), ...COUNTS });

export type DayAnswer = z.output<typeof DayAnswer>;

/** `/v1/projects/{p}/overview`. */
export const OverviewAnswer = z.object({
  timezone: z.string(),
  schedules: z.object({ active: z.int(), paused: z.int(), quarantined: z.int() }),
  next: z.object({ schedule_id: z.string(), fn: z.string().nullable(), effective_at: InstantAnswer }).nullable(),
  last: RunAnswer.nullable(),
  days: z.array(DayAnswer),
  counted_from: z.string().nullable(),
});

export type OverviewAnswer = z.output<typeof OverviewAnswer>;

const SCHEDULE = { id: z.string(), fn: z.string().nullable(), description: z.string() };

const CrowdedAnswer = z.object({
  minute: z.int(),
  count: z.int(),
  schedules: z.array(z.object({ ...SCHEDULE, spread: z.int() })),
});

export type CrowdedAnswer = z.output<typeof CrowdedAnswer>;

/** `/v1/projects/{p}/upcoming`. */
export const LoadAnswer = z.object({
  timezone: z.string(),
  hours: z.array(z.object({ at: InstantAnswer, count: z.int() })),
  minutes: z.array(z.int()),
  crowded: z.array(CrowdedAnswer),
  schedules: z.array(
    z.object({
      ...SCHEDULE,
      occurrences: z.array(z.object({ scheduled_for: InstantAnswer, effective_at: InstantAnswer.optional() })),
      count: z.int().nullable(),
      dense: z.boolean(),
    }),
  ),
  left_out: z.int(),
  truncated: z.boolean(),
});

export type LoadAnswer = z.output<typeof LoadAnswer>;
