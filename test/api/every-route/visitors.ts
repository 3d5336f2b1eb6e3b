/** Everybody who may come to the ground: nobody's, those who are known, and those who have exactly enough or too little. */
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { findMembership } from "../../../src/directory/memberships.ts";
import { SECRET_RANDOM_BYTES, secretText, startSession } from "../../../src/directory/sessions.ts";
import type { AccessLevel, Role } from "../../../src/domain/access.ts";
import { readProjectId, readSessionId } from "../../../src/domain/ids.ts";
import { SESSION_COOKIE, sealSession } from "../../../src/http/session-cookie.ts";
import { newId, now, randomBytes } from "../../../src/system.ts";
import { call, give, hold, makeAdmin, makeMember, type Owner, type Person } from "../caller.ts";
import { ask, type Ground } from "./ground.ts";

/** Somebody who calls with these headers. */
export type Visitor = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => ReturnType<Owner["call"]>;

export const bearing =
  (token: string | null): Visitor =>
  (method, path, body, headers = {}) =>
    call(method, path, {
      body,
      headers: { ...headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    });

export const asVisitor =
  (person: Owner): Visitor =>
  (method, path, body, headers = {}) =>
    person.call(method, path, { headers, ...(body === undefined ? {} : { body }) });

/** Those whom nobody knows, or knows no more, or who are known at other doors only. */
export async function strangers({ owner }: Ground): Promise<Readonly<Record<string, Visitor>>> {
  const { scope, id, email } = owner;
  const expired = await hold(scope, id, email, { expiresAt: now() + 3_600_000 });
  await env.DIRECTORY.prepare(
    "UPDATE tokens SET expires_at = created_at + 1 WHERE hash = (SELECT hash FROM tokens WHERE workspace_id = ?1 ORDER BY id DESC LIMIT 1)",
  )
    .bind(scope.workspaceId)
    .run();
  const revoked = await hold(scope, id, email);
  const listed = await owner.call("GET", "/v1/tokens?limit=200");
  const last = listed.body.items.filter((one: { expires_at: string | null }) => one.expires_at === null).at(-1);
  await owner.call("DELETE", `/v1/tokens/${last.id}`);
  const deactivated = await makeMember(scope, "admin");
  await owner.call("DELETE", `/v1/members/${deactivated.id}`);
  return {
    "nobody at all": bearing(null),
    "a token that never was": bearing(`car_${"A".repeat(43)}`),
    "an expired token": asVisitor(expired),
    "a revoked token": asVisitor(revoked),
    "a deactivated member": asVisitor(deactivated),
  };
}

/** Those who are known, and may less than the owner. */
export interface Known {
  readonly outsider: Visitor;
  /** The owner, by a token that may only read. */
  readonly reader: Visitor;
  /** The owner's own browser, sent by a page of another site. */
  readonly foreignPage: Visitor;
  /** The owner, by a token that is held to another project. */
  readonly heldElsewhere: Visitor;
  /** A viewer to whom the project gives more than viewers may have. */
  readonly lowered: Visitor;
  /** Editors, to whom the project gives exactly this. */
  readonly editors: Readonly<Record<AccessLevel, Visitor>>;
  /** Members of each role, to whom nothing is shared. */
  readonly roles: Readonly<Record<Role, Visitor>>;
}

export async function known(ground: Ground): Promise<Known> {
  const { owner, at } = ground;
  const { id: other } = await ask(owner, "POST", "/v1/projects", { name: "Other" });
  const { scope, id, email } = owner;
  const lowered = await makeMember(scope, "viewer");
  await give(owner, at, { user: lowered.id }, "full_access");
  return {
    outsider: asVisitor(await makeAdmin()),
    reader: asVisitor(await hold(scope, id, email, { mode: "read" })),
    foreignPage: await fromForeignPage(owner),
    heldElsewhere: asVisitor(await hold(scope, id, email, { projects: [readProjectId(other)] })),
    lowered: asVisitor(lowered),
    editors: {
      none: await editorWith(ground, "none"),
      app_only: await editorWith(ground, "app_only"),
      can_explore: await editorWith(ground, "can_explore"),
      can_view: await editorWith(ground, "can_view"),
      can_edit: await editorWith(ground, "can_edit"),
      full_access: await editorWith(ground, "full_access"),
    },
    roles: {
      admin: await memberWith(ground, "admin"),
      manager: await memberWith(ground, "manager"),
      editor: await memberWith(ground, "editor"),
      explorer: await memberWith(ground, "explorer"),
      viewer: await memberWith(ground, "viewer"),
      guest: await memberWith(ground, "guest"),
    },
  };
}

/** An editor, to whom the project gives exactly this. */
export async function editorWith({ owner, at }: Ground, access: AccessLevel): Promise<Visitor> {
  const editor = await makeMember(owner.scope, "editor");
  await give(owner, at, { user: editor.id }, access);
  return asVisitor(editor);
}

/** A member of this role, to whom nothing is shared. */
export const memberWith = async ({ owner }: Ground, role: Role): Promise<Visitor> =>
  asVisitor(await makeMember(owner.scope, role));

/** A guest, who has a browser that is signed in beside the token that they call with. */
export async function signedInGuest({ owner }: Ground): Promise<Visitor> {
  const guest = await makeMember(owner.scope, "guest");
  await fromForeignPage(guest);
  return asVisitor(guest);
}

async function fromForeignPage({ scope, id, email }: Person): Promise<Visitor> {
  const membership = await findMembership(env.DIRECTORY, id);
  if (membership === null) throw new Error(`${email} is no member of ${scope.workspaceId}`);
  const secret = secretText(randomBytes(SECRET_RANDOM_BYTES));
  const session = { id: readSessionId(newId()), secret, agent: "", way: "link", replaces: null } as const;
  const doing = { doer: { kind: "system" }, at: now(), requestId: null, address: null } as const;
  expect(await startSession(env.DIRECTORY, membership, session, { doing, newId })).toBe(true);
  const cookie = `${SESSION_COOKIE}=${await sealSession(env.CARILLON_KEY, secret)}`;
  return (method, path, body, headers = {}) =>
    call(method, path, { body, headers: { ...headers, cookie, "sec-fetch-site": "cross-site" } });
}
