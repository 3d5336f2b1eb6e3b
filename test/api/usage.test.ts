import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { mintProjectScope } from "../../src/domain/access.ts";
import { readProjectId } from "../../src/domain/ids.ts";
import { PLANS } from "../../src/domain/plan.ts";
import { orderCaptures } from "../../src/runlog/captures.ts";
import { newId, now } from "../../src/system.ts";
import { makeWish } from "../support/make-capture.ts";
import { expectProblem, makeMember, makeProjectOwner, makeTeam, schedule } from "./caller.ts";

describe("the use of a plan", () => {
  it("is told by project, beside what the plan allows", async () => {
    const owner = await makeProjectOwner();
    await schedule(owner);
    await owner.call("POST", `${owner.at}/runs`, { body: { fn: "work" } });
    const { body } = await owner.call("GET", "/v1/usage");
    expect(body).toMatchObject({
      plan: { name: "enterprise", limits: { schedules_per_project: PLANS.enterprise.schedulesPerProject } },
      members: 1,
      items: [{ project: { id: owner.project }, schedules: 1, runs_today: 1 }],
      next_cursor: null,
    });
  });

  it("tells how many captures the workspace ordered today", async () => {
    const { owner } = await makeTeam();
    expect((await owner.call("GET", "/v1/usage")).body.captures_today).toBe(0);
    await orderCaptures(env.RUNLOG, mintProjectScope(owner.scope.workspaceId, readProjectId(newId())), {
      ...makeWish(),
      orderedAt: now(),
    });
    const { body } = await owner.call("GET", "/v1/usage");
    expect([body.captures_today, body.plan.limits.captures_per_day]).toEqual([2, PLANS.enterprise.capturesPerDay]);
  });

  it("counts a schedule no more that is cancelled", async () => {
    const owner = await makeProjectOwner();
    const { id } = await schedule(owner);
    await owner.call("DELETE", `${owner.at}/schedules/${id}`);
    expect((await owner.call("GET", "/v1/usage")).body.items[0].schedules).toBe(0);
  });

  it("names only projects that the caller has access to", async () => {
    const { owner, colleague, project } = await makeTeam("app_only");
    const hidden = await owner.call("POST", "/v1/projects", { body: { name: "Hidden" } });
    const { body } = await colleague.call("GET", "/v1/usage");
    expect(body.items.map((one: { project: { id: string } }) => one.project.id)).toEqual([project]);
    expect(JSON.stringify(body)).not.toContain(hidden.body.id);
  });

  it("is for editors and those above them", async () => {
    const { owner } = await makeTeam();
    const viewer = await makeMember(owner.scope, "viewer");
    expectProblem(await viewer.call("GET", "/v1/usage"), 403, "forbidden");
  });

  it("comes a page at a time", async () => {
    const { owner } = await makeTeam();
    await owner.call("POST", "/v1/projects", { body: { name: "Second" } });
    const first = (await owner.call("GET", "/v1/usage?limit=1")).body;
    const second = (await owner.call("GET", `/v1/usage?limit=1&cursor=${first.next_cursor}`)).body;
    expect([first.items.length, second.items.length, second.next_cursor]).toEqual([1, 1, null]);
    expect(second.items[0].project.name).toBe("Second");
  });

  it("says null for a project that cannot be asked, and goes on with the others", async () => {
    const owner = await makeProjectOwner();
    vi.spyOn(env.PROJECT, "getByName").mockImplementation(() => {
      throw new Error("Network connection lost.");
    });
    const { status, body } = await owner.call("GET", "/v1/usage");
    expect([status, body.items[0].schedules, body.items[0].running]).toEqual([200, null, null]);
  });
});
