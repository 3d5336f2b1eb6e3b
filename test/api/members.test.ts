/** `/v1/members`: invited, changed, deactivated, let in again. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newId } from "../../src/system.ts";
import { setClock } from "../support/world.ts";
import { auditOf, expectProblem, makeAdmin, makeMember, makeTeam, type Person } from "./caller.ts";

const NEW = { email: "grace@acme.test", role: "editor", name: "Grace Hopper" };

const invite = (owner: Person, spoiled: object = {}) =>
  owner.call("POST", "/v1/members", { body: { ...NEW, ...spoiled } });

const openLinks = async (id: string): Promise<number> => {
  const row = await env.DIRECTORY.prepare(
    "SELECT count(*) AS links FROM sign_in_links WHERE member_id = ?1 AND used_at IS NULL",
  )
    .bind(id)
    .first<{ links: number }>();
  return row?.links ?? 0;
};

describe("inviting somebody", () => {
  it("answers the member and a link, shown once, that is good for a week", async () => {
    setClock("2027-03-01T12:00:00Z");
    const owner = await makeAdmin();
    const { status, body } = await invite(owner);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      member: { ...NEW, state: "invited", joined_at: null, deactivated_at: null },
      mailed: false,
      expires_at: "2027-03-08T12:00:00.000Z",
    });
    expect(body.not_mailed_because).toContain("sends no mail");
    expect(body.invitation_url).toMatch(/^https:\/\/carillon\.test\/invitations\/[\w-]{43}$/);
    expect((await owner.call("GET", `/v1/members/${body.member.id}`)).body).toEqual(body.member);
    const kept = await env.DIRECTORY.prepare("SELECT * FROM sign_in_links").all();
    expect(JSON.stringify(kept.results)).not.toContain(body.invitation_url.slice(-43));
  });

  it("writes it into the audit, without the link", async () => {
    const owner = await makeAdmin();
    const { body } = await invite(owner);
    const [entry] = await auditOf(owner.scope, "member.invited");
    expect(entry).toMatchObject({ doer_kind: "token", target_id: body.member.id, target_name: NEW.email });
    expect(entry?.detail).toBe('{"role":"editor"}');
  });

  it("takes an address in any case and with spaces around it", async () => {
    const owner = await makeAdmin();
    expect((await invite(owner, { email: "  Grace@Acme.TEST " })).body.member.email).toBe(NEW.email);
    expect((await owner.call("GET", "/v1/members?email=GRACE@acme.test")).body.items).toHaveLength(1);
  });

  it.each(["", "grace", "@acme.test", "grace@", "a@b@c", "gr ace@acme.test", `${"g".repeat(250)}@acme.test`])(
    "refuses %j, which is no address",
    async (email) => {
      const answer = await invite(await makeAdmin(), { email });
      expectProblem(answer, 422, "invalid_input");
      expect(answer.body.errors).toMatchObject([{ path: "/email" }]);
    },
  );

  it("refuses a role that there is not, and a field that there is not", async () => {
    const owner = await makeAdmin();
    expect((await invite(owner, { role: "editr" })).body.errors).toMatchObject([
      { path: "/role", suggestion: "editor" },
    ]);
    expect((await invite(owner, { state: "active" })).body.errors).toMatchObject([{ path: "/state" }]);
  });

  it("refuses who is invited already, and who is a member already", async () => {
    const owner = await makeAdmin();
    await invite(owner);
    expectProblem(await invite(owner), 409, "conflict");
    expectProblem(await invite(owner, { email: owner.email }), 409, "conflict");
    expect(await auditOf(owner.scope, "member.invited")).toHaveLength(1);
  });

  it("happens once when twins race each other", async () => {
    const owner = await makeAdmin();
    const answers = await Promise.all([1, 2, 3, 4].map(() => invite(owner)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect((await owner.call("GET", `/v1/members?email=${NEW.email}`)).body.items).toHaveLength(1);
  });

  it("is for another workspace another member", async () => {
    const [owner, other] = [await makeAdmin(), await makeAdmin()];
    const [one, two] = [await invite(owner), await invite(other)];
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(one.body.member.id).not.toBe(two.body.member.id);
  });

  it("invites a deactivated member anew, in the role that is named now", async () => {
    const owner = await makeAdmin();
    const { member } = (await invite(owner)).body;
    await owner.call("DELETE", `/v1/members/${member.id}`);
    const again = await invite(owner, { role: "viewer", name: undefined });
    expect(again.status).toBe(201);
    expect(again.body.member).toMatchObject({
      id: member.id,
      name: NEW.name,
      role: "viewer",
      state: "invited",
      deactivated_at: null,
    });
    expect(await openLinks(member.id)).toBe(1);
  });

  it("as a manager does not bring back an admin who left as something less, nor take over who they were", async () => {
    const owner = await makeAdmin();
    const manager = await makeMember(owner.scope, "manager");
    const admin = await makeMember(owner.scope, "admin");
    await owner.call("DELETE", `/v1/members/${admin.id}`);
    const refused = await invite(manager, { email: admin.email, role: "editor" });
    expectProblem(refused, 403, "forbidden");
    expect((await owner.call("GET", `/v1/members/${admin.id}`)).body).toMatchObject({
      role: "admin",
      state: "deactivated",
    });
    expect((await invite(owner, { email: admin.email, role: "editor" })).status).toBe(201);
  });

  it("anew ends whatever tokens of theirs still stand", async () => {
    const { owner, colleague, at } = await makeTeam("can_view");
    await owner.call("DELETE", `/v1/members/${colleague.id}`);
    await unrevoke(colleague.id);
    await invite(owner, { email: colleague.email });
    await env.DIRECTORY.prepare("UPDATE members SET state = 'active' WHERE id = ?1").bind(colleague.id).run();
    expectProblem(await colleague.call("GET", at), 401, "unauthorized");
  });

  it.each([
    ["manager", "editor", 201],
    ["manager", "manager", 403],
    ["manager", "admin", 403],
    ["editor", "guest", 403],
    ["guest", "guest", 403],
  ] as const)("as a %s of a %s is answered %d", async (own, role, status) => {
    const { scope } = await makeAdmin();
    const answer = await invite(await makeMember(scope, own), { role });
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body).toMatchObject({ code: "forbidden", has: own });
  });
});

/** As if one had been made while another isolate still knew them. */
const unrevoke = (id: string) =>
  env.DIRECTORY.prepare("UPDATE tokens SET revoked_at = NULL WHERE member_id = ?1").bind(id).run();

