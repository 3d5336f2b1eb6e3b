/** Changes to members: another role, another name, and the way back of somebody who was deactivated. */
import { ROLE_CAPS, type Role, type WorkspaceScope } from "../domain/access.ts";
import { conflict, type Failure } from "../domain/errors.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { batchOrNothing, IS_DONE, insist } from "./all-or-nothing.ts";
import { entryIfDone, type Scribe } from "./audit.ts";
import { forgetMember } from "./callers.ts";
import type { Departure } from "./deactivating.ts";
import { forgetAccess } from "./grants.ts";
import { atStakeWith, handedOverBy, handOver, NOTHING_AT_STAKE } from "./handing-over.ts";
import { endInvitations } from "./invitations.ts";
import {
  CHANGED_MEANWHILE,
  entryAbout,
  LAST_ADMIN,
  MEMBER_COLUMNS,
  type Member,
  type MemberRow,
  toMember,
} from "./members.ts";
import { hasRoom, whyNoRoom } from "./room.ts";
import { revokingTokensOf } from "./tokens.ts";

/** What is to change; whatever is absent stays. */
export interface MemberChange {
  readonly role?: Role | undefined;
  readonly name?: string | undefined;
}

/**
 * Changes a member as they were seen. The last active admin stays one. A role that can no longer hold a project hands over
 * what only this member held; an invitation that was made for another role ends, whoever has its link.
 */
export async function changeMember(
  db: D1Database,
  scope: WorkspaceScope,
  seen: Member,
  change: MemberChange,
  scribe: Scribe,
): Promise<Result<Departure, Failure>> {
  const { role, name } = { role: change.role ?? seen.role, name: change.name ?? seen.name };
  if (role === seen.role && name === seen.name) return ok({ member: seen, handedOver: [] });
  const stake = ROLE_CAPS[role] === "full_access" ? NOTHING_AT_STAKE : await atStakeWith(db, scope, seen);
  if (stake.held.length > 0 && stake.to === null) return fail(LAST_ADMIN);
  const detail = { before: { role: seen.role, name: seen.name }, after: { role, name } };
  const done = await batchOrNothing<MemberRow & { readonly project_id: string }>(db, [
    update(db, scope, seen, { role, name }, scribe),
    insist(db, IS_DONE),
    entryIfDone(db, scope, scribe, entryAbout("member.changed", seen, detail)),
    ...(role === seen.role ? [] : [endInvitations(db, seen.id, scribe.doing.at)]),
    ...handOver(db, scope, stake, { id: seen.id, email: seen.email }, scribe),
  ]);
  forgetMember(db, seen.id);
  forgetAccess(db, stake.held.length > 0 ? {} : { memberId: seen.id });
  const [row] = done?.[0]?.results ?? [];
  if (done === null || row === undefined) return fail(whyUnchanged(seen, role));
  return ok({ member: toMember(row), handedOver: handedOverBy(done, stake) });
}

/** Lets a deactivated member in again. What they had access to is not theirs any more. */
export async function reactivateMember(
  db: D1Database,
  scope: WorkspaceScope,
  seen: Member,
  scribe: Scribe,
): Promise<Result<Member, Failure>> {
  if (seen.state !== "deactivated") return fail(conflict(`The member is ${seen.state}, and not deactivated.`));
  if (seen.joinedAt === null) return fail(conflict("The member never joined. Invite them anew."));
  const done = await batchOrNothing<MemberRow>(db, [
    db
      .prepare(
        `UPDATE members SET state = 'active', deactivated_at = NULL, updated_at = ?3
         WHERE id = ?1 AND workspace_id = ?2 AND state = 'deactivated' AND role = ?4 AND joined_at IS NOT NULL
           AND ${HAS_ROOM_FOR_ONE}
         RETURNING ${MEMBER_COLUMNS}`,
      )
      .bind(seen.id, scope.workspaceId, scribe.doing.at, seen.role),
    insist(db, IS_DONE),
    entryIfDone(db, scope, scribe, entryAbout("member.reactivated", seen, { role: seen.role })),
    // One may have been made while another isolate still knew them.
    revokingTokensOf(db, scope, seen.id, scribe.doing.at),
  ]);
  const [row] = done?.[0]?.results ?? [];
  if (row !== undefined) return ok(toMember(row));
  return fail((await whyNoRoom(db, scope, ["members"], { at: scribe.doing.at, memberId: null })) ?? CHANGED_MEANWHILE);
}

const update = (
  db: D1Database,
  { workspaceId }: WorkspaceScope,
  seen: Member,
  { role, name }: Pick<Member, "role" | "name">,
  { doing }: Scribe,
): D1PreparedStatement =>
  db
    .prepare(
      `UPDATE members SET role = ?3, name = ?4, updated_at = ?5
       WHERE id = ?1 AND workspace_id = ?2 AND role = ?6 AND state = ?7
         AND (role <> 'admin' OR state <> 'active' OR ?3 = 'admin' OR EXISTS (
           SELECT 1 FROM members AS other
           WHERE other.workspace_id = ?2 AND other.role = 'admin' AND other.state = 'active' AND other.id <> ?1))
       RETURNING ${MEMBER_COLUMNS}`,
    )
    .bind(seen.id, workspaceId, role, name, doing.at, seen.role, seen.state);

const HAS_ROOM_FOR_ONE = `EXISTS (SELECT 1 FROM workspaces WHERE workspaces.id = ?2 AND ${hasRoom(["members"])})`;

/** Two rules can have kept an admin's row as it was; the one that a caller can do something about is named. */
const whyUnchanged = (seen: Member, role: Role): Failure =>
  seen.role === "admin" && seen.state === "active" && role !== "admin" ? LAST_ADMIN : CHANGED_MEANWHILE;
