/** The projects of `examples/`, uploaded as they lie there and run by the clock in real isolates. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import cleanUp from "../../examples/clean-up/index.js?raw";
import store from "../../examples/clean-up/store.js?raw";
import reminder from "../../examples/reminder/index.js?raw";
import report from "../../examples/report/index.js?raw";
import orders from "../../examples/report/orders.js?raw";
import type { Block } from "../../src/domain/blocks/block.ts";
import { readBlocks } from "../../src/domain/blocks/read-blocks.ts";
import type { Json } from "../../src/domain/json.ts";
import { type CodeProject, makeCodeProject } from "../support/code-project.ts";
import { eventually, ringAt, setClock } from "../support/world.ts";

const FRIDAY = "2027-01-15";

/** What the app shows of an output; nothing of it is left out, and nothing is malformed. */
function shown(output: Json): readonly Block[] {
  const blocks = readBlocks(output);
  for (const block of blocks) {
    expect(block.notes).toEqual([]);
    expect(block).not.toHaveProperty("trouble");
  }
  return blocks;
}

describe("the report", () => {
  const MODULES = { "index.js": report, "orders.js": orders };

  it("is a summary, a chart and a table, in the order of its source", async () => {
    setClock(`${FRIDAY}T08:30:00Z`);
    const project = await makeCodeProject(MODULES);
    const { run, outputs } = await project.run();
    expect(run.status, JSON.stringify(run.error)).toBe("succeeded");
    expect(Object.keys(outputs)).toEqual(["summary", "revenue", "daily-orders"]);
    expect(shown(outputs.summary)).toMatchObject([
      { kind: "markdown", text: expect.stringMatching(/^The best day of the week was \*\*2027-01-\d\d\*\*/) },
      { kind: "metric", label: "Orders in seven days", value: expect.any(Number), change: expect.any(Number) },
      { kind: "metric", label: "Revenue in seven days", unit: "EUR", change: expect.any(Number) },
    ]);
    const [chart] = shown(outputs.revenue);
    expect(chart).toMatchObject({ kind: "chart", type: "line", x: "day", y: ["revenue"], rows: { length: 14 } });
    const [table] = shown(outputs["daily-orders"]);
    expect(table).toMatchObject({ kind: "table", rows: { length: 7 } });
    expect(run.log.lines).toMatchObject([{ fn: "summary", text: "Read 14 days up to 2027-01-14." }]);
  });

  it("runs its daily orders by themselves on working mornings in Berlin", async () => {
    setClock(`${FRIDAY}T06:30:00Z`);
    const project = await makeCodeProject(MODULES);
    const [morning] = await project.ringAt(`${FRIDAY}T07:00:00Z`, "daily-orders", 1);
    expect(morning?.run).toMatchObject({ status: "succeeded", context: "scheduled" });
    expect(shown(morning?.outputs["daily-orders"])).toMatchObject([{ title: "The last seven days" }]);
  });
});

