/** "Dynamic vs Metadata Schedules" of the seed's documents, row by row. With functions of code: `schedules-of-code.test.ts`. */
import { describe, expect, it } from "vitest";
import type { Schedule } from "../../src/domain/schedule.ts";
import { expectProblem, functionAt, makeProjectOwner, type ProjectOwner } from "../api/caller.ts";
import { eventually, makeWorld, ringAt, setClock, unwrap, type World } from "../support/world.ts";

const EIGHT = "2027-01-15T08:00:00.000Z";
const NINE = "2027-01-15T09:00:00.000Z";

const listed = async (owner: ProjectOwner, query = "") =>
  (await owner.call("GET", `${owner.at}/schedules${query}`)).body.items.map(
    (one: { origin: string; fn: string; state: string }) => `${one.origin} ${one.fn} ${one.state}`,
  );

const send = (owner: ProjectOwner, event: string, data: object) =>
  owner.call("POST", `${owner.at}/events`, { body: { event, data } });

/** Uploads these functions as the next version and publishes it. */
async function publish(owner: ProjectOwner, ...functions: readonly object[]) {
  const version = await owner.call("POST", `${owner.at}/versions`, { body: { functions } });
  expect(version.status, JSON.stringify(version.body)).toBe(201);
  return (await owner.call("PUT", `${owner.at}/published`, { body: { version: version.body.version } })).body.schedules;
}

const report = (schedule: string) => functionAt("report", "ok", { schedule });

describe("defined in", () => {
  it("a metadata schedule is there because its function was published", async () => {
    const owner = await makeProjectOwner([report("every day at 9am"), functionAt("work")]);
    expect(await listed(owner)).toEqual(["metadata report active"]);
  });

  it("a dynamic one because somebody asked for it at run time, and nobody can ask for the other kind", async () => {
    const owner = await makeProjectOwner([functionAt("work")]);
    await send(owner, "hot:schedule:new", { fn: "work", schedule: "every day at 9am" });
    expect(await listed(owner)).toEqual(["dynamic work active"]);
    const forged = await send(owner, "hot:schedule:new", { fn: "work", schedule: "daily", origin: "metadata" });
    expectProblem(forged, 422, "invalid_input");
  });
});

describe("lifecycle", () => {
  it("a metadata schedule changes and goes with the publication, and comes back with an older one", async () => {
    const owner = await makeProjectOwner([report("every day at 9am"), functionAt("work")]);
    expect(await publish(owner, report("every day at 10am"))).toMatchObject({ changed: ["report"], created: [] });
    expect(await publish(owner, functionAt("work"))).toMatchObject({ removed: ["report"] });
    expect(await listed(owner, "?state=active")).toEqual([]);
    const { body } = await owner.call("PUT", `${owner.at}/published`, { body: { version: 1 } });
    expect(body.schedules).toMatchObject({ created: ["report"] });
    expect(await listed(owner, "?state=active")).toEqual(["metadata report active"]);
  });

  it("a draft that is only uploaded has none yet", async () => {
    const owner = await makeProjectOwner([functionAt("work")]);
    await owner.call("POST", `${owner.at}/versions`, { body: { functions: [report("hourly")] } });
    expect(await listed(owner)).toEqual([]);
  });

  it("a dynamic one is made and cancelled at any time, and no publication touches it", async () => {
    const owner = await makeProjectOwner([functionAt("work")]);
    const made = await send(owner, "hot:schedule:new", { fn: "work", schedule: "every day at 9am" });
    await send(owner, "hot:schedule:new", { fn: "work", schedule: "in 2 hours" });
    const before = await owner.call("GET", `${owner.at}/schedules/${made.body.schedule_id}`);
    await publish(owner, functionAt("work", "ok", { schedule: "every day at 9am" }));
    expect((await owner.call("GET", `${owner.at}/schedules/${made.body.schedule_id}`)).body).toEqual(before.body);
    await publish(owner, functionAt("work"));
    expect(await listed(owner, "?state=active")).toEqual(["dynamic work active", "dynamic work active"]);
    await send(owner, "hot:schedule:cancel", { "schedule-id": made.body.schedule_id });
    expect(await listed(owner, "?state=active")).toEqual(["dynamic work active"]);
  });

  it("a metadata schedule is not changed at run time, but can be cancelled without publishing, until the next publication", async () => {
    const owner = await makeProjectOwner([report("every day at 9am")]);
    const [schedule] = (await owner.call("GET", `${owner.at}/schedules`)).body.items;
    const changed = await owner.call("PATCH", `${owner.at}/schedules/${schedule.id}`, { body: { schedule: "hourly" } });
    expectProblem(changed, 409, "conflict");
    expect((await send(owner, "hot:schedule:cancel", { fn: "report" })).body).toEqual({ cancelled: 1 });
    expect(await listed(owner, "?state=active")).toEqual([]);
    expect(await publish(owner, report("every day at 9am"))).toMatchObject({ created: ["report"] });
    expect(await listed(owner, "?state=active")).toEqual(["metadata report active"]);
  });

  it("a metadata schedule that somebody paused stays so through a publication that leaves it as it is", async () => {
    const owner = await makeProjectOwner([report("every day at 9am")]);
    const [schedule] = (await owner.call("GET", `${owner.at}/schedules`)).body.items;
    await owner.call("PUT", `${owner.at}/schedules/${schedule.id}/pause`, { body: { reason: "Holidays" } });
    expect(await publish(owner, report("every day at 9am"), functionAt("new"))).toMatchObject({
      unchanged: ["report"],
    });
    expect(await listed(owner)).toEqual(["metadata report paused"]);
  });
});

