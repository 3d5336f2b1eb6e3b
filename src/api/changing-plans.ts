/**
 * Gives a workspace another plan, and tells its projects. Nothing is deleted: what no longer fits is paused, and goes on
 * when a plan lets it. Whom the news does not reach now, the watchdog tells with its next visit.
 */
import type { PlanChange } from "../actor/rpc.ts";
import { recordEntries, type Scribe } from "../directory/audit.ts";
import { listAllProjects, type Project } from "../directory/projects.ts";
import { changePlan, type Workspace } from "../directory/workspaces.ts";
import { planEntries } from "../domain/audit.ts";
import type { PlanName } from "../domain/plan.ts";
import type { Env } from "../env.ts";
import { projectLine } from "./project-line.ts";

/** Projects told before the answer, and those of them at the same time. */
const TOLD_AT_MOST = 200;
const TOLD_AT_ONCE = 10;

/** What the change did in one project. */
export interface ToldProject {
  readonly project: Project;
  readonly change: PlanChange;
}

/** The workspace with its new plan, and what that did in the projects that heard of it; null when it is gone. */
export async function givePlan(
  env: Env,
  workspace: Workspace,
  plan: PlanName,
  scribe: Scribe,
): Promise<{ readonly workspace: Workspace; readonly told: readonly ToldProject[] } | null> {
  const changed = await changePlan(env.DIRECTORY, workspace, plan, scribe);
  if (changed === null) return null;
  // The same plan again tells them too: that is how an operator repeats what was cut short.
  const projects = await listAllProjects(env.DIRECTORY, workspace.scope, TOLD_AT_MOST);
  const told: ToldProject[] = [];
  for (let start = 0; start < projects.length; start += TOLD_AT_ONCE) {
    const some = await Promise.all(projects.slice(start, start + TOLD_AT_ONCE).map((one) => tell(env, one, changed)));
    told.push(...some.flat());
  }
  await writeDown(env, workspace, told, scribe);
  return { workspace: changed, told };
}

async function tell(env: Env, project: Project, workspace: Workspace): Promise<readonly ToldProject[]> {
  const notice = { plan: workspace.plan, order: workspace.planOrder };
  try {
    const change = await projectLine(env, project.scope).repeatable((actor) => actor.changePlan(notice));
    return change.ok ? [{ project, change: change.value }] : [];
  } catch (cause) {
    console.error({ event: "plan_not_told", project: project.id, cause: String(cause) });
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
