/** What the system did of its own accord, written into the audit of the workspace. */
import { recordEntries } from "../directory/audit.ts";
import { type ProjectScope, workspaceOf } from "../domain/access.ts";
import type { Doing, Entry } from "../domain/audit.ts";
import type { Env } from "../env.ts";
import { newId, now } from "../system.ts";

/** The system, now, without a request. */
export const systemScribe = () => {
  const doing: Doing = { doer: { kind: "system" }, at: now(), requestId: null, address: null };
  return { doing, newId };
};

/** Writes the entries. Never throws: what is done is done, and what is not written is told to the operator, in full. */
export async function recordSystemActs(
  env: Pick<Env, "DIRECTORY">,
  scope: ProjectScope,
  entries: readonly Entry[],
): Promise<void> {
  const scribe = systemScribe();
  const lines = entries.map((entry) => ({ scribe, entry }));
  try {
    await recordEntries(env.DIRECTORY, workspaceOf(scope), lines);
  } catch (cause) {
    console.error({ event: "audit_not_written", workspace: scope.workspaceId, cause: String(cause), lines });
  }
}