describe("one-time support", () => {
  it.each(["in 10 minutes", "2099-01-15T10:30:00Z"])(
    "metadata has none: a version with %s is refused where it is uploaded, and says which function and why",
    async (schedule) => {
      const owner = await makeProjectOwner([functionAt("work")]);
      const functions = [functionAt("work"), report(schedule)];
      const refused = await owner.call("POST", `${owner.at}/versions`, { body: { functions } });
      expectProblem(refused, 422, "invalid_input");
      expect(refused.body.errors).toMatchObject([
        { path: "/functions/1/schedule", message: expect.stringContaining("only once") },
      ]);
      expect((await owner.call("GET", `${owner.at}/published`)).body.version).toBe(1);
    },
  );

  it.each(["in 10 minutes", "2h", "2099-01-15T10:30:00Z"])("a dynamic one may be for once: %s", async (schedule) => {
    const owner = await makeProjectOwner([functionAt("work")]);
    expect((await send(owner, "hot:schedule:new", { fn: "work", schedule })).body.kind).toBe("once");
  });
});

describe("visible", () => {
  it("a metadata schedule always is, a dynamic one among the active ones until it has run its course", async () => {
    setClock(EIGHT);
    const world = await makeWorld(({ fn }) => [fn("report", "ok", { schedule: "every day at 9am" }), fn("work")]);
    const once = await world.schedule({ schedule: NINE, fn: "work" });
    expect(await activeIn(world)).toEqual(["dynamic work", "metadata report"]);
    await ringAt(world, NINE);
    expect(await activeIn(world)).toEqual(["metadata report"]);
    expect(unwrap(await world.project.schedule(once.id)).state).toBe("completed");
  });
});

describe("use case", () => {
  it("regular work and what somebody asked for go side by side, each with its own runs and arguments", async () => {
    setClock(EIGHT);
    const world = await makeWorld(({ fn }) => [fn("work", "ok", { schedule: "every day at 9am" })]);
    const asked = await world.schedule({ schedule: NINE, fn: "work", args: [{ user: "42" }] });
    await ringAt(world, NINE);
    const calls = await eventually(
      () => world.calls(),
      (all) => all.length === 2,
    );
    const bodies = calls.map(({ body }) => JSON.parse(body));
    const [regular] = unwrap(await world.project.schedules({ origin: "metadata" }, { limit: 2 })).items;
    const argsOf = (schedule: Schedule | undefined) => bodies.find(({ run }) => run.schedule_id === schedule?.id)?.args;
    expect([argsOf(regular), argsOf(asked)]).toEqual([null, [{ user: "42" }]]);
  });
});

const activeIn = async (world: World) =>
  unwrap(await world.project.schedules({ state: "active" }, { limit: 9 }))
    .items.map((one) => `${one.origin} ${one.spec.fn}`)
    .sort();
