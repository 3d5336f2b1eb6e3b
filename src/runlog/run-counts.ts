/** How many runs of each day the run log has, by how they ended. */
import type { ProjectScope } from "../domain/access.ts";
import { type RunId, uuidFloor } from "../domain/ids.ts";
import { type Counted, readEnding } from "../domain/run-counts.ts";
import { type CivilDay, nextDate } from "../domain/time/civil-days.ts";
import type { Instant } from "../domain/time/instant.ts";

/** Rows that one answer reads. */
export const COUNTED_MAX = 20_000;

export interface LogCounts {
  /** By day and ending, each at the beginning of its day. */
  readonly counted: readonly (Counted & { readonly at: Instant })[];
  /** The first day that was counted whole; after the last one where not even that was. Null: all were. */
  readonly wholeFrom: CivilDay["date"] | null;
}

type CountRow = { day: number; status: string; rows: number; count: number };

// An id is a UUIDv7 of its occurrence's time, so a day is a range of the primary key. CROSS JOIN keeps the days outside: they
// are read in the order in which they are given, and LIMIT ends the reading somewhere in one of them, with no row sorted
// before. What another attempt followed is read, and not counted.
const COUNT = `SELECT day, status, count(*) AS rows,
    coalesce(sum(count) FILTER (WHERE (status <> 'failed' OR retry_at IS NULL)
      AND id NOT IN (SELECT value FROM json_each(?4))), 0) AS count
  FROM (
    SELECT days.key AS day, runs.id, runs.status, runs.count, runs.retry_at
    FROM json_each(?3) AS days CROSS JOIN runs
    WHERE workspace_id = ?1 AND project_id = ?2 AND runs.id >= days.value ->> 0 AND runs.id < days.value ->> 1
    LIMIT ?5
  )
  GROUP BY day, status`;

/**
 * Counts the ends of chains, the newest day first, until all are counted or `most` rows have been read. The runs in `besides`
 * are left out: they are counted elsewhere.
 */
export async function countRuns(
  db: D1Database,
  scope: ProjectScope,
  days: readonly CivilDay[],
  { besides, most = COUNTED_MAX }: { readonly besides: readonly RunId[]; readonly most?: number },
): Promise<LogCounts> {
  const newestFirst = days.toReversed();
  const ranges = newestFirst.map(({ from, to }) => [uuidFloor(from), uuidFloor(to)]);
  const { results } = await db
    .prepare(COUNT)
    .bind(scope.workspaceId, scope.projectId, JSON.stringify(ranges), JSON.stringify(besides), most + 1)
    .all<CountRow>();
  const counted = results.flatMap(({ day, status, count }) => {
    const at = newestFirst[day]?.from;
    return at === undefined ? [] : [{ at, ending: readEnding(status), count }];
  });
  const read = results.reduce((sum, { rows }) => sum + rows, 0);
  return { counted, wholeFrom: read <= most ? null : dayAfter(newestFirst, results) };
}

/** The day after the oldest one that was read, in which the reading ended. */
function dayAfter(newestFirst: readonly CivilDay[], rows: readonly CountRow[]): CivilDay["date"] {
  const oldest = Math.max(...rows.map(({ day }) => day));
  return newestFirst[oldest - 1]?.date ?? nextDate(newestFirst[oldest]?.date ?? "");
}
