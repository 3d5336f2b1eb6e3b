/** Writes acts on projects into the audit, behind the answer: those of a moment travel together. */
import { recordEntries, type Scribe } from "../directory/audit.ts";
import type { Caller } from "../directory/callers.ts";
import type { Project } from "../directory/projects.ts";
import type { Entry, Target } from "../domain/audit.ts";
import type { Answered } from "./answer.ts";
import type { AnyOperation } from "./operation.ts";

/** How long an entry waits for others of its workspace: a burst of calls costs a few writes. */
const GATHER_MS = 50;
const ENTRIES_AT_ONCE = 200;

/** An operation that was carried out. */
interface Done {
  readonly operation: AnyOperation;
  readonly answered: Answered;
  readonly project: Project;
  readonly params: Readonly<Record<string, string>>;
  readonly caller: Caller;
  readonly scribe: Scribe;
}

interface Waiting {
  readonly caller: Caller;
  readonly lines: { readonly scribe: Scribe; readonly entry: Entry }[];
  writing: Promise<void> | undefined;
}

/** By workspace, for each database: an isolate may serve more than one in tests. */
const trails = new WeakMap<D1Database, Map<string, Waiting>>();

/** Notes an act that succeeded. An answer given before, or one that says it did nothing, is no act. */
export function noteAct(db: D1Database, done: Done, later: (work: Promise<unknown>) => void): void {
  const entry = entryOf(done);
  if (entry === null) return;
  const { caller, scribe } = done;
  const trail = trails.get(db) ?? new Map<string, Waiting>();
  trails.set(db, trail);
  const { workspaceId } = caller.scope;
  const waiting = trail.get(workspaceId) ?? { caller, lines: [], writing: undefined };
  trail.set(workspaceId, waiting);
  waiting.lines.push({ scribe, entry });
  waiting.writing ??= write(db, trail, waiting);
  later(waiting.writing);
}

function entryOf({ operation: { act }, answered, project, params }: Done): Entry | null {
  if (act === undefined || !answered.ok || answered.value.target === null) return null;
  if (answered.value.headers?.["idempotency-replayed"] !== undefined) return null;
  return { act, target: answered.value.target ?? targetOf(params, project), project: project.id };
}

function targetOf({ s, r }: Readonly<Record<string, string>>, project: Project): Target {
  if (s !== undefined) return { kind: "schedule", id: s };
  if (r !== undefined) return { kind: "run", id: r };
  return { kind: "project", id: project.id, name: project.name };
}

/** Never throws: an act that is done cannot be refused any more. What is not written is told to the operator, in full. */
async function write(db: D1Database, trail: Map<string, Waiting>, waiting: Waiting): Promise<void> {
  await scheduler.wait(GATHER_MS);
  // In the turn of the taking: whoever comes after it starts a line of their own.
  trail.delete(waiting.caller.scope.workspaceId);
  const { scope } = waiting.caller;
  for (let start = 0; start < waiting.lines.length; start += ENTRIES_AT_ONCE) {
    const lines = waiting.lines.slice(start, start + ENTRIES_AT_ONCE);
    try {
      await recordEntries(db, scope, lines);
    } catch (cause) {
      console.error({ event: "audit_not_written", workspace: scope.workspaceId, cause: String(cause), lines });
    }
  }
}
