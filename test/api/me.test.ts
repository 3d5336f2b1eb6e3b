/** `/v1/me`: who calls, what they prefer, where they are signed in. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { hashSecret } from "../../src/directory/secrets.ts";
import { ABILITIES } from "../../src/domain/access.ts";
import { type LimitName, PLANS, publicLimitName } from "../../src/domain/plan.ts";
import { DAY_MS } from "../../src/domain/time/instant.ts";
import { SESSION_COOKIE, sealSession } from "../../src/http/session-cookie.ts";
import { newId, now } from "../../src/system.ts";
import { auditOf, call, expectProblem, hold, makeAdmin, makeMember, makeTeam, type Person } from "./caller.ts";

/** A browser in which the member is signed in. */
async function signIn({ scope, id }: Person) {
  const secret = newId();
  await env.DIRECTORY.prepare(
    `INSERT INTO sessions (id, workspace_id, member_id, hash, agent, created_at, expires_at, last_used_at)
     VALUES (?1, ?2, ?3, ?4, 'Firefox', ?5, ?6, ?5)`,
  )
    .bind(newId(), scope.workspaceId, id, hashSecret(secret), now(), now() + DAY_MS)
    .run();
  const cookie = `${SESSION_COOKIE}=${await sealSession(env.CARILLON_KEY, secret)}`;
  return (method: string, path: string, body?: object) =>
    call(method, path, { body, headers: { cookie, "sec-fetch-site": "same-origin" } });
}

describe("who calls", () => {
  it("is a member by a token of theirs, with what they may do and what the plan allows", async () => {
    const owner = await makeAdmin();
    const { body } = await owner.call("GET", "/v1/me");
    expect(body).toMatchObject({
      member: { id: owner.id, email: owner.email, role: "admin", state: "active" },
      token: { kind: "personal", member: { id: owner.id } },
      workspace: { id: owner.scope.workspaceId, name: "Acme", plan: "enterprise" },
      role: "admin",
      abilities: ABILITIES,
      plan: { name: "enterprise", limits: { schedules_per_project: 1_000_000, audit: true } },
    });
  });

  it("is nobody by a token of the workspace", async () => {
    const { workspaceToken } = await makeAdmin();
    expect((await workspaceToken.call("GET", "/v1/me")).body).toMatchObject({
      member: null,
      token: { kind: "workspace", member: null, name: "first token" },
      role: "admin",
    });
  });

  it("is a member by a browser that is signed in", async () => {
    const owner = await makeAdmin();
    const browse = await signIn(owner);
    expect((await browse("GET", "/v1/me")).body).toMatchObject({ member: { id: owner.id }, token: null });
  });

  it("has no abilities with a token that is held to projects", async () => {
    const { owner, project } = await makeTeam();
    const projects = [project as never];
    const held = await hold(owner.scope, owner.id, owner.email, { projects });
    expect((await held.call("GET", "/v1/me")).body).toMatchObject({ abilities: [], token: { projects } });
  });

  it("is told every limit of the plan by the name that a refusal has for it", async () => {
    const { body } = await (await makeAdmin()).call("GET", "/v1/me");
    const limits = Object.entries(PLANS.enterprise).map(([name, allowed]) => [
      publicLimitName(name as LimitName),
      allowed,
    ]);
    expect(body.plan.limits).toEqual(Object.fromEntries(limits));
  });

  it("may change their own name, whatever their role", async () => {
    const { scope } = await makeAdmin();
    const guest = await makeMember(scope, "guest");
    expect((await guest.call("PATCH", "/v1/me", { body: { name: "Bob" } })).body).toMatchObject({ name: "Bob" });
    expect((await guest.call("PATCH", "/v1/me", { body: { role: "admin" } })).status).toBe(422);
    expect(await auditOf(scope, "member.changed")).toHaveLength(1);
  });
});

