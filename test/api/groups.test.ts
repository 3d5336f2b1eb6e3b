/** `/v1/groups`: made, filled, emptied, deleted; and what projects give through them. */
import { describe, expect, it } from "vitest";
import { newId } from "../../src/system.ts";
import { auditOf, expectProblem, give, makeAdmin, makeMember, makeTeam, type Person } from "./caller.ts";

const makeGroup = async (owner: Person, name = "Finance") => {
  const made = await owner.call("POST", "/v1/groups", { body: { name } });
  expect(made.status).toBe(201);
  return made.body;
};

describe("making a group", () => {
  it("answers the group, which is then in the list and in the audit", async () => {
    const owner = await makeAdmin();
    const group = await makeGroup(owner, "  Finance ");
    expect(group).toMatchObject({ name: "Finance", size: 0 });
    expect((await owner.call("GET", "/v1/groups")).body.items).toEqual([group]);
    expect(await auditOf(owner.scope, "group.created")).toMatchObject([
      { target_id: group.id, target_name: "Finance" },
    ]);
  });

  it("happens once under an idempotency key", async () => {
    const owner = await makeAdmin();
    const call = { body: { name: "Finance" }, headers: { "idempotency-key": "make" } };
    const answers = await Promise.all([1, 2, 3].map(() => owner.call("POST", "/v1/groups", call)));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get("idempotency-replayed") === "true")).toHaveLength(2);
    expect(await auditOf(owner.scope, "group.created")).toHaveLength(1);
  });

  it("refuses a name that is taken here, and not one that is taken elsewhere", async () => {
    const [owner, other] = [await makeAdmin(), await makeAdmin()];
    await makeGroup(owner);
    expectProblem(await owner.call("POST", "/v1/groups", { body: { name: "Finance" } }), 409, "conflict");
    await makeGroup(other);
  });

  it.each([[{}], [{ name: "" }], [{ name: "x".repeat(201) }], [{ name: 1 }], [{ name: "F", size: 3 }]])(
    "refuses %j",
    async (body) => {
      expectProblem(await (await makeAdmin()).call("POST", "/v1/groups", { body }), 422, "invalid_input");
    },
  );

  it("is for who manages groups; reading for who sees people", async () => {
    const { scope } = await makeAdmin();
    const [manager, editor, guest] = await Promise.all(
      (["manager", "editor", "guest"] as const).map((role) => makeMember(scope, role)),
    );
    const body = { name: "Finance" };
    expect((await manager?.call("POST", "/v1/groups", { body }))?.status).toBe(201);
    const refused = await editor?.call("POST", "/v1/groups", { body });
    expect(refused?.body).toMatchObject({ code: "forbidden", needs: "manage_groups", has: "editor" });
    expect((await editor?.call("GET", "/v1/groups"))?.status).toBe(200);
    expect((await guest?.call("GET", "/v1/groups"))?.status).toBe(403);
  });
});

describe("a group", () => {
  it("takes members in and lets them go, each once", async () => {
    const owner = await makeAdmin();
    const group = await makeGroup(owner);
    const [one, two] = [await makeMember(owner.scope, "editor"), await makeMember(owner.scope, "guest")];
    const at = `/v1/groups/${group.id}`;
    for (const { id } of [one, two, two]) expect((await owner.call("PUT", `${at}/members/${id}`)).status).toBe(204);
    const shown = (await owner.call("GET", `${at}?limit=1`)).body;
    expect(shown).toMatchObject({ size: 2, members: { items: [{ id: one.id, email: one.email, role: "editor" }] } });
    const rest = (await owner.call("GET", `${at}?limit=1&cursor=${shown.members.next_cursor}`)).body;
    expect(rest.members).toMatchObject({ items: [{ id: two.id }], next_cursor: null });
    for (const { id } of [one, one])
      expect((await owner.call("DELETE", `${at}/members/${id}`)).body).toEqual({ handed_over: [] });
    expect((await owner.call("GET", at)).body.size).toBe(1);
    expect(await auditOf(owner.scope, "group.member_added")).toHaveLength(2);
    expect(await auditOf(owner.scope, "group.member_removed")).toHaveLength(1);
  });

  it("takes nobody in who is deactivated", async () => {
    const owner = await makeAdmin();
    const group = await makeGroup(owner);
    const gone = await makeMember(owner.scope, "editor");
    await owner.call("DELETE", `/v1/members/${gone.id}`);
    expectProblem(await owner.call("PUT", `/v1/groups/${group.id}/members/${gone.id}`), 409, "conflict");
  });

  it("is renamed, but not to a name that is taken", async () => {
    const owner = await makeAdmin();
    const [group] = [await makeGroup(owner), await makeGroup(owner, "Sales")];
    const rename = (name: string) => owner.call("PATCH", `/v1/groups/${group.id}`, { body: { name } });
    expect((await rename("Finance and tax")).body).toMatchObject({ id: group.id, name: "Finance and tax" });
    expectProblem(await rename("Sales"), 409, "conflict");
    expect((await owner.call("GET", `/v1/groups/${group.id}`)).body.name).toBe("Finance and tax");
    expect(await auditOf(owner.scope, "group.changed")).toHaveLength(1);
  });

  it("gives its members what a project gives to it, for as long as they are in it", async () => {
    const { owner, colleague, at } = await makeTeam("none");
    const group = await makeGroup(owner);
    await give(owner, at, { group: group.id }, "can_edit");
    expect((await colleague.call("GET", at)).status).toBe(404);
    await owner.call("PUT", `/v1/groups/${group.id}/members/${colleague.id}`);
    expect((await colleague.call("GET", at)).body.access).toBe("can_edit");
    await owner.call("DELETE", `/v1/groups/${group.id}/members/${colleague.id}`);
    expect((await colleague.call("GET", at)).status).toBe(404);
  });

  it("that is deleted takes its grants with it", async () => {
    const { owner, colleague, at } = await makeTeam("none");
    const group = await makeGroup(owner);
    await give(owner, at, { group: group.id }, "can_edit");
    await owner.call("PUT", `/v1/groups/${group.id}/members/${colleague.id}`);
    expect((await owner.call("DELETE", `/v1/groups/${group.id}`)).body).toEqual({ handed_over: [] });
    expect((await colleague.call("GET", at)).status).toBe(404);
    expect((await owner.call("GET", `${at}/access`)).body.grants).toHaveLength(1);
    expectProblem(await owner.call("GET", `/v1/groups/${group.id}`), 404, "not_found");
    expectProblem(await owner.call("DELETE", `/v1/groups/${group.id}`), 404, "not_found");
  });

  it("that is deleted leaves in the audit which projects gave it what", async () => {
    const { owner, at, project } = await makeTeam();
    const group = await makeGroup(owner);
    await give(owner, at, { group: group.id }, "can_edit");
    await owner.call("DELETE", `/v1/groups/${group.id}`);
    const [entry] = await auditOf(owner.scope, "group.deleted");
    expect(JSON.parse(entry?.detail ?? "")).toEqual({
      projects: [{ id: project, slug: "reports", access: "can_edit" }],
    });
  });
});

