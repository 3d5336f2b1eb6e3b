/** The ledger of captures in D1: what was ordered of which run, and what became of it. `capture-claims.ts` takes them. */
import type { ProjectScope, WorkspaceScope } from "../domain/access.ts";
import type { Capture, CaptureFormat, CaptureWish } from "../domain/captures/capture.ts";
import type { CaptureFailure } from "../domain/captures/failure.ts";
import type { RunId } from "../domain/ids.ts";
import { PLANS } from "../domain/plan.ts";
import { DAY_MS, type Instant } from "../domain/time/instant.ts";
import { type CaptureRow, COLUMNS, OF_RUN, parseCapture } from "./capture-row.ts";

/** A wish, and whether also what is settled is taken once more; what is captured stays to be had in `facts` meanwhile. */
export type Ordering = CaptureWish & { readonly again?: boolean | undefined };

export type Ordered =
  | {
      readonly kind: "ordered";
      /** Those of the wished formats, as they stand now, in no order. */
      readonly captures: readonly Capture[];
      /** The formats that this call ordered; the others were there. */
      readonly added: readonly CaptureFormat[];
    }
  /** Nothing was ordered. `used`: what the workspace's day would have come to. */
  | { readonly kind: "over_limit"; readonly used: number };

/**
 * Orders what is not there yet: all of it, or when that is more than the plan allows on a UTC day, nothing. Safe to repeat.
 * The limit is looked at and used up in one statement.
 */
export async function orderCaptures(db: D1Database, scope: ProjectScope, wish: Ordering): Promise<Ordered> {
  const { run, formats, orderedAt, newsBy, plan, again = false } = wish;
  const limit = PLANS[plan].capturesPerDay;
  const [added, , standing] = await db.batch<CaptureRow>([
    db.prepare(ORDER).bind(...valuesOf(scope, wish), dayOf(orderedAt), limit, Number(again)),
    db.prepare(AWAIT).bind(scope.workspaceId, scope.projectId, run, JSON.stringify(formats), newsBy),
    db.prepare(LIST).bind(scope.workspaceId, scope.projectId, run),
  ]);
  const captures = (standing?.results ?? []).map(parseCapture).filter(({ format }) => formats.includes(format));
  const isOrdered = (format: CaptureFormat) =>
    captures.some((one) => one.format === format && (!again || one.state === "pending"));
  const missing = formats.filter((format) => !isOrdered(format));
  if (missing.length === 0) {
    return { kind: "ordered", captures, added: (added?.results ?? []).map((row) => parseCapture(row).format) };
  }
  return { kind: "over_limit", used: (await orderedOn(db, scope, orderedAt)) + missing.length };
}

// The triggers of the migration count each row that becomes pending, and SQLite reads all of the SELECT before it writes.
const ORDER = `INSERT INTO captures
    (workspace_id, project_id, run_id, format, state, cause, plan, ordered_at, news_by)
  SELECT ?1, ?2, ?3, wished.value, 'pending', ?5, ?6, ?7, ?8
  FROM json_each(?4) AS wished
  WHERE coalesce((SELECT ordered FROM capture_days WHERE workspace_id = ?1 AND day = ?9), 0)
    + (SELECT count(*) FROM json_each(?4) AS lacking WHERE NOT EXISTS (
        SELECT 1 FROM captures WHERE ${OF_RUN} AND format = lacking.value AND (?11 = 0 OR state = 'pending')
      )) <= ?10
  ON CONFLICT (workspace_id, project_id, run_id, format) DO UPDATE SET
    state = 'pending', cause = excluded.cause, plan = excluded.plan, ordered_at = excluded.ordered_at,
    news_by = excluded.news_by, attempts = 0, lease_until = NULL, settled_at = NULL, failure = NULL, evidence = NULL
  WHERE ?11 = 1 AND captures.state <> 'pending'
  RETURNING ${COLUMNS}`;

/** What a person had asked for before, news of the run waits for too. */
const AWAIT = `UPDATE captures SET cause = 'notification', news_by = ?5
  WHERE ${OF_RUN} AND format IN (SELECT value FROM json_each(?4)) AND ?5 IS NOT NULL AND news_by IS NULL`;

const LIST = `SELECT ${COLUMNS} FROM captures WHERE ${OF_RUN} ORDER BY format DESC`;

/** Keeps that what is wished will not be taken at all: it failed before it was ordered. What is there already is kept. */
export async function refuseCaptures(
  db: D1Database,
  scope: ProjectScope,
  wish: CaptureWish,
  failure: CaptureFailure,
): Promise<void> {
  await db
    .prepare(
      `INSERT INTO captures
         (workspace_id, project_id, run_id, format, state, cause, plan, ordered_at, news_by, settled_at, failure)
       SELECT ?1, ?2, ?3, value, 'failed', ?5, ?6, ?7, ?8, ?7, ?9 FROM json_each(?4) WHERE true
       ON CONFLICT (workspace_id, project_id, run_id, format) DO NOTHING`,
    )
    .bind(...valuesOf(scope, wish), JSON.stringify(failure))
    .run();
}

/** The parameters of a wish, ?1 to ?8. */
const valuesOf = (scope: ProjectScope, { run, formats, cause, plan, orderedAt, newsBy }: CaptureWish) =>
  [scope.workspaceId, scope.projectId, run, JSON.stringify(formats), cause, plan, orderedAt, newsBy] as const;

/** The captures of a run, the PNG first. */
export async function listCaptures(db: D1Database, scope: ProjectScope, run: RunId): Promise<readonly Capture[]> {
  const { results } = await db.prepare(LIST).bind(scope.workspaceId, scope.projectId, run).all<CaptureRow>();
  return results.map(parseCapture);
}

/** One capture, or null when none was ordered. */
export async function findCapture(
  db: D1Database,
  scope: ProjectScope,
  run: RunId,
  format: CaptureFormat,
): Promise<Capture | null> {
  const row = await db
    .prepare(`SELECT ${COLUMNS} FROM captures WHERE ${OF_RUN} AND format = ?4`)
    .bind(scope.workspaceId, scope.projectId, run, format)
    .first<CaptureRow>();
  return row === null ? null : parseCapture(row);
}

/** How many captures the workspace ordered on the UTC day of that instant. */
export async function orderedOn(
  db: D1Database,
  { workspaceId }: Pick<WorkspaceScope | ProjectScope, "workspaceId">,
  at: Instant,
): Promise<number> {
  const row = await db
    .prepare("SELECT ordered FROM capture_days WHERE workspace_id = ?1 AND day = ?2")
    .bind(workspaceId, dayOf(at))
    .first<{ ordered: number }>();
  return row?.ordered ?? 0;
}

/** UTC days since 1970, as the triggers of the migration count them. */
export const dayOf = (at: Instant): number => Math.floor(at / DAY_MS);
