/** `/v1/workspace`, as those in it see it. */
import { describe, expect, it } from "vitest";
import { auditOf, expectProblem, makeAdmin, makeMember } from "./caller.ts";

describe("the workspace", () => {
  it("is shown to everybody in it", async () => {
    const owner = await makeAdmin();
    const guest = await makeMember(owner.scope, "guest");
    const { status, body } = await guest.call("GET", "/v1/workspace");
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: owner.scope.workspaceId, name: "Acme", plan: "enterprise" });
  });

  it("is renamed by an admin, and the audit says from what", async () => {
    const [owner, other] = [await makeAdmin(), await makeAdmin()];
    expect((await owner.call("PATCH", "/v1/workspace", { body: { name: "Bell" } })).body.name).toBe("Bell");
    expect((await owner.call("GET", "/v1/workspace")).body.name).toBe("Bell");
    expect((await other.call("GET", "/v1/workspace")).body.name).toBe("Acme");
    const [entry] = await auditOf(owner.scope, "workspace.changed");
    expect(JSON.parse(entry?.detail ?? "")).toEqual({ before: { name: "Acme" }, after: { name: "Bell" } });
  });

  it("is not renamed by anybody else, nor given a plan by anybody in it", async () => {
    const owner = await makeAdmin();
    const manager = await makeMember(owner.scope, "manager");
    const refused = await manager.call("PATCH", "/v1/workspace", { body: { name: "Mine" } });
    expectProblem(refused, 403, "forbidden");
    expect(refused.body).toMatchObject({ needs: "manage_workspace", has: "manager" });
    const plan = await owner.call("PATCH", "/v1/workspace", { body: { plan: "enterprise" } });
    expect(plan.body.errors).toMatchObject([{ path: "/plan" }]);
    expect(await auditOf(owner.scope, "workspace.changed")).toEqual([]);
  });
});
