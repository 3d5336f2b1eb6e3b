/** `/v1/projects/{p}/events`: the seed product's events over HTTP. */
import { describe, expect, it } from "vitest";
import { newId } from "../../src/system.ts";
import { setClock } from "../support/world.ts";
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

describe("as the seed's documents write them", () => {
  const TEN = "2024-01-15T10:00:00.000Z";
  const FUNCTIONS = [
    "::myapp::orders/process-order",
    "::myapp::reminders/send-reminder",
    "::myapp::notifications/send-followup",
    "::myapp::reports/generate",
    "::myapp::jobs/heavy-process",
  ];

  const makeReader = () => {
    setClock(TEN);
    return makeProjectOwner(FUNCTIONS.map((name) => functionAt(name)));
  };

  it.each([
    ["2024-01-15T10:30:00Z", "::myapp::orders/process-order", [{ order_id: "12345" }], "2024-01-15T10:30:00.000Z"],
    [
      "in 10 minutes",
      "::myapp::reminders/send-reminder",
      [{ user_id: "42", message: "Time to check in!" }],
      "2024-01-15T10:10:00.000Z",
    ],
    [
      "2 hours from now",
      "::myapp::notifications/send-followup",
      [{ email: "ada@example.com" }],
      "2024-01-15T12:00:00.000Z",
    ],
    ["every day at 9am", "::myapp::reports/generate", [{ report_type: "daily" }], "2024-01-16T09:00:00.000Z"],
  ])("a schedule of %s answers its id, and when it runs next", async (schedule, fn, args, next) => {
    const owner = await makeReader();
    const { status, body } = await send(owner, "hot:schedule:new", { fn, args, schedule });
    expect([status, body.upcoming[0].scheduled_for]).toEqual([201, next]);
    const made = await owner.call("GET", `${owner.at}/schedules/${body.schedule_id}`);
    expect(made.body).toMatchObject({ id: body.schedule_id, fn, args, schedule, state: "active", origin: "dynamic" });
  });

  it.each([
    ["2024-01-15T10:30:00Z", "2024-01-15T10:30:00.000Z"],
    ["10 minutes", "2024-01-15T10:10:00.000Z"],
    ["2h", "2024-01-15T12:00:00.000Z"],
    ["1 day 3 hours", "2024-01-16T13:00:00.000Z"],
    ["in 10 minutes", "2024-01-15T10:10:00.000Z"],
    ["2 hours from now", "2024-01-15T12:00:00.000Z"],
    ["0 30 9 * * MON", "2024-01-22T09:30:00.000Z"],
    ["every day at 9am", "2024-01-16T09:00:00.000Z"],
    ["every Monday at 2 PM", "2024-01-15T14:00:00.000Z"],
  ])("the format %s is understood", async (schedule, next) => {
    const owner = await makeReader();
    const { body } = await send(owner, "hot:schedule:new", { fn: FUNCTIONS[4], schedule });
    expect(body.upcoming[0].scheduled_for).toBe(next);
  });

  it("one is cancelled by the id that it answered, all of a function by its name", async () => {
    const owner = await makeReader();
    const [, reminder, , , heavy] = FUNCTIONS;
    const { body } = await send(owner, "hot:schedule:new", { fn: reminder, schedule: "in 30 minutes" });
    for (const schedule of ["in 1 hour", "every day at 9am", "*/5 * * * *"])
      await send(owner, "hot:schedule:new", { fn: heavy, schedule });
    expect((await send(owner, "hot:schedule:cancel", { "schedule-id": body.schedule_id })).body.cancelled).toBe(1);
    expect((await send(owner, "hot:schedule:cancel", { fn: heavy })).body.cancelled).toBe(3);
    expect(await activeIn(owner)).toBe(0);
  });

  it("an id that was never given, as in their example, has nothing to cancel", async () => {
    const owner = await makeReader();
    const id = "01916d8a-9c12-7f00-8000-123456789abc";
    expect((await send(owner, "hot:schedule:cancel", { "schedule-id": id })).body).toEqual({ cancelled: 0 });
  });
});

it("an event that nobody knows is refused with those that are known", async () => {
  const owner = await makeSender();
  const answer = await send(owner, "hot:schedule:nwe", {});
  expectProblem(answer, 422, "invalid_input");
  expect(answer.body.errors[0]).toMatchObject({ path: "/event", suggestion: "hot:schedule:new" });
});
