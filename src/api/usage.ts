/** `/v1/usage`: what the plan allows, and what is used of it. */
import { z } from "@hono/zod-openapi";
import type { ProjectUsage } from "../actor/rpc.ts";
import { countMembers } from "../directory/members.ts";
import { listProjects, type SeenProject } from "../directory/projects.ts";
import { readProjectId } from "../domain/ids.ts";
import { ok } from "../domain/result.ts";
import { orderedOn } from "../runlog/captures.ts";
import { reply } from "./answer.ts";
import { inWorkspace } from "./door.ts";
import { Id, PageQuery } from "./fields.ts";
import type { Api } from "./operation.ts";
import { findPage, listName, pageBody } from "./paging.ts";
import { PlanJson, planJson } from "./plan-json.ts";
import { projectLine } from "./project-line.ts";

const ProjectUsageJson = z
  .strictObject({
    project: z.strictObject({ id: Id, slug: z.string(), name: z.string() }),
    schedules: z.int().nullable().openapi({ description: "Living ones, of `schedules_per_project`." }),
    runs_today: z.int().nullable().openapi({ description: "Begun since midnight UTC, of `runs_per_day`." }),
    running: z.int().nullable().openapi({ description: "At this moment, of `concurrent_runs_per_project`." }),
  })
  .openapi("ProjectUsage");

const UsageJson = z
  .strictObject({
    plan: PlanJson,
    members: z.int().openapi({ description: "Active ones." }),
    captures_today: z.int().openapi({ description: "Ordered since midnight UTC, of `captures_per_day`." }),
    items: z
      .array(ProjectUsageJson)
      .openapi({ description: "The projects that you have access to. Null: the project could not be asked." }),
    next_cursor: z.string().nullable(),
  })
  .openapi("Usage");

const UNKNOWN = { schedules: null, runs_today: null, running: null };

export function mountUsage(api: Api): void {
  inWorkspace(
    api,
    {
      method: "get",
      tag: "Workspace",
      path: "/v1/usage",
      id: "getUsage",
      needs: "read_usage",
      summary: "Show what is used of the plan",
      query: PageQuery,
      answers: { 200: { description: "The plan, and the use of it by project.", schema: UsageJson } },
    },
    async ({ env, caller, query, now }) => {
      const { workspaceId } = caller.scope;
      const list = listName("usage", workspaceId, { owner: caller.memberId ?? caller.credential.id });
      const page = await findPage(env, list, query, ({ limit, after }) =>
        listProjects(
          env.DIRECTORY,
          caller,
          { isAll: false },
          { limit, after: after === undefined ? after : readProjectId(after) },
        ),
      );
      if (!page.ok) return page;
      const asked = page.value.items.map(({ scope }) => projectLine(env, scope).repeatable((actor) => actor.usage()));
      const answers = await Promise.allSettled(asked);
      const items = page.value.items.map((project, index) => {
        const answered = answers[index];
        return usageJson(project, answered?.status === "fulfilled" && answered.value.ok ? answered.value.value : null);
      });
      const members = await countMembers(env.DIRECTORY, caller.scope);
      const captures = await orderedOn(env.RUNLOG, caller.scope, now);
      const { next_cursor } = pageBody(env, list, page.value, (project) => project.id);
      const plan = planJson(caller.plan);
      return ok(reply(200, { plan, members, captures_today: captures, items, next_cursor }));
    },
  );
}

const usageJson = (project: SeenProject, usage: ProjectUsage | null): z.output<typeof ProjectUsageJson> => ({
  project: { id: project.id, slug: project.slug, name: project.name },
  ...(usage === null ? UNKNOWN : { schedules: usage.schedules, runs_today: usage.runsToday, running: usage.running }),
});
