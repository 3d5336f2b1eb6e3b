import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import {
  deleteArtifacts,
  deleteOutputs,
  INLINE_OUTPUT_MAX_LENGTH,
  readOutput,
  storeOutput,
} from "../../src/artifacts/artifacts.ts";
import { mintProjectScope, type ProjectScope } from "../../src/domain/access.ts";
import { readProjectId, readRunId, readWorkspaceId } from "../../src/domain/ids.ts";
import type { Output } from "../../src/domain/run.ts";
import { newId } from "../../src/system.ts";

const bucket = env.ARTIFACTS;
const SMALL = "s".repeat(INLINE_OUTPUT_MAX_LENGTH);
const BIG = `${SMALL}ü`;
let scope: ProjectScope;

beforeEach(() => {
  scope = mintProjectScope(readWorkspaceId(newId()), readProjectId(newId()));
});

const store = (json: string, of = scope) => storeOutput(bucket, of, readRunId(newId()), json);
const keys = async (of: ProjectScope) =>
  (await bucket.list({ prefix: `${of.workspaceId}/${of.projectId}/` })).objects.map((object) => object.key);

describe("an output", () => {
  it.each([
    ["inline", SMALL],
    ["artifact", BIG],
  ])("is kept %s by its size and read back as it was", async (stored, json) => {
    const output = await store(json);
    expect(output.stored).toBe(stored);
    expect(await readOutput(bucket, scope, output)).toBe(json);
  });

  it("says how many bytes its object has", async () => {
    expect(await store(BIG)).toMatchObject({ bytes: SMALL.length + 2 });
  });

  it("stored again for the same run stands in the same place", async () => {
    const run = readRunId(newId());
    const outputs = [await storeOutput(bucket, scope, run, BIG), await storeOutput(bucket, scope, run, BIG)];
    expect(outputs[0]).toEqual(outputs[1]);
    expect(await keys(scope)).toHaveLength(1);
  });

  it("that has been swept away is null", async () => {
    const output = await store(BIG);
    await deleteOutputs(bucket, scope, [output]);
    expect(await readOutput(bucket, scope, output)).toBeNull();
  });

  it("of another project is not read", async () => {
    const theirs = await store(BIG, mintProjectScope(scope.workspaceId, readProjectId(newId())));
    await expect(readOutput(bucket, scope, theirs)).rejects.toThrow("another project");
  });
});

describe("deleting", () => {
  it("outputs takes objects of the own project only, however many", async () => {
    const other = mintProjectScope(scope.workspaceId, readProjectId(newId()));
    const theirs = await store(BIG, other);
    const unknown = Array.from({ length: 1_500 }, (_, index): Output => {
      return { stored: "artifact", key: `${scope.workspaceId}/${scope.projectId}/gone/${index}`, bytes: 1 };
    });
    await deleteOutputs(bucket, scope, [theirs, await store(SMALL), ...unknown, await store(BIG)]);
    expect([await keys(scope), await keys(other)]).toEqual([[], [expect.any(String)]]);
  });

  it("a project takes everything of it, also again, and nothing of its neighbours", async () => {
    const other = mintProjectScope(scope.workspaceId, readProjectId(newId()));
    await Promise.all([store(BIG), store(BIG), store(BIG, other)]);
    await deleteArtifacts(bucket, scope);
    await deleteArtifacts(bucket, scope);
    expect([await keys(scope), await keys(other)]).toEqual([[], [expect.any(String)]]);
  });
});
