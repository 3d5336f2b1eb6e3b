/** `/v1/tokens`: made, shown once, held to less than their maker, revoked. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newId } from "../../src/system.ts";
import { setClock } from "../support/world.ts";
import {
  type Answered,
  auditOf,
  call,
  expectProblem,
  hold,
  makeAdmin,
  makeMember,
  makeTeam,
  type Owner,
} from "./caller.ts";

const make = (owner: Owner, body: object = {}): Promise<Answered> =>
  owner.call("POST", "/v1/tokens", { body: { name: "Nightly import", ...body } });

/** Calls with the token of this answer. */
const callWith = ({ body }: Answered, method: string, path: string, content?: object) =>
  call(method, path, { body: content, headers: { authorization: `Bearer ${body.token}` } });

describe("making a token", () => {
  it("shows its text once, and what it is", async () => {
    setClock("2027-03-01T12:00:00Z");
    const { owner, project } = await makeTeam();
    const made = await make(owner, { mode: "read", projects: ["reports"], expires_at: "2027-04-01T00:00:00Z" });
    expect(made.status).toBe(201);
    const { token, ...shown } = made.body;
    expect(token).toMatch(/^car_[\w-]{43}$/);
    expect(shown).toMatchObject({
      name: "Nightly import",
      kind: "personal",
      member: { id: owner.id, email: owner.email },
      mode: "read",
      projects: [project],
      created_at: "2027-03-01T12:00:00.000Z",
      expires_at: "2027-04-01T00:00:00.000Z",
      last_used_at: null,
      revoked_at: null,
    });
    expect((await owner.call("GET", `/v1/tokens/${shown.id}`)).body).toEqual(shown);
    const rows = await env.DIRECTORY.prepare("SELECT * FROM tokens").all();
    expect(JSON.stringify(rows.results)).not.toContain(token);
  });

  it("writes it into the audit, without its text", async () => {
    const owner = await makeAdmin();
    const { body } = await make(owner);
    const entries = await auditOf(owner.scope, "token.created");
    expect(entries.at(-1)).toMatchObject({ target_id: body.id, target_name: "Nightly import" });
    expect(JSON.stringify(entries)).not.toContain(body.token);
  });

  it("keeps no text under an idempotency key: the second time it says so", async () => {
    const owner = await makeAdmin();
    const asked = { body: { name: "N" }, headers: { "idempotency-key": "token" } };
    const first = await owner.call("POST", "/v1/tokens", asked);
    const again = await owner.call("POST", "/v1/tokens", asked);
    expectProblem(again, 409, "conflict");
    expect(again.body.detail).toContain("shown once");
    const kept = await env.DIRECTORY.prepare("SELECT body FROM idempotency_answers").all();
    expect(JSON.stringify(kept.results)).not.toContain(first.body.token);
    const race = { body: { name: "N" }, headers: { "idempotency-key": "race" } };
    const statuses = (await Promise.all([1, 2, 3].map(() => owner.call("POST", "/v1/tokens", race)))).map(
      ({ status }) => status,
    );
    expect(statuses.sort()).toEqual([201, 409, 409]);
  });

  it.each([
    [{ name: "" }, "/name"],
    [{ kind: "robot" }, "/kind"],
    [{ mode: "admin" }, "/mode"],
    [{ projects: [] }, "/projects"],
    [{ projects: ["reports", "nothing"] }, "/projects/1"],
    [{ expires_at: "tomorrow" }, "/expires_at"],
    [{ expires_at: "2020-01-01T00:00:00Z" }, "/expires_at"],
    [{ token: "car_x" }, "/token"],
  ])("refuses %j", async (spoiled, path) => {
    const { owner } = await makeTeam();
    const answer = await make(owner, spoiled);
    expectProblem(answer, 422, "invalid_input");
    expect(answer.body.errors).toMatchObject([{ path }]);
  });

  it.each([
    ["admin", 201, 201],
    ["manager", 201, 403],
    ["editor", 201, 403],
    ["explorer", 201, 403],
    ["viewer", 403, 403],
    ["guest", 403, 403],
  ] as const)("as a %s: a personal one %d, one of the workspace %d", async (role, personal, workspace) => {
    const { scope } = await makeAdmin();
    const member = await makeMember(scope, role);
    expect((await make(member)).status).toBe(personal);
    const other = await make(member, { kind: "workspace" });
    expect(other.status).toBe(workspace);
    if (workspace === 403) expect(other.body).toMatchObject({ needs: "manage_workspace_tokens", has: role });
  });

  it("by a token of the workspace makes one of the workspace, which is nobody's", async () => {
    const { workspaceToken } = await makeAdmin();
    expect((await make(workspaceToken)).body).toMatchObject({ kind: "workspace", member: null });
    expect((await make(workspaceToken, { kind: "personal" })).body.errors).toMatchObject([{ path: "/kind" }]);
  });
});

