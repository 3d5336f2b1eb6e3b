/** `/v1/groups`: members under one name, to share projects with. */
import { z } from "@hono/zod-openapi";
import { type Caller, isAble } from "../directory/callers.ts";
import {
  addGroup,
  deleteGroup,
  findGroup,
  type Group,
  joinGroup,
  leaveGroup,
  listGroupMembers,
  listGroups,
  renameGroup,
} from "../directory/groups.ts";
import type { HandedOver } from "../directory/handing-over.ts";
import { findMember, type Member } from "../directory/members.ts";
import { mayManageRole } from "../domain/access.ts";
import { type GroupId, type MemberId, readGroupId } from "../domain/ids.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { newId } from "../system.ts";
import { answer, type Reply, reply } from "./answer.ts";
import { inWorkspace, type WorkspaceAsk } from "./door.ts";
import { GroupIdParam, MemberIdParam, PageQuery, pageOf } from "./fields.ts";
import { GroupChange, GroupJson, GroupWithMembersJson, groupJson, NewGroup } from "./group-json.ts";
import { makeOnce } from "./making-once.ts";
import { HandedOverJson, handedOverJson, personJson } from "./member-json.ts";
import type { Api } from "./operation.ts";
import { findPage, listName, pageBody, pageReply } from "./paging.ts";
import { NOT_FOUND, type Problem } from "./problem.ts";

const ALL = { tag: "Groups", path: "/v1/groups" };
const ONE = { tag: "Groups", path: "/v1/groups/{g}", params: z.object({ g: GroupIdParam }) };
const PLACE = {
  tag: "Groups",
  path: "/v1/groups/{g}/members/{m}",
  params: z.object({ g: GroupIdParam, m: MemberIdParam }),
};

/** What a group can do to projects, whose admins alone may share them all. */
const OTHERS_ONLY = "Oneself, and those whose role is not below one's own, are for who may share any project.";
const MOVED = { 200: { description: "It is done, and what was handed over.", schema: HandedOverJson } };

type Asking<Params, Body = unknown> = WorkspaceAsk<Params, unknown, Body>;

export function mountGroups(api: Api): void {
  mountCollection(api);
  mountOne(api);
  mountChanges(api);
  mountPlaces(api);
}

function mountCollection(api: Api): void {
  inWorkspace(
    api,
    {
      ...ALL,
      method: "get",
      id: "listGroups",
      needs: "see_people",
      summary: "List the groups",
      query: PageQuery,
      answers: { 200: { description: "Oldest first.", schema: pageOf(GroupJson) } },
    },
    async ({ env, caller, query }) => {
      const list = listName("groups", caller.scope.workspaceId);
      const page = await findPage(env, list, query, (slice) => listGroups(env.DIRECTORY, caller.scope, slice));
      return page.ok ? ok(pageReply(env, list, page.value, groupJson)) : page;
    },
  );
  inWorkspace(
    api,
    {
      ...ALL,
      method: "post",
      id: "createGroup",
      needs: "manage_groups",
      summary: "Make a group",
      body: NewGroup,
      example: { name: "Finance" },
      idempotent: true,
      problems: ["conflict", "limit_reached"],
      answers: { 201: { description: "The new group.", schema: GroupJson } },
    },
    (ask) =>
      makeOnce(ask, async (wishFor) => {
        const { env, caller, body, now, scribe } = ask;
        const group: Group = { id: readGroupId(newId()), ...body, size: 0, createdAt: now, updatedAt: now };
        const shown = groupJson(group);
        const added = await addGroup(env.DIRECTORY, caller.scope, group, wishFor(shown), scribe);
        return added.ok ? ok({ addition: added.value, shown }) : added;
      }),
  );
}

function mountOne(api: Api): void {
  inWorkspace(
    api,
    {
      ...ONE,
      method: "get",
      id: "getGroup",
      needs: "see_people",
      summary: "Show a group with its members",
      query: PageQuery,
      answers: { 200: { description: "The group, and a page of its members.", schema: GroupWithMembersJson } },
    },
    async (ask) => {
      const { env, caller, query, params } = ask;
      const group = await find(ask);
      if (!group.ok) return group;
      const list = listName("group members", `${caller.scope.workspaceId}/${params.g}`);
      const page = await findPage(env, list, query, (slice) =>
        listGroupMembers(env.DIRECTORY, caller.scope, params.g, slice),
      );
      if (!page.ok) return page;
      return ok(reply(200, { ...groupJson(group.value), members: pageBody(env, list, page.value, personJson) }));
    },
  );
}

