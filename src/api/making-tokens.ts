/** Makes a token. One never does more than whoever makes it: neither now nor for longer. */
import type { z } from "@hono/zod-openapi";
import { type Caller, isAble } from "../directory/callers.ts";
import { findMember } from "../directory/members.ts";
import { listProjects } from "../directory/projects.ts";
import { addToken, TOKEN_RANDOM_BYTES, type Token, type TokenKind, tokenText } from "../directory/tokens.ts";
import type { InputIssue } from "../domain/errors.ts";
import { type ProjectId, readTokenId } from "../domain/ids.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { type Instant, toIso } from "../domain/time/instant.ts";
import { newId, randomBytes } from "../system.ts";
import type { Answered } from "./answer.ts";
import { unable, type WorkspaceAsk } from "./door.ts";
import { makeOnce } from "./making-once.ts";
import { invalidInput, NOT_FOUND, type Problem } from "./problem.ts";
import { type NewToken, tokenJson } from "./token-json.ts";

type Asking = WorkspaceAsk<unknown, unknown, z.output<typeof NewToken>>;

/** Makes the token; shown once, even to whoever repeats the request under the same idempotency key. */
export async function makeToken(ask: Asking): Promise<Answered> {
  const token = await draft(ask);
  if (!token.ok) return token;
  const { env, caller, scribe } = ask;
  const text = tokenText(randomBytes(TOKEN_RANDOM_BYTES));
  const facts = { ...token.value, memberId: token.value.member?.id ?? null };
  // The text must not lie about in the directory, so it is no part of the answer that is kept.
  const kept = tokenJson(token.value);
  return makeOnce(
    ask,
    async (wishFor) => {
      const added = await addToken(env.DIRECTORY, caller.scope, facts, text, { wish: wishFor(kept), scribe });
      return added.ok ? ok({ addition: added.value, shown: { ...kept, token: text } }) : added;
    },
    () => fail(SHOWN_ONCE),
  );
}

const SHOWN_ONCE: Problem = {
  code: "conflict",
  detail:
    "The token was made under this Idempotency-Key before, and its text is shown once. If that is lost, revoke the token and make another under another key.",
};

async function draft(ask: Asking): Promise<Result<Token, Problem>> {
  const { env, caller, body, now } = ask;
  const kind: TokenKind = body.kind ?? (caller.memberId === null ? "workspace" : "personal");
  const needs = kind === "workspace" ? "manage_workspace_tokens" : "create_tokens";
  if (!isAble(caller, needs)) return fail(unable(needs, caller));
  if (kind === "personal" && caller.memberId === null) return fail(invalidInput([NOBODY]));
  const member =
    kind === "personal" && caller.memberId !== null
      ? await findMember(env.DIRECTORY, caller.scope, caller.memberId)
      : null;
  if (kind === "personal" && member === null) return fail(NOT_FOUND);
  const expiresAt = readExpiry(caller, body.expires_at, now);
  if (!expiresAt.ok) return expiresAt;
  const projects = body.projects === undefined ? ok(null) : await findProjects(ask, body.projects, kind);
  if (!projects.ok) return projects;
  return ok({
    id: readTokenId(newId()),
    name: body.name,
    member: member === null ? null : { id: member.id, email: member.email },
    mode: body.mode,
    projects: projects.value,
    createdAt: now,
    expiresAt: expiresAt.value,
    revokedAt: null,
    lastUsedAt: null,
  });
}

/** A token that ends makes none that outlives it. */
function readExpiry(caller: Caller, wanted: Instant | undefined, now: Instant): Result<Instant | null, Problem> {
  const path = "/expires_at";
  if (wanted !== undefined && wanted <= now) return fail(invalidInput([{ path, message: "It is in the past." }]));
  const latest = caller.credential.kind === "token" ? caller.expiresAt : null;
  if (latest === null || (wanted !== undefined && wanted <= latest)) return ok(wanted ?? null);
  if (wanted === undefined) return ok(latest);
  const message = "A token makes none that outlives it.";
  return fail(invalidInput([{ path, message, expected: `at the latest ${toIso(latest)}` }]));
}

/** Somebody who may share any project may also hold a token of the workspace to any. */
async function findProjects(
  { env, caller }: Asking,
  named: readonly string[],
  kind: TokenKind,
): Promise<Result<readonly ProjectId[], Problem>> {
  const found = await listProjects(
    env.DIRECTORY,
    caller,
    { named, isAll: kind === "workspace" },
    { limit: named.length },
  );
  const known = new Set<string>(found.flatMap(({ id, slug }) => [id, slug]));
  const issues = named.flatMap((name, index): InputIssue[] =>
    known.has(name)
      ? []
      : [{ path: `/projects/${index}`, message: "There is no such project, or it is not yours to see." }],
  );
  return issues.length > 0 ? fail(invalidInput(issues)) : ok(found.map(({ id }) => id));
}

const NOBODY: InputIssue = {
  path: "/kind",
  message: "A token of the workspace is nobody's, so it makes no personal ones.",
  expected: "workspace",
};
