import { env } from "cloudflare:workers";
import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { deleteArtifacts } from "../../src/artifacts/artifacts.ts";
import { deleteCaptures, getCapture, previewFile, putCapture } from "../../src/artifacts/captures.ts";
import { mintProjectScope, type ProjectScope } from "../../src/domain/access.ts";
import { type RunId, readProjectId, readRunId, readWorkspaceId } from "../../src/domain/ids.ts";
import { newId } from "../../src/system.ts";

const bucket = env.ARTIFACTS;
const bytes = new TextEncoder().encode("a picture");
const hash = createHash("sha256").update(bytes).digest("hex");
let scope: ProjectScope;
let run: RunId;

beforeEach(() => {
  scope = mintProjectScope(readWorkspaceId(newId()), readProjectId(newId()));
  run = readRunId(newId());
});

describe("the file of a capture", () => {
  it("comes back as it was put, with its type, size and ETag", async () => {
    await putCapture(bucket, scope, run, "app.pdf", { bytes, hash });
    const found = await getCapture(bucket, scope, run, "app.pdf");
    expect(found).toMatchObject({
      bytes: bytes.length,
      type: "application/pdf",
      etag: expect.stringMatching(/^".+"$/),
    });
    expect(await new Response(found?.body).text()).toBe("a picture");
  });

  it("lies under its workspace, project and run", async () => {
    await putCapture(bucket, scope, run, "app.png", { bytes, hash });
    const { objects } = await bucket.list({ prefix: `${scope.workspaceId}/` });
    expect(objects.map(({ key }) => key)).toEqual([
      `${scope.workspaceId}/${scope.projectId}/runs/${run}/captures/app.png`,
    ]);
  });

  it("is refused when its bytes are not those of the hash", async () => {
    const other = new TextEncoder().encode("another picture");
    await expect(putCapture(bucket, scope, run, "app.png", { bytes: other, hash })).rejects.toThrow();
    expect(await getCapture(bucket, scope, run, "app.png")).toBeNull();
  });

  it("is not there for another project, another workspace or another run", async () => {
    await putCapture(bucket, scope, run, "app.png", { bytes, hash });
    const others = [
      [mintProjectScope(scope.workspaceId, readProjectId(newId())), run],
      [mintProjectScope(readWorkspaceId(newId()), scope.projectId), run],
      [scope, readRunId(newId())],
    ] as const;
    for (const [of, id] of others) expect(await getCapture(bucket, of, id, "app.png")).toBeNull();
  });

  it("goes with its run, however many runs go, and no other run's does", async () => {
    const runs = Array.from({ length: 250 }, () => readRunId(newId()));
    const [first, last] = [runs[0] ?? run, runs.at(-1) ?? run];
    for (const one of [first, last, run]) await putCapture(bucket, scope, one, "failed.png", { bytes, hash });
    await deleteCaptures(bucket, scope, runs);
    const there = await Promise.all([first, last, run].map((one) => getCapture(bucket, scope, one, "failed.png")));
    expect(there.map((file) => file !== null)).toEqual([false, false, true]);
    expect(await new Response(there[2]?.body).text()).toBe("a picture");
  });

  it("goes with its project", async () => {
    await putCapture(bucket, scope, run, "app.preview.webp", { bytes, hash });
    await deleteArtifacts(bucket, scope);
    expect(await getCapture(bucket, scope, run, "app.preview.webp")).toBeNull();
  });

  it("of a preview is named after its type", () => {
    const size = { bytes: 1, width: 1, height: 1 };
    expect(previewFile({ type: "image/webp", ...size })).toBe("app.preview.webp");
    expect(previewFile({ type: "image/png", ...size })).toBe("app.preview.png");
  });
});
