import { env } from "cloudflare:workers";
import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { deleteArtifacts } from "../../src/artifacts/artifacts.ts";
import {
  deleteCaptures,
  deleteReplaced,
  fullFile,
  getCapture,
  PARTIAL_FILE,
  previewFile,
  putCapture,
} from "../../src/artifacts/captures.ts";
import { mintProjectScope, type ProjectScope } from "../../src/domain/access.ts";
import { type RunId, readProjectId, readRunId, readWorkspaceId } from "../../src/domain/ids.ts";
import { newId } from "../../src/system.ts";
import { makeFacts } from "../support/make-capture.ts";

const bucket = env.ARTIFACTS;
const bytes = new TextEncoder().encode("a picture");
const hash = createHash("sha256").update(bytes).digest("hex");
const PNG = fullFile("png", hash);
const PDF = fullFile("pdf", hash);
const PREVIEW = previewFile(hash, { type: "image/webp" });
let scope: ProjectScope;
let run: RunId;

beforeEach(() => {
  scope = mintProjectScope(readWorkspaceId(newId()), readProjectId(newId()));
  run = readRunId(newId());
});

describe("the file of a capture", () => {
  it("comes back as it was put, with its type and size", async () => {
    await putCapture(bucket, scope, run, PDF, { bytes, hash });
    const found = await getCapture(bucket, scope, run, PDF);
    expect(found).toMatchObject({ bytes: bytes.length, type: "application/pdf" });
    expect(await new Response(found?.body).text()).toBe("a picture");
  });

  it("lies under its workspace, project and run", async () => {
    await putCapture(bucket, scope, run, PNG, { bytes, hash });
    const { objects } = await bucket.list({ prefix: `${scope.workspaceId}/` });
    expect(objects.map(({ key }) => key)).toEqual([
      `${scope.workspaceId}/${scope.projectId}/runs/${run}/captures/app-${hash.slice(0, 16)}.png`,
    ]);
  });

  it("is refused when its bytes are not those of the hash", async () => {
    const other = new TextEncoder().encode("another picture");
    await expect(putCapture(bucket, scope, run, PNG, { bytes: other, hash })).rejects.toThrow();
    expect(await getCapture(bucket, scope, run, PNG)).toBeNull();
  });

  it("is not there for another project, another workspace or another run", async () => {
    await putCapture(bucket, scope, run, PNG, { bytes, hash });
    const others = [
      [mintProjectScope(scope.workspaceId, readProjectId(newId())), run],
      [mintProjectScope(readWorkspaceId(newId()), scope.projectId), run],
      [scope, readRunId(newId())],
    ] as const;
    for (const [of, id] of others) expect(await getCapture(bucket, of, id, PNG)).toBeNull();
  });

  it("goes with its run, however many runs go, and no other run's does", async () => {
    const runs = Array.from({ length: 250 }, () => readRunId(newId()));
    const [first, last] = [runs[0] ?? run, runs.at(-1) ?? run];
    for (const one of [first, last, run]) await putCapture(bucket, scope, one, PARTIAL_FILE, { bytes, hash });
    await deleteCaptures(bucket, scope, runs);
    const there = await Promise.all([first, last, run].map((one) => getCapture(bucket, scope, one, PARTIAL_FILE)));
    expect(there.map((file) => file !== null)).toEqual([false, false, true]);
    expect(await new Response(there[2]?.body).text()).toBe("a picture");
  });

  it("goes with its project", async () => {
    await putCapture(bucket, scope, run, PREVIEW, { bytes, hash });
    await deleteArtifacts(bucket, scope);
    expect(await getCapture(bucket, scope, run, PREVIEW)).toBeNull();
  });

  it("of a preview is named after its capture and its type", () => {
    const stem = `app-${hash.slice(0, 16)}.preview`;
    expect(PREVIEW).toEqual({ name: `${stem}.webp`, type: "image/webp" });
    expect(previewFile(hash, { type: "image/png" })).toEqual({ name: `${stem}.png`, type: "image/png" });
  });

  it("that another one has followed goes with its preview, and nothing else of the run", async () => {
    const next = createHash("sha256").update("another picture").digest("hex");
    for (const file of [PNG, PREVIEW, PDF, PARTIAL_FILE]) await putCapture(bucket, scope, run, file, { bytes, hash });
    const other = { bytes: new TextEncoder().encode("another picture"), hash: next };
    await putCapture(bucket, scope, run, fullFile("png", next), other);
    const facts = {
      ...makeFacts(),
      hash,
      preview: { type: "image/webp", bytes: 9, width: 1, height: 1, isCut: false },
    } as const;
    await deleteReplaced(bucket, scope, run, "png", facts);
    const files = [PNG, PREVIEW, PDF, PARTIAL_FILE, fullFile("png", next)];
    const there = await Promise.all(files.map((file) => getCapture(bucket, scope, run, file)));
    expect(there.map((file) => file !== null)).toEqual([false, false, true, true, true]);
  });

  it("goes with its run whatever its name, among however many files of other runs and kinds", async () => {
    const runs = Array.from({ length: 3 }, () => readRunId(newId()));
    const [first, between, last] = [runs[0] ?? run, runs[1] ?? run, runs[2] ?? run];
    for (const one of runs)
      await putCapture(bucket, scope, one, { ...PNG, name: "of-another-time.png" }, { bytes, hash });
    const root = `${scope.workspaceId}/${scope.projectId}/runs`;
    const many = Array.from({ length: 1_100 }, (_, at) => `${root}/${between}/output-${at}.json`);
    await Promise.all(many.map((key) => bucket.put(key, "{}")));
    await deleteCaptures(bucket, scope, [last, first]);
    const { objects } = await bucket.list({ prefix: `${root}/` });
    const left = objects.filter(({ key }) => key.includes("/captures/")).map(({ key }) => key);
    expect(left).toEqual([`${root}/${between}/captures/of-another-time.png`]);
    expect((await bucket.list({ prefix: `${root}/${last}/` })).objects).toEqual([]);
  });
});
