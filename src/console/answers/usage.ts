/** The plan and what is used of it, as the console reads it. */
import { z } from "@hono/zod-openapi";
import { PLAN_NAMES } from "../../domain/plan.ts";

const ProjectUse = z.object({
  project: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
  schedules: z.int().nullable(),
  runs_today: z.int().nullable(),
  running: z.int().nullable(),
});

export type ProjectUse = z.output<typeof ProjectUse>;

export const UsageAnswer = z.object({
  plan: z.object({ name: z.enum(PLAN_NAMES) }),
  members: z.int(),
  captures_today: z.int(),
  items: z.array(ProjectUse),
  next_cursor: z.string().nullable(),
});

export type UsageAnswer = z.output<typeof UsageAnswer>;