describe("preferences", () => {
  it("are that news comes every way, until somebody says otherwise", async () => {
    const owner = await makeAdmin();
    expect((await owner.call("GET", "/v1/me/preferences")).body).toEqual({
      notifications: { email: true, slack: false },
      timezone: null,
    });
  });

  it("are changed one by one, and written down", async () => {
    const owner = await makeAdmin();
    const change = (body: object) => owner.call("PATCH", "/v1/me/preferences", { body });
    await change({ notifications: { slack: true } });
    await change({ timezone: "europe/berlin" });
    const wished = { notifications: { email: true, slack: true }, timezone: "Europe/Berlin" };
    expect((await change({})).body).toEqual(wished);
    expect((await owner.call("GET", "/v1/me/preferences")).body).toEqual(wished);
    expect((await change({ timezone: null })).body.timezone).toBeNull();
    const entries = await auditOf(owner.scope, "member.preferences_changed");
    expect(entries[0]).toMatchObject({ target_id: owner.id, detail: '{"notifications":{"slack":true}}' });
  });

  it("to which nothing is changed are no act", async () => {
    const owner = await makeAdmin();
    expect((await owner.call("PATCH", "/v1/me/preferences", { body: {} })).status).toBe(200);
    expect(await auditOf(owner.scope, "member.preferences_changed")).toEqual([]);
  });

  it("are both changed by two who change different ones at the same time", async () => {
    const owner = await makeAdmin();
    await Promise.all(
      [{ notifications: { email: false } }, { notifications: { slack: true } }, { timezone: "UTC" }].map((body) =>
        owner.call("PATCH", "/v1/me/preferences", { body }),
      ),
    );
    expect((await owner.call("GET", "/v1/me/preferences")).body).toEqual({
      notifications: { email: false, slack: true },
      timezone: "UTC",
    });
  });

  it.each([
    [{ notifications: { email: "no" } }, "/notifications/email"],
    [{ notifications: { fax: true } }, "/notifications/fax"],
    [{ timezone: "Mars/Base" }, "/timezone"],
    [{ theme: "dark" }, "/theme"],
  ])("%j is refused", async (body, path) => {
    const answer = await (await makeAdmin()).call("PATCH", "/v1/me/preferences", { body });
    expectProblem(answer, 422, "invalid_input");
    expect(answer.body.errors).toMatchObject([{ path }]);
  });

  it.each([
    ['{"form":99,"notifications":{"email":false,"pigeon":true}}', { email: false, slack: false }],
    ['{"notifications":"all"}', { email: true, slack: false }],
    ["[1,2]", { email: true, slack: false }],
    ['{"notifications":{"email":"no","slack":"yes"}}', { email: true, slack: false }],
  ])("are read from whatever is kept: %s", async (kept, notifications) => {
    const owner = await makeAdmin();
    await env.DIRECTORY.prepare("UPDATE members SET preferences = ?2 WHERE id = ?1").bind(owner.id, kept).run();
    expect((await owner.call("GET", "/v1/me/preferences")).body).toEqual({ notifications, timezone: null });
  });

  it("are a member's own: another's stay as they are", async () => {
    const { owner, colleague } = await makeTeam();
    await owner.call("PATCH", "/v1/me/preferences", { body: { notifications: { email: false } } });
    expect((await colleague.call("GET", "/v1/me/preferences")).body.notifications.email).toBe(true);
  });
});

describe("what belongs to a person", () => {
  const PATHS = [
    ["GET", "/v1/me/preferences"],
    ["PATCH", "/v1/me/preferences"],
    ["GET", "/v1/me/sessions"],
    ["DELETE", "/v1/me/sessions"],
    ["PATCH", "/v1/me"],
  ] as const;

  it.each(PATHS)("is not a token's of the workspace: %s %s", async (method, path) => {
    const { workspaceToken } = await makeAdmin();
    const refused = await workspaceToken.call(method, path, method === "PATCH" ? { body: {} } : {});
    expectProblem(refused, 409, "conflict");
    expect(refused.body.detail).toContain("nobody's");
  });

  it.each(PATHS)("is not for a token that is held to projects: %s %s", async (method, path) => {
    const { owner, project } = await makeTeam();
    const held = await hold(owner.scope, owner.id, owner.email, { projects: [project as never] });
    expectProblem(await held.call(method, path, method === "PATCH" ? { body: {} } : {}), 403, "forbidden");
  });
});

describe("the sessions of a member", () => {
  it("are listed, the asking one marked, and no other member's", async () => {
    const { owner, colleague } = await makeTeam();
    await signIn(colleague);
    await signIn(owner);
    const browse = await signIn(owner);
    const { items, next_cursor } = (await browse("GET", "/v1/me/sessions")).body;
    expect(items).toMatchObject([
      { agent: "Firefox", is_current: true },
      { agent: "Firefox", is_current: false },
    ]);
    expect(next_cursor).toBeNull();
  });

  it("all end when they sign out everywhere; their tokens stay", async () => {
    const { owner, colleague } = await makeTeam();
    const [one, two, other] = [await signIn(owner), await signIn(owner), await signIn(colleague)];
    expect((await two("GET", "/v1/me")).status).toBe(200);
    expect((await one("DELETE", "/v1/me/sessions")).status).toBe(204);
    for (const browse of [one, two]) expect((await browse("GET", "/v1/me")).status).toBe(401);
    expect((await other("GET", "/v1/me")).status).toBe(200);
    expect((await owner.call("GET", "/v1/me")).status).toBe(200);
    expect(await auditOf(owner.scope, "member.signed_out_everywhere")).toHaveLength(1);
  });

  it("end when the member is deactivated", async () => {
    const { owner, colleague } = await makeTeam();
    const browse = await signIn(colleague);
    expect((await browse("GET", "/v1/me")).status).toBe(200);
    await owner.call("DELETE", `/v1/members/${colleague.id}`);
    expect((await browse("GET", "/v1/me")).status).toBe(401);
  });
});
