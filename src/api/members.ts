/** `/v1/members`: the people of the workspace. */
import { z } from "@hono/zod-openapi";
import { inviteMember } from "../directory/inviting.ts";
import { findMemberByEmail, listMembers, MEMBER_STATES } from "../directory/members.ts";
import { mayManageRole, ROLES } from "../domain/access.ts";
import { readMemberId } from "../domain/ids.ts";
import { fail, ok } from "../domain/result.ts";
import { newId } from "../system.ts";
import { inWorkspace } from "./door.ts";
import { EmailField, PageQuery, pageOf } from "./fields.ts";
import { invite } from "./inviting.ts";
import { roleOutOfReach } from "./member.ts";
import { InvitedJson, MemberJson, memberJson, NewMember } from "./member-json.ts";
import type { Api } from "./operation.ts";
import { findPage, listName, pageReply } from "./paging.ts";

const ALL = { tag: "Members", path: "/v1/members" };

const MemberQuery = PageQuery.extend({
  state: z.enum(MEMBER_STATES).optional(),
  role: z.enum(ROLES).optional(),
  email: EmailField.optional(),
});

export function mountMembers(api: Api): void {
  inWorkspace(
    api,
    {
      ...ALL,
      method: "get",
      id: "listMembers",
      needs: "see_people",
      summary: "List the members",
      description: "Those who are invited and those who were deactivated too.",
      query: MemberQuery,
      answers: { 200: { description: "Oldest first.", schema: pageOf(MemberJson) } },
    },
    async ({ env, caller, query: { limit, cursor, ...filter } }) => {
      const list = listName("members", caller.scope.workspaceId, filter);
      const page = await findPage(env, list, { limit, cursor }, (slice) =>
        listMembers(env.DIRECTORY, caller.scope, filter, slice),
      );
      return page.ok ? ok(pageReply(env, list, page.value, memberJson)) : page;
    },
  );
  inWorkspace(
    api,
    {
      ...ALL,
      method: "post",
      id: "inviteMember",
      needs: "manage_members",
      summary: "Invite somebody",
      description: "By mail where the deployment sends any. Somebody who was deactivated is invited anew.",
      body: NewMember,
      example: { email: "grace@example.com", role: "editor", name: "Grace Hopper" },
      problems: ["conflict", "limit_reached"],
      answers: { 201: { description: "The member, and the link that lets them in.", schema: InvitedJson } },
    },
    async (ask) => {
      const { env, caller, body, scribe } = ask;
      if (!mayManageRole(caller.role, body.role)) return fail(roleOutOfReach(caller.role, body.role));
      const seen = await findMemberByEmail(env.DIRECTORY, caller.scope, body.email);
      // What somebody was is theirs to come back to: an admin who left is no manager's to invite as something less.
      if (seen?.state === "deactivated" && !mayManageRole(caller.role, seen.role))
        return fail(roleOutOfReach(caller.role, seen.role));
      const member = { ...body, id: readMemberId(newId()), seen };
      return invite(ask, (secret) => inviteMember(env.DIRECTORY, caller.scope, member, secret, scribe));
    },
  );
}
