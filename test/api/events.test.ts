/** `/v1/projects/{p}/events`: the seed product's events over HTTP. */
import { describe, expect, it } from "vitest";
import { newId } from "../../src/system.ts";
import { expectProblem, functionAt, makeProjectOwner, type ProjectOwner } from "./caller.ts";

const FN = "::myapp::orders/process-order";

const send = (owner: ProjectOwner, event: string, data: object) =>
  owner.call("POST", `${owner.at}/events`, { body: { event, data } });

const makeSender = () => makeProjectOwner([functionAt(FN)]);

const activeIn = async (owner: ProjectOwner) =>
  (await owner.call("GET", `${owner.at}/schedules?state=active`)).body.items.length;

describe("hot:schedule:new", () => {
  it.each([
    ["2027-01-15T10:30:00Z", "once"],
    ["in 10 minutes", "once"],
    ["2 hours from now", "once"],
    ["every day at 9am", "calendar"],
  ])("makes a schedule of %s and answers its id", async (text, kind) => {
    const owner = await makeSender();
    const { status, body } = await send(owner, "hot:schedule:new", {
      fn: FN,
      args: [{ order_id: "12345" }],
      schedule: text,
    });
    expect(status).toBe(201);
    expect(body.kind).toBe(kind);
    const made = await owner.call("GET", `${owner.at}/schedules/${body.schedule_id}`);
    expect(made.body).toMatchObject({ fn: FN, args: [{ order_id: "12345" }], schedule: text, origin: "dynamic" });
  });

  it("refuses a time that has passed", async () => {
    const owner = await makeSender();
    const answer = await send(owner, "hot:schedule:new", { fn: FN, schedule: "2024-01-15T10:30:00Z" });
    expectProblem(answer, 422, "invalid_input");
    expect(answer.body.errors[0].path).toBe("/schedule");
  });

  it("makes one schedule under one idempotency key", async () => {
    const owner = await makeSender();
    const call = {
      body: { event: "hot:schedule:new", data: { fn: FN, schedule: "in 10 minutes" } },
      headers: { "idempotency-key": "once" },
    };
    const first = await owner.call("POST", `${owner.at}/events`, call);
    expect((await owner.call("POST", `${owner.at}/events`, call)).body).toEqual(first.body);
    expect(await activeIn(owner)).toBe(1);
  });
});

describe("hot:schedule:cancel", () => {
  it.each(["schedule-id", "schedule_id"])("cancels by %s, also when sent again", async (name) => {
    const owner = await makeSender();
    const { body } = await send(owner, "hot:schedule:new", { fn: FN, schedule: "in 30 minutes" });
    const cancel = () => send(owner, "hot:schedule:cancel", { [name]: body.schedule_id });
    expect((await cancel()).body).toEqual({ cancelled: 1 });
    expect((await cancel()).body).toEqual({ cancelled: 1 });
    expect(await activeIn(owner)).toBe(0);
  });

  it("cancels every schedule of a function", async () => {
    const owner = await makeSender();
    for (const text of ["in 5 minutes", "every hour"])
      await send(owner, "hot:schedule:new", { fn: FN, schedule: text });
    expect((await send(owner, "hot:schedule:cancel", { fn: FN })).body).toEqual({ cancelled: 2 });
    expect(await activeIn(owner)).toBe(0);
  });

  it("has nothing to cancel where there is no such schedule", async () => {
    const owner = await makeSender();
    expect((await send(owner, "hot:schedule:cancel", { schedule_id: newId() })).body).toEqual({ cancelled: 0 });
  });

  it("wants to know which, and only one way", async () => {
    const owner = await makeSender();
    expectProblem(await send(owner, "hot:schedule:cancel", {}), 422, "invalid_input");
    expectProblem(await send(owner, "hot:schedule:cancel", { fn: FN, schedule_id: newId() }), 422, "invalid_input");
  });
});

it("an event that nobody knows is refused with those that are known", async () => {
  const owner = await makeSender();
  const answer = await send(owner, "hot:schedule:nwe", {});
  expectProblem(answer, 422, "invalid_input");
  expect(answer.body.errors[0]).toMatchObject({ path: "/event", suggestion: "hot:schedule:new" });
});
