/** `/v1/projects/{p}/access`: with whom a project is shared, and what it comes to. */
import { describe, expect, it } from "vitest";
import { newId } from "../../src/system.ts";
import { auditOf, expectProblem, give, hold, makeAdmin, makeMember, makeTeam, type Person } from "./caller.ts";

const put = (owner: Person, at: string, grants: readonly object[]) =>
  owner.call("PUT", `${at}/access`, { body: { grants } });

describe("the list of who has access", () => {
  it("shows the grants, one's own access, and what it comes to for every active member", async () => {
    const { owner, colleague, at } = await makeTeam("can_edit");
    const viewer = await makeMember(owner.scope, "viewer");
    await give(owner, at, { user: viewer.id }, "full_access");
    const { status, body } = await colleague.call("GET", `${at}/access`);
    expect(status).toBe(200);
    expect(body.grants).toEqual([
      { grantee: { kind: "user", id: owner.id, name: owner.email }, access: "full_access", lowered_to: null },
      { grantee: { kind: "user", id: colleague.id, name: colleague.email }, access: "can_edit", lowered_to: null },
      { grantee: { kind: "user", id: viewer.id, name: viewer.email }, access: "full_access", lowered_to: "can_view" },
    ]);
    const through = { kind: "user", id: colleague.id };
    expect(body.yours).toEqual({
      access: "can_edit",
      role_cap: "full_access",
      granted: "can_edit",
      through,
      reason: "granted",
    });
    expect(body.people.items.map((one: { access: string }) => one.access)).toEqual([
      "full_access",
      "can_edit",
      "can_view",
    ]);
    expect(body.people.items[2]).toMatchObject({
      member: { id: viewer.id, role: "viewer" },
      role_cap: "can_view",
      granted: "full_access",
      reason: "lowered_by_role",
    });
  });

  it("pages through the people", async () => {
    const { owner, colleague, at } = await makeTeam();
    const first = (await owner.call("GET", `${at}/access?limit=1`)).body;
    expect(first.people.items).toMatchObject([{ member: { id: owner.id } }]);
    const second = (await owner.call("GET", `${at}/access?limit=1&cursor=${first.people.next_cursor}`)).body;
    expect(second.people).toMatchObject({ items: [{ member: { id: colleague.id } }], next_cursor: null });
    expect(second.grants).toEqual(first.grants);
  });

  it("shows for one member both numbers and the reason", async () => {
    const { owner, at } = await makeTeam();
    const guest = await makeMember(owner.scope, "guest");
    await give(owner, at, { workspace: true }, "can_edit");
    expect((await owner.call("GET", `${at}/access/${guest.id}`)).body).toEqual({
      member: { id: guest.id, email: guest.email, name: "", role: "guest" },
      access: "none",
      role_cap: "can_view",
      granted: "none",
      through: null,
      reason: "guests_need_their_own_share",
    });
  });
});

describe("the people of a project, to whom the others are not for seeing", () => {
  const asGuest = async () => {
    const team = await makeTeam("can_view");
    const { owner, at } = team;
    const [guest, unreached] = [await makeMember(owner.scope, "guest"), await makeMember(owner.scope, "editor")];
    await give(owner, at, { user: guest.id }, "can_view");
    return { ...team, guest, unreached };
  };
  const idsOf = async (who: Person, at: string) =>
    (await who.call("GET", `${at}/access?limit=200`)).body.people.items.map(
      ({ member }: { member: { id: string } }) => member.id,
    );

  it("are to a guest those who have some access, and to who sees people everybody", async () => {
    const { owner, colleague, guest, unreached, at } = await asGuest();
    expect(await idsOf(guest, at)).toEqual([owner.id, colleague.id, guest.id]);
    expect(await idsOf(colleague, at)).toContain(unreached.id);
    await give(owner, at, { workspace: true }, "app_only");
    const other = await makeMember(owner.scope, "guest");
    expect(await idsOf(guest, at)).toEqual([owner.id, colleague.id, guest.id, unreached.id]);
    expect(await idsOf(owner, at)).toContain(other.id);
  });

  it("who have no access are to a guest like ones who never were", async () => {
    const { guest, unreached, colleague, at } = await asGuest();
    expectProblem(await guest.call("GET", `${at}/access/${unreached.id}`), 404, "not_found");
    expect((await guest.call("GET", `${at}/access/${guest.id}`)).body.access).toBe("can_view");
    expect((await colleague.call("GET", `${at}/access/${unreached.id}`)).body.access).toBe("none");
  });

  it("are no more to a token that is held to the project", async () => {
    const { owner, unreached, project, at } = await asGuest();
    const held = await hold(owner.scope, owner.id, owner.email, { projects: [project as never] });
    expect(await idsOf(held, at)).not.toContain(unreached.id);
    expectProblem(await held.call("GET", `${at}/access/${unreached.id}`), 404, "not_found");
  });
});

