/** How long the audit keeps what was written: a year, or as long as the workspace. */
import type { WorkspaceScope } from "../domain/access.ts";
import { uuidFloor } from "../domain/ids.ts";
import { DAY_MS, type Instant, type Milliseconds } from "../domain/time/instant.ts";

/** A leap year and a day: the table itself refuses to give up an entry that is younger than a year. */
export const AUDIT_KEPT_MS: Milliseconds = 367 * DAY_MS;

/** Entries deleted by one statement: the database has one thread, and other workspaces wait for it. */
const DELETED_AT_ONCE = 2_000;

/** Deletes the entries of before an instant, or all of a deleted workspace's (null). */
export async function forgetEntries(db: D1Database, scope: WorkspaceScope, before: Instant | null): Promise<void> {
  const forget = db
    .prepare(
      `DELETE FROM audit
       WHERE workspace_id = ?1
         AND id IN (SELECT id FROM audit WHERE workspace_id = ?1 AND (?2 IS NULL OR id < ?2) ORDER BY id LIMIT ?3)`,
    )
    .bind(scope.workspaceId, before === null ? null : uuidFloor(before), DELETED_AT_ONCE);
  for (;;) {
    const { meta } = await forget.run();
    if (meta.changes === 0) return;
  }
}
