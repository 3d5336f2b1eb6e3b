/** `/v1/me/unsubscriptions`: schedules of which somebody wants no news. */
import { describe, expect, it } from "vitest";
import { newId } from "../../src/system.ts";
import { auditOf, expectProblem, makeAdmin, makeMember } from "./caller.ts";

async function makeGround() {
  const owner = await makeAdmin();
  const slug = `sales-${newId()}`;
  const { body: project } = await owner.call("POST", "/v1/projects", { body: { name: "Sales", slug } });
  await owner.call("POST", `/v1/projects/${slug}/versions`, {
    body: {
      functions: [{ name: "work", kind: "http", url: "https://example.com/" }],
    },
  });
  await owner.call("PUT", `/v1/projects/${slug}/published`, { body: { version: 1 } });
  const made = await owner.call("POST", `/v1/projects/${slug}/schedules`, {
    body: {
      schedule: "every year on Jan 1 at noon",
      fn: "work",
    },
  });
  return { owner, slug, project, schedule: made.body.id, path: `/v1/me/unsubscriptions/${made.body.id}` };
}

describe("an unsubscription", () => {
  it("is made, listed with its project, and taken back; each once, however often it is asked for", async () => {
    const { owner, slug, project, schedule, path } = await makeGround();
    for (let times = 0; times < 2; times += 1) {
      expect((await owner.call("PUT", path, { body: { project: slug } })).status).toBe(204);
    }
    expect((await owner.call("GET", "/v1/me/unsubscriptions")).body).toEqual({
      items: [
        { schedule_id: schedule, project: { id: project.id, slug, name: "Sales" }, created_at: expect.any(String) },
      ],
      next_cursor: null,
    });
    for (let times = 0; times < 2; times += 1) expect((await owner.call("DELETE", path)).status).toBe(204);
    expect((await owner.call("GET", "/v1/me/unsubscriptions")).body.items).toEqual([]);
    for (const act of ["member.unsubscribed", "member.resubscribed"])
      expect(await auditOf(owner.scope, act)).toMatchObject([
        { target_id: owner.id, detail: JSON.stringify({ schedule }) },
      ]);
  });

  it("is a member's own: nobody else's list has it", async () => {
    const { owner, slug, path } = await makeGround();
    await owner.call("PUT", path, { body: { project: slug } });
    const colleague = await makeMember(owner.scope, "editor");
    expect((await colleague.call("GET", "/v1/me/unsubscriptions")).body.items).toEqual([]);
    await colleague.call("DELETE", path);
    expect((await owner.call("GET", "/v1/me/unsubscriptions")).body.items).toHaveLength(1);
  });

  it("of what the caller cannot see is not made, nor of what is not there", async () => {
    const { owner, slug, path } = await makeGround();
    const colleague = await makeMember(owner.scope, "editor");
    expectProblem(await colleague.call("PUT", path, { body: { project: slug } }), 404, "not_found");
    expectProblem(await owner.call("PUT", path, { body: { project: "elsewhere" } }), 404, "not_found");
    expectProblem(
      await owner.call("PUT", `/v1/me/unsubscriptions/${newId()}`, { body: { project: slug } }),
      404,
      "not_found",
    );
    expect((await owner.call("PUT", path, { body: {} })).status).toBe(422);
    expect((await owner.call("GET", "/v1/me/unsubscriptions")).body.items).toEqual([]);
  });

  it("goes from the list with its project", async () => {
    const { owner, slug, path } = await makeGround();
    await owner.call("PUT", path, { body: { project: slug } });
    await owner.call("DELETE", `/v1/projects/${slug}`);
    expect((await owner.call("GET", "/v1/me/unsubscriptions")).body.items).toEqual([]);
    expect((await owner.call("DELETE", path)).status).toBe(204);
  });
});
