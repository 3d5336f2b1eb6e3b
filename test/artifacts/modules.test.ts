/** Modules as they are kept: by their hash, in their own project. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { deleteArtifacts } from "../../src/artifacts/artifacts.ts";
import { readModules, storeModules } from "../../src/artifacts/modules.ts";
import { mintProjectScope } from "../../src/domain/access.ts";
import { readProjectId, readWorkspaceId } from "../../src/domain/ids.ts";
import { newId } from "../../src/system.ts";

const makeScope = () => mintProjectScope(readWorkspaceId(newId()), readProjectId(newId()));
const MODULES = { main: "index.js", texts: { "index.js": "export const a = 1;", "data.json": "[1]" } };

describe("modules", () => {
  it("come back as they were, and say how large they are", async () => {
    const scope = makeScope();
    const { hash, ...bundle } = await storeModules(env.ARTIFACTS, scope, MODULES);
    expect(bundle).toEqual({
      main: "index.js",
      modules: [
        { name: "data.json", bytes: 3 },
        { name: "index.js", bytes: 19 },
      ],
    });
    expect(await readModules(env.ARTIFACTS, scope, hash)).toEqual(MODULES);
  });

  it("have one hash whatever their order, and another with any change", async () => {
    const scope = makeScope();
    const hashOf = async (main: string, texts: Record<string, string>) =>
      (await storeModules(env.ARTIFACTS, scope, { main, texts })).hash;
    const hash = await hashOf("a.js", { "a.js": "1", "b.js": "2" });
    expect(await hashOf("a.js", { "b.js": "2", "a.js": "1" })).toBe(hash);
    const others = [
      await hashOf("b.js", { "a.js": "1", "b.js": "2" }),
      await hashOf("a.js", { "a.js": "1", "b.js": "3" }),
      await hashOf("a.js", { "a.js": "1", "c.js": "2" }),
    ];
    expect(new Set([hash, ...others]).size).toBe(4);
  });

  it("are another project's business nowhere, and go with their own", async () => {
    const [scope, other] = [makeScope(), makeScope()];
    const { hash } = await storeModules(env.ARTIFACTS, scope, MODULES);
    expect(await readModules(env.ARTIFACTS, other, hash)).toBeNull();
    await deleteArtifacts(env.ARTIFACTS, scope);
    expect(await readModules(env.ARTIFACTS, scope, hash)).toBeNull();
  });
});
