/** A member leaves: what let them in ends, what they were given goes, and what only they held is handed over. */
import type { WorkspaceScope } from "../domain/access.ts";
import type { Failure } from "../domain/errors.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { batchOrNothing, IS_DONE, insist } from "./all-or-nothing.ts";
import { entryIfDone, type Scribe } from "./audit.ts";
import { forgetMember } from "./callers.ts";
import { forgetAccess } from "./grants.ts";
import { atStakeWith, type HandedOver, handedOverBy, handOver } from "./handing-over.ts";
import { endInvitations } from "./invitations.ts";
import { CHANGED_MEANWHILE, entryAbout, LAST_ADMIN, type Member, type MemberRow, toMember } from "./members.ts";
import { revokingTokensOf } from "./tokens.ts";

/** A member who left, or may do less, and what moved. */
export interface Departure {
  readonly member: Member;
  readonly handedOver: readonly HandedOver[];
}

/**
 * Deactivates a member as they were seen. A project that nobody else holds goes to the longest-serving admin; schedules go
 * on as they were.
 */
export async function deactivateMember(
  db: D1Database,
  scope: WorkspaceScope,
  seen: Member,
  scribe: Scribe,
): Promise<Result<Departure, Failure>> {
  const stake = await atStakeWith(db, scope, seen);
  if (stake.to === null) return fail(LAST_ADMIN);
  const done = await batchOrNothing<MemberRow & { readonly project_id: string }>(db, [
    leave(db, scope, seen, stake.to, scribe),
    insist(db, IS_DONE),
    entryIfDone(db, scope, scribe, entryAbout("member.deactivated", seen, { role: seen.role })),
    ...takeAway(db, scope, seen, scribe),
    ...handOver(db, scope, stake, { id: seen.id, email: seen.email }, scribe),
  ]);
  forgetMember(db, seen.id);
  forgetAccess(db, {});
  const [row] = done?.[0]?.results ?? [];
  if (done === null || row === undefined) return fail(CHANGED_MEANWHILE);
  return ok({ member: toMember(row), handedOver: handedOverBy(done, stake) });
}

/** That the heir is still there is part of the statement: so there is an admin left, whoever else leaves right now. */
const leave = (
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  seen: Member,
  heir: Member,
  { doing }: Scribe,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE members SET state = 'deactivated', deactivated_at = ?3, updated_at = ?3
       WHERE id = ?2 AND workspace_id = ?1 AND state = ?4 AND role = ?5
         AND EXISTS (
           SELECT 1 FROM members AS heir
           WHERE heir.id = ?6 AND heir.workspace_id = ?1 AND heir.role = 'admin' AND heir.state = 'active')
       RETURNING *`,
    )
    .bind(workspaceId, seen.id, doing.at, seen.state, seen.role, heir.id);

const takeAway = (
  db: D1Database,
  scope: WorkspaceScope,
  { id }: Member,
  { doing: { at } }: Scribe,
): readonly D1PreparedStatement[] => [
  db
    .prepare("DELETE FROM grants WHERE workspace_id = ?1 AND grantee_kind = 'user' AND grantee_id = ?2")
    .bind(scope.workspaceId, id),
  db.prepare("DELETE FROM group_members WHERE member_id = ?1").bind(id),
  db
    .prepare("UPDATE sessions SET ended_at = ?3 WHERE workspace_id = ?1 AND member_id = ?2 AND ended_at IS NULL")
    .bind(scope.workspaceId, id, at),
  revokingTokensOf(db, scope, id, at),
  endInvitations(db, id, at),
];