describe("another invitation link", () => {
  it("ends the one before", async () => {
    const owner = await makeAdmin();
    const first = (await invite(owner)).body;
    const second = await owner.call("POST", `/v1/members/${first.member.id}/invitation`);
    expect(second.status).toBe(201);
    expect(second.body.invitation_url).not.toBe(first.invitation_url);
    expect(await openLinks(first.member.id)).toBe(1);
    expect(await auditOf(owner.scope, "member.invitation_renewed")).toHaveLength(1);
  });

  it("is for those who are invited", async () => {
    const owner = await makeAdmin();
    const member = await makeMember(owner.scope, "viewer");
    expectProblem(await owner.call("POST", `/v1/members/${member.id}/invitation`), 409, "conflict");
  });
});

describe("the list of members", () => {
  it("pages through everybody, and filters by state, role and address", async () => {
    const owner = await makeAdmin();
    const viewer = await makeMember(owner.scope, "viewer");
    const invited = (await invite(owner)).body.member;
    const first = (await owner.call("GET", "/v1/members?limit=2")).body;
    const rest = (await owner.call("GET", `/v1/members?limit=2&cursor=${first.next_cursor}`)).body;
    const ids = [...first.items, ...rest.items].map(({ id }: { id: string }) => id);
    expect(ids).toEqual([owner.id, viewer.id, invited.id]);
    expect(rest.next_cursor).toBeNull();
    const only = async (query: string) =>
      (await owner.call("GET", `/v1/members?${query}`)).body.items.map(({ id }: { id: string }) => id);
    expect(await only("state=invited")).toEqual([invited.id]);
    expect(await only("role=viewer")).toEqual([viewer.id]);
    expect(await only("role=viewer&state=invited")).toEqual([]);
    expectProblem(
      await owner.call("GET", `/v1/members?limit=2&role=viewer&cursor=${first.next_cursor}`),
      400,
      "invalid_cursor",
    );
  });

  it("is for all but guests", async () => {
    const { scope } = await makeAdmin();
    expect((await (await makeMember(scope, "viewer")).call("GET", "/v1/members")).status).toBe(200);
    const guest = await makeMember(scope, "guest");
    const refused = await guest.call("GET", "/v1/members");
    expectProblem(refused, 403, "forbidden");
    expect(refused.body).toMatchObject({ needs: "see_people", has: "guest" });
  });
});