describe("sharing a project", () => {
  it("is written down once when the same is asked several times at once", async () => {
    const { owner, colleague, at } = await makeTeam("none");
    const before = (await auditOf(owner.scope, "access.changed")).length;
    const body = { user: colleague.id, access: "can_edit" };
    const answers = await Promise.all([1, 2, 3, 4].map(() => owner.call("PATCH", `${at}/access`, { body })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await auditOf(owner.scope, "access.changed")).toHaveLength(before + 1);
  });

  it("is written down as it was, also when two change the same grant at once", async () => {
    const { owner, colleague, at } = await makeTeam("none");
    const to = (access: string) => owner.call("PATCH", `${at}/access`, { body: { user: colleague.id, access } });
    await Promise.all([to("can_view"), to("can_edit")]);
    const entries = (await auditOf(owner.scope, "access.changed")).slice(-2);
    const [first, second] = entries.map(({ detail }) => JSON.parse(detail ?? "").changes[0]);
    expect(first.before).toBe("none");
    expect(second.before).toBe(first.after);
  });

  it("with one grantee leaves the others as they are, and none takes away", async () => {
    const { owner, colleague, at } = await makeTeam("can_view");
    expect((await colleague.call("GET", at)).body.access).toBe("can_view");
    await give(owner, at, { user: colleague.id }, "can_edit");
    expect((await colleague.call("GET", at)).body.access).toBe("can_edit");
    await give(owner, at, { user: colleague.id }, "none");
    expectProblem(await colleague.call("GET", at), 404, "not_found");
    expect((await owner.call("GET", `${at}/access`)).body.grants).toHaveLength(1);
  });

  it("with the whole workspace reaches all but guests", async () => {
    const { owner, at } = await makeTeam();
    const [viewer, guest] = [await makeMember(owner.scope, "viewer"), await makeMember(owner.scope, "guest")];
    await give(owner, at, { workspace: true }, "can_explore");
    expect((await viewer.call("GET", at)).body.access).toBe("can_explore");
    expectProblem(await guest.call("GET", at), 404, "not_found");
    await give(owner, at, { user: guest.id }, "app_only");
    expect((await guest.call("GET", at)).body.access).toBe("app_only");
  });

  it("replaces the whole list", async () => {
    const { owner, colleague, at } = await makeTeam("can_edit");
    const { status, body } = await put(owner, at, [
      { user: owner.id, access: "full_access" },
      { workspace: true, access: "can_view" },
    ]);
    expect(status).toBe(200);
    expect(body.grants.map(({ access }: { access: string }) => access)).toEqual(["can_view", "full_access"]);
    expect((await colleague.call("GET", at)).body.access).toBe("can_view");
  });

  it("says in the audit what changed, and nothing when nothing did", async () => {
    const { owner, colleague, at, project } = await makeTeam("can_edit");
    const before = (await auditOf(owner.scope, "access.changed")).length;
    const grants = [{ user: owner.id, access: "full_access" }];
    await put(owner, at, grants);
    await put(owner, at, grants);
    const entries = await auditOf(owner.scope, "access.changed");
    expect(entries).toHaveLength(before + 1);
    expect(entries.at(-1)).toMatchObject({ project_id: project, target_id: project, doer_kind: "token" });
    expect(JSON.parse(entries.at(-1)?.detail ?? "")).toEqual({
      changes: [{ grantee: { kind: "user", id: colleague.id }, before: "can_edit", after: "none" }],
    });
  });

  it("may take away one's own, and the answer says so", async () => {
    const { owner, colleague, at } = await makeTeam("full_access");
    const { body } = await put(colleague, at, [{ user: owner.id, access: "full_access" }]);
    expect(body.yours).toMatchObject({ access: "none", reason: "not_shared" });
  });

  it.each([
    ["none at all", (): readonly object[] => []],
    ["a lower one", (id: string) => [{ user: id, access: "can_edit" }]],
  ])("never leaves a project without somebody who has full access: %s", async (_, grants) => {
    const { owner, at } = await makeTeam();
    const before = (await owner.call("GET", `${at}/access`)).body.grants;
    const refused = await put(owner, at, grants(owner.id));
    expectProblem(refused, 409, "conflict");
    expect(refused.body.detail).toContain("full_access");
    expectProblem(
      await owner.call("PATCH", `${at}/access`, { body: { user: owner.id, access: "none" } }),
      409,
      "conflict",
    );
    expect((await owner.call("GET", `${at}/access`)).body.grants).toEqual(before);
  });

  it("does not count full access that a role lowers", async () => {
    const { owner, at } = await makeTeam();
    const viewer = await makeMember(owner.scope, "viewer");
    expectProblem(await put(owner, at, [{ user: viewer.id, access: "full_access" }]), 409, "conflict");
  });

  it("asks no holder of a project that a token of the workspace made", async () => {
    const { workspaceToken, ...admin } = await makeAdmin();
    const { id } = (await workspaceToken.call("POST", "/v1/projects", { body: { name: "R" } })).body;
    const at = `/v1/projects/${id}`;
    await give(workspaceToken, at, { user: admin.id }, "can_view");
    await give(workspaceToken, at, { user: admin.id }, "none");
    expect((await workspaceToken.call("GET", `${at}/access`)).body.grants).toEqual([]);
  });

  it("leaves one holder when two give up at once", async () => {
    const { owner, colleague, at } = await makeTeam("full_access");
    const drop = (one: Person) => one.call("PATCH", `${at}/access`, { body: { user: one.id, access: "none" } });
    const statuses = (await Promise.all([drop(owner), drop(colleague)])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409]);
  });
});

