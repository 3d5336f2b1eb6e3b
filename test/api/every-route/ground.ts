/** What the walk over every route stands on: a project with one thing of each kind, and everybody who may come to it. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import { reachProject } from "../../../src/actor/reach.ts";
import { findMembership } from "../../../src/directory/memberships.ts";
import { addOperatorToken, operatorTokenText } from "../../../src/directory/operators.ts";
import { SECRET_RANDOM_BYTES, secretText, startSession } from "../../../src/directory/sessions.ts";
import { mintProjectScope, type ProjectScope, projectObjectName } from "../../../src/domain/access.ts";
import { type MemberId, readProjectId, readSessionId, readWorkspaceId } from "../../../src/domain/ids.ts";
import { makeRunToken } from "../../../src/http/run-token.ts";
import { SESSION_COOKIE, sealSession } from "../../../src/http/session-cookie.ts";
import { newId, now, randomBytes } from "../../../src/system.ts";
import { unwrap } from "../../support/world.ts";
import { call, functionAt, give, hold, makeAdmin, makeMember, type Owner, type Person } from "../caller.ts";

export interface Ground {
  readonly owner: Person;
  /** The address of the project. */
  readonly at: string;
  readonly project: string;
  readonly workspace: string;
  readonly schedule: string;
  /** A run that has succeeded; one that waits for its completion, and the token to complete it. */
  readonly run: string;
  readonly waiting: { readonly run: string; readonly token: string };
  readonly group: string;
  /** A member of the group. */
  readonly member: MemberId;
  /** An invited and a deactivated member. */
  readonly invited: string;
  readonly deactivated: MemberId;
  readonly token: string;
  readonly operator: string;
}

async function ask(owner: Owner, method: string, path: string, body?: object) {
  const answer = await owner.call(method, path, body === undefined ? {} : { body });
  expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
}

export async function makeGround(): Promise<Ground> {
  const owner = await makeAdmin();
  const { id: project } = await ask(owner, "POST", "/v1/projects", { name: "Reports" });
  const at = `/v1/projects/${project}`;
  const functions = [functionAt("work"), functionAt("later", "accept")];
  await ask(owner, "POST", `${at}/versions`, { functions });
  await ask(owner, "PUT", `${at}/published`, { version: 1 });
  const { id: schedule } = await ask(owner, "POST", `${at}/schedules`, {
    schedule: "every day at 9:00 am",
    fn: "work",
  });
  const { id: run } = await ask(owner, "POST", `${at}/runs`, { fn: "work" });
  const { id: waiting } = await ask(owner, "POST", `${at}/runs`, { fn: "later" });
  const member = await makeMember(owner.scope, "editor");
  const gone = await makeMember(owner.scope, "viewer");
  await ask(owner, "DELETE", `/v1/members/${gone.id}`);
  const invited = await ask(owner, "POST", "/v1/members", { email: `new-${newId()}@acme.test`, role: "viewer" });
  const { id: group } = await ask(owner, "POST", "/v1/groups", { name: "Analysts" });
  await ask(owner, "PUT", `/v1/groups/${group}/members/${member.id}`);
  const { id: token } = await ask(owner, "POST", "/v1/tokens", { name: "spare", kind: "personal" });
  const scope = mintProjectScope(owner.scope.workspaceId, readProjectId(project));
  await atRest(owner, scope, waiting);
  const runToken = await makeRunToken(env.CARILLON_KEY, { scope, run: waiting });
  return {
    owner,
    at,
    project,
    workspace: owner.scope.workspaceId,
    schedule,
    run,
    waiting: { run: waiting, token: runToken },
    group,
    member: member.id,
    invited: invited.member.id,
    deactivated: gone.id,
    token,
    operator: await makeOperator(),
  };
}

/** One run has gone to the log, the other waits, and the audit has all that was done: nothing moves by itself any more. */
async function atRest(owner: Owner, scope: ProjectScope, waiting: string): Promise<void> {
  const actor = reachProject(env, scope);
  await vi.waitFor(
    async () => {
      const live = unwrap(await actor.liveRuns({}, { limit: 10 }));
      expect(live.map(({ id, status }) => [id, status])).toEqual([[waiting, "running"]]);
      const started = await owner.call("GET", "/v1/audit?act=run.started");
      expect(started.body.items).toHaveLength(2);
    },
    { timeout: 10_000, interval: 20 },
  );
}

