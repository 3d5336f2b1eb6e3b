/** `/v1/projects` and `/v1/projects/{p}`. */
import { isAble } from "../directory/callers.ts";
import { deleteProject, listProjects, renameProject } from "../directory/projects.ts";
import { readProjectId } from "../domain/ids.ts";
import { fail, ok } from "../domain/result.ts";
import { reply } from "./answer.ts";
import { closeProject } from "./closing-projects.ts";
import { createProject } from "./creating-projects.ts";
import { inProject, inWorkspace, unable } from "./door.ts";
import { FlagParam, PageQuery, pageOf } from "./fields.ts";
import type { Api } from "./operation.ts";
import { findPage, listName, pageReply } from "./paging.ts";
import { NOT_FOUND } from "./problem.ts";
import { NewProject, ProjectChange, ProjectJson, projectJson } from "./project-json.ts";

const TAG = "Projects";
const ONE = { tag: TAG, path: "/v1/projects/{p}" };
const ALL = { tag: TAG, path: "/v1/projects" };
const SHOWN = { 200: { description: "The project.", schema: ProjectJson } };

const ProjectQuery = PageQuery.extend({
  all: FlagParam.openapi({ description: "Also those that nobody shared with you; for who may share any project." }),
});

export function mountProjects(api: Api): void {
  mountCollection(api);
  inProject(
    api,
    {
      ...ONE,
      method: "get",
      id: "getProject",
      needs: "app_only",
      orAbility: "share_any_project",
      summary: "Show a project",
      answers: SHOWN,
    },
    ({ project, access }) => ok(reply(200, projectJson({ ...project, access: access.access }))),
  );
  inProject(
    api,
    {
      ...ONE,
      method: "patch",
      id: "changeProject",
      needs: "full_access",
      changesDirectory: true,
      summary: "Rename a project",
      description: "The slug stays: addresses that people keep go on working.",
      body: ProjectChange,
      example: { name: "Weekly reports" },
      answers: SHOWN,
    },
    async ({ env, caller, project, access: { access }, body: { name = project.name }, scribe }) => {
      const renamed = await renameProject(env.DIRECTORY, caller.scope, project, name, scribe);
      return renamed === null ? fail(NOT_FOUND) : ok(reply(200, projectJson({ ...renamed, access })));
    },
  );
  inProject(
    api,
    {
      ...ONE,
      method: "delete",
      id: "deleteProject",
      needs: "full_access",
      changesDirectory: true,
      summary: "Delete a project with everything in it",
      answers: { 204: { description: "It is gone." } },
    },
    async ({ env, caller, project, scribe }) => {
      const deleted = await deleteProject(env.DIRECTORY, caller.scope, project, scribe);
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
      problems: ["conflict", "limit_reached"],
      answers: { 201: { description: "The new project.", schema: ProjectJson } },
    },
    createProject,
  );
  inWorkspace(
    api,
    {
      ...ALL,
      method: "get",
      id: "listProjects",
      summary: "List the projects that you have access to",
      query: ProjectQuery,
      problems: ["forbidden"],
      answers: { 200: { description: "Oldest first.", schema: pageOf(ProjectJson) } },
    },
    async ({ env, caller, query }) => {
      const isAll = query.all === "true";
      if (isAll && !isAble(caller, "share_any_project")) return fail(unable("share_any_project", caller));
      // A cursor holds for the list of one member, or of one token of the workspace.
      const owner = caller.memberId ?? caller.credential.id;
      const list = listName("projects", caller.scope.workspaceId, { owner, isAll });
      const page = await findPage(env, list, query, ({ limit, after }) =>
        listProjects(
          env.DIRECTORY,
          caller,
          { isAll },
          { limit, after: after === undefined ? after : readProjectId(after) },
        ),
      );
      return page.ok ? ok(pageReply(env, list, page.value, projectJson)) : page;
    },
  );
}
