/** The consumer of captures, called as the queue calls it, with a camera made by hand; real ones are in test/capture. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { deleteProject } from "../../src/directory/projects.ts";
import { workspaceOf } from "../../src/domain/access.ts";
import { GIVE_UP_AFTER_MS } from "../../src/domain/captures/capture.ts";
import { BUSY_WAIT_MS } from "../../src/domain/captures/retaking.ts";
import { PLANS } from "../../src/domain/plan.ts";
import type { Run } from "../../src/domain/run.ts";
import { SECOND_MS } from "../../src/domain/time/instant.ts";
import { dayOf } from "../../src/runlog/captures.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import {
  badShot,
  type CaptureWorld,
  consume,
  consumeDead,
  goodShot,
  handBrowsers,
  handCamera,
  makeCaptureWorld,
  noCamera,
} from "../support/capture-world.ts";
import { makeRun } from "../support/make-run.ts";
import { scribeAt } from "../support/scribe.ts";
import { setClock } from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");
/** As wrangler.toml has it. */
const RETRIES_MAX = 100;
let said: unknown[] = [];

beforeEach(() => {
  said = [];
  vi.spyOn(console, "warn").mockImplementation((line) => void said.push(line));
  vi.spyOn(console, "error").mockImplementation((line) => void said.push(line));
  setClock(NINE);
});

describe("a message", () => {
  it.each([
    ["nothing", null],
    ["a text", "capture it"],
    ["an order of no format", { formats: [] }],
    ["an order of a format that there is not", { formats: ["gif"] }],
    ["an order of no run", { run: "../secret" }],
    ["an order of no time", { orderedAt: "now" }],
    ["an order under no plan", { plan: "free" }],
  ])("is told and done with when it is %s", async (_, body) => {
    const world = await makeCaptureWorld();
    const message = typeof body === "object" && body !== null ? { ...world.order(), ...body } : body;
    expect(await consume([message])).toEqual({ acks: ["0"], again: {} });
    expect(said).toMatchObject([{ event: "message_not_understood" }]);
    expect(await world.captures()).toEqual([]);
  });
});

describe("the limit of a day", () => {
  it("fails what is ordered beyond it, and says so", async () => {
    const world = await makeCaptureWorld({}, "team");
    await env.RUNLOG.prepare("INSERT INTO capture_days (workspace_id, day, ordered) VALUES (?1, ?2, ?3)")
      .bind(world.scope.workspaceId, dayOf(NINE), PLANS.team.capturesPerDay)
      .run();
    const { camera, shots } = handCamera();
    expect(await consume([world.order()], { camera })).toEqual({ acks: ["0"], again: {} });
    expect(shots).toEqual([]);
    expect(await world.captures()).toMatchObject([
      { state: "failed", failure: { reason: "limit_reached" } },
      { state: "failed", failure: { reason: "limit_reached" } },
    ]);
  });
});