async function makeOperator(): Promise<string> {
  const token = operatorTokenText(randomBytes(32));
  await addOperatorToken(env.DIRECTORY, token, now());
  return token;
}

/** Somebody who calls with these headers. */
export type Visitor = (method: string, path: string, body?: unknown) => ReturnType<Owner["call"]>;

const bearing =
  (token: string | null): Visitor =>
  (method, path, body) =>
    call(method, path, { body, headers: token === null ? {} : { authorization: `Bearer ${token}` } });

const asVisitor =
  (person: Owner): Visitor =>
  (method, path, body) =>
    person.call(method, path, body === undefined ? {} : { body });

/** Those whom nobody knows, or knows no more. */
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
  /** A viewer of the workspace to whom nothing is shared. */
  readonly unshared: Visitor;
  /** A viewer to whom the project's app is shared, and nothing else of it. */
  readonly appOnly: Visitor;
  /** The owner, by a token that may only read. */
  readonly reader: Visitor;
  /** The owner's own browser, sent by a page of another site. */
  readonly foreignPage: Visitor;
  /** The owner, by a token that is held to another project. */
  readonly heldElsewhere: Visitor;
}

export async function known({ owner, at }: Ground): Promise<Known> {
  const appOnly = await makeMember(owner.scope, "viewer");
  await give(owner, at, { user: appOnly.id }, "app_only");
  const { id: other } = await ask(owner, "POST", "/v1/projects", { name: "Other" });
  const { scope, id, email } = owner;
  return {
    outsider: asVisitor(await makeAdmin()),
    unshared: asVisitor(await makeMember(owner.scope, "viewer")),
    appOnly: asVisitor(appOnly),
    reader: asVisitor(await hold(scope, id, email, { mode: "read" })),
    foreignPage: await fromForeignPage(owner),
    heldElsewhere: asVisitor(await hold(scope, id, email, { projects: [readProjectId(other)] })),
  };
}

async function fromForeignPage({ scope, id, email }: Person): Promise<Visitor> {
  const membership = await findMembership(env.DIRECTORY, id);
  if (membership === null) throw new Error(`${email} is no member of ${scope.workspaceId}`);
  const secret = secretText(randomBytes(SECRET_RANDOM_BYTES));
  const session = { id: readSessionId(newId()), secret, agent: "", way: "link", replaces: null } as const;
  const doing = { doer: { kind: "system" }, at: now(), requestId: null, address: null } as const;
  expect(await startSession(env.DIRECTORY, membership, session, { doing, newId })).toBe(true);
  const cookie = `${SESSION_COOKIE}=${await sealSession(env.CARILLON_KEY, secret)}`;
  return (method, path, body) => call(method, path, { body, headers: { cookie, "sec-fetch-site": "cross-site" } });
}

/** Changes by being looked at, or by the clock. */
const VOLATILE = new Set(["last_used_at", "wake_at", "sends"]);

/** Everything that is kept of the ground's workspace, by table. */
export async function everythingOf({ workspace, project }: Ground): Promise<Readonly<Record<string, string>>> {
  const scope = mintProjectScope(readWorkspaceId(workspace), readProjectId(project));
  const kept: Record<string, string> = {};
  const keep = (table: string, rows: readonly unknown[]): void => {
    kept[table] = JSON.stringify(rows, (name, value) => (VOLATILE.has(name) ? undefined : value));
  };
  for (const table of ["workspaces", "members", "groups", "grants", "tokens", "sessions", "projects", "audit"]) {
    const column = table === "workspaces" ? "id" : "workspace_id";
    const { results } = await env.DIRECTORY.prepare(`SELECT * FROM ${table} WHERE ${column} = ?1`)
      .bind(workspace)
      .all();
    keep(table, results);
  }
  const inGroups = await env.DIRECTORY.prepare(
    "SELECT * FROM group_members WHERE group_id IN (SELECT id FROM groups WHERE workspace_id = ?1)",
  )
    .bind(workspace)
    .all();
  keep("group_members", inGroups.results);
  await runInDurableObject(env.PROJECT.getByName(projectObjectName(scope)), (_, { storage }) => {
    for (const table of ["settings", "schedules", "due", "runs", "versions"])
      keep(`the actor's ${table}`, storage.sql.exec(`SELECT * FROM ${table}`).toArray());
  });
  return kept;
}
