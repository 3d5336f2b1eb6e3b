/** `/v1/projects/{p}/access`: with whom a project is shared, and what that comes to. */
import { z } from "@hono/zod-openapi";
import { isAble } from "../directory/callers.ts";
import { accessOf } from "../directory/grants.ts";
import { listPeopleAccess } from "../directory/people-access.ts";
import { changeShare, listShares, replaceShares, unknownGrantees } from "../directory/sharing.ts";
import type { Grant } from "../domain/access.ts";
import type { InputIssue } from "../domain/errors.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import {
  accessJson,
  GrantField,
  GrantList,
  PersonAccessJson,
  personAccessJson,
  readGrant,
  SharingJson,
  shareJson,
} from "./access-json.ts";
import { type Answered, reply } from "./answer.ts";
import { inProject, type ProjectAsk } from "./door.ts";
import { MemberIdParam, PageQuery } from "./fields.ts";
import type { Api } from "./operation.ts";
import { findPage, listName, pageBody } from "./paging.ts";
import { invalidInput, NOT_FOUND, type Problem, problemOf } from "./problem.ts";

const ALL = { tag: "Access", path: "/v1/projects/{p}/access", orAbility: "share_any_project" } as const;
const SHOWN = { 200: { description: "The grants, and what they come to.", schema: SharingJson } };
const FIRST_PAGE = { limit: 50 };

type Asking = ProjectAsk<unknown, unknown, unknown>;

export function mountAccess(api: Api): void {
  inProject(
    api,
    {
      ...ALL,
      method: "get",
      id: "getAccess",
      needs: "can_view",
      summary: "Show who has access to a project",
      description:
        "The limit and the cursor page through the people; the grants and your own access come with each page. Who may not see people is shown those who have some access.",
      query: PageQuery,
      answers: SHOWN,
    },
    (ask) => show(ask, ask.query),
  );
  mountChanges(api);
  mountOne(api);
}

function mountChanges(api: Api): void {
  inProject(
    api,
    {
      ...ALL,
      method: "put",
      id: "replaceAccess",
      needs: "full_access",
      changesDirectory: true,
      summary: "Share a project with these and nobody else",
      description: "Somebody must be left with full access.",
      body: GrantList,
      example: { grants: [{ workspace: true, access: "can_view" }] },
      problems: ["conflict"],
      answers: SHOWN,
    },
    async (ask) => {
      const grants = await readGrants(ask, ask.body.grants, (index) => `/grants/${index}`);
      if (!grants.ok) return grants;
      const { env, caller, project, scribe } = ask;
      const replaced = await replaceShares(env.DIRECTORY, caller.scope, project, grants.value, scribe);
      return replaced.ok ? show(ask, FIRST_PAGE) : fail(problemOf(replaced.error));
    },
  );
  inProject(
    api,
    {
      ...ALL,
      method: "patch",
      id: "changeAccess",
      needs: "full_access",
      changesDirectory: true,
      summary: "Share a project with one more, or one less",
      description: "An access of none takes away what was given. What others have stays as it is.",
      body: GrantField,
      example: { workspace: true, access: "app_only" },
      problems: ["conflict"],
      answers: SHOWN,
    },
    async (ask) => {
      const grants = await readGrants(ask, [ask.body], () => "");
      if (!grants.ok) return grants;
      const { env, caller, project, scribe } = ask;
      const [grant] = grants.value;
      const changed =
        grant === undefined ? ok(undefined) : await changeShare(env.DIRECTORY, caller.scope, project, grant, scribe);
      return changed.ok ? show(ask, FIRST_PAGE) : fail(problemOf(changed.error));
    },
  );
}

function mountOne(api: Api): void {
  inProject(
    api,
    {
      ...ALL,
      path: `${ALL.path}/{m}`,
      method: "get",
      id: "getMemberAccess",
      needs: "can_view",
      summary: "Show what one member may do in a project, and why",
      params: z.object({ m: MemberIdParam }),
      answers: { 200: { description: "Both numbers and the reason.", schema: PersonAccessJson } },
    },
    async ({ env, caller, project, params }) => {
      const page = { limit: 1, only: params.m, isReached: !isAble(caller, "see_people") };
      const [person] = await listPeopleAccess(env.DIRECTORY, caller.scope, project.id, page);
      return person === undefined ? fail(NOT_FOUND) : ok(reply(200, personAccessJson(person)));
    },
  );
}

async function show(
  { env, caller, project, now }: Asking,
  query: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Answered> {
  const isReached = !isAble(caller, "see_people");
  const list = listName("people", project.id, { isReached });
  const people = await findPage(env, list, query, (slice) =>
    listPeopleAccess(env.DIRECTORY, caller.scope, project.id, { ...slice, isReached }),
  );
  if (!people.ok) return people;
  // Asked anew: it may be the caller's own access that was just changed.
  const yours = await accessOf(env.DIRECTORY, caller, project.id, { now });
  const grants = await listShares(env.DIRECTORY, caller.scope, project);
  return ok(
    reply(200, {
      grants: grants.map(shareJson),
      yours: accessJson(yours),
      people: pageBody(env, list, people.value, personAccessJson),
    }),
  );
}

/** The grants that were sent, if the workspace has all whom they name, and each of them once. */
async function readGrants(
  { env, caller }: Asking,
  sent: readonly z.output<typeof GrantField>[],
  pathOf: (index: number) => string,
): Promise<Result<readonly Grant[], Problem>> {
  const grants = sent.map(readGrant);
  const grantees = grants.map(({ grantee }) => grantee);
  const unknown = new Set(await unknownGrantees(env.DIRECTORY, caller.scope, grantees));
  const names = grantees.map((grantee) => JSON.stringify(grantee));
  const issues = grantees.flatMap((grantee, index): InputIssue[] => {
    const path = `${pathOf(index)}/${grantee.kind}`;
    if (unknown.has(grantee)) return [{ path, message: `There is no such ${WORDS[grantee.kind]}.` }];
    const isTwin = names.indexOf(JSON.stringify(grantee)) < index;
    return isTwin ? [{ path, message: `The same ${WORDS[grantee.kind]} has another grant in the list.` }] : [];
  });
  return issues.length > 0 ? fail(invalidInput(issues)) : ok(grants);
}

const WORDS = { user: "member", group: "group", workspace: "workspace" } as const;
