import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { storeModules } from "../../src/artifacts/modules.ts";
import { modulesOf } from "../../src/executor/module-cache.ts";
import { makeScope } from "../support/code-claim.ts";

describe("modules that run often", () => {
  it("are read once, and those that were used last are kept", async () => {
    const scope = makeScope();
    const get = vi.fn((key: string) => env.ARTIFACTS.get(key));
    const bucket = { get } as unknown as R2Bucket;
    const hashes: string[] = [];
    for (let index = 0; index < 6; index += 1) {
      const texts = { "index.js": `${index}${"x".repeat(4_000_000)}` };
      hashes.push((await storeModules(env.ARTIFACTS, scope, { main: "index.js", texts })).hash);
    }
    const [first = "", ...others] = hashes;
    const read = async (hash: string) => expect(await modulesOf(bucket, scope, hash)).not.toBeNull();
    await read(first);
    await read(first);
    expect(get).toHaveBeenCalledTimes(1);
    for (const hash of others) {
      await read(hash);
      await read(first);
    }
    expect(get).toHaveBeenCalledTimes(6);
    await read(others[0] ?? "");
    expect(get).toHaveBeenCalledTimes(7);
  });

  it("are not remembered as missing", async () => {
    const scope = makeScope();
    expect(await modulesOf(env.ARTIFACTS, scope, "0")).toBeNull();
  });
});
