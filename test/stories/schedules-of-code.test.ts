/**
 * "Dynamic vs Metadata Schedules" of the seed's documents, row by row, with real code in real isolates: functions that carry
 * their own schedule, and schedules made while a function runs. With http functions: `dynamic-and-metadata.test.ts`.
 */
import { describe, expect, it } from "vitest";
import { expectProblem } from "../api/caller.ts";
import { makeCodeProject } from "../support/code-project.ts";
import { setClock } from "../support/world.ts";

const namesOf = (items: readonly { fn: string }[]) => items.map(({ fn }) => fn).sort();

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

  it("cannot be one-time: the whole version is refused where it is uploaded, and says which function", async () => {
    const { owner, at, ask } = await makeCodeProject({ "index.js": "export const work = () => null;" });
    const refused = await owner.call("POST", `${at}/versions`, {
      body: {
        modules: {
          "index.js": `import { fn } from "carillon";
export const fine = fn({ schedule: "hourly" }, () => null);
export const onceOnly = fn({ schedule: "in 10 minutes" }, () => null);`,
        },
      },
    });
    expectProblem(refused, 422, "invalid_input");
    expect(refused.body.errors).toMatchObject([
      { path: "/modules/index.js", message: expect.stringMatching(/^once-only \(index\.js:3:\d+\).*only once/) },
    ]);
    expect((await ask("GET", "/versions")).items).toHaveLength(1);
  });

  it("can be cancelled without publishing, and the next publication brings it back", async () => {
    const modules = {
      "index.js": `import { fn } from "carillon";
        export const cleanup = fn({ schedule: "hourly" }, () => null);
        export const stop = (_, run) => run.send("hot:schedule:cancel", { fn: "cleanup" });`,
    };
    const { ask, publish, run } = await makeCodeProject(modules);
    expect((await run({ fn: "stop" })).outputs.stop).toBe(1);
    expect((await ask("GET", "/schedules?state=active")).items).toEqual([]);
    expect((await publish(modules)).schedules).toMatchObject({ created: ["cleanup"] });
    expect(namesOf((await ask("GET", "/schedules?state=active")).items)).toEqual(["cleanup"]);
  });

  it("is always visible, and one made at run time as long as it is active", async () => {
    const { ask } = await makeCodeProject({
      "index.js": `import { fn } from "carillon";
        export const cleanup = fn({ schedule: "hourly" }, () => null);
        export const remind = () => null;`,
    });
    const { id } = await ask("POST", "/schedules", { fn: "remind", schedule: "in 10 minutes" });
    const active = async () => namesOf((await ask("GET", "/schedules?state=active")).items);
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

  it("can be made and cancelled at any time: before, between and after publications, and by a retired version's runs", async () => {
    const modules = (word: string) => ({
      "index.js": `export const make = (_, run) => run.schedules.create({ fn: "work", schedule: "every hour" });
        export const stop = (id, run) => run.schedules.cancel(id);
        export const work = () => "${word}";`,
    });
    const { run, ask, publish } = await makeCodeProject(modules("first"));
    const active = async () =>
      (await ask("GET", "/schedules?state=active")).items.map(({ id }: { id: string }) => id).sort();
    const one = (await run({ fn: "make" })).outputs.make;
    await publish(modules("second"));
    const other = (await run({ fn: "make", version: 1 })).outputs.make;
    expect(await active()).toEqual([one, other].sort());
    expect((await run({ fn: "stop", args: one })).outputs.stop).toBe(true);
    await publish(modules("third"));
    expect(await active()).toEqual([other]);
    expect((await run({ fn: "stop", args: other })).outputs.stop).toBe(true);
    expect(await active()).toEqual([]);
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

describe("side by side", () => {
  it("regular work runs by its metadata, and what a user asked for, or a condition, by a schedule made for it", async () => {
    setClock("2027-01-15T08:00:00Z");
    const project = await makeCodeProject({
      "index.js": `import { fn } from "carillon";
        export const dailyReport = fn({ schedule: "every day at 9:00 am" }, async (_, run) => {
          const isLow = run.scheduled;
          if (isLow) await run.schedules.create({ fn: "reorder", schedule: "in 30 minutes", args: { stock: 3 } });
          return "report";
        });
        export const onSignUp = ({ user }, run) =>
          run.schedules.create({ fn: "welcome", schedule: "in 2 hours", args: { user } });
        export const reorder = ({ stock }) => "ordered at " + stock;
        export const welcome = ({ user }) => "welcome " + user;`,
    });
    await project.run({ fn: "on-sign-up", args: { user: "ada" } });
    expect((await project.ringAt("2027-01-15T09:00:01Z", "daily-report", 1))[0]?.outputs).toEqual({
      "daily-report": "report",
    });
    expect((await project.ringAt("2027-01-15T09:31:00Z", "reorder", 1))[0]?.outputs.reorder).toBe("ordered at 3");
    expect((await project.ringAt("2027-01-15T10:01:00Z", "welcome", 1))[0]?.outputs.welcome).toBe("welcome ada");
    const { items } = await project.ask("GET", "/schedules?state=active");
    expect(namesOf(items)).toEqual(["daily-report"]);
  });
});
