/** The consumer of captures, called as the queue calls it, with a camera made by hand; real ones are in test/capture. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { getCapture } from "../../src/artifacts/captures.ts";
import { deleteProject } from "../../src/directory/projects.ts";
import { workspaceOf } from "../../src/domain/access.ts";
import { ATTEMPTS_MAX, CLAIM_LASTS_MS, GIVE_UP_AFTER_MS } from "../../src/domain/captures/capture.ts";
import { readRunId } from "../../src/domain/ids.ts";
import { PLANS } from "../../src/domain/plan.ts";
import type { Run } from "../../src/domain/run.ts";
import { readPageToken } from "../../src/http/page-token.ts";
import { claimCaptures } from "../../src/runlog/capture-claims.ts";
import { dayOf, orderCaptures } from "../../src/runlog/captures.ts";
import { D1RunLog } from "../../src/runlog/d1-runlog.ts";
import { newId, now } from "../../src/system.ts";
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
import { SOME_EVIDENCE } from "../support/make-capture.ts";
import { makeRun } from "../support/make-run.ts";
import { scribeAt } from "../support/scribe.ts";
import { loseMessages, setClock, unwrap } from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");
let said: unknown[] = [];

beforeEach(() => {
  said = [];
  vi.spyOn(console, "warn").mockImplementation((line) => void said.push(line));
  vi.spyOn(console, "error").mockImplementation((line) => void said.push(line));
  setClock(NINE);
});

const textOf = async (file: Awaited<ReturnType<typeof getCapture>>) =>
  file === null ? null : new Response(file.body).text();

describe("an order", () => {
  it("becomes captures in the store and in the ledger, of one load of the page", async () => {
    const world = await makeCaptureWorld();
    const { camera, shots } = handCamera();
    expect(await consume([world.order()], { camera })).toEqual({ acks: ["0"], again: {} });
    expect(shots.map(({ formats }) => formats)).toEqual([["png", "pdf"]]);
    const [png, pdf] = await world.captures();
    expect(png).toMatchObject({
      state: "captured",
      attempts: 1,
      facts: {
        bytes: `picture of ${world.run.id}`.length,
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        picture: { width: 2_560, height: 1_440 },
        preview: { type: "image/webp", bytes: 7, width: 1_280, height: 720 },
        news: { email: "full", slack: "full" },
      },
      evidence: { voucher: "flag" },
    });
    expect(pdf).toMatchObject({
      state: "captured",
      facts: { print: { pages: 3, paper: "a4", orientation: "portrait" } },
    });
    for (const [file, content] of [
      ["app.png", `picture of ${world.run.id}`],
      ["app.pdf", `print of ${world.run.id}`],
      ["app.preview.webp", "preview"],
    ] as const)
      expect(await textOf(await getCapture(env.ARTIFACTS, world.scope, world.run.id, file))).toBe(content);
  });

  it("opens the run's own page with a token for these formats and a few minutes, in the house", async () => {
    const world = await makeCaptureWorld();
    const asked: string[] = [];
    const { camera, shots } = handCamera(async (shot) => {
      if (shot.page.kind === "own") await shot.page.open(new Request(shot.page.url));
      return goodShot(shot);
    });
    const openApp = async (request: Request) => {
      asked.push(request.url);
      return new Response("");
    };
    await consume([world.order({ formats: ["pdf"] })], { camera, openApp });
    const url = new URL(shots[0]?.page.url ?? "");
    expect(asked).toEqual([url.href]);
    expect(url.pathname).toBe(`/v1/projects/${world.scope.projectId}/runs/${world.run.id}/page`);
    const token = url.searchParams.get("token") ?? "";
    expect(await readPageToken(env.CARILLON_KEY, token, NINE)).toEqual({
      scope: world.scope,
      run: world.run.id,
      purpose: "pdf",
    });
    expect(await readPageToken(env.CARILLON_KEY, token, NINE + 10 * 60_000)).toBeNull();
  });

  it("opens a page of the project's own where there is one, with the run and a token", async () => {
    const world = await makeCaptureWorld();
    unwrap(
      await world.project.changeSettings({ appUrl: "https://reports.example.com/app", captureReadySelector: "#ready" }),
    );
    const { camera, shots } = handCamera();
    await consume([world.order()], { camera });
    const [shot] = shots;
    expect([shot?.page.kind, shot?.readySelector]).toEqual(["external", "#ready"]);
    const url = new URL(shot?.page.url ?? "");
    expect([
      url.origin + url.pathname,
      url.searchParams.get("carillon_run"),
      url.searchParams.get("carillon_capture"),
    ]).toEqual(["https://reports.example.com/app", world.run.id, "png-pdf"]);
  });

  it("says at the foot what it is of: project, schedule, when it was due and ran, in the schedule's zone", async () => {
    const world = await makeCaptureWorld();
    const schedule = await world.schedule({ schedule: "every day at 9am", fn: "work", timezone: "Europe/Berlin" });
    const other = await makeCaptureWorld({ scheduleId: schedule.id });
    const { camera, shots } = handCamera();
    await consume([other.order()], { camera });
    // A schedule of another project is not this run's, whatever its id.
    expect(shots[0]?.caption).toEqual({
      project: "Reports",
      schedule: null,
      scheduledFor: other.run.scheduledFor,
      ranAt: other.run.startedAt,
      timezone: "UTC",
    });
  });

  it("of a run that is gone fails for good and says so", async () => {
    const world = await makeCaptureWorld();
    const run = readRunId(newId());
    expect(await consume([world.order({ run })])).toEqual({ acks: ["0"], again: {} });
    expect(await world.captures(run)).toMatchObject([
      { state: "failed", failure: { reason: "run_missing" } },
      { state: "failed", failure: { reason: "run_missing" } },
    ]);
  });

  it("of a run that goes on waits for its end, and no attempt is counted", async () => {
    const world = await makeCaptureWorld();
    loseMessages();
    const { id: run } = unwrap(await world.project.startRun({ fn: "work", context: "api-triggered" }));
    const { camera, shots } = handCamera();
    const { again } = await consume([world.order({ run })], { camera });
    expect(again["0"]).toBeGreaterThan(0);
    expect(shots).toEqual([]);
    expect(await world.captures(run)).toMatchObject([{ state: "pending", attempts: 0 }, { state: "pending" }]);
  });

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

describe("a message that comes twice", () => {
  it("finds its captures taken, and takes no second picture", async () => {
    const world = await makeCaptureWorld();
    const { camera, shots } = handCamera();
    await consume([world.order()], { camera });
    expect(await consume([world.order()], { camera })).toEqual({ acks: ["0"], again: {} });
    expect(shots).toHaveLength(1);
  });

  it("at the same moment as its copy, is captured once; the copy looks again later", async () => {
    const world = await makeCaptureWorld();
    const { camera, shots } = handCamera();
    const order = world.order();
    const both = await Promise.all([consume([order], { camera }), consume([order], { camera })]);
    expect(shots).toHaveLength(1);
    expect(both.flatMap(({ acks }) => acks)).toContain("0");
    expect(await world.captures()).toMatchObject([{ attempts: 1 }, { attempts: 1 }]);
  });

  it("twice in one batch, is captured once", async () => {
    const world = await makeCaptureWorld();
    const { camera, shots } = handCamera();
    await consume([world.order(), world.order()], { camera });
    expect(shots).toHaveLength(1);
  });
});

describe("a crash", () => {
  it("after the order was written leaves it to the next copy of the message", async () => {
    const world = await makeCaptureWorld();
    await orderCaptures(env.RUNLOG, world.scope, world.order());
    await consume([world.order()]);
    expect(await world.captures()).toMatchObject([{ state: "captured" }, { state: "captured" }]);
  });

  it("after the claim leaves it until the claim ends, and then it is taken", async () => {
    const world = await makeCaptureWorld();
    const order = world.order();
    await orderCaptures(env.RUNLOG, world.scope, order);
    await claimCaptures(env.RUNLOG, world.scope, order, now());
    const early = await consume([order]);
    expect(early.again["0"]).toBeGreaterThan(0);
    setClock(NINE + CLAIM_LASTS_MS);
    expect((await consume([order])).acks).toEqual(["0"]);
    expect(await world.captures()).toMatchObject([
      { state: "captured", attempts: 2 },
      { state: "captured", attempts: 2 },
    ]);
  });

  it("between storing and settling takes it once more, over what was stored", async () => {
    const world = await makeCaptureWorld();
    const order = world.order({ formats: ["png"] });
    const { camera } = handCamera((shot) => {
      // From here on the ledger cannot be reached: as if the invocation had ended.
      vi.spyOn(env.RUNLOG, "batch").mockRejectedValue(new Error("D1 is down"));
      return goodShot(shot);
    });
    const first = await consume([order], { camera });
    expect(first.again["0"]).toBeGreaterThan(0);
    vi.mocked(env.RUNLOG.batch).mockRestore();
    expect(await world.captures()).toMatchObject([{ state: "pending", attempts: 1 }]);
    setClock(NINE + CLAIM_LASTS_MS);
    await consume([order]);
    expect(await world.captures()).toMatchObject([{ state: "captured", attempts: 2 }]);
  });

  it("that repeats is given up as lost after as many attempts as a capture has", async () => {
    const world = await makeCaptureWorld();
    const order = world.order({ formats: ["png"] });
    await orderCaptures(env.RUNLOG, world.scope, order);
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      await claimCaptures(env.RUNLOG, world.scope, order, now());
      setClock(NINE + (attempt + 1) * CLAIM_LASTS_MS);
    }
    const { camera, shots } = handCamera();
    expect(await consume([order], { camera })).toEqual({ acks: ["0"], again: {} });
    expect(shots).toEqual([]);
    expect(await world.captures()).toMatchObject([{ state: "failed", failure: { reason: "lost" } }]);
  });
});

describe("a failed attempt", () => {
  it("is followed by another one, which its failure and evidence await", async () => {
    const world = await makeCaptureWorld();
    const { camera } = handCamera(() => badShot("not_ready", { evidence: SOME_EVIDENCE, partial: true }));
    expect(await consume([world.order()], { camera })).toEqual({ acks: [], again: { 0: 3 } });
    expect(await world.captures()).toMatchObject(
      ["png", "pdf"].map((format) => ({
        format,
        state: "pending",
        attempts: 1,
        failure: { reason: "not_ready" },
        evidence: { ...SOME_EVIDENCE, hasPartialPicture: true },
      })),
    );
    const partial = await getCapture(env.ARTIFACTS, world.scope, world.run.id, "failed.png");
    expect(await textOf(partial)).toBe("half a picture");
  });

  it("is the last one when as many were made as a capture has", async () => {
    const world = await makeCaptureWorld();
    const { camera, shots } = handCamera(() => badShot("bad_status"));
    const waits: (number | undefined)[] = [];
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1)
      waits.push((await consume([world.order()], { camera })).again["0"]);
    expect([waits, shots.length]).toEqual([[3, 6, undefined], ATTEMPTS_MAX]);
    expect(await world.captures()).toMatchObject([
      { state: "failed", attempts: ATTEMPTS_MAX, failure: { reason: "bad_status" } },
      { state: "failed" },
    ]);
  });

  it("comes again when the page's server said", async () => {
    const world = await makeCaptureWorld();
    const { camera } = handCamera(() => badShot("bad_status", { retryAfter: 40_000 }));
    expect((await consume([world.order()], { camera })).again).toEqual({ 0: 40 });
  });

  it("is the only one when no other would go better", async () => {
    const world = await makeCaptureWorld();
    const { camera } = handCamera(() => badShot("address_refused"));
    expect(await consume([world.order()], { camera })).toEqual({ acks: ["0"], again: {} });
    expect(await world.captures()).toMatchObject([{ state: "failed" }, { state: "failed" }]);
  });

  it("that is followed by a good one leaves no failure behind", async () => {
    const world = await makeCaptureWorld();
    await consume([world.order()], { camera: handCamera(() => badShot("blank")).camera });
    await consume([world.order()]);
    expect(await world.captures()).toMatchObject([
      { state: "captured", attempts: 2, failure: null },
      { state: "captured", failure: null },
    ]);
  });

  it("is also one whose picture could not be stored", async () => {
    const world = await makeCaptureWorld();
    vi.spyOn(env.ARTIFACTS, "put").mockRejectedValue(new Error("R2 is down"));
    expect((await consume([world.order()])).again).toEqual({ 0: 3 });
    vi.mocked(env.ARTIFACTS.put).mockRestore();
    expect(await world.captures()).toMatchObject([{ state: "pending", failure: { reason: "lost" } }, {}]);
    await consume([world.order()]);
    expect(await world.captures()).toMatchObject([{ state: "captured" }, { state: "captured" }]);
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

  it("that is not free is waited for, longer each time, and no attempt is counted", async () => {
    const world = await makeCaptureWorld();
    const { browsers } = handBrowsers({ kind: "wait", retryAfter: 5_000 });
    expect((await consume([world.order()], { browsers })).again).toEqual({ 0: 5 });
    expect((await consume([world.order()], { browsers, attempts: 3 })).again).toEqual({ 0: 15 });
    expect((await consume([world.order()], { browsers, attempts: 90 })).again).toEqual({ 0: 60 });
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
    expect((await consume([world.order()], { browsers, camera })).again).toEqual({ 0: 21 });
    expect(told.slice(1)).toEqual([["turnedAway", "1", 21_000]]);
  });

  it("that could not be had this time is given back as gone, and asked for again", async () => {
    const world = await makeCaptureWorld();
    const { browsers, told } = handBrowsers();
    const { again } = await consume([world.order()], { browsers, camera: noCamera({ kind: "lost", message: "No." }) });
    expect(again["0"]).toBeGreaterThan(0);
    expect(told.at(-1)).toEqual(["giveBack", "1", null]);
  });

  it("that this machine has not fails the captures and says so", async () => {
    const world = await makeCaptureWorld();
    const camera = noCamera({ kind: "no_browser", message: "There is no Chromium here." });
    expect(await consume([world.order()], { camera })).toEqual({ acks: ["0"], again: {} });
    expect(await world.captures()).toMatchObject([
      { state: "failed", failure: { reason: "no_browser", message: "There is no Chromium here." } },
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

  it("has two pages open at the same time and no more", async () => {
    const world = await makeCaptureWorld();
    const runs = await Promise.all(Array.from({ length: 4 }, async () => (await makeRunIn(world)).id));
    let [open, most] = [0, 0];
    const { camera, shots } = handCamera(async (shot) => {
      open += 1;
      most = Math.max(most, open);
      await env.RUNLOG.prepare("SELECT 1").run();
      open -= 1;
      return goodShot(shot);
    });
    await consume(
      runs.map((run) => world.order({ run, formats: ["png"] })),
      { camera },
    );
    expect([most, shots.length]).toEqual([2, 4]);
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

  it("while it is captured, leaves no picture behind", async () => {
    const world = await makeCaptureWorld();
    const { camera } = handCamera(async (shot) => {
      await env.RUNLOG.prepare("DELETE FROM captures WHERE run_id = ?1").bind(shot.run).run();
      return goodShot(shot);
    });
    await consume([world.order()], { camera });
    expect((await env.ARTIFACTS.list({ prefix: world.scope.workspaceId })).objects).toEqual([]);
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