describe("a token does no more than its maker", () => {
  it("one that reads makes none", async () => {
    const owner = await makeAdmin();
    const reader = await make(owner, { mode: "read" });
    const refused = await callWith(reader, "POST", "/v1/tokens", { name: "N" });
    expectProblem(refused, 403, "forbidden");
    expect(refused.body).toMatchObject({ needs: "write", has: "read" });
    expect((await callWith(reader, "GET", "/v1/projects")).status).toBe(200);
  });

  it("one that is held to projects makes none, sees no other, and does nothing to the workspace", async () => {
    const { owner, at } = await makeTeam();
    const other = (await owner.call("POST", "/v1/projects", { body: { name: "Other" } })).body;
    const held = await make(owner, { projects: ["reports"] });
    expectProblem(await callWith(held, "POST", "/v1/tokens", { name: "N" }), 403, "forbidden");
    expect((await callWith(held, "GET", "/v1/tokens")).body.items).toMatchObject([{ id: held.body.id }]);
    expectProblem(await callWith(held, "GET", "/v1/members"), 403, "forbidden");
    expectProblem(await callWith(held, "POST", "/v1/projects", { name: "N" }), 403, "forbidden");
    expect((await callWith(held, "GET", at)).body.access).toBe("full_access");
    expectProblem(await callWith(held, "GET", `/v1/projects/${other.id}`), 404, "not_found");
    expect((await callWith(held, "GET", "/v1/projects")).body.items).toMatchObject([{ slug: "reports" }]);
    expectProblem(await callWith(held, "GET", "/v1/projects?all=true"), 403, "forbidden");
  });

  it("one of the workspace that is held to projects sees those alone, and may do everything there", async () => {
    const { owner, at } = await makeTeam();
    await owner.call("POST", "/v1/projects", { body: { name: "Other" } });
    const held = await make(owner, { kind: "workspace", projects: ["reports"] });
    expect((await callWith(held, "GET", "/v1/projects")).body.items).toMatchObject([
      { slug: "reports", access: "full_access" },
    ]);
    expect((await callWith(held, "PATCH", at, { name: "Weekly" })).status).toBe(200);
    expectProblem(await callWith(held, "GET", "/v1/projects/other"), 404, "not_found");
    expectProblem(await callWith(held, "PATCH", "/v1/workspace", { name: "Mine" }), 403, "forbidden");
  });

  it("one that ends makes none that outlives it", async () => {
    setClock("2027-03-01T12:00:00Z");
    const owner = await makeAdmin();
    const short = await make(owner, { expires_at: "2027-03-02T00:00:00Z" });
    expect((await callWith(short, "POST", "/v1/tokens", { name: "N" })).body.expires_at).toBe(
      "2027-03-02T00:00:00.000Z",
    );
    const longer = await callWith(short, "POST", "/v1/tokens", { name: "N", expires_at: "2027-03-03T00:00:00Z" });
    expect(longer.body.errors).toMatchObject([{ path: "/expires_at" }]);
  });

  it("a personal one is held only to projects that its maker sees, one of the workspace to any", async () => {
    const { owner, colleague } = await makeTeam("none");
    expect((await make(colleague, { projects: ["reports"] })).body.errors).toMatchObject([{ path: "/projects/0" }]);
    const admin = await makeMember(owner.scope, "admin");
    expect((await make(admin, { projects: ["reports"] })).status).toBe(422);
    expect((await make(admin, { projects: ["reports"], kind: "workspace" })).status).toBe(201);
  });

  it("none is held to a project of another workspace", async () => {
    const { outsider, project } = await makeTeam();
    for (const projects of [[project], ["reports"]]) {
      expect((await make(outsider, { projects, kind: "workspace" })).body.errors).toMatchObject([
        { path: "/projects/0" },
      ]);
    }
  });

  it("a personal one follows the role of its member", async () => {
    const { owner, colleague } = await makeTeam();
    const made = await make(colleague);
    await owner.call("PATCH", `/v1/members/${colleague.id}`, { body: { role: "guest" } });
    expectProblem(await callWith(made, "GET", "/v1/members"), 403, "forbidden");
  });
});

