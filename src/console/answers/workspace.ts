/** The workspace, and whoever looks at it, as the console reads them. */
import { z } from "@hono/zod-openapi";
import { PLAN_NAMES } from "../../domain/plan.ts";
import { InstantAnswer } from "./fields.ts";

export const WorkspaceAnswer = z.object({
  id: z.string(),
  name: z.string(),
  plan: z.enum(PLAN_NAMES),
  created_at: InstantAnswer,
});

export type WorkspaceAnswer = z.output<typeof WorkspaceAnswer>;

/** `/v1/me` */
export const MeAnswer = z.object({
  member: z.object({ name: z.string() }).nullable(),
  workspace: WorkspaceAnswer,
  role: z.string(),
});

export type MeAnswer = z.output<typeof MeAnswer>;

/** `/v1/me/preferences` */
export const PreferencesAnswer = z.object({
  notifications: z.object({ email: z.boolean(), slack: z.boolean() }),
  timezone: z.string().nullable(),
});

export type PreferencesAnswer = z.output<typeof PreferencesAnswer>;

/** A schedule of which one wants no news. */
export const UnsubscriptionAnswer = z.object({
  schedule_id: z.string(),
  project: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
  created_at: InstantAnswer,
});

export type UnsubscriptionAnswer = z.output<typeof UnsubscriptionAnswer>;

/** A browser in which one is signed in. */
export const SessionAnswer = z.object({
  id: z.string(),
  agent: z.string(),
  is_current: z.boolean(),
  created_at: InstantAnswer,
  last_used_at: InstantAnswer,
});

export type SessionAnswer = z.output<typeof SessionAnswer>;
