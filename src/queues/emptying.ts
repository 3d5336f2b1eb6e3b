/**
 * Makes deletions true: of a deleted project its actor, alarm, log and artifacts go, of a deleted workspace all that is
 * left. Every step may be cut short and repeated; a tombstone is closed only when nothing can come after it.
 */
import { reachProject } from "../actor/reach.ts";
import { deleteArtifacts } from "../artifacts/artifacts.ts";
import {
  type BuriedProject,
  buryStragglers,
  emptyWorkspace,
  listBuriedProjects,
  listWorkspacesToClose,
  markProjectClosed,
  markProjectEmptied,
} from "../directory/tombstones.ts";
import type { ProjectScope } from "../domain/access.ts";
import { MINUTE_MS, type Milliseconds } from "../domain/time/instant.ts";
import { WORKSPACE_LIMITS } from "../domain/workspace-limits.ts";
import type { Env } from "../env.ts";
import { forgetAllRuns } from "../runlog/retention.ts";
import { now } from "../system.ts";
import { systemScribe } from "./system-acts.ts";

/** How many are stopped with one visit of the watchdog: as many as a workspace can have. */
const STOPPED_AT_MOST = WORKSPACE_LIMITS.projects;
/** How many of them are emptied with it; the next visit goes on. */
const EMPTIED_AT_MOST = 500;
/** Projects dealt with at the same time. */
const AT_ONCE = 10;

/**
 * A call that was under way at the deletion may end this much later, and leave an output or a row behind it: the longest
 * timeout of a call is fourteen minutes. A project is emptied as soon as it is deleted, and once more when this is over.
 */
export const SETTLES_WITHIN_MS: Milliseconds = 20 * MINUTE_MS;

/** Goes on with every deletion that is not finished. One that fails is reported and does not stop the others. */
export async function finishDeletions(env: Env): Promise<void> {
  const settled = now() - SETTLES_WITHIN_MS;
  await buryStragglers(env.DIRECTORY, now());
  const buried = await listBuriedProjects(env.DIRECTORY, settled, STOPPED_AT_MOST);
  // All are stopped before any is emptied, which takes longer: nothing of a deleted workspace is to run meanwhile.
  await attemptEach("project_not_stopped", buried, ({ scope }) => reachProject(env, scope).close());
  await attemptEach("project_not_emptied", buried.slice(0, EMPTIED_AT_MOST), (one) => finishProject(env, one));
  for (const scope of await listWorkspacesToClose(env.DIRECTORY, settled, EMPTIED_AT_MOST)) {
    await attempt("workspace_not_emptied", scope.workspaceId, () => emptyWorkspace(env.DIRECTORY, scope, now()));
  }
}

async function finishProject(env: Env, { scope, isSettled }: BuriedProject): Promise<void> {
  await emptyProject(env, scope);
  if (isSettled) await markProjectClosed(env.DIRECTORY, scope, systemScribe());
  else await markProjectEmptied(env.DIRECTORY, scope, now());
}

/** The actor once more, and first: it is the one that would write more. */
async function emptyProject(env: Env, scope: ProjectScope): Promise<void> {
  await reachProject(env, scope).close();
  await forgetAllRuns(env.RUNLOG, scope);
  await deleteArtifacts(env.ARTIFACTS, scope);
}

async function attemptEach(
  event: string,
  buried: readonly BuriedProject[],
  step: (one: BuriedProject) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < buried.length; start += AT_ONCE) {
    const some = buried.slice(start, start + AT_ONCE);
    await Promise.all(some.map((one) => attempt(event, one.scope.projectId, () => step(one))));
  }
}

async function attempt(event: string, id: string, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (cause) {
    console.error({ event, id, cause: String(cause) });
  }
}
