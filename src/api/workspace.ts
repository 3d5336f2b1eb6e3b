/** `/v1/workspace`: the tenant that the caller is in. */
import { findWorkspace, renameWorkspace, type Workspace } from "../directory/workspaces.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { reply } from "./answer.ts";
import { inWorkspace, type WorkspaceAsk } from "./door.ts";
import type { Api } from "./operation.ts";
import { NOT_FOUND, type Problem } from "./problem.ts";
import { WorkspaceChange, WorkspaceJson, workspaceJson } from "./workspace-json.ts";

const ONE = { tag: "Workspace", path: "/v1/workspace" };
const SHOWN = { 200: { description: "The workspace.", schema: WorkspaceJson } };

export function mountWorkspace(api: Api): void {
  inWorkspace(
    api,
    { ...ONE, method: "get", id: "getWorkspace", summary: "Show the workspace", answers: SHOWN },
    async (ask) => {
      const workspace = await find(ask);
      return workspace.ok ? ok(reply(200, workspaceJson(workspace.value))) : workspace;
    },
  );
  inWorkspace(
    api,
    {
      ...ONE,
      method: "patch",
      id: "changeWorkspace",
      needs: "manage_workspace",
      summary: "Rename the workspace",
      description: "Its plan is set by whoever runs the deployment.",
      body: WorkspaceChange,
      example: { name: "Acme" },
      answers: SHOWN,
    },
    async (ask) => {
      const workspace = await find(ask);
      if (!workspace.ok) return workspace;
      const name = ask.body.name ?? workspace.value.name;
      const renamed = await renameWorkspace(ask.env.DIRECTORY, workspace.value, name, ask.scribe);
      return renamed === null ? fail(NOT_FOUND) : ok(reply(200, workspaceJson(renamed)));
    },
  );
}

async function find({ env, caller }: WorkspaceAsk<unknown, unknown, unknown>): Promise<Result<Workspace, Problem>> {
  const workspace = await findWorkspace(env.DIRECTORY, caller.scope);
  return workspace === null ? fail(NOT_FOUND) : ok(workspace);
}
