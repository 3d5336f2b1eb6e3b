/**
 * What both documents mean by a project, row by row, with real code in real isolates: the run variables, runs of the whole
 * project, the app's cache, and files that are gone. Schedules of code: `schedules-of-code.test.ts`.
 */
import { describe, expect, it } from "vitest";
import { type CodeProject, makeCodeProject } from "../support/code-project.ts";
import { eventually, setClock } from "../support/world.ts";

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
    expect(published.run_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(brought?.run.id).toBe(published.run_id);
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
