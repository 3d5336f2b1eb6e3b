/** `/v1/tokens`: how programs prove who they are. */
import { z } from "@hono/zod-openapi";
import { type Caller, isAble } from "../directory/callers.ts";
import { listTokens, revokeToken, type Token, type TokenSight } from "../directory/tokens.ts";
import type { TokenId } from "../domain/ids.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { reply } from "./answer.ts";
import { inWorkspace, type WorkspaceAsk } from "./door.ts";
import { PageQuery, pageOf, TokenIdParam } from "./fields.ts";
import { makeToken } from "./making-tokens.ts";
import type { Api } from "./operation.ts";
import { findPage, listName, pageReply } from "./paging.ts";
import { NOT_FOUND, type Problem } from "./problem.ts";
import { MadeTokenJson, NewToken, TokenJson, tokenJson } from "./token-json.ts";

const ALL = { tag: "Tokens", path: "/v1/tokens" };
const ONE = { tag: "Tokens", path: "/v1/tokens/{t}", params: z.object({ t: TokenIdParam }) };

export function mountTokens(api: Api): void {
  inWorkspace(
    api,
    {
      ...ALL,
      method: "get",
      id: "listTokens",
      summary: "List the tokens",
      description: "Your own; an admin sees everybody's and those of the workspace. Revoked and expired ones too.",
      query: PageQuery,
      answers: { 200: { description: "Oldest first.", schema: pageOf(TokenJson) } },
    },
    async ({ env, caller, query }) => {
      const sight = sightOf(caller);
      const list = listName("tokens", caller.scope.workspaceId, sight);
      const page = await findPage(env, list, query, (slice) => listTokens(env.DIRECTORY, caller.scope, sight, slice));
      return page.ok ? ok(pageReply(env, list, page.value, tokenJson)) : page;
    },
  );
  inWorkspace(
    api,
    {
      ...ALL,
      method: "post",
      id: "createToken",
      summary: "Make a token",
      description: "Its text is in this answer and nowhere else. It never does more than whoever makes it.",
      body: NewToken,
      example: { name: "Nightly import", mode: "write" },
      idempotent: true,
      problems: ["conflict", "limit_reached"],
      answers: { 201: { description: "The new token.", schema: MadeTokenJson } },
    },
    makeToken,
  );
  mountOne(api);
}

function mountOne(api: Api): void {
  inWorkspace(
    api,
    {
      ...ONE,
      method: "get",
      id: "getToken",
      summary: "Show a token",
      answers: { 200: { description: "The token.", schema: TokenJson } },
    },
    async (ask) => {
      const token = await find(ask);
      return token.ok ? ok(reply(200, tokenJson(token.value))) : token;
    },
  );
  inWorkspace(
    api,
    {
      ...ONE,
      method: "delete",
      id: "revokeToken",
      summary: "Revoke a token",
      description: "Calls with it are refused within five seconds, wherever they are made.",
      answers: { 204: { description: "It is revoked." } },
    },
    async (ask) => {
      const token = await find(ask);
      if (!token.ok) return token;
      await revokeToken(ask.env.DIRECTORY, ask.caller.scope, token.value, ask.scribe);
      return ok(reply(204));
    },
  );
}

/** Who sees a token may revoke it. One that is held to projects sees itself alone. */
function sightOf(caller: Caller): TokenSight {
  if (isAble(caller, "manage_workspace_tokens")) return { of: "workspace" };
  if (caller.projects !== null || caller.memberId === null) return { of: "token", id: caller.credential.id };
  return { of: "member", id: caller.memberId };
}

async function find({
  env,
  caller,
  params,
}: WorkspaceAsk<{ readonly t: TokenId }, unknown, unknown>): Promise<Result<Token, Problem>> {
  const page = { limit: 1, only: params.t };
  const [token] = await listTokens(env.DIRECTORY, caller.scope, sightOf(caller), page);
  return token === undefined ? fail(NOT_FOUND) : ok(token);
}
