/** A project is never left without somebody who holds it: not by another role, not by a group that ends or loses somebody. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { auditOf, expectProblem, give, makeAdmin, makeMember, type Person } from "./caller.ts";

const makeProject = async (maker: Person, name = "Reports") => {
  const { id } = (await maker.call("POST", "/v1/projects", { body: { name } })).body;
  return { id, at: `/v1/projects/${id}` };
};

/** A project that one editor alone holds, through a group. */
async function makeHeldByGroup() {
  const owner = await makeAdmin();
  const [holder, maker] = [await makeMember(owner.scope, "editor"), await makeMember(owner.scope, "editor")];
  const group = (await owner.call("POST", "/v1/groups", { body: { name: "Finance" } })).body;
  await owner.call("PUT", `/v1/groups/${group.id}/members/${holder.id}`);
  const project = await makeProject(maker);
  const grants = [{ group: group.id, access: "full_access" }];
  expect((await maker.call("PUT", `${project.at}/access`, { body: { grants } })).status).toBe(200);
  return { owner, holder, maker, group, project, place: `/v1/groups/${group.id}/members/${holder.id}` };
}

const handedTo = (owner: Person, id: string) => [
  { project: { id, slug: "reports", name: "Reports" }, to: { id: owner.id, email: owner.email } },
];

describe("a role that can hold no project", () => {
  it("hands over what only this member held, and the answer and the audit say so", async () => {
    const owner = await makeAdmin();
    const holder = await makeMember(owner.scope, "editor");
    const { id, at } = await makeProject(holder);
    const { body } = await owner.call("PATCH", `/v1/members/${holder.id}`, { body: { role: "viewer" } });
    expect(body).toMatchObject({ id: holder.id, role: "viewer", handed_over: handedTo(owner, id) });
    expect((await owner.call("GET", at)).body.access).toBe("full_access");
    expect((await holder.call("GET", at)).body.access).toBe("can_view");
    const [entry] = await auditOf(owner.scope, "project.handed_over");
    expect(entry).toMatchObject({ project_id: id, doer_kind: "token" });
    expect(JSON.parse(entry?.detail ?? "")).toMatchObject({ from: { id: holder.id }, to: { id: owner.id } });
  });

  it("hands nothing over that others hold, and neither does another role that can hold it", async () => {
    const owner = await makeAdmin();
    const [holder, other] = [await makeMember(owner.scope, "editor"), await makeMember(owner.scope, "editor")];
    const [shared, own] = [await makeProject(holder, "Shared"), await makeProject(other, "Own")];
    await give(holder, shared.at, { user: other.id }, "full_access");
    const to = (member: Person, role: string) => owner.call("PATCH", `/v1/members/${member.id}`, { body: { role } });
    expect((await to(holder, "viewer")).body.handed_over).toEqual([]);
    expect((await to(other, "manager")).body.handed_over).toEqual([]);
    expect((await owner.call("GET", own.at)).body.access).toBe("none");
  });

  it("hands over however many there are, each with its entry", async () => {
    const owner = await makeAdmin();
    const holder = await makeMember(owner.scope, "editor");
    const many = 2_500;
    await env.DIRECTORY.batch([
      env.DIRECTORY.prepare(
        `WITH RECURSIVE number (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < ?2)
         INSERT INTO projects (id, workspace_id, slug, name, created_at, updated_at)
         SELECT printf('%s-7000-8000-%012d', substr(?1, 1, 13), i), ?1, 's' || i, 'P', 1, 1 FROM number`,
      ).bind(owner.scope.workspaceId, many),
      env.DIRECTORY.prepare(
        `INSERT INTO grants (project_id, grantee_kind, grantee_id, workspace_id, access, updated_at)
         SELECT id, 'user', ?2, ?1, 'full_access', 1 FROM projects WHERE workspace_id = ?1`,
      ).bind(owner.scope.workspaceId, holder.id),
    ]);
    const { body } = await owner.call("PATCH", `/v1/members/${holder.id}`, { body: { role: "viewer" } });
    expect(body.handed_over).toHaveLength(many);
    expect(await auditOf(owner.scope, "project.handed_over")).toHaveLength(many);
  });

  it("hands over what an admin held who is one no longer", async () => {
    const owner = await makeAdmin();
    const second = await makeMember(owner.scope, "admin");
    const { id } = await makeProject(second);
    const { body } = await owner.call("PATCH", `/v1/members/${second.id}`, { body: { role: "guest" } });
    expect(body.handed_over).toEqual(handedTo(owner, id));
  });
});

describe("a group through which alone a project was held", () => {
  it("hands it over when it is deleted", async () => {
    const { owner, group, project } = await makeHeldByGroup();
    const { status, body } = await owner.call("DELETE", `/v1/groups/${group.id}`);
    expect([status, body]).toEqual([200, { handed_over: handedTo(owner, project.id) }]);
    expect((await owner.call("GET", project.at)).body.access).toBe("full_access");
    const [entry] = await auditOf(owner.scope, "project.handed_over");
    expect(JSON.parse(entry?.detail ?? "")).toMatchObject({ from: { group: { id: group.id, name: "Finance" } } });
  });

  it("hands it over when the last who held it is taken out", async () => {
    const { owner, place, project } = await makeHeldByGroup();
    expect((await owner.call("DELETE", place)).body).toEqual({ handed_over: handedTo(owner, project.id) });
    expect((await owner.call("GET", project.at)).body.access).toBe("full_access");
    expect((await owner.call("DELETE", place)).body).toEqual({ handed_over: [] });
  });

  it("keeps it while somebody in it holds it, or somebody beside it", async () => {
    const { owner, maker, group, place, holder, project } = await makeHeldByGroup();
    await owner.call("PUT", `/v1/groups/${group.id}/members/${maker.id}`);
    expect((await owner.call("DELETE", place)).body).toEqual({ handed_over: [] });
    await give(maker, project.at, { user: holder.id }, "full_access");
    expect((await owner.call("DELETE", `/v1/groups/${group.id}`)).body).toEqual({ handed_over: [] });
    expect(await auditOf(owner.scope, "project.handed_over")).toEqual([]);
  });

  it("whose members held nothing hands nothing over", async () => {
    const owner = await makeAdmin();
    const viewer = await makeMember(owner.scope, "viewer");
    const group = (await owner.call("POST", "/v1/groups", { body: { name: "Finance" } })).body;
    await owner.call("PUT", `/v1/groups/${group.id}/members/${viewer.id}`);
    const { id } = (await owner.workspaceToken.call("POST", "/v1/projects", { body: { name: "Reports" } })).body;
    await give(owner, `/v1/projects/${id}`, { group: group.id }, "full_access");
    expect((await owner.call("DELETE", `/v1/groups/${group.id}`)).body).toEqual({ handed_over: [] });
  });

  it("goes by a manager's hand to the admin too, and not to the manager", async () => {
    const { owner, group, project } = await makeHeldByGroup();
    const manager = await makeMember(owner.scope, "manager");
    const { body } = await manager.call("DELETE", `/v1/groups/${group.id}`);
    expect(body.handed_over).toEqual(handedTo(owner, project.id));
    expectProblem(await manager.call("GET", project.at), 404, "not_found");
  });
});
