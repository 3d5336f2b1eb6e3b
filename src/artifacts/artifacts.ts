/** What is too big for a row, in R2. Every key begins with the workspace and the project, and both come from a scope. */
import type { ProjectScope } from "../domain/access.ts";
import type { RunId } from "../domain/ids.ts";
import type { Output } from "../domain/run.ts";

/** A JSON text up to this long stays in the row; a longer one costs less as an object. */
export const INLINE_OUTPUT_MAX_LENGTH = 4_096;

/** The most keys that R2 deletes in one call (r2/api/workers). */
export const DELETE_BATCH_SIZE = 1_000;

/** What every key of a project begins with. */
export const prefixOf = (scope: ProjectScope): string => `${scope.workspaceId}/${scope.projectId}/`;

/** Who gives an output: the executor as the run goes on, or the function itself when it completes its run. */
type OutputName = "output" | "completion";

/**
 * Keeps an output where it belongs by its size. Safe to repeat: a run has one key for each who gives it, so that an executor
 * that comes too late does not write over what the run was completed with.
 */
export async function storeOutput(
  bucket: R2Bucket,
  scope: ProjectScope,
  run: RunId,
  json: string,
  name: OutputName = "output",
): Promise<Output> {
  if (json.length <= INLINE_OUTPUT_MAX_LENGTH) return { stored: "inline", json };
  const key = `${prefixOf(scope)}runs/${run}/${name}.json`;
  const object = await bucket.put(key, json, { httpMetadata: { contentType: "application/json" } });
  return { stored: "artifact", key, bytes: object.size };
}

/** The JSON text of an output; null when it has been swept away. Refuses a key of another project. */
export async function readOutput(bucket: R2Bucket, scope: ProjectScope, output: Output): Promise<string | null> {
  if (output.stored === "inline") return output.json;
  if (!output.key.startsWith(prefixOf(scope))) throw new Error("The artifact belongs to another project");
  const object = await bucket.get(output.key);
  return object === null ? null : object.text();
}

/** Deletes the outputs that are objects; those in a row go with the row. */
export async function deleteOutputs(bucket: R2Bucket, scope: ProjectScope, outputs: readonly Output[]): Promise<void> {
  const keys = outputs.flatMap((output) => (output.stored === "artifact" ? [output.key] : []));
  const own = keys.filter((key) => key.startsWith(prefixOf(scope)));
  for (let start = 0; start < own.length; start += DELETE_BATCH_SIZE) {
    await bucket.delete(own.slice(start, start + DELETE_BATCH_SIZE));
  }
}

/** Deletes everything of a project. Can be repeated after a crash. */
export async function deleteArtifacts(bucket: R2Bucket, scope: ProjectScope): Promise<void> {
  for (;;) {
    const page = await bucket.list({ prefix: prefixOf(scope), limit: DELETE_BATCH_SIZE });
    if (page.objects.length === 0) return;
    await bucket.delete(page.objects.map((object) => object.key));
  }
}
