/** A workspace as JSON. */
import { z } from "@hono/zod-openapi";
import type { Workspace } from "../directory/workspaces.ts";
import { PLAN_NAMES } from "../domain/plan.ts";
import { toIso } from "../domain/time/instant.ts";
import { Id, InstantText, NameField } from "./fields.ts";

/** What a caller sends to rename one. */
export const WorkspaceChange = z.strictObject({ name: NameField.optional() }).openapi("WorkspaceChange");

/** What a caller gets. */
export const WorkspaceJson = z
  .strictObject({ id: Id, name: z.string(), plan: z.enum(PLAN_NAMES), created_at: InstantText })
  .openapi("Workspace");

export const workspaceJson = ({ id, name, plan, createdAt }: Workspace): z.output<typeof WorkspaceJson> => ({
  id,
  name,
  plan,
  created_at: toIso(createdAt),
});
