/**
 * Gives a workspace another plan, and tells its projects. Nothing is deleted: what no longer fits is paused, and goes on
 * when a plan lets it. Whom the news does not reach now, the watchdog tells with its next visit.
 */
import type { Scribe } from "../directory/audit.ts";
import { changePlan, type Workspace } from "../directory/workspaces.ts";
import type { PlanName } from "../domain/plan.ts";
import type { Env } from "../env.ts";
import { type ToldProject, tellProjects } from "./telling-projects.ts";

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
  return { workspace: changed, told: await tellProjects(env, changed, scribe) };
}
