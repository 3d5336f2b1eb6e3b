/** A project as JSON. */
import { z } from "@hono/zod-openapi";
import { isProjectSlug, type SeenProject } from "../directory/projects.ts";
import { ACCESS_LEVELS } from "../domain/access.ts";
import { toIso } from "../domain/time/instant.ts";
import { Id, InstantText, NameField, TimezoneField } from "./fields.ts";

const ProjectName = NameField.openapi({ example: "Daily reports" });

const ProjectSlug = z
  .string()
  .refine(isProjectSlug, { error: "It is not a slug: lower-case letters, digits and inner dashes, at most 63." })
  .openapi({
    description: "Names the project in addresses; made from the name when absent.",
    example: "daily-reports",
  });

/** What a caller sends to make a project. */
export const NewProject = z
  .strictObject({
    name: ProjectName,
    slug: ProjectSlug.optional(),
    timezone: TimezoneField.optional().openapi({
      description: "The zone of schedules that name none; UTC when absent.",
    }),
    workspace_access: z.enum(ACCESS_LEVELS).optional().openapi({
      description: "Shares it with the whole workspace from the start; guests need a share of their own.",
    }),
  })
  .openapi("NewProject");

/** What a caller sends to rename one. */
export const ProjectChange = z.strictObject({ name: ProjectName.optional() }).openapi("ProjectChange");

/** What a caller gets. */
export const ProjectJson = z
  .strictObject({
    id: Id,
    slug: z.string(),
    name: z.string(),
    access: z.enum(ACCESS_LEVELS).openapi({ description: "What the caller may do in it." }),
    created_at: InstantText,
    updated_at: InstantText,
  })
  .openapi("Project");

/** The project as a caller sees it. */
export const projectJson = (project: Omit<SeenProject, "scope">): z.output<typeof ProjectJson> => ({
  id: project.id,
  slug: project.slug,
  name: project.name,
  access: project.access,
  created_at: toIso(project.createdAt),
  updated_at: toIso(project.updatedAt),
});