describe("the clean-up", () => {
  /** The project whose store behaves so, and how often something was to be deleted there. */
  async function cleaningUp(behaviour: string) {
    setClock(`${FRIDAY}T09:00:30Z`);
    const box = `${env.RECEIVER}/${crypto.randomUUID()}`;
    const modules = { "index.js": cleanUp, "store.js": store.replace(/"https:.*"/, `"${box}/${behaviour}"`) };
    const project = await makeCodeProject(modules);
    const deletions = async () => (await (await fetch(box)).json<readonly object[]>()).length;
    return { project, deletions };
  }

  /** Its latest run, once it is in this state. */
  async function latest({ ask }: CodeProject, status: string) {
    const { items } = await eventually(
      () => ask("GET", "/runs?fn=remove-expired"),
      ({ items }) => items[0]?.status === status,
    );
    return ask("GET", `/runs/${items[0].id}`);
  }

  it("lets anybody look, and removes nothing where no schedule made the run", async () => {
    const { project, deletions } = await cleaningUp("store-0");
    const { outputs } = await project.run();
    expect(shown(outputs["expired-sessions"])).toMatchObject([
      { kind: "table", title: "Expired sessions", rows: [{ user: "ada" }, { user: "grace" }] },
    ]);
    expect(outputs["remove-expired"]).toBe("Nothing was removed: this run is not scheduled.");
    expect(await deletions()).toBe(0);
  });

  it("tries again where the store is busy, and not before the store asked for it", async () => {
    const { project, deletions } = await cleaningUp("store-1");
    await ringAt(project, `${FRIDAY}T09:05:00Z`);
    const busy = await latest(project, "pending_retry");
    expect(busy.error).toMatchObject({ reason: "reported", message: "The store is busy." });
    const due = Date.parse(busy.retry_at);
    // Seven seconds are asked for; by its own policy it would be two.
    expect(due - Date.parse(busy.started_at)).toBeGreaterThanOrEqual(7_000);
    await ringAt(project, due - 1);
    expect(await deletions()).toBe(1);
    const [failed, again] = await project.ringAt(busy.retry_at, "remove-expired", 2);
    expect(failed?.run.status).toBe("failed");
    expect(again?.run).toMatchObject({ status: "succeeded", attempt: 1, origin_run_id: busy.id });
    expect(again?.outputs).toEqual({ "remove-expired": { removed: 2 } });
    expect(again?.run.log.lines).toMatchObject([{ text: "Removed 2 sessions at attempt 1." }]);
    expect(await deletions()).toBe(2);
  });

  it("gives up at once where the store refuses", async () => {
    const { project, deletions } = await cleaningUp("status-403");
    await ringAt(project, `${FRIDAY}T09:05:00Z`);
    const refused = await latest(project, "failed");
    expect(refused).toMatchObject({ error: { message: "The store refused with 403." }, retry_at: null });
    await ringAt(project, `${FRIDAY}T09:06:00Z`);
    expect(await deletions()).toBe(1);
  });
});

describe("the reminder", () => {
  const ASKED = { user: "ada", message: "Tea", delay: "in 10 minutes" };

  it("is sent when its time has come, once", async () => {
    setClock(`${FRIDAY}T20:00:00Z`);
    const project = await makeCodeProject({ "index.js": reminder });
    const { outputs } = await project.run({ fn: "schedule-reminder", args: ASKED });
    const schedule = await project.ask("GET", `/schedules/${outputs["schedule-reminder"]}`);
    expect(schedule).toMatchObject({ fn: "send-reminder", state: "active", origin: "dynamic" });
    const [sent] = await project.ringAt(`${FRIDAY}T20:10:01Z`, "send-reminder", 1);
    expect(shown(sent?.outputs["send-reminder"])).toMatchObject([{ kind: "text", text: "ada: Tea" }]);
    expect(sent?.run.log.lines).toMatchObject([{ text: "Reminded ada." }]);
    expect(await project.ringAt(`${FRIDAY}T20:20:00Z`, "send-reminder", 1)).toHaveLength(1);
  });

  it("can be taken back until then", async () => {
    setClock(`${FRIDAY}T20:00:00Z`);
    const project = await makeCodeProject({ "index.js": reminder });
    const { outputs } = await project.run({ fn: "schedule-reminder", args: ASKED });
    const takeBack = async () =>
      (await project.run({ fn: "cancel-reminder", args: { id: outputs["schedule-reminder"] } })).outputs;
    expect(await takeBack()).toEqual({ "cancel-reminder": true });
    expect(await takeBack()).toEqual({ "cancel-reminder": false });
    await ringAt(project, `${FRIDAY}T20:10:01Z`);
    expect((await project.ask("GET", "/runs?fn=send-reminder")).items).toEqual([]);
  });

  it("is made by the schedule of a function, too", async () => {
    setClock(`${FRIDAY}T09:10:00Z`);
    const project = await makeCodeProject({ "index.js": reminder });
    await project.ringAt(`${FRIDAY}T09:15:00Z`, "stretch", 1);
    const [sent] = await project.ringAt(`${FRIDAY}T09:16:01Z`, "send-reminder", 1);
    expect(sent?.outputs["send-reminder"]).toMatchObject({ text: "everyone: Stand up and stretch." });
  });

  it("shows in the app that nothing was asked for", async () => {
    const { run, outputs } = await (await makeCodeProject({ "index.js": reminder })).run();
    expect(run.status).toBe("succeeded");
    expect(outputs["cancel-reminder"]).toBe(false);
    expect(outputs["send-reminder"]).toBe("No reminder is due.");
  });
});
