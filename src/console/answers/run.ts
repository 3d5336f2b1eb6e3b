/** Runs, as the console reads them. */
import { z } from "@hono/zod-openapi";
import { FAILURE_REASONS, RUN_CAUSES, RUN_CONTEXTS, RUN_STATUSES, UNRUN_REASONS } from "../../domain/run.ts";
import { InstantAnswer } from "./fields.ts";

export const RunAnswer = z.object({
  id: z.string(),
  schedule_id: z.string().nullable(),
  fn: z.string().nullable(),
  version: z.int().nullable(),
  context: z.enum(RUN_CONTEXTS),
  cause: z.enum(RUN_CAUSES),
  status: z.enum(RUN_STATUSES),
  attempt: z.int(),
  origin_run_id: z.string().nullable(),
  scheduled_for: InstantAnswer,
  effective_at: InstantAnswer,
  queued_at: InstantAnswer,
  started_at: InstantAnswer.nullable(),
  finished_at: InstantAnswer.nullable(),
  retry_at: InstantAnswer.nullable(),
  lateness_ms: z.int().nullable(),
  duration_ms: z.int().nullable(),
  reason: z.enum(UNRUN_REASONS).nullable(),
  count: z.int(),
  error: z
    .object({
      reason: z.enum(FAILURE_REASONS),
      message: z.string(),
      status: z.int().optional(),
      excerpt: z.string().optional(),
      fn: z.string().optional(),
      stack: z.string().optional(),
    })
    .nullable(),
});

export type RunAnswer = z.output<typeof RunAnswer>;
