/** What a capture is of, as the camera is told; called through the consumer, as the queue does. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { draftProject } from "../../src/directory/projects.ts";
import { workspaceOf } from "../../src/domain/access.ts";
import { readRunId } from "../../src/domain/ids.ts";
import { readPageToken } from "../../src/http/page-token.ts";
import { shotOf } from "../../src/queues/capture-subject.ts";
import { newId } from "../../src/system.ts";
import { consume, goodShot, handCamera, makeCaptureWorld } from "../support/capture-world.ts";
import { loseMessages, setClock, unwrap } from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");

beforeEach(() => {
  for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
  setClock(NINE);
});

describe("a capture", () => {
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

  it.each([
    ["https://carillon.example.com/", "https://carillon.example.com"],
    ["", null],
  ])(
    "tells such a page where the run's state is, where it is known where the deployment is: %j",
    async (PUBLIC_URL, origin) => {
      const { scope, run, project: actor } = await makeCaptureWorld();
      const settings = unwrap(await actor.changeSettings({ appUrl: "https://reports.example.com/app" }));
      const facts = { id: scope.projectId, slug: "reports", name: "Reports", createdAt: NINE };
      const subject = { project: draftProject(workspaceOf(scope), facts), run, settings, schedule: null };
      const { page } = await shotOf({ ...env, PUBLIC_URL }, subject, ["png"], async () => new Response());
      const { searchParams } = new URL(page.url);
      expect(searchParams.get("carillon_page")).toBe(
        origin && `${origin}/v1/projects/${scope.projectId}/runs/${run.id}/page`,
      );
    },
  );

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
});
