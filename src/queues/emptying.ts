/**
 * Makes deletions true: of a deleted project its actor, alarm, log and artifacts go, of a deleted workspace all that is
 * left. Every step may be cut short and repeated; a tombstone is closed only when nothing can come after it.
 */
import { reachProject } from "../actor/reach.ts";
import { deleteArtifacts } from "../artifacts/artifacts.ts";
import {
  type BuriedProject,
  emptyWorkspace,
  listBuriedProjects,
  listWorkspacesToClose,
  markProjectClosed,
} from "../directory/tombstones.ts";
import type { ProjectScope } from "../domain/access.ts";
import { MINUTE_MS, type Milliseconds } from "../domain/time/instant.ts";
import type { Env } from "../env.ts";
import { forgetAllRuns } from "../runlog/retention.ts";
import { now } from "../system.ts";
import { systemScribe } from "./system-acts.ts";

/** How many are emptied with one visit of the watchdog; the next one goes on. */
const EMPTIED_AT_ONCE = 200;

/**
 * A call that was under way at the deletion may end this much later, and leave an output or a row behind it: the longest
 * timeout of a call is fourteen minutes. Until then a project is emptied again with every visit.
 */
export const SETTLES_WITHIN_MS: Milliseconds = 20 * MINUTE_MS;

/** Goes on with every deletion that is not finished. One that fails is reported and does not stop the others. */
export async function finishDeletions(env: Env): Promise<void> {
  for (const buried of await listBuriedProjects(env.DIRECTORY, EMPTIED_AT_ONCE)) {
    await attempt("project_not_emptied", buried.scope.projectId, () => finishProject(env, buried));
  }
  for (const scope of await listWorkspacesToClose(env.DIRECTORY, EMPTIED_AT_ONCE)) {
    await attempt("workspace_not_emptied", scope.workspaceId, () => emptyWorkspace(env.DIRECTORY, scope, now()));
  }
}

async function finishProject(env: Env, { scope, deletedAt }: BuriedProject): Promise<void> {
  await emptyProject(env, scope);
  if (now() < deletedAt + SETTLES_WITHIN_MS) return;
  await markProjectClosed(env.DIRECTORY, scope, systemScribe());
}

/** The actor first: it is the one that would write more. */
async function emptyProject(env: Env, scope: ProjectScope): Promise<void> {
  await reachProject(env, scope).close();
  await forgetAllRuns(env.RUNLOG, scope);
  await deleteArtifacts(env.ARTIFACTS, scope);
}

async function attempt(event: string, id: string, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (cause) {
    console.error({ event, id, cause: String(cause) });
  }
}
