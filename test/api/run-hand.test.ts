/** The hand of a run: what a code function can do to its own project, and how it hears of what it cannot. */
import { env, exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { reachProject } from "../../src/actor/reach.ts";
import type { RunHandProps } from "../../src/api/run-hand.ts";
import { mintProjectScope } from "../../src/domain/access.ts";
import type { RunKey } from "../../src/domain/claim.ts";
import { readProjectId } from "../../src/domain/ids.ts";
import { newId } from "../../src/system.ts";
import { eventually, loseMessages, unwrap } from "../support/world.ts";
import { auditOf, functionAt, makeAdmin } from "./caller.ts";

const REMINDER = "::myapp::reminders/send-reminder";

/** A run that is running, in a project with a function to remind somebody, and its hand. */
async function handOfRun() {
  loseMessages();
  const owner = await makeAdmin();
  const made = await owner.call("POST", "/v1/projects", { body: { name: `Reports ${newId()}` } });
  const at = `/v1/projects/${made.body.id}`;
  await owner.call("POST", `${at}/versions`, { body: { functions: [functionAt("work"), functionAt(REMINDER)] } });
  await owner.call("PUT", `${at}/published`, { body: { version: 1 } });
  const scope = mintProjectScope(owner.scope.workspaceId, readProjectId(made.body.id));
  const project = reachProject(env, scope);
  const run = unwrap(await project.startRun({ fn: "work", context: "api-triggered" }));
  const key: RunKey = { schedule: null, run: run.id };
  expect(await project.begin([key])).toHaveLength(1);
  const props: RunHandProps = { workspace: scope.workspaceId, project: scope.projectId, run: run.id, fn: "work" };
  const send = (event: string, data: unknown, more: Partial<RunHandProps> = {}) =>
    exports.RunHand({ props: { ...props, ...more } }).send(event, data);
  const schedules = async (state = "active") =>
    (await owner.call("GET", `${at}/schedules?state=${state}`)).body.items as { id: string; fn: string }[];
  return { owner, project, key, send, schedules };
}

describe("a run that sends hot:schedule:new", () => {
  it.each([
    ["in 30 minutes", "once"],
    ["every day at 9am", "calendar"],
    ["2099-01-15T10:30:00Z", "once"],
    ["0 30 9 * * MON", "calendar"],
  ])("of %s gets the id of the schedule", async (schedule, kind) => {
    const { send, owner, schedules } = await handOfRun();
    const sent = await send("hot:schedule:new", { fn: REMINDER, args: [{ user_id: "42" }], schedule });
    expect(sent).toEqual({ ok: true, value: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    const [made] = await schedules();
    expect(made).toMatchObject({ id: sent.ok && sent.value, fn: REMINDER, kind, origin: "dynamic", schedule });
    expect(await auditOf(owner.scope, "schedule.saved")).toEqual([]);
  });

  it("may name the time by a date, as code has them", async () => {
    const { send, schedules } = await handOfRun();
    expect((await send("hot:schedule:new", { fn: REMINDER, schedule: new Date("2099-01-15T10:30:00Z") })).ok).toBe(
      true,
    );
    expect(await schedules()).toMatchObject([{ schedule: "2099-01-15T10:30:00.000Z" }]);
  });

  it("is in the audit as the system's act, with the run and the function", async () => {
    const { send, owner, key } = await handOfRun();
    const sent = await send("hot:schedule:new", { fn: REMINDER, schedule: "in 30 minutes" });
    const [entry] = await eventually(
      () => auditOf(owner.scope, "event.sent"),
      (entries) => entries.length > 0,
    );
    expect(entry).toMatchObject({ doer_kind: "system", target_kind: "schedule", target_id: sent.ok && sent.value });
    expect(JSON.parse(entry?.detail ?? "null")).toEqual({ run: key.run, fn: "work" });
  });
});

describe("a run that sends hot:schedule:cancel", () => {
  it.each(["schedule-id", "schedule_id"])("by %s hears whether there was something to cancel", async (name) => {
    const { send, schedules } = await handOfRun();
    const made = await send("hot:schedule:new", { fn: REMINDER, schedule: "in 30 minutes" });
    const cancel = (id: unknown) => send("hot:schedule:cancel", { [name]: id });
    expect(await cancel(made.ok && made.value)).toEqual({ ok: true, value: true });
    expect(await cancel(made.ok && made.value)).toEqual({ ok: true, value: false });
    expect(await cancel(newId())).toEqual({ ok: true, value: false });
    expect(await cancel("not an id")).toEqual({ ok: true, value: false });
    expect(await schedules()).toEqual([]);
  });

  it("by function hears how many it cancelled", async () => {
    const { send, schedules } = await handOfRun();
    for (const schedule of ["in 5 minutes", "every hour"]) await send("hot:schedule:new", { fn: REMINDER, schedule });
    await send("hot:schedule:new", { fn: "work", schedule: "every hour" });
    expect(await send("hot:schedule:cancel", { fn: REMINDER })).toEqual({ ok: true, value: 2 });
    expect(await send("hot:schedule:cancel", { fn: REMINDER })).toEqual({ ok: true, value: 0 });
    expect((await schedules()).map(({ fn }) => fn)).toEqual(["work"]);
  });
});

describe("what a run cannot do is said in one text that reads as an exception", () => {
  it.each([
    ["an expression that is not understood", { fn: REMINDER, schedule: "evry day" }, /^schedule: .*; try "every day/],
    ["a time that has passed", { fn: REMINDER, schedule: "2024-01-15T10:30:00Z" }, /^schedule: .+/],
    ["no expression", { fn: REMINDER }, /^schedule: schedule is missing; expected a text$/],
    ["a function that is not published", { fn: "nope", schedule: "in 1 hour" }, /^fn: .*"nope"; expected one of: work/],
    [
      "a field that there is not",
      { fn: REMINDER, schedul: "in 1 hour" },
      /^schedule: .*schedul: There is no field "schedul" here; .*try "schedule"$/,
    ],
    ["no data", undefined, /^data is null; expected an object$/],
  ])("with %s", async (_, data, message) => {
    const { send, schedules } = await handOfRun();
    const sent = await send("hot:schedule:new", data);
    expect(sent).toEqual({ ok: false, message: expect.stringMatching(message) });
    expect(await schedules()).toEqual([]);
  });

  it("with both ways to name what is cancelled, or neither", async () => {
    const { send } = await handOfRun();
    for (const data of [{}, { fn: REMINDER, "schedule-id": newId() }])
      expect(await send("hot:schedule:cancel", data)).toEqual({
        ok: false,
        message: "Say which schedules: either by schedule-id or by fn; expected schedule-id or fn, not both",
      });
  });

  it("with an event that nobody knows", async () => {
    const { send } = await handOfRun();
    const sent = await send("hot:schedule:nwe", {});
    expect(sent).toEqual({ ok: false, message: expect.stringMatching(/^event: .*; try "hot:schedule:new"$/) });
  });

  it("with more data than an event carries, or data that no JSON can say", async () => {
    const { send } = await handOfRun();
    const large = await send("hot:schedule:new", { fn: REMINDER, schedule: "in 1 hour", args: "é".repeat(33_000) });
    expect(large).toEqual({ ok: false, message: expect.stringContaining("larger than the 65536 bytes") });
    expect(await send("hot:schedule:new", { args: 1n })).toEqual({
      ok: false,
      message: expect.stringContaining("JSON"),
    });
  });
});

describe("a run that is over", () => {
  it("or was cancelled, or never began, has no say any more", async () => {
    const { send, project, key, schedules } = await handOfRun();
    const data = { fn: REMINDER, schedule: "in 1 hour" };
    const waiting = unwrap(await project.startRun({ fn: "work", context: "api-triggered" }));
    expect((await send("hot:schedule:new", data, { run: waiting.id })).ok).toBe(false);
    unwrap(await project.cancelRun(key.run));
    expect(await send("hot:schedule:new", data)).toEqual({ ok: false, message: expect.stringMatching(/ended/) });
    expect(await schedules()).toEqual([]);
  });
});

it("a hand reaches no schedule of another project, though it knows the id", async () => {
  const [one, other] = [await handOfRun(), await handOfRun()];
  const made = await other.send("hot:schedule:new", { fn: REMINDER, schedule: "in 1 hour" });
  const sent = await one.send("hot:schedule:cancel", { "schedule-id": made.ok && made.value });
  expect(sent).toEqual({ ok: true, value: false });
  expect(await other.schedules()).toHaveLength(1);
});
