/** `/v1/me`: who calls, and what they may do in the workspace. */
import { z } from "@hono/zod-openapi";
import { type Caller, isAble } from "../directory/callers.ts";
import { changeMember } from "../directory/changing-members.ts";
import { findMember, type Member } from "../directory/members.ts";
import { listTokens, type Token } from "../directory/tokens.ts";
import { findWorkspace, type Workspace } from "../directory/workspaces.ts";
import { ABILITIES, ROLES } from "../domain/access.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { answer, reply } from "./answer.ts";
import { inWorkspace, type WorkspaceAsk } from "./door.ts";
import { MemberJson, memberJson, OwnChange } from "./member-json.ts";
import type { Api } from "./operation.ts";
import { PlanJson, planJson } from "./plan-json.ts";
import { NOT_FOUND, type Problem } from "./problem.ts";
import { TokenJson, tokenJson } from "./token-json.ts";
import { WorkspaceJson, workspaceJson } from "./workspace-json.ts";

const ME = { tag: "Me", path: "/v1/me" };

const MeJson = z
  .strictObject({
    member: MemberJson.nullable().openapi({ description: "Null for a token of the workspace, which is nobody's." }),
    token: TokenJson.nullable().openapi({ description: "Null for a browser that is signed in." }),
    workspace: WorkspaceJson,
    role: z.enum(ROLES),
    abilities: z.array(z.enum(ABILITIES)).openapi({ description: "What the caller may do whatever projects grant." }),
    plan: PlanJson,
  })
  .openapi("Me");

export function mountMe(api: Api): void {
  inWorkspace(
    api,
    {
      ...ME,
      method: "get",
      id: "getMe",
      summary: "Show who you are and what you may do",
      answers: { 200: { description: "You.", schema: MeJson } },
    },
    async ({ env, caller }) => {
      const workspace = await findWorkspace(env.DIRECTORY, caller.scope);
      if (workspace === null) return fail(NOT_FOUND);
      const member = caller.memberId === null ? null : await findMember(env.DIRECTORY, caller.scope, caller.memberId);
      const { credential } = caller;
      const [token = null] =
        credential.kind === "session"
          ? []
          : await listTokens(env.DIRECTORY, caller.scope, { of: "token", id: credential.id }, { limit: 1 });
      return ok(reply(200, meJson(caller, { workspace, member, token })));
    },
  );
  inWorkspace(
    api,
    {
      ...ME,
      method: "patch",
      id: "changeMe",
      summary: "Change your name",
      body: OwnChange,
      example: { name: "Ada Lovelace" },
      problems: ["conflict"],
      answers: { 200: { description: "You, as others see you.", schema: MemberJson } },
    },
    async (ask) => {
      const own = await findOwn(ask);
      if (!own.ok) return own;
      const { env, caller, body, scribe } = ask;
      const changed = await changeMember(env.DIRECTORY, caller.scope, own.value, body, scribe);
      return answer(changed, ({ member }) => reply(200, memberJson(member)));
    },
  );
}

const meJson = (
  caller: Caller,
  {
    workspace,
    member,
    token,
  }: { readonly workspace: Workspace; readonly member: Member | null; readonly token: Token | null },
): z.output<typeof MeJson> => ({
  member: member === null ? null : memberJson(member),
  token: token === null ? null : tokenJson(token),
  workspace: workspaceJson(workspace),
  role: caller.role,
  abilities: ABILITIES.filter((ability) => isAble(caller, ability)),
  plan: planJson(workspace.plan),
});

/** The member who calls. A token of the workspace is nobody; one that is held to projects is for nothing around them. */
export async function findOwn({
  env,
  caller,
}: WorkspaceAsk<unknown, unknown, unknown>): Promise<Result<Member, Problem>> {
  if (caller.memberId === null) return fail(NOBODY);
  if (caller.projects !== null) return fail(HELD);
  const member = await findMember(env.DIRECTORY, caller.scope, caller.memberId);
  return member === null ? fail(NOT_FOUND) : ok(member);
}

const NOBODY: Problem = {
  code: "conflict",
  detail: "A token of the workspace is nobody's. Use a personal token, or sign in.",
};

const HELD: Problem = {
  code: "forbidden",
  detail: "The token is held to projects, and neither shows nor changes what belongs to the one it acts as.",
  extra: { needs: "a token that is not held to projects", has: "held_to_projects" },
};
