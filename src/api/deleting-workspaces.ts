/** The end of a tenant: `DELETE /v1/workspace` by an admin of it, `DELETE /v1/operator/workspaces/{w}` by the operator. */
import { z } from "@hono/zod-openapi";
import type { Scribe } from "../directory/audit.ts";
import { buryWorkspace, listProjectsToClose } from "../directory/tombstones.ts";
import { findWorkspace, findWorkspaceById, type Workspace } from "../directory/workspaces.ts";
import { fail, ok } from "../domain/result.ts";
import type { Env } from "../env.ts";
import { type Answered, reply } from "./answer.ts";
import { closeProject } from "./closing-projects.ts";
import { asOperator, inWorkspace } from "./door.ts";
import { WorkspaceIdParam } from "./fields.ts";
import type { Api } from "./operation.ts";
import { invalidRequest, NOT_FOUND } from "./problem.ts";

/** Actors emptied before the answer; the watchdog empties the others, and all the rest. */
const CLOSED_AT_MOST = 200;
const CLOSED_AT_ONCE = 20;

const DELETION = {
  method: "delete",
  summary: "Delete the workspace with everything in it",
  description:
    "At once for everybody: no token or session of it works any more. Nothing of it runs after a few minutes, and what was stored is taken away soon after; 500 projects of it every five minutes. It cannot be undone.",
  query: z.strictObject({
    name: z.string().openapi({ description: "The workspace's name, to say that this one is meant." }),
  }),
  answers: { 204: { description: "It is gone." } },
} as const;

export function mountWorkspaceDeletion(api: Api): void {
  inWorkspace(
    api,
    { ...DELETION, tag: "Workspace", path: "/v1/workspace", id: "deleteWorkspace", needs: "manage_workspace" },
    async ({ env, caller, query, scribe }) =>
      bury(env, await findWorkspace(env.DIRECTORY, caller.scope), query.name, scribe),
  );
  asOperator(
    api,
    {
      ...DELETION,
      tag: "Operator",
      path: "/v1/operator/workspaces/{w}",
      id: "deleteWorkspaceAsOperator",
      params: z.object({ w: WorkspaceIdParam }),
    },
    async ({ env, params, query, scribe }) =>
      bury(env, await findWorkspaceById(env.DIRECTORY, params.w), query.name, scribe),
  );
}

async function bury(env: Env, workspace: Workspace | null, name: string, scribe: Scribe): Promise<Answered> {
  if (workspace === null) return fail(NOT_FOUND);
  if (name !== workspace.name) return fail(otherName(workspace.name));
  if (!(await buryWorkspace(env.DIRECTORY, workspace.scope, name, scribe))) return fail(NOT_FOUND);
  const projects = await listProjectsToClose(env.DIRECTORY, workspace.scope);
  for (let start = 0; start < Math.min(projects.length, CLOSED_AT_MOST); start += CLOSED_AT_ONCE)
    await Promise.all(projects.slice(start, start + CLOSED_AT_ONCE).map((scope) => closeProject(env, scope)));
  return ok(reply(204));
}

const otherName = (name: string) =>
  invalidRequest([{ path: "/name", message: "It is not the name of the workspace.", expected: name }]);
