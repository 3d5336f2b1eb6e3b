/**
 * The modules of versions that ran lately, kept in this instance's memory. Values only: what one request awaits, no other may
 * wait for (workers/runtime-apis/context).
 */
import { readModules } from "../artifacts/modules.ts";
import type { ProjectScope } from "../domain/access.ts";
import { projectObjectName } from "../domain/access.ts";
import type { Modules } from "../domain/code/modules.ts";

/** In characters of text; an instance has 128 MB for all it does. */
const KEPT_MAX_LENGTH = 16_777_216;

const kept = new Map<string, { readonly modules: Modules; readonly length: number }>();
let keptLength = 0;

/** The modules of a version; null when they are not there any more. */
export async function modulesOf(bucket: R2Bucket, scope: ProjectScope, hash: string): Promise<Modules | null> {
  const key = `${projectObjectName(scope)}:${hash}`;
  const known = kept.get(key);
  if (known !== undefined) {
    // The last used one is the last to go.
    kept.delete(key);
    kept.set(key, known);
    return known.modules;
  }
  const modules = await readModules(bucket, scope, hash);
  if (modules !== null && !kept.has(key)) keep(key, modules);
  return modules;
}

function keep(key: string, modules: Modules): void {
  const length = Object.values(modules.texts).reduce((sum, text) => sum + text.length, 0);
  kept.set(key, { modules, length });
  keptLength += length;
  for (const [oldest, { length: freed }] of kept) {
    if (keptLength <= KEPT_MAX_LENGTH) return;
    kept.delete(oldest);
    keptLength -= freed;
  }
}
