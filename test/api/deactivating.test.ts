/** What becomes of members who leave, of what they held, and of those who come back. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { auditOf, expectProblem, give, makeAdmin, makeMember, makeTeam, type Person } from "./caller.ts";

const openInvitations = async (id: string): Promise<number> => {
  const row = await env.DIRECTORY.prepare(
    "SELECT count(*) AS links FROM sign_in_links WHERE member_id = ?1 AND used_at IS NULL",
  )
    .bind(id)
    .first<{ links: number }>();
  return row?.links ?? 0;
};

const invite = (owner: Person, role: string) =>
  owner.call("POST", "/v1/members", { body: { email: "grace@acme.test", role } });

describe("deactivating a member", () => {
  it("ends their tokens, sessions, groups and grants at once", async () => {
    const { owner, colleague, at } = await makeTeam("can_edit");
    const group = (await owner.call("POST", "/v1/groups", { body: { name: "Finance" } })).body;
    await owner.call("PUT", `/v1/groups/${group.id}/members/${colleague.id}`);
    expect((await colleague.call("GET", at)).status).toBe(200);
    const left = await owner.call("DELETE", `/v1/members/${colleague.id}`);
    expect(left.status).toBe(200);
    expect(left.body).toMatchObject({ member: { id: colleague.id, state: "deactivated" }, handed_over: [] });
    expectProblem(await colleague.call("GET", at), 401, "unauthorized");
    expect((await owner.call("GET", `/v1/groups/${group.id}`)).body.members.items).toEqual([]);
    expect((await owner.call("GET", `${at}/access`)).body.grants).toHaveLength(1);
    expect((await auditOf(owner.scope, "member.deactivated")).map(({ target_id }) => target_id)).toEqual([
      colleague.id,
    ]);
  });

  it("is refused for the last active admin, and for who is above", async () => {
    const owner = await makeAdmin();
    await invite(owner, "admin");
    expectProblem(await owner.call("DELETE", `/v1/members/${owner.id}`), 409, "conflict");
    const manager = await makeMember(owner.scope, "manager");
    expectProblem(await manager.call("DELETE", `/v1/members/${owner.id}`), 403, "forbidden");
    expectProblem(await manager.call("DELETE", `/v1/members/${manager.id}`), 403, "forbidden");
    expect(await auditOf(owner.scope, "member.deactivated")).toEqual([]);
  });

  it("leaves one admin when two deactivate each other at once", async () => {
    const owner = await makeAdmin();
    const second = await makeMember(owner.scope, "admin");
    await Promise.all([
      owner.call("DELETE", `/v1/members/${second.id}`),
      second.call("DELETE", `/v1/members/${owner.id}`),
    ]);
    const admins = await owner.workspaceToken.call("GET", "/v1/members?role=admin&state=active");
    expect(admins.body.items).toHaveLength(1);
  });

  it("a second time changes nothing", async () => {
    const { owner, colleague } = await makeTeam();
    await owner.call("DELETE", `/v1/members/${colleague.id}`);
    expect((await owner.call("DELETE", `/v1/members/${colleague.id}`)).body.handed_over).toEqual([]);
    expect(await auditOf(owner.scope, "member.deactivated")).toHaveLength(1);
  });

  it("takes back an invitation", async () => {
    const owner = await makeAdmin();
    const { member } = (await invite(owner, "editor")).body;
    expect((await owner.call("DELETE", `/v1/members/${member.id}`)).body.member.state).toBe("deactivated");
    expect(await openInvitations(member.id)).toBe(0);
    expectProblem(await owner.call("POST", `/v1/members/${member.id}/reactivation`), 409, "conflict");
  });
});

describe("what is handed over", () => {
  const makeProject = async (owner: Person, name: string) =>
    `/v1/projects/${(await owner.call("POST", "/v1/projects", { body: { name } })).body.id}`;

  it("is each project that nobody else had full access to, to the admin who was there first", async () => {
    const owner = await makeAdmin();
    await makeMember(owner.scope, "admin");
    const leaver = await makeMember(owner.scope, "editor");
    const [alone, shared] = [await makeProject(leaver, "Alone"), await makeProject(leaver, "Shared")];
    const other = await makeMember(owner.scope, "manager");
    await give(leaver, shared, { user: other.id }, "full_access");
    await give(leaver, alone, { user: other.id }, "can_edit");
    const { body } = await owner.call("DELETE", `/v1/members/${leaver.id}`);
    const id = alone.split("/").at(-1);
    expect(body.handed_over).toEqual([
      { project: { id, slug: "alone", name: "Alone" }, to: { id: owner.id, email: owner.email } },
    ]);
    expect((await owner.call("GET", alone)).body.access).toBe("full_access");
    expect((await owner.call("GET", shared)).body.access).toBe("none");
    const entries = await auditOf(owner.scope, "project.handed_over");
    expect(entries).toMatchObject([{ project_id: id, target_id: id, target_name: "Alone" }]);
    expect(JSON.parse(entries[0]?.detail ?? "")).toMatchObject({ from: { id: leaver.id }, to: { id: owner.id } });
  });

  it.each(["group", "workspace"] as const)("is nothing where others have full access through the %s", async (kind) => {
    const owner = await makeAdmin();
    const leaver = await makeMember(owner.scope, "editor");
    const other = await makeMember(owner.scope, "editor");
    const at = await makeProject(leaver, "Reports");
    const group = (await owner.call("POST", "/v1/groups", { body: { name: "Finance" } })).body;
    await owner.call("PUT", `/v1/groups/${group.id}/members/${other.id}`);
    await give(leaver, at, kind === "group" ? { group: group.id } : { workspace: true }, "full_access");
    expect((await owner.call("DELETE", `/v1/members/${leaver.id}`)).body.handed_over).toEqual([]);
  });

  it.each([
    ["lowered by their role", "viewer", "active"],
    ["of an invited member", "editor", "invited"],
  ] as const)("counts no full access %s", async (_, role, state) => {
    const owner = await makeAdmin();
    const leaver = await makeMember(owner.scope, "editor");
    const other = await makeMember(owner.scope, role);
    if (state === "invited")
      await env.DIRECTORY.prepare("UPDATE members SET state = 'invited' WHERE id = ?1").bind(other.id).run();
    const at = await makeProject(leaver, "Reports");
    await give(leaver, at, { user: other.id }, "full_access");
    expect((await owner.call("DELETE", `/v1/members/${leaver.id}`)).body.handed_over).toHaveLength(1);
  });

  it("is what was held through a group that the leaver alone was in, too", async () => {
    const owner = await makeAdmin();
    const [leaver, maker] = [await makeMember(owner.scope, "editor"), await makeMember(owner.scope, "editor")];
    const group = (await owner.call("POST", "/v1/groups", { body: { name: "Finance" } })).body;
    await owner.call("PUT", `/v1/groups/${group.id}/members/${leaver.id}`);
    const at = await makeProject(maker, "Reports");
    const grants = [{ group: group.id, access: "full_access" }];
    expect((await maker.call("PUT", `${at}/access`, { body: { grants } })).status).toBe(200);
    expect((await owner.call("DELETE", `/v1/members/${leaver.id}`)).body.handed_over).toHaveLength(1);
  });

  it("is handed over once when the two who hold it leave at the same time", async () => {
    const owner = await makeAdmin();
    const [one, two] = [await makeMember(owner.scope, "editor"), await makeMember(owner.scope, "manager")];
    const at = await makeProject(one, "Reports");
    await give(one, at, { user: two.id }, "full_access");
    const left = await Promise.all([one, two].map(({ id }) => owner.call("DELETE", `/v1/members/${id}`)));
    expect(left.map(({ status }) => status)).toEqual([200, 200]);
    expect(left.flatMap(({ body }) => body.handed_over)).toHaveLength(1);
    expect((await owner.call("GET", at)).body.access).toBe("full_access");
    expect(await auditOf(owner.scope, "project.handed_over")).toHaveLength(1);
  });

  it("raises what the admin had of it, and leaves other projects alone", async () => {
    const owner = await makeAdmin();
    const leaver = await makeMember(owner.scope, "editor");
    const [mine, theirs] = [await makeProject(leaver, "Mine"), await makeProject(owner, "Theirs")];
    await give(leaver, mine, { user: owner.id }, "app_only");
    await give(owner, theirs, { user: leaver.id }, "can_edit");
    const { handed_over } = (await owner.call("DELETE", `/v1/members/${leaver.id}`)).body;
    expect(handed_over).toMatchObject([{ project: { name: "Mine" } }]);
    expect((await owner.call("GET", mine)).body.access).toBe("full_access");
  });

  it("goes to the admin who has been active longest, who need not have been invited first", async () => {
    const owner = await makeAdmin();
    const early = await makeMember(owner.scope, "admin");
    const leaver = await makeMember(owner.scope, "editor");
    await makeProject(leaver, "Reports");
    await env.DIRECTORY.prepare("UPDATE members SET joined_at = joined_at - 1000 WHERE id = ?1").bind(early.id).run();
    const { handed_over } = (await owner.call("DELETE", `/v1/members/${leaver.id}`)).body;
    expect(handed_over).toMatchObject([{ to: { id: early.id } }]);
  });

  it("is no deleted project", async () => {
    const owner = await makeAdmin();
    const leaver = await makeMember(owner.scope, "editor");
    await leaver.call("DELETE", await makeProject(leaver, "Reports"));
    expect((await owner.call("DELETE", `/v1/members/${leaver.id}`)).body.handed_over).toEqual([]);
  });

  it("pauses nothing", async () => {
    const owner = await makeAdmin();
    const leaver = await makeMember(owner.scope, "editor");
    const at = await makeProject(leaver, "Reports");
    const fn = { name: "work", kind: "http", url: `${env.RECEIVER}/leaving/ok` };
    await leaver.call("POST", `${at}/versions`, { body: { functions: [fn] } });
    await leaver.call("PUT", `${at}/published`, { body: { version: 1 } });
    await leaver.call("POST", `${at}/schedules`, { body: { schedule: "every day at 9am", fn: "work" } });
    await owner.call("DELETE", `/v1/members/${leaver.id}`);
    const { items } = (await owner.call("GET", `${at}/schedules`)).body;
    expect(items).toMatchObject([{ state: "active" }]);
  });
});

describe("letting a member in again", () => {
  it("gives back the role and nothing else", async () => {
    const { owner, colleague, at } = await makeTeam("can_edit");
    await owner.call("DELETE", `/v1/members/${colleague.id}`);
    const back = await owner.call("POST", `/v1/members/${colleague.id}/reactivation`);
    expect(back.status).toBe(200);
    expect(back.body).toMatchObject({ state: "active", role: "editor", deactivated_at: null });
    expect((await owner.call("GET", `${at}/access/${colleague.id}`)).body.access).toBe("none");
    expectProblem(await colleague.call("GET", at), 401, "unauthorized");
    expect(await auditOf(owner.scope, "member.reactivated")).toHaveLength(1);
    expectProblem(await owner.call("POST", `/v1/members/${colleague.id}/reactivation`), 409, "conflict");
  });

  it("ends whatever tokens of theirs still stand", async () => {
    const { owner, colleague, at } = await makeTeam("can_edit");
    await owner.call("DELETE", `/v1/members/${colleague.id}`);
    // As if one had been made while another isolate still knew them.
    await env.DIRECTORY.prepare("UPDATE tokens SET revoked_at = NULL WHERE member_id = ?1").bind(colleague.id).run();
    await owner.call("POST", `/v1/members/${colleague.id}/reactivation`);
    expectProblem(await colleague.call("GET", at), 401, "unauthorized");
  });
});
