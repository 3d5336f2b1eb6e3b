/**
 * What both documents mean by a project, row by row, with real code in real isolates: functions that carry their own
 * schedule, schedules made while a function runs, the run variables, the app's cache, and files that are gone.
 */
import { describe, expect, it } from "vitest";
import { type CodeProject, makeCodeProject } from "../support/code-project.ts";
import { eventually, setClock } from "../support/world.ts";

const NAMES = { names: (items: readonly { fn: string }[]) => items.map(({ fn }) => fn).sort() };

describe("a schedule in a function's metadata", () => {
  it("is made by publishing, in cron and in English side by side", async () => {
    const { ask } = await makeCodeProject({
      "index.js": `import { fn } from "carillon";
        export const hourlyCleanup = fn({ schedule: "0 * * * *" }, () => null);
        export const dailyDigest = fn({ schedule: "every day at 9:00 am" }, () => null);
        export const weeklyReview = fn({ schedule: "on Sunday at 12:00" }, () => null);
        export const payroll = fn({ schedule: "run at midnight on the 1st and 15th of the month" }, () => null);
        export const sendPush = () => null;`,
    });
    const { items } = await ask("GET", "/schedules?origin=metadata");
    expect(Object.fromEntries(items.map(({ fn, cron }: { fn: string; cron: string[] }) => [fn, cron]))).toEqual({
      "hourly-cleanup": ["0 * * * *"],
      "daily-digest": ["0 9 * * *"],
      "weekly-review": ["0 12 * * SUN"],
      payroll: ["0 0 1,15 * *"],
    });
  });

  it("lives and ends with the publication, and what was made at run time is left alone", async () => {
    const scheduled = (expression: string) =>
      `import { fn } from "carillon"; export const cleanup = fn({ schedule: "${expression}" }, () => null); export const remind = () => null;`;
    const { ask, publish } = await makeCodeProject({ "index.js": scheduled("hourly") });
    const dynamic = await ask("POST", "/schedules", { fn: "remind", schedule: "every day at 9am" });
    expect((await publish({ "index.js": scheduled("every 5 minutes") })).schedules).toMatchObject({
      changed: ["cleanup"],
    });
    const without = `export const cleanup = () => null; export const remind = () => null;`;
    expect((await publish({ "index.js": without })).schedules).toMatchObject({ removed: ["cleanup"] });
    const { items } = await ask("GET", "/schedules?state=active");
    expect(items.map(({ id }: { id: string }) => id)).toEqual([dynamic.id]);
    // Rolling back is publishing the older version again.
    const back = await ask("PUT", "/published", { version: 1, refresh: false });
    expect(back.schedules).toMatchObject({ created: ["cleanup"] });
  });

  it("cannot be one-time: the whole version is refused, and says which function", async () => {
    const { owner, at } = await makeCodeProject();
    const refused = await owner.call("POST", `${at}/versions`, {
      body: {
        modules: {
          "index.js": `import { fn } from "carillon";
export const fine = fn({ schedule: "hourly" }, () => null);
export const onceOnly = fn({ schedule: "in 10 minutes" }, () => null);`,
        },
      },
    });
    const uploaded =
      refused.status === 201
        ? await owner.call("PUT", `${at}/published`, { body: { version: refused.body.version } })
        : refused;
    expect(uploaded.status).toBe(422);
    expect(JSON.stringify(uploaded.body.errors)).toContain("once-only");
  });

  it("is always visible, and one made at run time as long as it is active", async () => {
    const { ask } = await makeCodeProject({
      "index.js": `import { fn } from "carillon";
        export const cleanup = fn({ schedule: "hourly" }, () => null);
        export const remind = () => null;`,
    });
    const { id } = await ask("POST", "/schedules", { fn: "remind", schedule: "in 10 minutes" });
    const active = async () => NAMES.names((await ask("GET", "/schedules?state=active")).items);
    expect(await active()).toEqual(["cleanup", "remind"]);
    await ask("POST", "/events", { event: "hot:schedule:cancel", data: { "schedule-id": id } });
    expect(await active()).toEqual(["cleanup"]);
  });
});

