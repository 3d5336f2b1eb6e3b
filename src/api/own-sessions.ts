/** `/v1/me/sessions`: the browsers in which the caller is signed in. */
import { z } from "@hono/zod-openapi";
import { endSession, endSessionsOf, listSessions, type Session } from "../directory/sessions.ts";
import { ok } from "../domain/result.ts";
import { toIso } from "../domain/time/instant.ts";
import { reply } from "./answer.ts";
import { inWorkspace } from "./door.ts";
import { Id, InstantText, SessionIdParam } from "./fields.ts";
import { findOwn } from "./me.ts";
import type { Api } from "./operation.ts";

const ALL = { tag: "Me", path: "/v1/me/sessions" };
const ONE = { tag: "Me", path: "/v1/me/sessions/{s}", params: z.object({ s: SessionIdParam }) };

const SessionJson = z
  .strictObject({
    id: Id,
    agent: z.string().openapi({ description: "What the browser calls itself." }),
    is_current: z.boolean().openapi({ description: "Whether it is this one." }),
    created_at: InstantText,
    last_used_at: InstantText,
    expires_at: InstantText,
  })
  .openapi("Session");

/** Sessions of one person are few, so that the list has one page. */
const SessionListJson = z.strictObject({ items: z.array(SessionJson), next_cursor: z.null() }).openapi("SessionList");

export function mountOwnSessions(api: Api): void {
  inWorkspace(
    api,
    {
      ...ALL,
      method: "get",
      id: "listSessions",
      summary: "List where you are signed in",
      problems: ["conflict", "forbidden"],
      answers: { 200: { description: "Newest first.", schema: SessionListJson } },
    },
    async (ask) => {
      const own = await findOwn(ask);
      if (!own.ok) return own;
      const { env, caller, now } = ask;
      const sessions = await listSessions(env.DIRECTORY, caller.scope, own.value.id, now);
      return ok(reply(200, { items: sessions.map(sessionJson(caller.credential.id)), next_cursor: null }));
    },
  );
  inWorkspace(
    api,
    {
      ...ALL,
      method: "delete",
      id: "endSessions",
      summary: "Sign out everywhere",
      description: "Here too, if it is a browser that asks. Tokens stay.",
      problems: ["conflict"],
      answers: { 204: { description: "No browser is signed in any more." } },
    },
    async (ask) => {
      const own = await findOwn(ask);
      if (!own.ok) return own;
      await endSessionsOf(ask.env.DIRECTORY, ask.caller.scope, own.value, ask.scribe);
      return ok(reply(204));
    },
  );
  mountOne(api);
}

function mountOne(api: Api): void {
  inWorkspace(
    api,
    {
      ...ONE,
      method: "delete",
      id: "endSession",
      summary: "Sign out of one browser",
      description: "Of this one too. Safe to repeat, also when the session has ended.",
      problems: ["conflict"],
      answers: { 204: { description: "That browser is not signed in any more." } },
    },
    async (ask) => {
      const own = await findOwn(ask);
      if (!own.ok) return own;
      await endSession(ask.env.DIRECTORY, ask.caller.scope, own.value, ask.params.s, ask.scribe);
      return ok(reply(204));
    },
  );
}

const sessionJson =
  (current: string) =>
  ({ id, agent, createdAt, lastUsedAt, expiresAt }: Session): z.output<typeof SessionJson> => ({
    id,
    agent,
    is_current: id === current,
    created_at: toIso(createdAt),
    last_used_at: toIso(lastUsedAt),
    expires_at: toIso(expiresAt),
  });
