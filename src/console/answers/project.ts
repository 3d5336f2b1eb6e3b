/** A project, as the console reads it. */
import { z } from "@hono/zod-openapi";
import { ACCESS_LEVELS } from "../../domain/access.ts";
import { InstantAnswer } from "./fields.ts";

export const ProjectAnswer = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  access: z.enum(ACCESS_LEVELS),
  created_at: InstantAnswer,
});

export type ProjectAnswer = z.output<typeof ProjectAnswer>;

/** `/v1/projects/{p}/settings`. */
export const SettingsAnswer = z.object({
  timezone: z.string(),
  app_opens_with: z.enum(["previous", "run"]),
  app_url: z.string().nullable(),
  capture_width: z.int(),
  capture_paper: z.string(),
  capture_orientation: z.string(),
  capture_ready_selector: z.string().nullable(),
});

export type SettingsAnswer = z.output<typeof SettingsAnswer>;