describe("a browser", () => {
  it("is borrowed for the workspace and given back with its session", async () => {
    const world = await makeCaptureWorld();
    const { browsers, told } = handBrowsers({ kind: "lent", loan: "7", session: "s" });
    await consume([world.order()], { browsers });
    expect(told).toEqual([
      ["borrow", world.scope.workspaceId],
      ["giveBack", "7", "s"],
    ]);
  });

  it("is borrowed once for all orders of a workspace, and by itself for each workspace", async () => {
    const [one, two] = [await makeCaptureWorld(), await makeCaptureWorld()];
    const { browsers, told } = handBrowsers();
    await consume([one.order(), two.order(), one.order({ formats: ["png"] })], { browsers });
    expect(told.filter((line) => Array.isArray(line) && line[0] === "borrow")).toHaveLength(2);
  });

  it("is not asked for when there is nothing to take", async () => {
    const world = await makeCaptureWorld();
    await consume([world.order()]);
    const { browsers, told } = handBrowsers();
    await consume([world.order()], { browsers });
    expect(told).toEqual([]);
  });

  it("that is not free is waited for as named, a while after news at less cost, and no attempt is counted", async () => {
    const world = await makeCaptureWorld();
    const { browsers } = handBrowsers({ kind: "wait", retryAfter: 5_000 });
    expect((await consume([world.order()], { browsers })).again).toEqual({ 0: 5 });
    expect((await consume([world.order()], { browsers, attempts: 12 })).again).toEqual({ 0: 5 });
    expect((await consume([world.order()], { browsers, attempts: 90 })).again).toEqual({ 0: 20 });
    expect(await world.captures()).toMatchObject([{ state: "pending", attempts: 0 }, { attempts: 0 }]);
  });

  it("that never becomes free fails the capture in the end, and says so", async () => {
    const world = await makeCaptureWorld();
    const { browsers } = handBrowsers({ kind: "wait", retryAfter: 5_000 });
    const order = world.order();
    await consume([order], { browsers });
    setClock(NINE + GIVE_UP_AFTER_MS);
    expect(await consume([order], { browsers })).toEqual({ acks: ["0"], again: {} });
    expect(await world.captures()).toMatchObject([{ state: "failed", failure: { reason: "browser_busy" } }, {}]);
  });

  it("that the platform refuses is waited for as long as it named, and the keeper is told", async () => {
    const world = await makeCaptureWorld();
    const { browsers, told } = handBrowsers();
    const camera = noCamera({ kind: "turned_away", retryAfter: 21_000 });
    expect((await consume([world.order()], { browsers, camera, attempts: 3 })).again).toEqual({ 0: 21 });
    expect(told.slice(1)).toEqual([["turnedAway", "1", 21_000]]);
  });

  it("that is never free is waited for until the capture is given up, and not only until the queue gives up", async () => {
    const world = await makeCaptureWorld();
    const { browsers } = handBrowsers({ kind: "wait", retryAfter: BUSY_WAIT_MS });
    let waited = 0;
    for (let attempts = 1; attempts <= RETRIES_MAX; attempts += 1)
      waited += ((await consume([world.order()], { browsers, attempts })).again["0"] ?? 0) * SECOND_MS;
    expect(waited).toBeGreaterThan(GIVE_UP_AFTER_MS);
  });

  it("that could not be had this time is given back as gone, and asked for again", async () => {
    const world = await makeCaptureWorld();
    const { browsers, told } = handBrowsers();
    const camera = noCamera({ kind: "lost", message: "No." });
    const waits = [1, 3, 90].map(
      async (attempts) => (await consume([world.order()], { browsers, camera, attempts })).again,
    );
    expect(await Promise.all(waits)).toEqual([{ 0: 5 }, { 0: 15 }, { 0: 60 }]);
    expect(told.at(-1)).toEqual(["giveBack", "1", null]);
  });

  it("that this machine has not fails the captures and says so", async () => {
    const world = await makeCaptureWorld();
    const camera = noCamera({
      kind: "no_browser",
      message: "There is no Chromium here.\n    at launch (runtime.js:1)",
    });
    expect(await consume([world.order()], { camera })).toEqual({ acks: ["0"], again: {} });
    expect(await world.captures()).toMatchObject([
      {
        state: "failed",
        failure: {
          reason: "no_browser",
          message: "There is no browser to take captures with.",
          detail: "There is no Chromium here.",
        },
      },
      {},
    ]);
  });

  it("that is not bound fails the captures and says so, and none is borrowed", async () => {
    const world = await makeCaptureWorld();
    const { browsers, told } = handBrowsers();
    expect(await consume([world.order()], { camera: null, browsers })).toEqual({ acks: ["0"], again: {} });
    expect(await world.captures()).toMatchObject([{ failure: { reason: "no_browser" } }, {}]);
    expect(told).toEqual([]);
  });

  it("is given back also when its use goes wrong in a way nobody expected", async () => {
    const world = await makeCaptureWorld();
    const { browsers, told } = handBrowsers();
    const camera = () => Promise.reject(new Error("Out of memory"));
    const { again } = await consume([world.order()], { browsers, camera });
    expect(again["0"]).toBeGreaterThan(0);
    expect(told.at(-1)).toEqual(["giveBack", "1", null]);
  });

  it("that cannot be given back costs nothing that was captured", async () => {
    const world = await makeCaptureWorld();
    const { browsers } = handBrowsers();
    const giveBack = () => Promise.reject(new Error("Network connection lost."));
    expect(await consume([world.order()], { browsers: { ...browsers, giveBack } })).toEqual({ acks: ["0"], again: {} });
    expect(await world.captures()).toMatchObject([{ state: "captured" }, { state: "captured" }]);
  });

  it("that ends in the middle costs no attempt to those who had not begun", async () => {
    const world = await makeCaptureWorld();
    const runs = await Promise.all(Array.from({ length: 4 }, async () => (await makeRunIn(world)).id));
    const { camera, shots } = handCamera(() => badShot("browser_lost"));
    const { acks, again } = await consume(
      runs.map((run) => world.order({ run, formats: ["png"] })),
      { camera },
    );
    expect([acks, shots.length, Object.keys(again).length]).toEqual([[], 2, 4]);
    const attempts = await Promise.all(runs.map(async (run) => (await world.captures(run))[0]?.attempts));
    expect(attempts.toSorted()).toEqual([0, 0, 1, 1]);
  });

  it("has two pages open at the same time and no more, over all workspaces of a batch", async () => {
    const [world, other] = [await makeCaptureWorld(), await makeCaptureWorld()];
    const runs = await Promise.all(Array.from({ length: 3 }, async () => (await makeRunIn(world)).id));
    const others = await Promise.all(Array.from({ length: 3 }, async () => (await makeRunIn(other)).id));
    let [open, most] = [0, 0];
    const { camera, shots } = handCamera(async (shot) => {
      open += 1;
      most = Math.max(most, open);
      await env.RUNLOG.prepare("SELECT 1").run();
      open -= 1;
      return goodShot(shot);
    });
    await consume(
      [
        ...runs.map((run) => world.order({ run, formats: ["png"] })),
        ...others.map((run) => other.order({ run, formats: ["png"] })),
      ],
      { camera },
    );
    expect([most, shots.length]).toEqual([2, 6]);
  });
});

