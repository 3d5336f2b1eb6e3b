/** A request has one instant, however long it takes: what it answers is what is stored, to the millisecond. */
import { expect, it, vi } from "vitest";
import { makeAdmin, makeMember, makeProjectOwner } from "./caller.ts";

/** Every look at the clock finds another millisecond. */
function letTimeRun(): void {
  let at = Date.now();
  vi.spyOn(Date, "now").mockImplementation(() => (at += 1));
}

it.each([
  ["projects", { name: "Reports" }],
  ["groups", { name: "Finance" }],
  ["tokens", { name: "Nightly import" }],
])("what making one of %s answers is what is found afterwards", async (all, body) => {
  const owner = await makeAdmin();
  letTimeRun();
  const { token: _, ...made } = (await owner.call("POST", `/v1/${all}`, { body })).body;
  const { members: __, ...found } = (await owner.call("GET", `/v1/${all}/${made.id}`)).body;
  expect(found).toEqual(made);
});

it("who is invited or given a role is answered as they are found afterwards", async () => {
  const owner = await makeAdmin();
  const { id } = await makeMember(owner.scope, "editor");
  letTimeRun();
  const invited = await owner.call("POST", "/v1/members", { body: { email: "grace@acme.test", role: "viewer" } });
  const found = await owner.call("GET", `/v1/members/${invited.body.member.id}`);
  expect(found.body).toMatchObject(invited.body.member);
  const { handed_over: _, ...changed } = (await owner.call("PATCH", `/v1/members/${id}`, { body: { role: "manager" } }))
    .body;
  expect((await owner.call("GET", `/v1/members/${id}`)).body).toEqual(changed);
});

it("a schedule and its pause are answered as they are found afterwards", async () => {
  const owner = await makeProjectOwner();
  letTimeRun();
  const body = { schedule: "every day at 9:00 am", fn: "work" };
  const {
    change: _,
    upcoming: __,
    notes: ___,
    ...made
  } = (await owner.call("POST", `${owner.at}/schedules`, { body })).body;
  expect((await owner.call("GET", `${owner.at}/schedules/${made.id}`)).body).toMatchObject(made);
  const paused = await owner.call("PUT", `${owner.at}/schedules/${made.id}/pause`, { body: {} });
  const { upcoming: ____, ...shown } = paused.body;
  expect((await owner.call("GET", `${owner.at}/schedules/${made.id}`)).body).toMatchObject(shown);
});
