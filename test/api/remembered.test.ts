/** Whoever is only remembered changes nothing that would outlive the memory. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { expectProblem, functionAt, makeMember, makeTeam, type Team } from "./caller.ts";

/** Ends every token of the colleague as another isolate does: this one still remembers them. */
async function revokeElsewhere({ colleague, at }: Team): Promise<void> {
  expect((await colleague.call("GET", at)).status).toBe(200);
  await env.DIRECTORY.prepare("UPDATE tokens SET revoked_at = 1 WHERE member_id = ?1").bind(colleague.id).run();
  expect((await colleague.call("GET", at)).status).toBe(200);
}

describe("a token that was revoked elsewhere a moment ago", () => {
  it.each([
    ["makes no token", "POST", () => "/v1/tokens", { name: "N" }],
    ["makes no project", "POST", () => "/v1/projects", { name: "N" }],
    ["renames nobody", "PATCH", () => "/v1/me", { name: "N" }],
    ["renames no project", "PATCH", ({ at }: Team) => at, { name: "N" }],
    ["deletes no project", "DELETE", ({ at }: Team) => at, undefined],
    ["takes nobody's access away", "PUT", ({ at }: Team) => `${at}/access`, { grants: [] }],
    ["shares nothing", "PATCH", ({ at }: Team) => `${at}/access`, { workspace: true, access: "can_view" }],
  ] as const)("%s", async (_, method, path, body) => {
    const team = await makeTeam("full_access");
    await revokeElsewhere(team);
    expectProblem(await team.colleague.call(method, path(team), { body }), 401, "unauthorized");
  });

  it("invites nobody, and changes no role", async () => {
    const team = await makeTeam("full_access");
    await env.DIRECTORY.prepare("UPDATE members SET role = 'admin' WHERE id = ?1").bind(team.colleague.id).run();
    await revokeElsewhere(team);
    const { colleague, owner } = team;
    const viewer = await makeMember(owner.scope, "viewer");
    const body = { email: "eve@acme.test", role: "admin" };
    expectProblem(await colleague.call("POST", "/v1/members", { body }), 401, "unauthorized");
    const promoted = await colleague.call("PATCH", `/v1/members/${viewer.id}`, { body: { role: "admin" } });
    expectProblem(promoted, 401, "unauthorized");
  });

  it("may for those few seconds do what is done often, and ends with them", async () => {
    const team = await makeTeam("can_edit");
    await revokeElsewhere(team);
    const { colleague, at } = team;
    const body = { functions: [functionAt("work")] };
    expect((await colleague.call("POST", `${at}/versions`, { body })).status).toBe(201);
    expect((await colleague.call("POST", "/v1/previews", { body: { schedule: "@daily" } })).status).toBe(200);
  });
});

it("access that was taken away elsewhere a moment ago is not given on", async () => {
  const { owner, colleague, at, project } = await makeTeam("full_access");
  expect((await colleague.call("GET", at)).body.access).toBe("full_access");
  await env.DIRECTORY.prepare("UPDATE grants SET access = 'can_view' WHERE project_id = ?1 AND grantee_id = ?2")
    .bind(project, colleague.id)
    .run();
  const friend = await makeMember(owner.scope, "editor");
  const body = { user: friend.id, access: "full_access" };
  expectProblem(await colleague.call("PATCH", `${at}/access`, { body }), 403, "forbidden");
});