describe("tenants", () => {
  it("cannot have the run of another one captured", async () => {
    const [ours, theirs] = [await makeCaptureWorld(), await makeCaptureWorld()];
    const { camera, shots } = handCamera();
    await consume(
      [
        ours.order({ run: theirs.run.id }),
        ours.order({ project: theirs.scope.projectId, run: theirs.run.id }),
        theirs.order({ workspace: ours.scope.workspaceId }),
      ],
      { camera },
    );
    expect(shots).toEqual([]);
    expect(await theirs.captures()).toEqual([]);
    expect(await ours.captures(theirs.run.id)).toMatchObject([{ failure: { reason: "run_missing" } }, {}]);
  });

  it("do not lose their captures to another one whose capture goes wrong", async () => {
    const [ours, theirs] = [await makeCaptureWorld(), await makeCaptureWorld()];
    const { camera } = handCamera((shot) => {
      if (shot.run === ours.run.id) throw new Error("Out of memory");
      return goodShot(shot);
    });
    const { acks, again } = await consume([ours.order(), theirs.order()], { camera });
    expect([acks, Object.keys(again)]).toEqual([["1"], ["0"]]);
  });
});

describe("a deleted project", () => {
  it("gets no captures and no rows", async () => {
    const world = await makeCaptureWorld();
    await deleteProject(env.DIRECTORY, workspaceOf(world.scope), world.directoryProject, scribeAt());
    const { camera, shots } = handCamera();
    expect(await consume([world.order()], { camera })).toEqual({ acks: ["0"], again: {} });
    expect([shots, await world.captures()]).toEqual([[], []]);
  });
});

describe("a dead letter", () => {
  it("is told, and its captures are failed as lost, also when the ledger had not heard of them", async () => {
    const world = await makeCaptureWorld();
    expect(await consumeDead([world.order(), "junk"])).toMatchObject({ acks: expect.arrayContaining(["0", "1"]) });
    expect(said).toContainEqual(expect.objectContaining({ event: "captures_dead_lettered", run: world.run.id }));
    expect(await world.captures()).toMatchObject([
      { state: "failed", failure: { reason: "lost" } },
      { state: "failed", failure: { reason: "lost" } },
    ]);
  });

  it("changes nothing that is captured", async () => {
    const world = await makeCaptureWorld();
    await consume([world.order()]);
    await consumeDead([world.order()]);
    expect(await world.captures()).toMatchObject([{ state: "captured" }, { state: "captured" }]);
  });

  it("comes again when the ledger cannot be reached", async () => {
    const world = await makeCaptureWorld();
    vi.spyOn(env.RUNLOG, "prepare").mockImplementation(() => {
      throw new Error("D1 is down");
    });
    expect(Object.keys((await consumeDead([world.order()])).again)).toEqual(["0"]);
  });
});

/** Another finished run of the project. */
async function makeRunIn(world: CaptureWorld): Promise<Run> {
  const run = makeRun({ scheduleId: null });
  await new D1RunLog(env.RUNLOG).record(world.scope, [run]);
  return run;
}
