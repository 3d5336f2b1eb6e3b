/** Someone who calls the API over HTTP: an owner with a token of a workspace, and what the answers look like. */
import { env, exports } from "cloudflare:workers";
import { expect } from "vitest";
import { foundWorkspace } from "../../src/directory/bootstrap.ts";
import { newId, now, randomBytes } from "../../src/system.ts";

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
      headers: { ...(text === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(text === undefined ? {} : { body: text }),
    }),
  );
  const answer = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && answer !== "" ? JSON.parse(answer) : answer,
  };
}

/** The owner of a workspace of their own. */
export async function makeOwner(): Promise<Owner> {
  const chance = { now: now(), newId, randomBytes };
  const { token } = await foundWorkspace(
    env.DIRECTORY,
    { name: "Acme", plan: "enterprise", email: "ada@acme.test" },
    chance,
  );
  return {
    token,
    call: (method, path, { body, headers = {} } = {}) =>
      call(method, path, { body, headers: { authorization: `Bearer ${token}`, ...headers } }),
  };
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
