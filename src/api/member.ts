/** `/v1/members/{m}`: one member, from the invitation to the day they leave. */
import { z } from "@hono/zod-openapi";
import { changeMember, reactivateMember } from "../directory/changing-members.ts";
import { deactivateMember } from "../directory/deactivating.ts";
import { renewInvitation } from "../directory/inviting.ts";
import { findMember, type Member } from "../directory/members.ts";
import { mayManageRole, type Role } from "../domain/access.ts";
import type { MemberId } from "../domain/ids.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { answer, reply } from "./answer.ts";
import { inWorkspace, type WorkspaceAsk } from "./door.ts";
import { MemberIdParam } from "./fields.ts";
import { invite } from "./inviting.ts";
import {
  ChangedMemberJson,
  DepartureJson,
  handedOverJson,
  InvitedJson,
  MemberChange,
  MemberJson,
  memberJson,
} from "./member-json.ts";
import type { Api } from "./operation.ts";
import { NOT_FOUND, type Problem } from "./problem.ts";

/** The path of everything under one member. */
const MemberParams = z.object({ m: MemberIdParam });

const ONE = { tag: "Members", path: "/v1/members/{m}", params: MemberParams };
const SHOWN = { 200: { description: "The member.", schema: MemberJson } };

type Asking<Body = unknown> = WorkspaceAsk<{ readonly m: MemberId }, unknown, Body>;

export function mountMember(api: Api): void {
  inWorkspace(
    api,
    { ...ONE, method: "get", id: "getMember", needs: "see_people", summary: "Show a member", answers: SHOWN },
    async (ask) => {
      const member = await findMember(ask.env.DIRECTORY, ask.caller.scope, ask.params.m);
      return member === null ? fail(NOT_FOUND) : ok(reply(200, memberJson(member)));
    },
  );
  inWorkspace(
    api,
    {
      ...ONE,
      method: "patch",
      id: "changeMember",
      needs: "manage_members",
      summary: "Change a member's role or name",
      description:
        "Nobody changes their own role, and the last active admin stays one. Another role ends the invitation of somebody who has not joined: make a new one. A project that only they had full access to, and in the new role cannot, goes to the longest-serving admin.",
      body: MemberChange,
      example: { role: "viewer" },
      problems: ["conflict"],
      answers: { 200: { description: "The member, and what was handed over.", schema: ChangedMemberJson } },
    },
    change,
  );
  inWorkspace(
    api,
    {
      ...ONE,
      method: "delete",
      id: "deactivateMember",
      needs: "manage_members",
      summary: "Deactivate a member",
      description:
        "Their sessions and tokens end, and they leave their groups. A project that nobody else has full access to goes to the longest-serving admin. Schedules go on as they were.",
      problems: ["conflict"],
      answers: { 200: { description: "The member, and what was handed over.", schema: DepartureJson } },
    },
    deactivate,
  );
  mountReturns(api);
}

function mountReturns(api: Api): void {
  inWorkspace(
    api,
    {
      ...ONE,
      path: `${ONE.path}/invitation`,
      method: "post",
      id: "renewInvitation",
      needs: "manage_members",
      summary: "Make a new invitation link",
      description: "The ones before it end.",
      problems: ["conflict", "limit_reached"],
      answers: { 201: { description: "The member, and the link that lets them in.", schema: InvitedJson } },
    },
    async (ask) => {
      const member = await findManaged(ask);
      if (!member.ok) return member;
      const { env, caller, scribe } = ask;
      return invite(ask, (secret) => renewInvitation(env.DIRECTORY, caller.scope, member.value, secret, scribe));
    },
  );
  inWorkspace(
    api,
    {
      ...ONE,
      path: `${ONE.path}/reactivation`,
      method: "post",
      id: "reactivateMember",
      needs: "manage_members",
      summary: "Let a deactivated member in again",
      description: "In their old role, without what was shared with them and without their groups.",
      problems: ["conflict", "limit_reached"],
      answers: SHOWN,
    },
    async (ask) => {
      const member = await findManaged(ask);
      if (!member.ok) return member;
      const back = await reactivateMember(ask.env.DIRECTORY, ask.caller.scope, member.value, ask.scribe);
      return answer(back, (found) => reply(200, memberJson(found)));
    },
  );
}

async function change(ask: Asking<z.output<typeof MemberChange>>) {
  const { env, caller, body, scribe } = ask;
  const member = await findManaged(ask);
  if (!member.ok) return member;
  if (body.role !== undefined && body.role !== member.value.role) {
    if (member.value.id === caller.memberId) return fail(OWN_ROLE);
    if (!mayManageRole(caller.role, body.role)) return fail(roleOutOfReach(caller.role, body.role));
  }
  const changed = await changeMember(env.DIRECTORY, caller.scope, member.value, body, scribe);
  return answer(changed, ({ member: found, handedOver }) =>
    reply(200, { ...memberJson(found), handed_over: handedOverJson(handedOver) }),
  );
}

async function deactivate(ask: Asking) {
  const member = await findManaged(ask);
  if (!member.ok) return member;
  if (member.value.state === "deactivated")
    return ok(reply(200, { member: memberJson(member.value), handed_over: [] }));
  const left = await deactivateMember(ask.env.DIRECTORY, ask.caller.scope, member.value, ask.scribe);
  return answer(left, ({ member: found, handedOver }) =>
    reply(200, { member: memberJson(found), handed_over: handedOverJson(handedOver) }),
  );
}

/** The member, if the caller's role is above theirs. */
async function findManaged({ env, caller, params }: Asking): Promise<Result<Member, Problem>> {
  const member = await findMember(env.DIRECTORY, caller.scope, params.m);
  if (member === null) return fail(NOT_FOUND);
  if (!mayManageRole(caller.role, member.role)) return fail(roleOutOfReach(caller.role, member.role));
  return ok(member);
}

/** Of those who manage members only admins reach every role. */
export const roleOutOfReach = (own: Role, other: Role): Problem => ({
  code: "forbidden",
  detail: `The role ${own} manages only the roles below it, and ${other} is not one of them.`,
  extra: { needs: "admin", has: own },
});

const OWN_ROLE: Problem = { code: "conflict", detail: "Nobody changes their own role. Ask another admin." };
