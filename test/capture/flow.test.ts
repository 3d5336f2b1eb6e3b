/** From the end of a run to the capture in the store: a real schedule, real queues, and a real Chromium. */

import { env } from "cloudflare:workers";
import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { fullFile, getCapture } from "../../src/artifacts/captures.ts";
import { mintProjectScope, type ProjectScope } from "../../src/domain/access.ts";
import { type Capture, NEWS_BUDGET_MS } from "../../src/domain/captures/capture.ts";
import { type RunId, readProjectId, readRunId } from "../../src/domain/ids.ts";
import { listCaptures } from "../../src/runlog/captures.ts";
import { type CodeProject, makeCodeProject } from "../support/code-project.ts";
import { textOf } from "../support/pdf-text.ts";

/** An app whose one number is the run's own. */
const MODULES = {
  "main.js": `
    import { metric, table } from "carillon";
    export const report = (args, run) => [
      metric("Orders of the run", "N-" + run.id.slice(-12)),
      table(Array.from({ length: 60 }, (_, row) => ({ row, value: "R" + row + "-" + run.id.slice(-6) }))),
    ];
  `,
};

beforeEach(() => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
});

interface Reporting extends CodeProject {
  readonly scope: ProjectScope;
  /** Runs the schedule now, and answers the run. */
  runNow(): Promise<RunId>;
}

/** A project whose schedule has its app captured. */
async function makeReporting(formats: readonly string[]): Promise<Reporting> {
  const project = await makeCodeProject(MODULES);
  const schedule = await project.ask("POST", "/schedules", {
    schedule: "every monday at 9am",
    timezone: "Europe/Berlin",
    notifications: formats.map((capture) => ({ capture })),
  });
  const scope = mintProjectScope(project.owner.scope.workspaceId, readProjectId(project.at.split("/").at(-1) ?? ""));
  return {
    ...project,
    scope,
    runNow: async () => readRunId((await project.ask("POST", `/schedules/${schedule.id}/runs`, {})).id),
  };
}

/** The captures of a run when none is pending any more. */
const settled = (scope: ProjectScope, run: RunId, count: number): Promise<readonly Capture[]> =>
  vi.waitFor(
    async () => {
      const captures = await listCaptures(env.RUNLOG, scope, run);
      const open = captures.filter(({ state }) => state === "pending");
      if (captures.length < count || open.length > 0) expect.fail(`Still so: ${JSON.stringify(captures)}`);
      return captures;
    },
    { timeout: 45_000, interval: 50 },
  );

/** The bytes that the ledger says were taken. */
async function taken(scope: ProjectScope, capture: Capture | undefined): Promise<Uint8Array> {
  if (capture === undefined) throw new Error("No capture");
  const { run, format, facts } = capture;
  const found = await getCapture(env.ARTIFACTS, scope, run, fullFile(format, facts?.hash ?? ""));
  if (found === null) throw new Error(`No ${format}`);
  return new Uint8Array(await new Response(found.body).arrayBuffer());
}

/** What a PNG says of itself in its first chunk. */
function sizeOf(picture: Uint8Array): { readonly width: number; readonly height: number } {
  const header = Buffer.from(picture);
  expect(header.toString("latin1", 1, 4)).toBe("PNG");
  return { width: header.readUInt32BE(16), height: header.readUInt32BE(20) };
}

describe("a run whose schedule wants a capture", () => {
  it("has its own values in a print and a picture in the store, in time for its news", async () => {
    const project = await makeReporting(["png", "pdf"]);
    const run = await project.runNow();
    const [png, pdf] = await settled(project.scope, run, 2);
    expect([png?.failure, pdf?.failure]).toEqual([null, null]);
    expect([png?.state, pdf?.state]).toEqual(["captured", "captured"]);
    for (const capture of [png, pdf]) {
      expect(capture).toMatchObject({ attempts: 1, cause: "notification", evidence: { readyBy: "flag" } });
      const end = (capture?.newsBy ?? 0) - NEWS_BUDGET_MS;
      expect((capture?.settledAt ?? Infinity) - end).toBeLessThan(NEWS_BUDGET_MS);
    }

    const print = await taken(project.scope, pdf);
    const pages = await textOf(print);
    const text = pages.join(" ").replaceAll(/\s+/g, " ");
    expect(text).toContain(`N-${run.slice(-12)}`);
    for (const row of [0, 30, 59]) expect(text).toContain(`R${row}-${run.slice(-6)}`);
    expect(text).toContain("Reports");
    expect(text).toContain("Europe/Berlin");
    expect(pdf?.facts).toMatchObject({
      bytes: print.length,
      hash: createHash("sha256").update(print).digest("hex"),
      print: { pages: pages.length, paper: "a4", orientation: "portrait", isCut: false },
    });

    const picture = await taken(project.scope, png);
    const { width, height } = sizeOf(picture);
    expect(png?.facts).toMatchObject({
      bytes: picture.length,
      hash: createHash("sha256").update(picture).digest("hex"),
      picture: { width, height, deviceScale: 2, isCut: false },
      preview: { type: expect.stringMatching(/^image\//) },
      news: { email: "full", slack: "full" },
    });
    expect(width).toBe(2_560);
  });

  it("is captured with its own values and no other run's, however many are captured at once", async () => {
    const project = await makeReporting(["pdf"]);
    const runs = [await project.runNow(), await project.runNow(), await project.runNow()];
    for (const run of runs) {
      const [capture] = await settled(project.scope, run, 1);
      expect([capture?.state, capture?.failure]).toEqual(["captured", null]);
      const text = (await textOf(await taken(project.scope, capture))).join(" ");
      const named = runs.filter((one) => text.includes(`N-${one.slice(-12)}`));
      expect(named).toEqual([run]);
    }
  });
});

describe("a run of the past", () => {
  it("is captured on demand without running again, and served", async () => {
    const project = await makeReporting([]);
    const { run } = await project.run({});
    const id = readRunId(run.id);
    expect(await listCaptures(env.RUNLOG, project.scope, id)).toEqual([]);
    const before = (await project.ask("GET", "/runs")).items.length;
    await project.ask("POST", `/runs/${id}/captures`, { formats: ["pdf"] });
    const [capture] = await settled(project.scope, id, 1);
    expect(capture).toMatchObject({ state: "captured", cause: "demand", newsBy: null });
    expect((await project.ask("GET", "/runs")).items).toHaveLength(before);
    const text = (await textOf(await taken(project.scope, capture))).join(" ");
    expect(text).toContain(`N-${id.slice(-12)}`);
  });
});

describe("a page of the project's own", () => {
  it("that answers with an error ends as a failed capture with evidence, and not as a picture", async () => {
    const project = await makeReporting(["png"]);
    await project.ask("PATCH", "/settings", { app_url: `${env.PAGES}/status-500` });
    const run = await project.runNow();
    const capture = await vi.waitFor(
      async () => {
        const [one] = await listCaptures(env.RUNLOG, project.scope, run);
        if ((one?.failure ?? null) === null) expect.fail(`Still so: ${JSON.stringify(one)}`);
        return one;
      },
      { timeout: 45_000, interval: 50 },
    );
    expect(capture).toMatchObject({
      failure: { reason: "bad_status" },
      evidence: { waits: expect.arrayContaining([expect.objectContaining({ name: "document", passed: false })]) },
      facts: null,
    });
    const { objects } = await env.ARTIFACTS.list({ prefix: `${project.scope.workspaceId}/` });
    expect(objects.filter(({ key }) => key.includes("/captures/app-"))).toEqual([]);
  });
});