describe("the reminder of the documents", () => {
  const REMINDERS = `
    export const scheduleReminder = async ({ userId, message, delay }, run) => {
      const id = await run.send("hot:schedule:new", {
        fn: "send-reminder",
        args: [{ "user-id": userId, message }],
        schedule: delay,
      });
      return id;
    };
    export const cancelReminder = async ({ id }, run) => run.send("hot:schedule:cancel", { "schedule-id": id });
    export const sendReminder = async ([data], run) => \`\${data["user-id"]}: \${data.message} (\${run.context})\`;`;
  const ask = { userId: "user-123", message: "Time for your meeting!", delay: "in 30 minutes" };

  it("returns the schedule's id, and is sent once when its time comes", async () => {
    setClock("2027-01-15T08:00:00Z");
    const { run, ringAt } = await makeCodeProject({ "index.js": REMINDERS });
    const made = await run({ fn: "schedule-reminder", args: ask });
    expect(made.outputs["schedule-reminder"]).toMatch(/^[0-9a-f-]{36}$/);
    const [sent, ...others] = await ringAt("2027-01-15T08:31:00Z", "send-reminder", 1);
    expect(others).toEqual([]);
    expect(sent?.outputs["send-reminder"]).toBe("user-123: Time for your meeting! (scheduled)");
    expect(sent?.run.schedule_id).toBe(made.outputs["schedule-reminder"]);
  });

  it("is cancelled by the id, which says whether there was something to cancel", async () => {
    setClock("2027-01-15T08:00:00Z");
    const { run, ringAt } = await makeCodeProject({ "index.js": REMINDERS });
    const { outputs } = await run({ fn: "schedule-reminder", args: ask });
    const id = outputs["schedule-reminder"];
    expect((await run({ fn: "cancel-reminder", args: { id } })).outputs["cancel-reminder"]).toBe(true);
    expect(await ringAt("2027-01-15T08:31:00Z", "send-reminder", 0)).toEqual([]);
    expect((await run({ fn: "cancel-reminder", args: { id } })).outputs["cancel-reminder"]).toBe(false);
  });
});

describe("a schedule that code makes", () => {
  it.each([
    ["2027-01-15T10:30:00Z", "once"],
    ["in 10 minutes", "once"],
    ["2 hours from now", "once"],
    ["every day at 9am", "calendar"],
  ])("takes %j, as the documents write it", async (schedule, kind) => {
    setClock("2027-01-15T08:00:00Z");
    const { run, ask } = await makeCodeProject({
      "index.js": `export const make = (schedule, run) =>
          run.send("hot:schedule:new", { fn: "process-order", args: [{ order_id: "12345" }], schedule });
        export const processOrder = () => null;`,
    });
    const id = (await run({ fn: "make", args: schedule })).outputs.make;
    expect(await ask("GET", `/schedules/${id}`)).toMatchObject({
      kind,
      origin: "dynamic",
      args: [{ order_id: "12345" }],
    });
  });

  it("is cancelled with all others of its function by the function's name", async () => {
    const { run, ask } = await makeCodeProject({
      "index.js": `export const plan = async (_, run) => {
          await run.schedules.create({ fn: "heavy-process", schedule: "every hour" });
          await run.schedules.create({ fn: "heavy-process", schedule: "in 2 hours" });
        };
        export const stop = (_, run) => run.send("hot:schedule:cancel", { fn: "heavy-process" });
        export const heavyProcess = () => null;`,
    });
    await run({ fn: "plan" });
    expect((await ask("GET", "/schedules?state=active")).items).toHaveLength(2);
    expect((await run({ fn: "stop" })).outputs.stop).toBe(2);
    expect((await ask("GET", "/schedules?state=active")).items).toEqual([]);
  });

  it("is refused in the author's own code, with what would have been right", async () => {
    const { run } = await makeCodeProject({
      "index.js": `export const make = async (_, run) => {
  await run.schedules.create({ fn: "make", schedule: "evry day at 9" });
};`,
    });
    const { run: failed } = await run({ fn: "make" });
    expect(failed).toMatchObject({ status: "failed", error: { reason: "exception" } });
    expect(failed.error.message).toContain("every day");
    expect(failed.error.stack).toContain("index.js:2");
  });
});

