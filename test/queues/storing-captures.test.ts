/** What the camera took, put where it is kept; called through the consumer, as the queue does. */
import { env } from "cloudflare:workers";
import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { fullFile, getCapture, PARTIAL_FILE, previewFile } from "../../src/artifacts/captures.ts";
import type { Shot, ShotOutcome } from "../../src/capture/shot.ts";
import { CLAIM_LASTS_MS } from "../../src/domain/captures/capture.ts";
import { orderCaptures } from "../../src/runlog/captures.ts";
import {
  badShot,
  type CaptureWorld,
  consume,
  goodShot,
  handCamera,
  makeCaptureWorld,
  textOf,
} from "../support/capture-world.ts";
import { SOME_EVIDENCE } from "../support/make-capture.ts";
import { setClock } from "../support/world.ts";

const NINE = Date.parse("2027-01-15T09:00:00.000Z");

beforeEach(() => {
  for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
  setClock(NINE);
});

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The files of the world's run. */
async function filesOf({ scope, run }: CaptureWorld): Promise<readonly string[]> {
  const { objects } = await env.ARTIFACTS.list({ prefix: `${scope.workspaceId}/${scope.projectId}/runs/${run.id}/` });
  return objects.map(({ key }) => key.split("/").at(-1) ?? "").toSorted();
}

/** A shot like any other, of a page that has changed. */
const anotherShot = (shot: Shot): ShotOutcome => {
  const good = goodShot(shot);
  if (!good.ok) return good;
  return {
    ...good,
    taken: good.taken.map((one) => ({ ...one, bytes: new TextEncoder().encode(`new ${one.format}`) })),
  };
};

describe("what was taken", () => {
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
        hash: sha256(`picture of ${world.run.id}`),
        picture: { width: 2_560, height: 1_440 },
        preview: { type: "image/webp", bytes: 7, width: 1_280, height: 720 },
        news: { email: "full", slack: "full" },
      },
      evidence: { readyBy: "flag" },
    });
    expect(pdf).toMatchObject({
      state: "captured",
      facts: { print: { pages: 3, paper: "a4", orientation: "portrait", isCut: false } },
    });
    const [picture, print] = [png?.facts?.hash ?? "", pdf?.facts?.hash ?? ""];
    for (const [file, content] of [
      [fullFile("png", picture), `picture of ${world.run.id}`],
      [fullFile("pdf", print), `print of ${world.run.id}`],
      [previewFile(picture, { type: "image/webp" }), "preview"],
    ] as const)
      expect(await textOf(await getCapture(env.ARTIFACTS, world.scope, world.run.id, file))).toBe(content);
  });

  it("and could not be stored is an attempt that failed, and is followed by another one", async () => {
    const world = await makeCaptureWorld();
    vi.spyOn(env.ARTIFACTS, "put").mockRejectedValue(new Error("R2 is down"));
    expect((await consume([world.order()])).again).toEqual({ 0: 3 });
    vi.mocked(env.ARTIFACTS.put).mockRestore();
    expect(await world.captures()).toMatchObject([{ state: "pending", failure: { reason: "lost" } }, {}]);
    await consume([world.order()]);
    expect(await world.captures()).toMatchObject([{ state: "captured" }, { state: "captured" }]);
  });

  it("and could be stored in one format alone stays so, and the other one is tried again by itself", async () => {
    const world = await makeCaptureWorld();
    const put = env.ARTIFACTS.put.bind(env.ARTIFACTS);
    vi.spyOn(env.ARTIFACTS, "put").mockImplementation((key, ...rest: unknown[]) =>
      key.endsWith(".pdf") ? Promise.reject(new Error("R2 is down")) : Reflect.apply(put, undefined, [key, ...rest]),
    );
    expect((await consume([world.order()])).again).toEqual({ 0: 3 });
    expect(await world.captures()).toMatchObject([
      { state: "captured" },
      { state: "pending", failure: { reason: "lost" } },
    ]);
  });

  it("of what is taken anew follows what there was, which is deleted then and not before", async () => {
    const world = await makeCaptureWorld();
    const order = world.order({ formats: ["png"] });
    await consume([order]);
    const before = await filesOf(world);
    await orderCaptures(env.RUNLOG, world.scope, { ...order, again: true });
    const seen: (readonly string[])[] = [];
    const { camera } = handCamera(async (shot) => {
      seen.push(await filesOf(world));
      return anotherShot(shot);
    });
    await consume([order], { camera });
    const stem = `app-${sha256("new png").slice(0, 16)}`;
    expect([seen, await filesOf(world)]).toEqual([[before], [`${stem}.png`, `${stem}.preview.webp`]]);
  });

  it("of what is taken anew and is as it was stays", async () => {
    const world = await makeCaptureWorld();
    const order = world.order({ formats: ["png"] });
    await consume([order]);
    const before = await filesOf(world);
    await orderCaptures(env.RUNLOG, world.scope, { ...order, again: true });
    await consume([order]);
    expect(await filesOf(world)).toEqual(before);
  });

  it("by whom another one has followed lies beside it, and what is said of the capture is said of its bytes", async () => {
    const world = await makeCaptureWorld();
    const order = world.order({ formats: ["pdf"] });
    const { camera } = handCamera(async (shot) => {
      setClock(NINE + CLAIM_LASTS_MS);
      await consume([order]);
      return anotherShot(shot);
    });
    await consume([order], { camera });
    const [capture] = await world.captures();
    const hash = capture?.facts?.hash ?? "";
    expect(hash).toBe(sha256(`print of ${world.run.id}`));
    const file = await getCapture(env.ARTIFACTS, world.scope, world.run.id, fullFile("pdf", hash));
    expect(await textOf(file)).toBe(`print of ${world.run.id}`);
  });

  it("of a project that is deleted meanwhile leaves no picture behind", async () => {
    const world = await makeCaptureWorld();
    const { camera } = handCamera(async (shot) => {
      await env.RUNLOG.prepare("DELETE FROM captures WHERE run_id = ?1").bind(shot.run).run();
      return goodShot(shot);
    });
    await consume([world.order()], { camera });
    expect((await env.ARTIFACTS.list({ prefix: world.scope.workspaceId })).objects).toEqual([]);
  });
});

describe("what a page showed that failed", () => {
  it("is kept beside the evidence", async () => {
    const world = await makeCaptureWorld();
    const { camera } = handCamera(() => badShot("not_ready", { evidence: SOME_EVIDENCE, partial: true }));
    await consume([world.order()], { camera });
    const partial = await getCapture(env.ARTIFACTS, world.scope, world.run.id, PARTIAL_FILE);
    expect(await textOf(partial)).toBe("half a picture");
  });

  it("and could not be kept is no reason to fail further", async () => {
    const world = await makeCaptureWorld();
    vi.spyOn(env.ARTIFACTS, "put").mockRejectedValue(new Error("R2 is down"));
    const { camera } = handCamera(() => badShot("not_ready", { partial: true }));
    expect((await consume([world.order()], { camera })).again).toEqual({ 0: 3 });
    expect(await world.captures()).toMatchObject([
      { failure: { reason: "not_ready" }, evidence: { hasPartialPicture: false } },
      {},
    ]);
  });
});
