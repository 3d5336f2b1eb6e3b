/** `/v1/projects`: made, shown, renamed, deleted; seen by their own workspace alone. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { WORKSPACE_LIMITS } from "../../src/domain/workspace-limits.ts";
import { newId } from "../../src/system.ts";
import {
  auditOf,
  expectProblem,
  makeAdmin,
  makeMember,
  makeOwner,
  makeProjectOwner,
  makeTeam,
  schedule,
} from "./caller.ts";

describe("making a project", () => {
  it("answers 201 with the project, found by id and by slug from then on", async () => {
    const owner = await makeOwner();
    const made = await owner.call("POST", "/v1/projects", { body: { name: "Größe & Menge!" } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name: "Größe & Menge!", slug: "grosse-menge", access: "full_access" });
    expect((await owner.call("GET", `/v1/projects/${made.body.id}`)).body).toEqual(made.body);
    expect((await owner.call("GET", "/v1/projects/grosse-menge")).body).toEqual(made.body);
  });

  it("finds another slug where the one of the name is taken, but refuses a taken one that was asked for", async () => {
    const owner = await makeOwner();
    await owner.call("POST", "/v1/projects", { body: { name: "Reports" } });
    const second = await owner.call("POST", "/v1/projects", { body: { name: "Reports" } });
    expect(second.body.slug).toMatch(/^reports-[0-9a-f]{6}$/);
    expectProblem(await owner.call("POST", "/v1/projects", { body: { name: "R", slug: "reports" } }), 409, "conflict");
  });

  it("is refused where the workspace has as many as it may, with the limit and the use, and no plan lifts it", async () => {
    const owner = await makeAdmin();
    await env.DIRECTORY.prepare(
      `WITH RECURSIVE number (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < ?2)
       INSERT INTO projects (id, workspace_id, slug, name, created_at, updated_at)
       SELECT ?1 || i, ?1, 's' || i, 'P', 1, 1 FROM number`,
    )
      .bind(owner.scope.workspaceId, WORKSPACE_LIMITS.projects)
      .run();
    const call = { body: { name: "Reports" }, headers: { "idempotency-key": "one-more" } };
    const refused = await owner.call("POST", "/v1/projects", call);
    expectProblem(refused, 403, "limit_reached");
    expect(refused.body).toMatchObject({ limit: "projects", allowed: 5_000, used: 5_001 });
    expect(refused.body.plan).toBeUndefined();
    await env.DIRECTORY.prepare("UPDATE projects SET deleted_at = 1, closed_at = 1 WHERE id = ?1 || 1")
      .bind(owner.scope.workspaceId)
      .run();
    expect((await owner.call("POST", "/v1/projects", call)).status).toBe(201);
  });

  it("happens once under an idempotency key, and answers the same again", async () => {
    const owner = await makeOwner();
    const call = { body: { name: "Reports" }, headers: { "idempotency-key": "make-reports" } };
    const first = await owner.call("POST", "/v1/projects", call);
    const again = await owner.call("POST", "/v1/projects", call);
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    expect((await owner.call("GET", "/v1/projects")).body.items).toHaveLength(1);
  });

  it("happens once when twins with the same key race each other", async () => {
    const owner = await makeOwner();
    const call = { body: { name: "Reports" }, headers: { "idempotency-key": "race" } };
    const answers = await Promise.all([1, 2, 3, 4].map(() => owner.call("POST", "/v1/projects", call)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  it("refuses a key that was used for another request", async () => {
    const owner = await makeOwner();
    const headers = { "idempotency-key": "one" };
    await owner.call("POST", "/v1/projects", { body: { name: "A" }, headers });
    expectProblem(
      await owner.call("POST", "/v1/projects", { body: { name: "B" }, headers }),
      422,
      "idempotency_key_reused",
    );
  });

  it("is its caller's own: another member with the same key makes another project", async () => {
    const { owner, colleague } = await makeTeam();
    const call = { body: { name: "Plan" }, headers: { "idempotency-key": "same" } };
    const [one, two] = [
      await owner.call("POST", "/v1/projects", call),
      await colleague.call("POST", "/v1/projects", call),
    ];
    expect(two.status).toBe(201);
    expect(two.body.id).not.toBe(one.body.id);
  });

  it("lets another workspace use the same key and the same slug", async () => {
    const [owner, other] = [await makeOwner(), await makeOwner()];
    const call = { body: { name: "Reports", slug: "reports" }, headers: { "idempotency-key": "same" } };
    const [one, two] = [await owner.call("POST", "/v1/projects", call), await other.call("POST", "/v1/projects", call)];
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(one.body.id).not.toBe(two.body.id);
  });

  it("takes the zone of its schedules from the request", async () => {
    const owner = await makeOwner();
    const { body } = await owner.call("POST", "/v1/projects", { body: { name: "R", timezone: "europe/berlin" } });
    expect((await owner.call("GET", `/v1/projects/${body.id}/settings`)).body).toMatchObject({
      timezone: "Europe/Berlin",
    });
  });
});

describe("who made a project", () => {
  it("has it from the start, also with a personal token, and nobody else has", async () => {
    const { owner, colleague } = await makeTeam();
    const made = await colleague.call("POST", "/v1/projects", { body: { name: "Mine" } });
    expect(made.body.access).toBe("full_access");
    const { grants } = (await colleague.call("GET", `/v1/projects/${made.body.id}/access`)).body;
    expect(grants).toMatchObject([{ grantee: { kind: "user", id: colleague.id }, access: "full_access" }]);
    expect((await owner.call("GET", `/v1/projects/${made.body.id}`)).body.access).toBe("none");
  });

  it("is nobody when it was a token of the workspace, which has full access anyway", async () => {
    const { workspaceToken } = await makeAdmin();
    const made = (await workspaceToken.call("POST", "/v1/projects", { body: { name: "Mine" } })).body;
    expect(made.access).toBe("full_access");
    expect((await workspaceToken.call("GET", `/v1/projects/${made.id}/access`)).body.grants).toEqual([]);
  });

  it("may share it with the whole workspace at once", async () => {
    const { owner, colleague } = await makeTeam();
    const body = { name: "Open", workspace_access: "can_view" };
    const made = (await owner.call("POST", "/v1/projects", { body })).body;
    expect((await colleague.call("GET", `/v1/projects/${made.id}`)).body.access).toBe("can_view");
    const refused = await owner.call("POST", "/v1/projects", { body: { ...body, workspace_access: "all" } });
    expect(refused.body.errors).toMatchObject([{ path: "/workspace_access" }]);
  });

  it("is told in the audit, once, however often the request came", async () => {
    const owner = await makeAdmin();
    const call = { body: { name: "R" }, headers: { "idempotency-key": "k" } };
    const [{ body }] = [await owner.call("POST", "/v1/projects", call), await owner.call("POST", "/v1/projects", call)];
    expect(await auditOf(owner.scope, "project.created")).toMatchObject([{ project_id: body.id, target_name: "R" }]);
  });

  it.each(["explorer", "viewer", "guest"] as const)("is no %s", async (role) => {
    const { scope } = await makeAdmin();
    const refused = await (await makeMember(scope, role)).call("POST", "/v1/projects", { body: { name: "R" } });
    expectProblem(refused, 403, "forbidden");
    expect(refused.body).toMatchObject({ needs: "create_projects", has: role });
  });
});

describe("the list of projects", () => {
  it("holds those that one has access to, each with it", async () => {
    const { owner, colleague, project } = await makeTeam("can_explore");
    await owner.call("POST", "/v1/projects", { body: { name: "Secret" } });
    expect((await colleague.call("GET", "/v1/projects")).body.items).toMatchObject([
      { id: project, access: "can_explore" },
    ]);
    const viewer = await makeMember(owner.scope, "viewer");
    expect((await viewer.call("GET", "/v1/projects")).body.items).toEqual([]);
  });

  it("holds all for whoever may share any, who sees which are closed to them", async () => {
    const { owner, colleague, project } = await makeTeam();
    const admin = await makeMember(owner.scope, "admin");
    const all = (await admin.call("GET", "/v1/projects?all=true")).body.items;
    expect(all).toMatchObject([{ id: project, access: "none" }]);
    expect((await admin.call("GET", "/v1/projects")).body.items).toEqual([]);
    expect((await admin.call("GET", `/v1/projects/${project}`)).body).toEqual(all[0]);
    const refused = await colleague.call("GET", "/v1/projects?all=true");
    expectProblem(refused, 403, "forbidden");
    expect(refused.body).toMatchObject({ needs: "share_any_project", has: "editor" });
  });

  it("has cursors of each caller's own", async () => {
    const { owner, colleague } = await makeTeam();
    await owner.call("POST", "/v1/projects", { body: { name: "Second" } });
    const { next_cursor } = (await owner.call("GET", "/v1/projects?limit=1")).body;
    const path = `/v1/projects?limit=1&cursor=${next_cursor}`;
    expect((await owner.call("GET", path)).body.items).toMatchObject([{ name: "Second" }]);
    expectProblem(await colleague.call("GET", path), 400, "invalid_cursor");
    expectProblem(await owner.call("GET", `${path}&all=true`), 400, "invalid_cursor");
  });

  it("pages through every project once, oldest first", async () => {
    const owner = await makeOwner();
    for (const name of ["a", "b", "c", "d", "e"]) await owner.call("POST", "/v1/projects", { body: { name } });
    const names: string[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await owner.call("GET", `/v1/projects?limit=2${cursor}`);
      names.push(...body.items.map(({ name }: { name: string }) => name));
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(names).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("shows nothing of another workspace", async () => {
    const [owner, outsider] = [await makeProjectOwner(), await makeOwner()];
    expect((await outsider.call("GET", "/v1/projects")).body.items).toEqual([]);
    expectProblem(await outsider.call("GET", owner.at), 404, "not_found");
  });
});

describe("a project", () => {
  it("is renamed and deleted by who has full access, and the audit says so", async () => {
    const { owner, colleague, at, project } = await makeTeam("can_edit");
    for (const method of ["PATCH", "DELETE"]) {
      const refused = await colleague.call(method, at, method === "PATCH" ? { body: { name: "Mine" } } : {});
      expectProblem(refused, 403, "forbidden");
      expect(refused.body).toMatchObject({ needs: "full_access", has: "can_edit", reason: "granted" });
    }
    await owner.call("PATCH", at, { body: { name: "Weekly" } });
    await owner.call("PATCH", at, { body: { name: "Weekly" } });
    await owner.call("DELETE", at);
    const changed = await auditOf(owner.scope, "project.changed");
    expect(changed).toMatchObject([{ target_id: project, target_name: "Weekly", request_id: expect.any(String) }]);
    expect(JSON.parse(changed[0]?.detail ?? "")).toEqual({ before: { name: "Reports" }, after: { name: "Weekly" } });
    expect(await auditOf(owner.scope, "project.deleted")).toMatchObject([{ target_id: project, project_id: project }]);
  });

  it("of another workspace is neither renamed nor deleted", async () => {
    const { owner, outsider, at } = await makeTeam();
    expectProblem(await outsider.call("PATCH", at, { body: { name: "Mine" } }), 404, "not_found");
    expectProblem(await outsider.call("DELETE", at), 404, "not_found");
    expect((await owner.call("GET", at)).body.name).toBe("Reports");
  });

  it("keeps its slug when it is renamed", async () => {
    const owner = await makeProjectOwner();
    const before = (await owner.call("GET", owner.at)).body;
    const renamed = await owner.call("PATCH", owner.at, { body: { name: "Weekly" } });
    expect(renamed.body).toMatchObject({ name: "Weekly", slug: before.slug, id: before.id });
    expect((await owner.call("GET", owner.at)).body).toEqual(renamed.body);
  });

  it("is gone for good once deleted: every address under it, and its slug is free", async () => {
    const owner = await makeProjectOwner();
    const { slug } = (await owner.call("GET", owner.at)).body;
    const { id } = await schedule(owner);
    expect((await owner.call("DELETE", owner.at)).status).toBe(204);
    for (const path of [owner.at, `${owner.at}/schedules`, `${owner.at}/schedules/${id}`, `/v1/projects/${slug}`]) {
      expectProblem(await owner.call("GET", path), 404, "not_found");
    }
    expectProblem(await owner.call("DELETE", owner.at), 404, "not_found");
    expect((await owner.call("POST", "/v1/projects", { body: { name: "New", slug } })).status).toBe(201);
  });

  it("cannot be told from one that never was by someone else", async () => {
    const [owner, outsider] = [await makeProjectOwner(), await makeOwner()];
    const foreign = await outsider.call("GET", owner.at);
    const unknown = await outsider.call("GET", `/v1/projects/${newId()}`);
    const { request_id: _, ...foreignBody } = foreign.body;
    const { request_id: __, ...unknownBody } = unknown.body;
    expect(foreignBody).toEqual(unknownBody);
  });
});
