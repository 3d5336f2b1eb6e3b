/** Runs of code from the upload to the run log: through the actor, the queue, a lot, an isolate, and its hand. */
import { env, exports } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { reachProject } from "../../src/actor/reach.ts";
import { mintProjectScope } from "../../src/domain/access.ts";
import type { Claim } from "../../src/domain/claim.ts";
import { readProjectId, readRunId } from "../../src/domain/ids.ts";
import { type CodeProject, makeCodeProject } from "../support/code-project.ts";
import { eventually, loseMessages } from "../support/world.ts";

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

  it("fails with what its function says, keeps its log, and leaves the runs beside it alone", async () => {
    const { run } = await makeCodeProject({
      "index.js": `export const bad = () => { console.log("trying"); throw new TypeError("no orders") };
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
});

/** A run that was started and claimed, and that the queue brings to no lot. */
async function claimed({ owner, at, ask }: CodeProject, fn: string): Promise<{ id: string; claim: Claim }> {
  const { id } = await ask("POST", "/runs", { fn });
  const scope = mintProjectScope(owner.scope.workspaceId, readProjectId(at.split("/").at(-1) ?? ""));
  const [claim] = await reachProject(env, scope).begin([{ schedule: null, run: readRunId(id) }]);
  if (claim === undefined) throw new Error("Nothing was claimed");
  return { id, claim };
}

describe("a lot with runs of several projects", () => {
  it("has one that never returns and one that is far too much beside it, and brings the others to their end at once", async () => {
    const one = await makeCodeProject({
      "index.js": `import { fn } from "carillon";
export const never = fn({ timeout: "2 seconds" }, () => { console.log("waiting"); return new Promise(() => {}) });
export const huge = () => "x".repeat(50_000_000);`,
    });
    const other = await makeCodeProject({ "index.js": 'export const good = () => "well";' });
    loseMessages();
    const [never, huge, good] = [await claimed(one, "never"), await claimed(one, "huge"), await claimed(other, "good")];
    const lot = exports.RunLot.execute([never.claim, huge.claim, good.claim]);
    const ended = await eventually(
      () => other.ask("GET", `/runs/${good.id}`),
      ({ status }) => status === "succeeded",
    );
    expect(ended.error).toBeNull();
    expect((await one.ask("GET", `/runs/${never.id}`)).status).toBe("running");
    await lot;
    const lost = await eventually(
      () => one.ask("GET", `/runs/${never.id}`),
      ({ status }) => status === "timed_out",
    );
    expect(lost.log.lines).toMatchObject([{ fn: "never", text: "waiting" }]);
    expect((await one.ask("GET", `/runs/${huge.id}`)).error.reason).toBe("response_too_large");
  });

  it("lets one go that was cancelled: it calls nobody and writes nothing any more", async () => {
    // A lot learns of a cancellation when it renews its leases.
    const { setInterval: every } = globalThis;
    vi.spyOn(globalThis, "setInterval").mockImplementation((renew) => every(renew, 100));
    const box = `${env.RECEIVER}/${crypto.randomUUID()}`;
    const project = await makeCodeProject({
      "index.js": `${WAIT}
export const ticking = async () => {
  for (let tick = 1; ; tick += 1) {
    console.log("tick", tick);
    await fetch("${box}/ok", { method: "POST" });
    await wait(50);
  }
};`,
    });
    loseMessages();
    const { id, claim } = await claimed(project, "ticking");
    const lot = exports.RunLot.execute([claim]);
    const ticking = await eventually(
      () => project.ask("GET", `/runs/${id}`),
      ({ log }) => log !== null && log.lines.length > 0,
    );
    expect(ticking.log.lines[0]).toMatchObject({ fn: "ticking", text: "tick 1" });
    await project.ask("POST", `/runs/${id}/cancellation`);
    await lot;
    const state = async () => ({
      run: await project.ask("GET", `/runs/${id}`),
      calls: (await (await fetch(box)).json<readonly object[]>()).length,
    });
    const atTheEnd = await state();
    expect(atTheEnd.run.status).toBe("cancelled");
    expect(atTheEnd.calls).toBeGreaterThan(0);
    await wait(400);
    expect(await state()).toEqual(atTheEnd);
  });
});

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
