/** Empties the actor of a project that the directory does not name any more. */
import { reachProject } from "../actor/reach.ts";
import type { ProjectScope } from "../domain/access.ts";
import type { Env } from "../env.ts";

/** Nothing of the project runs any more. Should it fail, the caller is done all the same: the sweep does it again. */
export async function closeProject(env: Env, scope: ProjectScope): Promise<void> {
  try {
    await reachProject(env, scope).close();
  } catch (cause) {
    console.error({ event: "project_not_closed", project: scope.projectId, cause: String(cause) });
  }
}
