/** `/v1/projects` and `/v1/projects/{p}`. */
import { deleteProject, listProjects, renameProject } from "../directory/projects.ts";
import { readProjectId } from "../domain/ids.ts";
import { fail, ok } from "../domain/result.ts";
import { answer, REPLAYED, reply } from "./answer.ts";
import { closeProject } from "./closing-projects.ts";
import { createProject } from "./creating-projects.ts";
import { inProject, inWorkspace } from "./door.ts";
import { PageQuery, pageOf } from "./fields.ts";
import type { Api } from "./operation.ts";
import { listName, pageReply, readPage } from "./paging.ts";
import { NOT_FOUND } from "./problem.ts";
import { NewProject, ProjectChange, ProjectJson, projectJson } from "./project-json.ts";

const TAG = "Projects";
const ONE = { tag: TAG, path: "/v1/projects/{p}" };
const ALL = { tag: TAG, path: "/v1/projects" };
const SHOWN = { 200: { description: "The project.", schema: ProjectJson } };

export function mountProjects(api: Api): void {
  mountCollection(api);
  inProject(
    api,
    { ...ONE, method: "get", id: "getProject", needs: "app_only", summary: "Show a project", answers: SHOWN },
    ({ project }) => ok(reply(200, projectJson(project))),
  );
  inProject(
    api,
    {
      ...ONE,
      method: "patch",
      id: "changeProject",
      needs: "full_access",
      summary: "Rename a project",
      description: "The slug stays: addresses that people keep go on working.",
      body: ProjectChange,
      example: { name: "Weekly reports" },
      answers: SHOWN,
    },
    async ({ env, caller, project, body, now: at }) => {
      if (body.name === undefined) return ok(reply(200, projectJson(project)));
      const renamed = await renameProject(env.DIRECTORY, caller.scope, project.id, body.name, at);
      return renamed === null ? fail(NOT_FOUND) : ok(reply(200, projectJson(renamed)));
    },
  );
  inProject(
    api,
    {
      ...ONE,
      method: "delete",
      id: "deleteProject",
      needs: "full_access",
      summary: "Delete a project with everything in it",
      answers: { 204: { description: "It is gone." } },
    },
    async ({ env, caller, project, now: at }) => {
      const deleted = await deleteProject(env.DIRECTORY, caller.scope, project.id, at);
      if (!deleted) return fail(NOT_FOUND);
      await closeProject(env, project.scope);
      return ok(reply(204));
    },
  );
}

function mountCollection(api: Api): void {
  inWorkspace(
    api,
    {
      ...ALL,
      method: "post",
      id: "createProject",
      needs: "create_projects",
      summary: "Make a project",
      body: NewProject,
      example: { name: "Daily reports", timezone: "Europe/Berlin" },
      idempotent: true,
      problems: ["conflict"],
      answers: { 201: { description: "The new project.", schema: ProjectJson } },
    },
    async (ask) =>
      answer(await createProject(ask), ({ status, body, replayed }) =>
        reply(status, JSON.parse(body), replayed ? REPLAYED : {}),
      ),
  );
  inWorkspace(
    api,
    {
      ...ALL,
      method: "get",
      id: "listProjects",
      summary: "List the projects",
      query: PageQuery,
      answers: { 200: { description: "Oldest first.", schema: pageOf(ProjectJson) } },
    },
    async ({ env, caller, query }) => {
      const list = listName("projects", caller.scope.workspaceId);
      const page = readPage(env, list, query);
      if (!page.ok) return page;
      const { limit, after } = page.value;
      const found = await listProjects(env.DIRECTORY, caller.scope, {
        limit: limit + 1,
        after: after === undefined ? undefined : readProjectId(after),
      });
      const items = found.slice(0, limit);
      const next = found.length > limit ? (items.at(-1)?.id ?? null) : null;
      return ok(pageReply(env, list, { items, next }, projectJson));
    },
  );
}
