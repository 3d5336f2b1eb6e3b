/** `/v1/operator/workspaces`: the tenants, for whoever runs the deployment. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { addOperatorToken, operatorTokenText } from "../../src/directory/operators.ts";
import { mintWorkspaceScope } from "../../src/domain/access.ts";
import { readWorkspaceId } from "../../src/domain/ids.ts";
import { newId, now, randomBytes } from "../../src/system.ts";
import { auditOf, call, expectProblem, functionAt, makeAdmin, makeOwner, type Owner } from "./caller.ts";

const AT = "/v1/operator/workspaces";
const NEW = { name: "Bell", plan: "team", email: "grace@bell.test" };

async function makeOperator(): Promise<Owner> {
  const token = operatorTokenText(randomBytes(32));
  await addOperatorToken(env.DIRECTORY, token, now());
  return {
    token,
    call: (method, path, { body, headers = {} } = {}) =>
      call(method, path, { body, headers: { authorization: `Bearer ${token}`, ...headers } }),
  };
}

const by = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const scopeOf = (id: string) => mintWorkspaceScope(readWorkspaceId(id));

describe("making a workspace", () => {
  it("answers it with its admin and a token that works", async () => {
    const operator = await makeOperator();
    const { status, body } = await operator.call("POST", AT, { body: NEW });
    expect(status).toBe(201);
    expect(body).toMatchObject({ workspace: { name: "Bell", plan: "team" }, admin: { email: NEW.email } });
    const me = await call("GET", "/v1/me", by(body.token));
    expect(me.body).toMatchObject({ workspace: body.workspace, token: { kind: "workspace" } });
    expect((await operator.call("GET", `${AT}/${body.workspace.id}`)).body).toEqual(body.workspace);
    const entries = await auditOf(scopeOf(body.workspace.id), "workspace.created");
    expect(entries).toMatchObject([{ doer_kind: "operator", doer_id: null, target_id: body.workspace.id }]);
    expect(JSON.stringify(entries)).not.toContain(body.token);
  });

  it.each([
    [{ name: "" }, "/name"],
    [{ plan: "gold" }, "/plan"],
    [{ email: "grace" }, "/email"],
    [{ id: newId() }, "/id"],
  ])("refuses %j", async (spoiled, path) => {
    const answer = await (await makeOperator()).call("POST", AT, { body: { ...NEW, ...spoiled } });
    expectProblem(answer, 422, "invalid_input");
    expect(answer.body.errors).toMatchObject([{ path }]);
  });
});

describe("the list of workspaces", () => {
  it("pages through all of them", async () => {
    const operator = await makeOperator();
    const made = [
      (await operator.call("POST", AT, { body: NEW })).body,
      (await operator.call("POST", AT, { body: NEW })).body,
    ];
    const seen: string[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await operator.call("GET", `${AT}?limit=3${cursor}`);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(seen).toEqual(expect.arrayContaining(made.map(({ workspace }) => workspace.id)));
    expect(new Set(seen).size).toBe(seen.length);
  });

  it("and one that never was is not there", async () => {
    const operator = await makeOperator();
    expectProblem(await operator.call("GET", `${AT}/${newId()}`), 404, "not_found");
    expectProblem(await operator.call("PATCH", `${AT}/${newId()}`, { body: { plan: "team" } }), 404, "not_found");
  });
});

describe("another plan", () => {
  it("holds at once for who calls, and is written into the workspace's audit", async () => {
    const [operator, owner] = [await makeOperator(), await makeAdmin()];
    expect((await owner.call("GET", "/v1/me")).body.plan.name).toBe("enterprise");
    const at = `${AT}/${owner.scope.workspaceId}`;
    const changed = await operator.call("PATCH", at, { body: { plan: "professional", name: "Bell" } });
    expect(changed.body).toMatchObject({ workspace: { plan: "professional", name: "Bell" }, paused: [], resumed: [] });
    expect((await owner.call("GET", "/v1/me")).body.plan.name).toBe("professional");
    const [entry] = await auditOf(owner.scope, "workspace.plan_changed");
    expect(entry).toMatchObject({ doer_kind: "operator", doer_id: null });
    expect(JSON.parse(entry?.detail ?? "")).toEqual({
      before: { plan: "enterprise" },
      after: { plan: "professional" },
    });
    expect(await auditOf(owner.scope, "workspace.changed")).toHaveLength(1);
  });

  it("that is smaller pauses what no longer fits, a larger one resumes it, and the answers and the audit say what", async () => {
    const [operator, owner] = [await makeOperator(), await makeAdmin()];
    const { id } = (await owner.call("POST", "/v1/projects", { body: { name: "R" } })).body;
    const project = `/v1/projects/${id}`;
    await owner.call("POST", `${project}/versions`, { body: { functions: [functionAt("work")] } });
    await owner.call("PUT", `${project}/published`, { body: { version: 1 } });
    const schedule = async (text: string) =>
      (await owner.call("POST", `${project}/schedules`, { body: { schedule: text, fn: "work" } })).body.id;
    await schedule("every day at 9:00 am");
    const custom = await schedule("*/5 * * * *");
    const at = `${AT}/${owner.scope.workspaceId}`;
    const smaller = await operator.call("PATCH", at, { body: { plan: "professional" } });
    expect(smaller.body.paused).toMatchObject([{ project: id, schedule: custom }]);
    expect(smaller.body.paused[0].reason.length).toBeGreaterThan(10);
    expect((await owner.call("GET", `${project}/schedules/${custom}`)).body.state).toBe("paused");
    const [paused] = await auditOf(owner.scope, "schedule.paused_by_plan");
    expect(paused).toMatchObject({ doer_kind: "system", target_id: custom, project_id: id });
    const larger = await operator.call("PATCH", at, { body: { plan: "team" } });
    expect(larger.body.resumed).toEqual([{ project: id, schedule: custom }]);
    expect((await owner.call("GET", `${project}/schedules/${custom}`)).body.state).toBe("active");
    expect(await auditOf(owner.scope, "schedule.resumed_by_plan")).toMatchObject([{ target_id: custom }]);
  });
});

describe("the operator's door", () => {
  const ROUTES = [
    ["GET", AT],
    ["POST", AT],
    ["GET", `${AT}/${newId()}`],
    ["PATCH", `${AT}/${newId()}`],
    ["DELETE", `${AT}/${newId()}?name=Acme`],
  ] as const;

  it.each(ROUTES)("is shut to tokens of workspaces: %s %s", async (method, path) => {
    const owner = await makeOwner();
    const body = method === "GET" || method === "DELETE" ? undefined : NEW;
    expectProblem(await owner.call(method, path, { body }), 401, "unauthorized");
    expectProblem(await call(method, path, { body }), 401, "unauthorized");
    const made_up = by(`cop_${"A".repeat(43)}`);
    expectProblem(await call(method, path, { body, ...made_up }), 401, "unauthorized");
  });

  it("lets nobody into a workspace", async () => {
    const [operator, owner] = [await makeOperator(), await makeOwner()];
    await owner.call("POST", "/v1/projects", { body: { name: "R" } });
    for (const path of ["/v1/projects", "/v1/projects/r", "/v1/me", "/v1/members"]) {
      expectProblem(await operator.call("GET", path), 401, "unauthorized");
    }
  });

  it("keeps the token as a hash only", async () => {
    const operator = await makeOperator();
    const rows = await env.DIRECTORY.prepare("SELECT * FROM operator_tokens").all();
    expect(JSON.stringify(rows.results)).not.toContain(operator.token.slice(4));
  });
});