describe("who may share", () => {
  it.each([
    ["none", 404, 404],
    ["app_only", 403, 403],
    ["can_explore", 403, 403],
    ["can_view", 200, 403],
    ["can_edit", 200, 403],
    ["full_access", 200, 200],
  ] as const)("with %s: reading %d, changing %d", async (access, reading, changing) => {
    const { colleague, at } = await makeTeam(access);
    expect((await colleague.call("GET", `${at}/access`)).status).toBe(reading);
    expect((await colleague.call("GET", `${at}/access/${colleague.id}`)).status).toBe(reading);
    const body = { workspace: true, access: "app_only" };
    const changed = await colleague.call("PATCH", `${at}/access`, { body });
    expect(changed.status).toBe(changing);
    if (changing === 403) expect(changed.body).toMatchObject({ needs: "full_access", has: access });
    const own = { user: colleague.id, access: "full_access" };
    expect((await put(colleague, at, [own])).status).toBe(changing);
  });

  it("is also an admin whom nobody shared it with, so that no project is lost", async () => {
    const { owner, at } = await makeTeam();
    const admin = await makeMember(owner.scope, "admin");
    expect((await admin.call("GET", `${at}/schedules`)).status).toBe(404);
    expect((await admin.call("GET", `${at}/access`)).body.yours.access).toBe("none");
    await give(admin, at, { user: admin.id }, "full_access");
    expect((await admin.call("GET", `${at}/schedules`)).status).toBe(200);
  });
});

describe("a grant that is refused", () => {
  it.each([
    [{ access: "can_edit" }, ""],
    [{ user: newId(), group: newId(), access: "can_edit" }, ""],
    [{ workspace: false, access: "can_edit" }, "/workspace"],
    [{ workspace: true, access: "owner" }, "/access"],
    [{ workspace: true }, "/access"],
    [{ user: "ada", access: "can_edit" }, "/user"],
    [{ user: newId(), access: "can_edit" }, "/user"],
    [{ group: newId(), access: "can_edit" }, "/group"],
  ])("%j says where the trouble is", async (grant, path) => {
    const { owner, at } = await makeTeam();
    const answer = await put(owner, at, [{ user: owner.id, access: "full_access" }, grant]);
    expectProblem(answer, 422, "invalid_input");
    expect(answer.body.errors).toMatchObject([{ path: `/grants/1${path}` }]);
  });

  it("names somebody twice", async () => {
    const { owner, at } = await makeTeam();
    const grant = { user: owner.id, access: "full_access" };
    expect((await put(owner, at, [grant, grant])).body.errors).toMatchObject([{ path: "/grants/1/user" }]);
  });

  it("is to somebody of another workspace, who might as well not be", async () => {
    const { owner, outsider, at } = await makeTeam();
    const theirs = (await outsider.call("POST", "/v1/groups", { body: { name: "Finance" } })).body;
    const messageFor = async (grant: object) => (await put(owner, at, [grant])).body.errors;
    const foreign = await messageFor({ user: outsider.id, access: "full_access" });
    expect(foreign).toEqual(await messageFor({ user: newId(), access: "full_access" }));
    expect(await messageFor({ group: theirs.id, access: "can_view" })).toMatchObject([{ path: "/grants/0/group" }]);
    expectProblem(await owner.call("GET", `${at}/access/${outsider.id}`), 404, "not_found");
  });
});

it("another workspace learns nothing of a project's access and changes nothing", async () => {
  const { owner, outsider, at } = await makeTeam();
  const before = (await owner.call("GET", `${at}/access`)).body;
  expectProblem(await outsider.call("GET", `${at}/access`), 404, "not_found");
  expectProblem(await put(outsider, at, [{ user: outsider.id, access: "full_access" }]), 404, "not_found");
  const body = { workspace: true, access: "full_access" };
  expectProblem(await outsider.call("PATCH", `${at}/access`, { body }), 404, "not_found");
  expect((await owner.call("GET", `${at}/access`)).body).toEqual(before);
});
