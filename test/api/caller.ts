/** Someone who calls the API over HTTP: an owner with a token of a workspace, and what the answers look like. */
import { env, exports } from "cloudflare:workers";
import { expect } from "vitest";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { addToken, type NewToken, TOKEN_RANDOM_BYTES, tokenText } from "../../src/directory/tokens.ts";
import type { AccessLevel, Role, WorkspaceScope } from "../../src/domain/access.ts";
import { type MemberId, readMemberId, readTokenId } from "../../src/domain/ids.ts";
import { newId, now, randomBytes } from "../../src/system.ts";
import { scribeAt } from "../support/scribe.ts";

/** The Worker itself, reached as from outside. */
export const WORKER = (exports as unknown as { readonly default: Fetcher }).default;

const ORIGIN = "https://carillon.test";

// biome-ignore lint/suspicious/noExplicitAny: the tests look into answers whose shape is what they test.
type Body = any;

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface Call {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface Owner {
  readonly token: string;
  call(method: string, path: string, call?: Call): Promise<Answered>;
}

/** Calls without a token, unless the headers hold one. */
export async function call(method: string, path: string, { body, headers = {} }: Call = {}): Promise<Answered> {
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const response = await WORKER.fetch(
    new Request(`${ORIGIN}${path}`, {
      method,
      redirect: "manual",
      headers: { ...(text === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(text === undefined ? {} : { body: text }),
    }),
  );
  // Bytes of any kind: they are not all text.
  const answer = new TextDecoder().decode(await response.arrayBuffer());
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && answer !== "" ? JSON.parse(answer) : answer,
  };
}

/** Somebody who calls with this token. */
const caller = (token: string): Owner => ({
  token,
  call: (method, path, { body, headers = {} } = {}) =>
    call(method, path, { body, headers: { authorization: `Bearer ${token}`, ...headers } }),
});

const found = () =>
  foundWorkspace(
    env.DIRECTORY,
    { name: "Acme", plan: "enterprise", email: "ada@acme.test" },
    { now: now(), newId, randomBytes },
  );

/** The owner of a workspace of their own. */
export const makeOwner = async (): Promise<Owner> => caller((await found()).token);

/** A member who calls with a personal token. */
export interface Person extends Owner {
  readonly id: MemberId;
  readonly email: string;
  readonly scope: WorkspaceScope;
}

/** An admin of a workspace of their own, and the workspace's own token. */
export async function makeAdmin(): Promise<Person & { readonly workspaceToken: Owner }> {
  const { scope, adminId, token } = await found();
  const admin = await hold(scope, adminId, "ada@acme.test");
  return { ...admin, workspaceToken: caller(token) };
}

/** An active member of a workspace. */
export async function makeMember(scope: WorkspaceScope, role: Role, facts: { name?: string } = {}): Promise<Person> {
  const id = readMemberId(newId());
  const email = `${facts.name ?? role}-${id.slice(-6)}@acme.test`;
  await env.DIRECTORY.prepare(
    `INSERT INTO members (id, workspace_id, email, name, role, state, created_at, updated_at, joined_at)
     VALUES (?1, ?2, ?3, ?4, ?5, 'active', ?6, ?6, ?6)`,
  )
    .bind(id, scope.workspaceId, email, facts.name ?? "", role, now())
    .run();
  return hold(scope, id, email);
}

/** Gives a member a personal token. */
export async function hold(
  scope: WorkspaceScope,
  id: MemberId,
  email: string,
  facts: Partial<NewToken> = {},
): Promise<Person> {
  const text = tokenText(randomBytes(TOKEN_RANDOM_BYTES));
  const token: NewToken = {
    id: readTokenId(newId()),
    name: "personal",
    memberId: id,
    mode: "write",
    projects: null,
    createdAt: now(),
    expiresAt: null,
    ...facts,
  };
  const beside = { wish: undefined, scribe: scribeAt() };
  expect(await addToken(env.DIRECTORY, scope, token, text, beside)).toEqual({ ok: true, value: "added" });
  return { ...caller(text), id, email, scope };
}

/** The three of whom every rule about access speaks. */
export interface Team {
  /** An admin, who made the project. */
  readonly owner: Person;
  /** An editor of the same workspace, to whom the project is shared at the level of the test. */
  readonly colleague: Person;
  /** An admin of another workspace. */
  readonly outsider: Person;
  readonly project: string;
  /** The project's address. */
  readonly at: string;
}

/** An owner with a project, a colleague with this access to it, and an outsider. */
export async function makeTeam(access: AccessLevel = "can_view"): Promise<Team> {
  const owner = await makeAdmin();
  const colleague = await makeMember(owner.scope, "editor");
  const made = await owner.call("POST", "/v1/projects", { body: { name: "Reports" } });
  expect(made.status).toBe(201);
  const at = `/v1/projects/${made.body.id}`;
  await give(owner, at, { user: colleague.id }, access);
  return { owner, colleague, outsider: await makeAdmin(), project: made.body.id, at };
}

/** Shares the project at this address. */
export async function give(owner: Owner, at: string, grantee: object, access: AccessLevel): Promise<void> {
  const given = await owner.call("PATCH", `${at}/access`, { body: { ...grantee, access } });
  expect(given.status, JSON.stringify(given.body)).toBe(200);
}

/** What the audit of a workspace holds about an act, oldest first. */
export async function auditOf(scope: WorkspaceScope, act: string): Promise<readonly AuditRow[]> {
  const { results } = await env.DIRECTORY.prepare(
    "SELECT * FROM audit WHERE workspace_id = ?1 AND act = ?2 ORDER BY id",
  )
    .bind(scope.workspaceId, act)
    .all<AuditRow>();
  return results;
}

/** A row of the audit. */
export interface AuditRow {
  readonly act: string;
  readonly doer_kind: string;
  readonly doer_id: string | null;
  readonly doer_name: string;
  readonly target_kind: string;
  readonly target_id: string;
  readonly target_name: string | null;
  readonly project_id: string | null;
  readonly detail: string | null;
  readonly request_id: string | null;
}

export interface ProjectOwner extends Owner {
  readonly project: string;
  /** The project's address. */
  readonly at: string;
}

/** The owner of a project whose published version has one function, `work`, at the tests' own endpoint. */
export async function makeProjectOwner(functions: readonly object[] = [functionAt("work")]): Promise<ProjectOwner> {
  const owner = await makeOwner();
  const made = await owner.call("POST", "/v1/projects", { body: { name: `Reports ${newId()}` } });
  expect(made.status).toBe(201);
  const at = `/v1/projects/${made.body.id}`;
  const version = await owner.call("POST", `${at}/versions`, { body: { functions } });
  expect(version.body).toMatchObject({ version: 1, state: "draft" });
  const published = await owner.call("PUT", `${at}/published`, { body: { version: 1 } });
  expect(published.status).toBe(200);
  return { ...owner, project: made.body.id, at };
}

/** An http function that behaves as its path says (see `test/support/receiver-server.ts`). */
export const functionAt = (name: string, behaviour = "ok", more: object = {}): object => ({
  name,
  kind: "http",
  url: `${env.RECEIVER}/${name}/${behaviour}`,
  ...more,
});

/** Saves a schedule and answers it. */
export async function schedule(owner: ProjectOwner, body: object = {}): Promise<Body> {
  const saved = await owner.call("POST", `${owner.at}/schedules`, {
    body: { schedule: "every day at 9:00 am", fn: "work", ...body },
  });
  expect(saved.status, JSON.stringify(saved.body)).toBe(201);
  return saved.body;
}

/** The answer is a problem with this status and code, said in full. */
export function expectProblem(answer: Answered, status: number, code: string): void {
  expect(answer.body, `${answer.status}`).toMatchObject({ status, code });
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.body.request_id).toBe(answer.headers.get("x-request-id"));
  expect(answer.body.type).toBe(`/docs#problem-${code}`);
  expect(answer.body.detail.length).toBeGreaterThan(10);
}