describe("tokens in sight", () => {
  it("are one's own; an admin's all, by pages", async () => {
    const { owner, colleague } = await makeTeam();
    const mine = await make(colleague);
    const own = (await colleague.call("GET", "/v1/tokens")).body.items;
    expect(own.map(({ id }: { id: string }) => id)).toContain(mine.body.id);
    expect(own.every(({ member }: { member: { id: string } }) => member.id === colleague.id)).toBe(true);
    const seen: string[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await owner.call("GET", `/v1/tokens?limit=2${cursor}`);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(seen).toContain(mine.body.id);
    expect(new Set(seen).size).toBe(4);
    expectProblem(await colleague.call("GET", `/v1/tokens/${seen[0]}`), 404, "not_found");
    expectProblem(await colleague.call("DELETE", `/v1/tokens/${seen[0]}`), 404, "not_found");
  });

  it("say when they were last used", async () => {
    setClock("2027-03-01T12:00:00Z");
    const owner = await makeAdmin();
    const made = await make(owner);
    await callWith(made, "GET", "/v1/projects");
    await expect
      .poll(async () => (await owner.call("GET", `/v1/tokens/${made.body.id}`)).body.last_used_at)
      .toBe("2027-03-01T12:00:00.000Z");
  });

  it("are not those of another workspace", async () => {
    const { owner, outsider } = await makeTeam();
    const { body } = await make(owner);
    for (const method of ["GET", "DELETE"]) {
      const foreign = await outsider.call(method, `/v1/tokens/${body.id}`);
      const unknown = await outsider.call(method, `/v1/tokens/${newId()}`);
      expectProblem(foreign, 404, "not_found");
      expect({ ...foreign.body, request_id: "" }).toEqual({ ...unknown.body, request_id: "" });
    }
    expect((await owner.call("GET", `/v1/tokens/${body.id}`)).body.revoked_at).toBeNull();
  });
});

describe("revoking a token", () => {
  it("ends it at once, and leaves it in the list", async () => {
    const owner = await makeAdmin();
    const made = await make(owner);
    expect((await callWith(made, "GET", "/v1/projects")).status).toBe(200);
    expect((await owner.call("DELETE", `/v1/tokens/${made.body.id}`)).status).toBe(204);
    expectProblem(await callWith(made, "GET", "/v1/projects"), 401, "unauthorized");
    expect((await owner.call("GET", `/v1/tokens/${made.body.id}`)).body.revoked_at).not.toBeNull();
    expect((await owner.call("DELETE", `/v1/tokens/${made.body.id}`)).status).toBe(204);
    expect(await auditOf(owner.scope, "token.revoked")).toHaveLength(1);
  });

  it("of somebody else is for an admin", async () => {
    const { owner, colleague } = await makeTeam();
    const made = await make(colleague);
    const viewer = await makeMember(owner.scope, "manager");
    expectProblem(await viewer.call("DELETE", `/v1/tokens/${made.body.id}`), 404, "not_found");
    expect((await owner.call("DELETE", `/v1/tokens/${made.body.id}`)).status).toBe(204);
    expectProblem(await callWith(made, "GET", "/v1/projects"), 401, "unauthorized");
  });

  it("may be its own last act", async () => {
    const owner = await makeAdmin();
    const own = await hold(owner.scope, owner.id, owner.email);
    const { items } = (await own.call("GET", "/v1/tokens")).body;
    expect((await own.call("DELETE", `/v1/tokens/${items.at(-1).id}`)).status).toBe(204);
    expectProblem(await own.call("GET", "/v1/tokens"), 401, "unauthorized");
  });
});