describe("the run variables", () => {
  const MODULES = {
    "index.js": `import { fn } from "carillon";
      export const report = fn({ schedule: "every day at 9:00 am" }, (_, run) => ({ context: run.context, scheduled: run.scheduled }));`,
  };

  it("say scheduled in a scheduled run, and nowhere else", async () => {
    setClock("2027-01-15T08:00:00Z");
    const project = await makeCodeProject(MODULES);
    const byHand = await project.run({ fn: "report" });
    expect(byHand.outputs.report).toEqual({ context: "api-triggered", scheduled: false });
    const [, fired] = await project.ringAt("2027-01-15T09:00:01Z", "report", 2);
    expect(fired?.outputs.report).toEqual({ context: "scheduled", scheduled: true });
  });

  it("say logic in a draft that is run by hand, and app in the run that a publication starts", async () => {
    const project = await makeCodeProject(MODULES);
    const draft = await project.ask("POST", "/versions", { modules: MODULES });
    const tried = await project.run({ fn: "report", version: draft.version });
    expect(tried.outputs.report).toEqual({ context: "logic", scheduled: false });
    const published = await project.ask("PUT", "/published", { version: draft.version });
    const [brought] = await project.ringAt(new Date().toISOString(), null, 1);
    expect(published.run).toMatch(/^[0-9a-f-]{36}$/);
    expect(brought?.run.id).toBe(published.run);
    expect(brought?.outputs.report).toEqual({ context: "app", scheduled: false });
  });

  it("tell attempt, origin, time and version", async () => {
    setClock("2027-01-15T08:00:00Z");
    const project = await makeCodeProject({
      "index.js": `import { fn } from "carillon";
        export const work = fn({ schedule: "0 9 * * *", retry: { attempts: 2, delay: 1000 } }, (args, run) => {
          if (run.attempt < 1) throw new Error("Not yet.");
          return JSON.parse(JSON.stringify(run));
        });`,
    });
    await failsAt(project, "2027-01-15T09:00:00Z");
    const runs = await project.ringAt("2027-01-15T09:00:05Z", "work", 2);
    const [failed, again] = runs.map(({ run }) => run);
    expect([failed?.status, again?.status]).toEqual(["failed", "succeeded"]);
    expect(runs[1]?.outputs.work).toMatchObject({
      id: again?.id,
      attempt: 1,
      origin_run_id: failed?.id,
      scheduled_for: "2027-01-15T09:00:00.000Z",
      version: 1,
      context: "scheduled",
    });
  });
});

