/** The audit, read: newest first, by who, what, which thing and when. */
import type { WorkspaceScope } from "../domain/access.ts";
import type { Act, Doer } from "../domain/audit.ts";
import { type ProjectId, uuidFloor } from "../domain/ids.ts";
import type { Json } from "../domain/json.ts";
import type { Instant } from "../domain/time/instant.ts";

/** Which entries are wanted; every part that is given must hold. */
export interface AuditFilter {
  readonly doerKind?: Doer["kind"] | undefined;
  readonly doer?: string | undefined;
  readonly act?: Act | undefined;
  readonly targetKind?: string | undefined;
  readonly target?: string | undefined;
  readonly project?: ProjectId | undefined;
  readonly from?: Instant | undefined;
  readonly until?: Instant | undefined;
}

/** An entry as it was written. */
export interface WrittenEntry {
  readonly id: string;
  readonly at: Instant;
  readonly doer: { readonly kind: string; readonly id: string | null; readonly name: string };
  readonly act: string;
  readonly target: { readonly kind: string; readonly id: string; readonly name: string | null };
  readonly project: string | null;
  readonly detail: Json;
  readonly address: string | null;
  readonly requestId: string | null;
}

interface EntryRow {
  readonly id: string;
  readonly at: number;
  readonly doer_kind: string;
  readonly doer_id: string | null;
  readonly doer_name: string;
  readonly act: string;
  readonly target_kind: string;
  readonly target_id: string;
  readonly target_name: string | null;
  readonly project_id: string | null;
  readonly detail: string | null;
  readonly address: string | null;
  readonly request_id: string | null;
}

/** `before` is the id after which (downwards) the page begins. */
export async function listEntries(
  db: D1Database,
  scope: WorkspaceScope,
  filter: AuditFilter,
  page: { readonly limit: number; readonly before?: string | undefined },
): Promise<readonly WrittenEntry[]> {
  const wanted: readonly (readonly [string, string | number | undefined])[] = [
    ["id <", page.before],
    // Ids carry their time: a range of time is a range of the primary key.
    ["id <", filter.until === undefined ? undefined : uuidFloor(filter.until)],
    ["id >=", filter.from === undefined ? undefined : uuidFloor(filter.from)],
    ["doer_kind =", filter.doerKind],
    ["doer_id =", filter.doer],
    ["act =", filter.act],
    ["target_kind =", filter.targetKind],
    ["target_id =", filter.target],
    ["project_id =", filter.project],
  ];
  const given = wanted.filter(([, value]) => value !== undefined);
  const conditions = ["workspace_id = ?1", ...given.map(([column], index) => `${column} ?${index + 3}`)];
  const { results } = await db
    .prepare(
      `SELECT id, at, doer_kind, doer_id, doer_name, act, target_kind, target_id, target_name, project_id, detail,
         address, request_id
       FROM audit
       WHERE ${conditions.join(" AND ")}
       ORDER BY id DESC
       LIMIT ?2`,
    )
    .bind(scope.workspaceId, page.limit, ...given.map(([, value]) => value))
    .all<EntryRow>();
  return results.map(toEntry);
}

const toEntry = (row: EntryRow): WrittenEntry => ({
  id: row.id,
  at: row.at,
  doer: { kind: row.doer_kind, id: row.doer_id, name: row.doer_name },
  act: row.act,
  target: { kind: row.target_kind, id: row.target_id, name: row.target_name },
  project: row.project_id,
  detail: row.detail === null ? null : parseDetail(row.detail),
  address: row.address,
  requestId: row.request_id,
});

const parseDetail = (json: string): Json => JSON.parse(json) as Json;
