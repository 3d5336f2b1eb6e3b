/** Runs of code from the upload to the run log: through the actor, the queue, a lot, an isolate, and its hand. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { makeCodeProject } from "../support/code-project.ts";
import { eventually } from "../support/world.ts";

const WAIT = "const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));";

describe("a run of code", () => {
  it("sends its events to its own project, and is answered as over HTTP", async () => {
    const { ask, run } = await makeCodeProject({
      "index.js": `export const remind = async (args, run) => {
  const id = await run.schedules.create({ fn: "later", schedule: "in 10 minutes", args: [1] });
  const other = await run.send("hot:schedule:new", { fn: "later", schedule: "2 hours from now" });
  const refused = await run.send("hot:schedule:new", { fn: "nobody", schedule: "hourly" }).catch((e) => e.message);
  return { id, cancelled: await run.schedules.cancel(other), again: await run.schedules.cancel(other), refused };
};
export const later = () => null;`,
    });
    const { outputs } = await run({ fn: "remind" });
    expect(outputs.remind).toMatchObject({ cancelled: true, again: false, refused: expect.stringMatching(/nobody/) });
    const { items } = await ask("GET", "/schedules?state=active");
    expect(items).toMatchObject([{ id: outputs.remind.id, fn: "later", args: [1], origin: "dynamic" }]);
  });

  it("shows its outputs and its log while it goes on", async () => {
    const { ask } = await makeCodeProject({
      "index.js": `${WAIT}
export const first = () => { console.log("one is done"); return 1 };
export const second = async () => { await wait(4_000); return 2 };`,
    });
    const { id } = await ask("POST", "/runs", {});
    const early = await eventually(
      async () => ({ run: await ask("GET", `/runs/${id}`), output: await ask("GET", `/runs/${id}/output`) }),
      ({ output }) => output.items.length > 0,
    );
    expect(early.run.status).toBe("running");
    expect(early.output).toEqual({ items: [{ fn: "first", value: 1 }], complete: false });
    expect(early.run.log.lines).toMatchObject([{ fn: "first", text: "one is done" }]);
    await eventually(
      () => ask("GET", `/runs/${id}`),
      ({ status }) => status === "succeeded",
    );
    expect((await ask("GET", `/runs/${id}/output`)).items).toHaveLength(2);
  });

  it("fails with what its function says, keeps its log, and leaves the actor and other runs alone", async () => {
    const { run } = await makeCodeProject({
      "index.js": `${WAIT}
export const bad = () => { console.log("trying"); throw new TypeError("no orders") };
export const never = () => new Promise(() => {});
export const huge = () => "x".repeat(50_000_000);
export const good = () => "well";`,
    });
    const [bad, huge, good] = await Promise.all(["bad", "huge", "good"].map((fn) => run({ fn })));
    expect(bad?.run).toMatchObject({
      status: "failed",
      error: { reason: "exception", message: "TypeError: no orders" },
    });
    expect(bad?.run.log.lines).toMatchObject([{ text: "trying" }]);
    expect(huge?.run.error.reason).toBe("response_too_large");
    expect(good?.outputs).toEqual({ good: "well" });
  });

  it("in a warm isolate has its way out and its hand in every run, not only in the one that warmed it", async () => {
    const { ask, run } = await makeCodeProject({
      "index.js": `import { fn } from "carillon";
let runs = 0;
export const warm = fn({ isolate: "version" }, async (args, run) => {
  const answer = await fetch("${env.RECEIVER}/${crypto.randomUUID()}/ok", { method: "POST" });
  const id = await run.schedules.create({ fn: "warm", schedule: "in 10 minutes" });
  console.log("run", runs += 1);
  return [await answer.json(), id];
});`,
    });
    const ids = [];
    for (const count of [1, 2, 3]) {
      const { run: ended, outputs } = await run({ fn: "warm" });
      expect(ended.status, JSON.stringify(ended.error)).toBe("succeeded");
      expect(outputs.warm[0]).toEqual({ rows: 3 });
      expect(ended.log.lines).toMatchObject([{ text: `run ${count}` }]);
      ids.push(outputs.warm[1]);
    }
    const { items } = await ask("GET", "/schedules?state=active");
    expect(items.map(({ id }: { id: string }) => id).sort()).toEqual(ids.sort());
  });

  it("that is cancelled is let go, and its log ends there", async () => {
    const { ask } = await makeCodeProject({
      "index.js": `${WAIT}
export const slow = async () => { await wait(60_000); return 1 };`,
    });
    const { id } = await ask("POST", "/runs", { fn: "slow" });
    await eventually(
      () => ask("GET", `/runs/${id}`),
      ({ status }) => status === "running",
    );
    await ask("POST", `/runs/${id}/cancellation`);
    expect((await ask("GET", `/runs/${id}`)).status).toBe("cancelled");
  });
});