describe("a run of the whole project", () => {
  it("runs every function of the published version from top to bottom, and not those of the draft", async () => {
    setClock("2027-01-15T08:00:00Z");
    const order =
      "export const zebra = () => 1; export function apple() { return 2; } export { mango }; const mango = () => 3;";
    const project = await makeCodeProject({ "index.js": order });
    await project.ask("POST", "/versions", { modules: { "index.js": "export const other = () => 4;" } });
    await project.ask("POST", "/schedules", { schedule: "every day at 9:00 am" });
    const [whole] = await project.ringAt("2027-01-15T09:00:00Z", null, 1);
    expect(Object.keys(whole?.outputs ?? {})).toEqual(["zebra", "apple", "mango"]);
  });

  it("stops at the first failure, keeps what was made before it, and begins anew when it is retried", async () => {
    setClock("2027-01-15T08:00:00Z");
    const project = await makeCodeProject({
      "index.js": `export const first = (_, run) => run.attempt;
        export const second = (_, run) => { if (run.attempt === 0) throw new Error("Broken."); return "well"; };
        export const third = () => "reached";`,
    });
    await project.ask("POST", "/schedules", { schedule: "every day at 9:00 am", retry: { attempts: 1, delay: 1_000 } });
    await failsAt(project, "2027-01-15T09:00:00Z");
    const [failed, again] = await project.ringAt("2027-01-15T09:00:05Z", null, 2);
    expect(failed?.run).toMatchObject({ status: "failed", error: { fn: "second" } });
    expect(failed?.outputs).toEqual({ first: 0 });
    expect(again?.outputs).toEqual({ first: 1, second: "well", third: "reached" });
  });
});

describe("files", () => {
  const MODULES = {
    "index.js": `import { existsSync, readFileSync, writeFileSync } from "node:fs";
      export const save = () => { const was = existsSync("/tmp/orders.csv"); writeFileSync("/tmp/orders.csv", "day,orders"); return was; };
      export const load = () => existsSync("/tmp/orders.csv") ? readFileSync("/tmp/orders.csv", "utf8") : null;`,
  };

  it("can be read back during the same run, and by no other", async () => {
    const { run } = await makeCodeProject(MODULES);
    expect((await run()).outputs).toEqual({ save: false, load: "day,orders" });
    expect((await run()).outputs).toEqual({ save: false, load: "day,orders" });
    expect((await run({ fn: "load" })).outputs.load).toBeNull();
  });
});

describe("the app", () => {
  const counting = (word: string) => ({
    "index.js": `export const report = (_, run) => "${word} of " + run.context + " at " + run.scheduled_for;`,
  });

  const pageOf = async ({ owner, at }: Awaited<ReturnType<typeof makeCodeProject>>, path = "/app"): Promise<string> => {
    const { status, body } = await owner.call("GET", at + path, { headers: { accept: "text/html" } });
    expect(status).toBe(200);
    return body;
  };

  it("shows what the latest publication or scheduled run left, and every run as it was", async () => {
    setClock("2027-01-15T08:00:00Z");
    const project = await makeCodeProject(counting("Orders"), true);
    const [published] = await project.ringAt("2027-01-15T08:00:01Z", null, 1);
    expect(await pageOf(project)).toContain("Orders of app");
    await project.ask("POST", "/schedules", { schedule: "every day at 9:00 am" });
    await project.ringAt("2027-01-15T09:00:00Z", null, 2);
    setClock("2027-01-15T09:00:10Z");
    expect(await pageOf(project)).toContain("Orders of scheduled at 2027-01-15T09:00:00.000Z");
    expect(await pageOf(project, `/runs/${published?.run.id}/app`)).toContain("Orders of app");
  });

  it("is not changed by a run that a visitor starts", async () => {
    const project = await makeCodeProject(counting("Orders"), true);
    await project.ringAt(new Date().toISOString(), null, 1);
    const before = (await pageOf(project)).match(/Orders of app at \S+/)?.[0];
    const own = await project.ask("POST", "/app/runs", {});
    await project.ringAt(new Date(Date.now() + 5_000).toISOString(), null, 2);
    expect(await pageOf(project, `/app/runs/${own.run_id}?view=${own.view_token}`)).toContain("Orders of app");
    setClock(Date.now() + 10_000);
    expect((await pageOf(project)).match(/Orders of app at \S+/)?.[0]).toBe(before);
  });
});

/** A time comes whose run fails, and waits for its retry. */
async function failsAt(project: CodeProject, time: string): Promise<void> {
  await project.ringAt(time, null, 0);
  await eventually(
    () => project.ask("GET", "/runs"),
    ({ items }) => items[0]?.status === "pending_retry",
  );
}
