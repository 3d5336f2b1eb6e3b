/** Tells the projects of a workspace what it is by now. Whom that does not reach, the watchdog tells with its next visit. */
import type { PlanChange, WorkspaceNotice } from "../actor/rpc.ts";
import { recordEntries, type Scribe } from "../directory/audit.ts";
import { listAllProjects, type Project } from "../directory/projects.ts";
import { subscribedEventsByProject } from "../directory/subscriptions.ts";
import { findWorkspace, type Workspace } from "../directory/workspaces.ts";
import { planEntries } from "../domain/audit.ts";
import type { Env } from "../env.ts";
import type { WorkspaceAsk } from "./door.ts";
import { projectLine } from "./project-line.ts";

/** Projects told before the answer, and those of them at the same time. */
const TOLD_AT_MOST = 200;
const TOLD_AT_ONCE = 10;

/** What a notice did in one project. */
export interface ToldProject {
  readonly project: Project;
  readonly change: PlanChange;
}

/** Tells the plan and the events that endpoints ask for. `workspace` as it is after the change. */
export async function tellProjects(env: Env, workspace: Workspace, scribe: Scribe): Promise<readonly ToldProject[]> {
  const projects = await listAllProjects(env.DIRECTORY, workspace.scope, TOLD_AT_MOST);
  // Read after the change: a later one would only make them newer than `order` says, and its own notice follows.
  const events = await subscribedEventsByProject(env.DIRECTORY, workspace.scope, TOLD_AT_MOST);
  const told: ToldProject[] = [];
  for (let start = 0; start < projects.length; start += TOLD_AT_ONCE) {
    const lot = projects.slice(start, start + TOLD_AT_ONCE);
    const some = await Promise.all(
      lot.map((one) => tell(env, one, { ...noticeOf(workspace), events: events.get(one.id) })),
    );
    told.push(...some.flat());
  }
  await writeDown(env, workspace, told, scribe);
  return told;
}

/**
 * Makes a change to the endpoints of a workspace, and tells its projects if other events are asked for afterwards. Telling
 * never fails it: the change is made, and the watchdog brings it as well.
 */
export async function tellingOfEndpoints<Done>(
  { env, caller, scribe }: Pick<WorkspaceAsk<unknown, unknown, unknown>, "env" | "caller" | "scribe">,
  change: () => Promise<Done>,
): Promise<Done> {
  const before = await findWorkspace(env.DIRECTORY, caller.scope);
  const done = await change();
  try {
    const after = await findWorkspace(env.DIRECTORY, caller.scope);
    if (after !== null && after.planOrder !== before?.planOrder) await tellProjects(env, after, scribe);
  } catch (cause) {
    console.error({ event: "projects_not_told", workspace: caller.scope.workspaceId, cause: String(cause) });
  }
  return done;
}

const noticeOf = ({ plan, planOrder }: Workspace): WorkspaceNotice => ({ plan, order: planOrder });

async function tell(env: Env, project: Project, notice: WorkspaceNotice): Promise<readonly ToldProject[]> {
  try {
    const change = await projectLine(env, project.scope).repeatable((actor) => actor.changePlan(notice));
    return change.ok ? [{ project, change: change.value }] : [];
  } catch (cause) {
    console.error({ event: "project_not_told", project: project.id, cause: String(cause) });
    return [];
  }
}

/** What is done in the projects cannot be undone by a directory that does not answer: it is told to the operator instead. */
async function writeDown(env: Env, { scope }: Workspace, told: readonly ToldProject[], scribe: Scribe): Promise<void> {
  const bySystem: Scribe = { ...scribe, doing: { ...scribe.doing, doer: { kind: "system" } } };
  const lines = told.flatMap(({ project, change }) =>
    planEntries(project.id, change).map((entry) => ({ scribe: bySystem, entry })),
  );
  try {
    await recordEntries(env.DIRECTORY, scope, lines);
  } catch (cause) {
    console.error({ event: "audit_not_written", workspace: scope.workspaceId, cause: String(cause), lines });
  }
}