describe("changing a member", () => {
  it("changes the role and the name at once, and says so in the audit", async () => {
    const owner = await makeAdmin();
    const colleague = await makeMember(owner.scope, "editor");
    expect((await colleague.call("POST", "/v1/projects", { body: { name: "R" } })).status).toBe(201);
    const changed = await owner.call("PATCH", `/v1/members/${colleague.id}`, { body: { role: "viewer", name: "Bob" } });
    expect(changed.body).toMatchObject({ role: "viewer", name: "Bob" });
    expectProblem(await colleague.call("POST", "/v1/projects", { body: { name: "R" } }), 403, "forbidden");
    const [entry] = await auditOf(owner.scope, "member.changed");
    expect(JSON.parse(entry?.detail ?? "")).toEqual({
      before: { role: "editor", name: "" },
      after: { role: "viewer", name: "Bob" },
    });
  });

  it("to what they are already is no act", async () => {
    const owner = await makeAdmin();
    const colleague = await makeMember(owner.scope, "editor");
    expect((await owner.call("PATCH", `/v1/members/${colleague.id}`, { body: { role: "editor" } })).status).toBe(200);
    expect((await owner.call("PATCH", `/v1/members/${colleague.id}`, { body: {} })).status).toBe(200);
    expect(await auditOf(owner.scope, "member.changed")).toEqual([]);
  });

  it("to another role ends the invitation of who has not joined: its link was for the old one", async () => {
    const owner = await makeAdmin();
    const { member } = (await invite(await makeMember(owner.scope, "manager"), { role: "viewer" })).body;
    expect((await owner.call("PATCH", `/v1/members/${member.id}`, { body: { name: "Grace" } })).status).toBe(200);
    expect(await openLinks(member.id)).toBe(1);
    expect((await owner.call("PATCH", `/v1/members/${member.id}`, { body: { role: "admin" } })).status).toBe(200);
    expect(await openLinks(member.id)).toBe(0);
  });

  it("is not for one's own role", async () => {
    const owner = await makeAdmin();
    await makeMember(owner.scope, "admin");
    expectProblem(await owner.call("PATCH", `/v1/members/${owner.id}`, { body: { role: "viewer" } }), 409, "conflict");
  });

  it("leaves the last active admin an admin, also when two are demoted at once", async () => {
    const owner = await makeAdmin();
    const demote = (id: string) =>
      owner.workspaceToken.call("PATCH", `/v1/members/${id}`, { body: { role: "editor" } });
    const last = await demote(owner.id);
    expectProblem(last, 409, "conflict");
    expect(last.body.detail).toContain("last active admin");
    const second = await makeMember(owner.scope, "admin");
    const statuses = (await Promise.all([demote(owner.id), demote(second.id)])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409]);
  });

  it("of a role that is not below one's own is refused, in both directions", async () => {
    const { scope, id } = await makeAdmin();
    const manager = await makeMember(scope, "manager");
    const viewer = await makeMember(scope, "viewer");
    const up = await manager.call("PATCH", `/v1/members/${viewer.id}`, { body: { role: "admin" } });
    expectProblem(up, 403, "forbidden");
    expect(up.body).toMatchObject({ needs: "admin", has: "manager" });
    expectProblem(await manager.call("PATCH", `/v1/members/${id}`, { body: { name: "X" } }), 403, "forbidden");
    expect((await manager.call("PATCH", `/v1/members/${viewer.id}`, { body: { role: "editor" } })).status).toBe(200);
  });
});

describe("a member of another workspace", () => {
  it.each([
    ["GET", "", undefined],
    ["PATCH", "", { name: "Mine" }],
    ["DELETE", "", undefined],
    ["POST", "/invitation", undefined],
    ["POST", "/reactivation", undefined],
  ])("is like one that never was: %s %s", async (method, path, body) => {
    const { colleague, outsider, owner } = await makeTeam();
    const call = { body };
    const before = (await owner.call("GET", `/v1/members/${colleague.id}`)).body;
    const foreign = await outsider.call(method, `/v1/members/${colleague.id}${path}`, call);
    const unknown = await outsider.call(method, `/v1/members/${newId()}${path}`, call);
    expectProblem(foreign, 404, "not_found");
    expect({ ...foreign.body, request_id: "" }).toEqual({ ...unknown.body, request_id: "" });
    expect((await owner.call("GET", `/v1/members/${colleague.id}`)).body).toEqual(before);
  });

  it("is in no list, and no cursor of theirs is good here", async () => {
    const { owner, outsider } = await makeTeam();
    const { body } = await owner.call("GET", "/v1/members?limit=1");
    expectProblem(await outsider.call("GET", `/v1/members?limit=1&cursor=${body.next_cursor}`), 400, "invalid_cursor");
    expect((await outsider.call("GET", "/v1/members")).body.items).toHaveLength(1);
  });
});
