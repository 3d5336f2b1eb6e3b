/** `/v1/operator/workspaces`: the tenants of the deployment, for whoever runs it. */
import { z } from "@hono/zod-openapi";
import { makeWorkspace } from "../directory/operators.ts";
import { findWorkspaceById, listWorkspaces, renameWorkspace, type Workspace } from "../directory/workspaces.ts";
import type { WorkspaceId } from "../domain/ids.ts";
import { PLAN_NAMES } from "../domain/plan.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { newId, randomBytes } from "../system.ts";
import { reply } from "./answer.ts";
import { givePlan } from "./changing-plans.ts";
import { asOperator, type OperatorAsk } from "./door.ts";
import { EmailField, Id, NameField, PageQuery, pageOf, WorkspaceIdParam } from "./fields.ts";
import type { Api } from "./operation.ts";
import { findPage, listName, pageReply } from "./paging.ts";
import { NOT_FOUND, type Problem } from "./problem.ts";
import type { ToldProject } from "./telling-projects.ts";
import { WorkspaceJson, workspaceJson } from "./workspace-json.ts";

const ALL = { tag: "Operator", path: "/v1/operator/workspaces" };
const ONE = { tag: "Operator", path: "/v1/operator/workspaces/{w}", params: z.object({ w: WorkspaceIdParam }) };
/** Schedules named in one answer; the audit of the workspace names all of them. */
const NAMED_AT_MOST = 1_000;

const PlanField = z.enum(PLAN_NAMES);

const NewWorkspace = z
  .strictObject({
    name: NameField,
    plan: PlanField,
    email: EmailField.openapi({ description: "Of its first admin, who can sign in from then on." }),
  })
  .openapi("NewWorkspace");

const OperatorChange = z
  .strictObject({ plan: PlanField.optional(), name: NameField.optional() })
  .openapi("OperatorChange");

const MadeWorkspaceJson = z
  .strictObject({
    workspace: WorkspaceJson,
    admin: z.strictObject({ id: Id, email: z.string() }),
    token: z.string().openapi({ description: "A token of the workspace; shown once.", example: "car_..." }),
  })
  .openapi("MadeWorkspace");

const ScheduleNamed = z.strictObject({ project: Id, schedule: Id });

const ChangedWorkspaceJson = z
  .strictObject({
    workspace: WorkspaceJson,
    paused: z.array(ScheduleNamed.extend({ reason: z.string() })).openapi({ description: "What no longer fits." }),
    resumed: z.array(ScheduleNamed).openapi({ description: "What an earlier plan had paused, and fits now." }),
  })
  .openapi("ChangedWorkspace");

export function mountOperatorWorkspaces(api: Api): void {
  mountCollection(api);
  asOperator(
    api,
    {
      ...ONE,
      method: "get",
      id: "getWorkspaceAsOperator",
      summary: "Show a workspace",
      answers: { 200: { description: "The workspace.", schema: WorkspaceJson } },
    },
    async (ask) => {
      const workspace = await find(ask);
      return workspace.ok ? ok(reply(200, workspaceJson(workspace.value))) : workspace;
    },
  );
  asOperator(
    api,
    {
      ...ONE,
      method: "patch",
      id: "changeWorkspaceAsOperator",
      summary: "Change a workspace's plan or name",
      description:
        "A smaller plan deletes nothing: schedules that no longer fit are paused, and go on when a plan lets them.",
      body: OperatorChange,
      example: { plan: "team" },
      answers: { 200: { description: "The workspace, and what that did to schedules.", schema: ChangedWorkspaceJson } },
    },
    async (ask) => {
      const { env, body, scribe } = ask;
      const found = await find(ask);
      if (!found.ok) return found;
      const renamed = await renameWorkspace(env.DIRECTORY, found.value, body.name ?? found.value.name, scribe);
      if (renamed === null) return fail(NOT_FOUND);
      if (body.plan === undefined) return ok(reply(200, changedJson(renamed, [])));
      const changed = await givePlan(env, renamed, body.plan, scribe);
      return changed === null ? fail(NOT_FOUND) : ok(reply(200, changedJson(changed.workspace, changed.told)));
    },
  );
}

function mountCollection(api: Api): void {
  asOperator(
    api,
    {
      ...ALL,
      method: "post",
      id: "createWorkspace",
      summary: "Make a workspace",
      body: NewWorkspace,
      example: { name: "Acme", plan: "team", email: "ada@example.com" },
      answers: { 201: { description: "The workspace, and a way into it.", schema: MadeWorkspaceJson } },
    },
    async ({ env, body, now, scribe }) => {
      const made = await makeWorkspace(env.DIRECTORY, body, { now, newId, randomBytes }, scribe);
      const admin = { id: made.adminId, email: body.email };
      return ok(reply(201, { workspace: workspaceJson(made.workspace), admin, token: made.token }));
    },
  );
  asOperator(
    api,
    {
      ...ALL,
      method: "get",
      id: "listWorkspaces",
      summary: "List the workspaces",
      query: PageQuery,
      answers: { 200: { description: "Oldest first.", schema: pageOf(WorkspaceJson) } },
    },
    async ({ env, query }) => {
      const list = listName("workspaces", "operator");
      const page = await findPage(env, list, query, (slice) => listWorkspaces(env.DIRECTORY, slice));
      return page.ok ? ok(pageReply(env, list, page.value, workspaceJson)) : page;
    },
  );
}

async function find({
  env,
  params,
}: OperatorAsk<{ readonly w: WorkspaceId }, unknown, unknown>): Promise<Result<Workspace, Problem>> {
  const workspace = await findWorkspaceById(env.DIRECTORY, params.w);
  return workspace === null ? fail(NOT_FOUND) : ok(workspace);
}

function changedJson(workspace: Workspace, told: readonly ToldProject[]): z.output<typeof ChangedWorkspaceJson> {
  const paused = told.flatMap(({ project, change }) =>
    change.paused.map(({ id, reason }) => ({ project: project.id, schedule: id, reason })),
  );
  const resumed = told.flatMap(({ project, change }) =>
    change.resumed.map((id) => ({ project: project.id, schedule: id })),
  );
  return {
    workspace: workspaceJson(workspace),
    paused: paused.slice(0, NAMED_AT_MOST),
    resumed: resumed.slice(0, NAMED_AT_MOST),
  };
}
