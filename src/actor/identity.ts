/** Who this actor is: read from the object's own name, so that it cannot be told otherwise. */
import { mintProjectScope, type ProjectScope } from "../domain/access.ts";
import { readProjectId, readWorkspaceId } from "../domain/ids.ts";

/** Throws for an object that was not reached by name: nothing of ours reaches one so. */
export function identify(id: DurableObjectId): ProjectScope {
  const [workspace = "", project = ""] = (id.name ?? "").split(":");
  return mintProjectScope(readWorkspaceId(workspace), readProjectId(project));
}
