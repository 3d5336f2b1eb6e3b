/** Invites people: whoever is new, whoever was deactivated, and whoever has lost the link. */
import type { WorkspaceScope } from "../domain/access.ts";
import { conflict, type Failure } from "../domain/errors.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { batchOrNothing, IS_DONE, insist } from "./all-or-nothing.ts";
import { entryIfDone, type Scribe } from "./audit.ts";
import { forgetMember } from "./callers.ts";
import { invitationLimit, invitationOf, keepInvitation, mayInvite } from "./making-invitations.ts";
import { CHANGED_MEANWHILE, entryAbout, MEMBER_COLUMNS, type Member, type MemberRow, toMember } from "./members.ts";
import { hasRoom, whyNoRoom } from "./room.ts";
import { revokingTokensOf } from "./tokens.ts";

/** What somebody is invited as. */
export type NewMember = Pick<Member, "id" | "email" | "name" | "role">;

/**
 * Invites somebody, or invites a deactivated member anew as they were seen, and keeps the secret of the link that they come
 * in by. All of it or nothing: of two who invite at once, the second does not end the link of the first.
 */
export async function inviteMember(
  db: D1Database,
  scope: WorkspaceScope,
  { seen, ...wanted }: NewMember & { readonly seen: Member | null },
  secret: string,
  scribe: Scribe,
): Promise<Result<Member, Failure>> {
  if (seen !== null && seen.state !== "deactivated") return fail(isMember(seen));
  const member = { ...wanted, id: seen?.id ?? wanted.id };
  const { at } = scribe.doing;
  const done = await batchOrNothing<MemberRow>(db, [
    upsert(db, scope, member, { seen, scribe }),
    insist(db, IS_DONE),
    entryIfDone(db, scope, scribe, entryAbout("member.invited", member, { role: member.role })),
    // Whoever was deactivated comes back with nothing: a token may have been made while another isolate still knew them.
    revokingTokensOf(db, scope, member.id, at),
    ...keepInvitation(db, invitationOf(member.id, member.email, at), secret),
  ]);
  forgetMember(db, member.id);
  return memberOf(done, () => whyNotInvited(db, scope, member, scribe));
}

/** Gives somebody who was invited another link; the one before ends. */
export async function renewInvitation(
  db: D1Database,
  scope: WorkspaceScope,
  seen: Member,
  secret: string,
  scribe: Scribe,
): Promise<Result<Member, Failure>> {
  if (seen.state !== "invited") return fail(conflict(`The member is ${seen.state}, and not waiting to join.`));
  const { at } = scribe.doing;
  const done = await batchOrNothing<MemberRow>(db, [
    db
      .prepare(
        `UPDATE members SET updated_at = ?3
         WHERE id = ?1 AND workspace_id = ?2 AND state = 'invited' AND role = ?4
           AND ${mayInvite({ workspace: "?2", email: "?5", at: "?3" })}
         RETURNING ${MEMBER_COLUMNS}`,
      )
      .bind(seen.id, scope.workspaceId, at, seen.role, seen.email),
    insist(db, IS_DONE),
    entryIfDone(db, scope, scribe, entryAbout("member.invitation_renewed", seen)),
    ...keepInvitation(db, invitationOf(seen.id, seen.email, at), secret),
  ]);
  return memberOf(done, async () => (await invitationLimit(db, scope, seen.email, at)) ?? CHANGED_MEANWHILE);
}

const upsert = (
  db: D1Database,
  scope: WorkspaceScope,
  { id, email, name, role }: NewMember,
  { seen, scribe }: { readonly seen: Member | null; readonly scribe: Scribe },
): D1PreparedStatement =>
  // Without a target both promises of uniqueness are meant: that of the id and that of the address.
  db
    .prepare(
      `INSERT INTO members (id, workspace_id, email, name, role, state, created_at, updated_at)
       SELECT ?1, workspaces.id, ?3, ?4, ?5, 'invited', ?6, ?6
       FROM workspaces
       WHERE workspaces.id = ?2 AND ${hasRoom(["members"])}
         AND ${mayInvite({ workspace: "?2", email: "?3", at: "?6" })}
       ON CONFLICT DO UPDATE
       SET name = CASE ?4 WHEN '' THEN members.name ELSE ?4 END, role = ?5, state = 'invited', updated_at = ?6, deactivated_at = NULL
       WHERE members.state = 'deactivated' AND members.workspace_id = ?2 AND members.role = ?7
       RETURNING ${MEMBER_COLUMNS}`,
    )
    .bind(id, scope.workspaceId, email, name, role, scribe.doing.at, seen?.role ?? null);

async function whyNotInvited(
  db: D1Database,
  scope: WorkspaceScope,
  { email }: NewMember,
  { doing: { at } }: Scribe,
): Promise<Failure> {
  const noRoom = await whyNoRoom(db, scope, ["members"], { at, memberId: null });
  return noRoom ?? (await invitationLimit(db, scope, email, at)) ?? CHANGED_MEANWHILE;
}

async function memberOf(
  done: readonly D1Result<MemberRow>[] | null,
  refusal: () => Promise<Failure>,
): Promise<Result<Member, Failure>> {
  const [row] = done?.[0]?.results ?? [];
  return row === undefined ? fail(await refusal()) : ok(toMember(row));
}

const isMember = ({ state, id }: Member): Failure =>
  conflict(
    state === "invited"
      ? `Somebody with this address is invited already. /v1/members/${id}/invitation makes another link.`
      : "Somebody with this address is a member already.",
  );
