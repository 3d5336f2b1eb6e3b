/** The audit: who did what to which thing, from where. Written with the act itself where the directory holds both. */
import type { WorkspaceScope } from "../domain/access.ts";
import type { Doer, Doing, Entry } from "../domain/audit.ts";

const COLUMNS = `workspace_id, id, at, doer_kind, doer_id, doer_name, act, target_kind, target_id, target_name, project_id,
  detail, address, request_id`;

/** What acts, and names the entries it writes: every entry has an id of its own time. */
export interface Scribe {
  readonly doing: Doing;
  readonly newId: () => string;
}

/**
 * The statement that writes an entry. It belongs in the batch of the act, behind the statement that does it: it writes
 * only if that statement changed a row.
 */
export function entryIfDone(db: D1Database, scope: WorkspaceScope, scribe: Scribe, entry: Entry): D1PreparedStatement {
  const values = valuesOf(scope, scribe, entry);
  const holes = values.map((_, index) => `?${index + 1}`).join(", ");
  return db.prepare(`INSERT INTO audit (${COLUMNS}) SELECT ${holes} WHERE changes() > 0`).bind(...values);
}

/** The statement that writes an entry in any case: for a batch that does its act as a whole or fails. */
export const entryOf = (db: D1Database, scope: WorkspaceScope, scribe: Scribe, entry: Entry): D1PreparedStatement =>
  entriesWhere(db, scope, [{ scribe, entry }], "true");

/** An entry, and who writes it. */
export interface Line {
  readonly scribe: Scribe;
  readonly entry: Entry;
}

/** SQL for the project of an entry, in the condition of `entriesWhere`. */
export const PROJECT_OF_ENTRY = "value ->> 10";

/**
 * The statement that writes those entries for which the condition holds. What it binds begins with `?2`. Of a workspace that
 * is deleted nothing is written any more: an act that is told late would stay when all the rest is gone.
 */
export function entriesWhere(
  db: D1Database,
  scope: WorkspaceScope,
  lines: readonly Line[],
  condition: string,
  ...bindings: readonly (string | number)[]
): D1PreparedStatement {
  const rows = JSON.stringify(lines.map(({ scribe, entry }) => valuesOf(scope, scribe, entry)));
  const cells = COLUMNS.split(",").map((_, index) => `value ->> ${index}`);
  return db
    .prepare(
      `INSERT INTO audit (${COLUMNS})
       SELECT ${cells.join(", ")}
       FROM json_each(?1)
       JOIN workspaces ON workspaces.id = value ->> 0 AND workspaces.deleted_at IS NULL
       WHERE ${condition}`,
    )
    .bind(rows, ...bindings);
}

/** Entries of one statement: D1 takes two megabytes (d1/platform/limits). */
const ENTRIES_AT_ONCE = 200;

/** Writes entries about acts that are done: those on a project's actor, and the system's own. */
export async function recordEntries(db: D1Database, scope: WorkspaceScope, lines: readonly Line[]): Promise<void> {
  for (let start = 0; start < lines.length; start += ENTRIES_AT_ONCE)
    await entriesWhere(db, scope, lines.slice(start, start + ENTRIES_AT_ONCE), "true").run();
}

function valuesOf(
  { workspaceId }: Pick<WorkspaceScope, "workspaceId">,
  { doing, newId }: Scribe,
  { act, target, project, detail }: Entry,
): readonly (string | number | null)[] {
  const { doer, at, address, requestId } = doing;
  return [
    workspaceId,
    newId(),
    at,
    doer.kind,
    "id" in doer ? doer.id : null,
    nameOf(doer),
    act,
    target.kind,
    target.id,
    target.name ?? null,
    project ?? null,
    detail === undefined ? null : JSON.stringify(detail),
    address,
    requestId,
  ];
}

const nameOf = (doer: Doer): string => ("name" in doer ? doer.name : doer.kind);