function mountChanges(api: Api): void {
  inWorkspace(
    api,
    {
      ...ONE,
      method: "patch",
      id: "changeGroup",
      needs: "manage_groups",
      summary: "Rename a group",
      body: GroupChange,
      example: { name: "Finance and tax" },
      problems: ["conflict"],
      answers: { 200: { description: "The group.", schema: GroupJson } },
    },
    async (ask) => {
      const group = await find(ask);
      if (!group.ok) return group;
      const name = ask.body.name ?? group.value.name;
      const renamed = await renameGroup(ask.env.DIRECTORY, ask.caller.scope, group.value, name, ask.scribe);
      return answer(renamed, (found) => reply(200, groupJson(found)));
    },
  );
  inWorkspace(
    api,
    {
      ...ONE,
      method: "delete",
      id: "deleteGroup",
      needs: "manage_groups",
      summary: "Delete a group",
      description:
        "What projects gave to it is given no longer; its members stay. A project that nobody else has full access to goes to the longest-serving admin.",
      problems: ["conflict"],
      answers: MOVED,
    },
    async (ask) => {
      const group = await find(ask);
      if (!group.ok) return group;
      const deleted = await deleteGroup(ask.env.DIRECTORY, ask.caller.scope, group.value, ask.scribe);
      return answer(deleted, moved);
    },
  );
}

function mountPlaces(api: Api): void {
  inWorkspace(
    api,
    {
      ...PLACE,
      method: "put",
      id: "addToGroup",
      needs: "manage_groups",
      summary: "Take a member into a group",
      description: OTHERS_ONLY,
      problems: ["conflict"],
      answers: { 204: { description: "They are in it." } },
    },
    async (ask) => {
      const place = await findPlace(ask);
      if (!place.ok) return place;
      const { group, member } = place.value;
      if (member.state === "deactivated") return fail(DEACTIVATED);
      const joined = await joinGroup(ask.env.DIRECTORY, ask.caller.scope, group, member, ask.scribe);
      return answer(joined, () => reply(204));
    },
  );
  inWorkspace(
    api,
    {
      ...PLACE,
      method: "delete",
      id: "removeFromGroup",
      needs: "manage_groups",
      summary: "Take a member out of a group",
      description: `What projects gave them through the group is theirs no longer; one that nobody else has full access to goes to the longest-serving admin. ${OTHERS_ONLY}`,
      problems: ["conflict"],
      answers: MOVED,
    },
    async (ask) => {
      const place = await findPlace(ask);
      if (!place.ok) return place;
      const { group, member } = place.value;
      const left = await leaveGroup(ask.env.DIRECTORY, ask.caller.scope, group, member, ask.scribe);
      return answer(left, moved);
    },
  );
}

async function find({ env, caller, params }: Asking<{ readonly g: GroupId }>): Promise<Result<Group, Problem>> {
  const group = await findGroup(env.DIRECTORY, caller.scope, params.g);
  return group === null ? fail(NOT_FOUND) : ok(group);
}

/**
 * The group and the member, if the caller may put the one into the other. What a project gives to a group it gives to whoever
 * is in it: so nobody who may not share any project gives themselves some that way, or takes them from those above.
 */
async function findPlace(
  ask: Asking<{ readonly g: GroupId; readonly m: MemberId }>,
): Promise<Result<{ readonly group: Group; readonly member: Member }, Problem>> {
  const group = await find(ask);
  if (!group.ok) return group;
  const member = await findMember(ask.env.DIRECTORY, ask.caller.scope, ask.params.m);
  if (member === null) return fail(NOT_FOUND);
  const { caller } = ask;
  const isOther = member.id !== caller.memberId && mayManageRole(caller.role, member.role);
  if (!isOther && !isAble(caller, "share_any_project")) return fail(notTheirs(caller));
  return ok({ group: group.value, member });
}

const moved = (handedOver: readonly HandedOver[]): Reply => reply(200, { handed_over: handedOverJson(handedOver) });

const notTheirs = ({ role }: Caller): Problem => ({
  code: "forbidden",
  detail: `${OTHERS_ONLY} Your role is ${role}.`,
  extra: { needs: "share_any_project", has: role },
});

const DEACTIVATED: Problem = { code: "conflict", detail: "The member is deactivated. Let them in again first." };
