/** Writes acts on projects into the audit, behind the answer: those of a moment travel together. */
import { type Line, recordEntries, type Scribe } from "../directory/audit.ts";
import type { Caller } from "../directory/callers.ts";
import type { Project } from "../directory/projects.ts";
import type { WorkspaceScope } from "../domain/access.ts";
import type { Entry, Target } from "../domain/audit.ts";
import type { Instant } from "../domain/time/instant.ts";
import type { Answered } from "./answer.ts";
import type { AnyOperation } from "./operation.ts";

/** How long an entry waits for others of its workspace: a burst of calls costs a few writes. */
const GATHER_MS = 50;
/** Lines that have not been taken by then never will be: the request that was to write them was ended. */
const ABANDONED_AFTER_MS = 1_000;

/** An operation that was carried out. */
interface Done {
  readonly operation: AnyOperation;
  readonly answered: Answered;
  readonly project: Project;
  readonly params: Readonly<Record<string, string>>;
  readonly caller: Caller;
  readonly scribe: Scribe;
}

/** Lines that the request which opened them will write. Others add to them, and wait for nothing of another request's. */
interface Waiting {
  readonly since: Instant;
  readonly lines: Line[];
}

/** By workspace, for each database: an isolate may serve more than one in tests. */
const trails = new WeakMap<D1Database, Map<string, Waiting>>();

/** Notes an act that succeeded. An answer given before, or one that says it did nothing, is no act. */
export function noteAct(db: D1Database, done: Done, later: (work: Promise<unknown>) => void): void {
  const entry = entryOf(done);
  if (entry !== null) noteEntry(db, done.caller.scope, { scribe: done.scribe, entry }, later);
}

/** Notes what was done in a workspace. */
export function noteEntry(
  db: D1Database,
  scope: WorkspaceScope,
  line: Line,
  later: (work: Promise<unknown>) => void,
): void {
  const trail = trails.get(db) ?? new Map<string, Waiting>();
  trails.set(db, trail);
  const { workspaceId } = scope;
  const { at } = line.scribe.doing;
  const open = trail.get(workspaceId);
  const isOpen = open !== undefined && Math.abs(at - open.since) < ABANDONED_AFTER_MS;
  if (isOpen) {
    open.lines.push(line);
    return;
  }
  const waiting: Waiting = { since: at, lines: [...(open?.lines ?? []), line] };
  trail.set(workspaceId, waiting);
  later(write(db, trail, scope, waiting));
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
async function write(
  db: D1Database,
  trail: Map<string, Waiting>,
  scope: WorkspaceScope,
  waiting: Waiting,
): Promise<void> {
  await scheduler.wait(GATHER_MS);
  // In the turn of the taking: whoever comes after it opens lines of their own. Taken over, they are another's to write.
  if (trail.get(scope.workspaceId) !== waiting) return;
  trail.delete(scope.workspaceId);
  const { lines } = waiting;
  try {
    await recordEntries(db, scope, lines);
  } catch (cause) {
    console.error({ event: "audit_not_written", workspace: scope.workspaceId, cause: String(cause), lines });
  }
}