describe("who manages groups and may not share any project", () => {
  const places = async () => {
    const { owner, colleague, at } = await makeTeam("none");
    const group = await makeGroup(owner);
    await give(owner, at, { group: group.id }, "full_access");
    const manager = await makeMember(owner.scope, "manager");
    const place = (id: string) => `/v1/groups/${group.id}/members/${id}`;
    return { owner, colleague, manager, at, place };
  };

  it("gives themselves no project by joining a group", async () => {
    const { manager, at, place } = await places();
    const refused = await manager.call("PUT", place(manager.id));
    expectProblem(refused, 403, "forbidden");
    expect(refused.body).toMatchObject({ needs: "share_any_project", has: "manager" });
    expectProblem(await manager.call("GET", at), 404, "not_found");
  });

  it("neither adds nor removes somebody whose role is not below their own", async () => {
    const { owner, manager, place } = await places();
    const peer = await makeMember(owner.scope, "manager");
    expect((await owner.call("PUT", place(manager.id))).status).toBe(204);
    for (const { id } of [owner, peer]) {
      expectProblem(await manager.call("PUT", place(id)), 403, "forbidden");
      expectProblem(await manager.call("DELETE", place(id)), 403, "forbidden");
    }
    expectProblem(await manager.call("DELETE", place(manager.id)), 403, "forbidden");
    expect(await auditOf(owner.scope, "group.member_removed")).toEqual([]);
  });

  it("adds and removes those below them", async () => {
    const { colleague, manager, place } = await places();
    expect((await manager.call("PUT", place(colleague.id))).status).toBe(204);
    expect((await manager.call("DELETE", place(colleague.id))).status).toBe(200);
  });

  it("learns of a member of another workspace nothing but that there is none", async () => {
    const { manager, place } = await places();
    expectProblem(await manager.call("PUT", place((await makeAdmin()).id)), 404, "not_found");
  });
});

describe("a group of another workspace", () => {
  it.each([
    ["GET", ""],
    ["PATCH", ""],
    ["DELETE", ""],
    ["PUT", "/members/:own"],
    ["DELETE", "/members/:own"],
  ])("is like one that never was: %s %s", async (method, path) => {
    const [owner, outsider] = [await makeAdmin(), await makeAdmin()];
    const group = await makeGroup(owner);
    const call = method === "PATCH" ? { body: { name: "Mine" } } : {};
    const under = path.replace(":own", outsider.id);
    const foreign = await outsider.call(method, `/v1/groups/${group.id}${under}`, call);
    const unknown = await outsider.call(method, `/v1/groups/${newId()}${under}`, call);
    expectProblem(foreign, 404, "not_found");
    expect({ ...foreign.body, request_id: "" }).toEqual({ ...unknown.body, request_id: "" });
    expect((await owner.call("GET", "/v1/groups")).body.items).toEqual([group]);
  });

  it("takes in nobody from here, nor a group from here anybody from there", async () => {
    const { owner, colleague, outsider } = await makeTeam();
    const group = await makeGroup(owner);
    expectProblem(await owner.call("PUT", `/v1/groups/${group.id}/members/${outsider.id}`), 404, "not_found");
    const theirs = await makeGroup(outsider);
    expectProblem(await outsider.call("PUT", `/v1/groups/${theirs.id}/members/${colleague.id}`), 404, "not_found");
    expect((await outsider.call("GET", `/v1/groups/${theirs.id}`)).body.size).toBe(0);
  });
});
