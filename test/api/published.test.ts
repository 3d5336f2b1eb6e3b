/** `/v1/projects/{p}/published`: which version runs, what that does, and the run that shows it in the app. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { reachProject } from "../../src/actor/reach.ts";
import { mintProjectScope } from "../../src/domain/access.ts";
import type { CodeBundle } from "../../src/domain/function.ts";
import { readProjectId } from "../../src/domain/ids.ts";
import { newId } from "../../src/system.ts";
import { loseMessages, unwrap } from "../support/world.ts";
import { expectProblem, functionAt, makeAdmin } from "./caller.ts";

const CODE: CodeBundle = { hash: "0".repeat(64), main: "index.js", modules: [{ name: "index.js", bytes: 10 }] };

/** A project with no version, whose runs reach nobody. */
async function makeSilent() {
  loseMessages();
  const owner = await makeAdmin();
  const made = await owner.call("POST", "/v1/projects", { body: { name: `Reports ${newId()}` } });
  const at = `/v1/projects/${made.body.id}`;
  const project = reachProject(env, mintProjectScope(owner.scope.workspaceId, readProjectId(made.body.id)));
  const publish = (body: object, query = "") => owner.call("PUT", `${at}/published${query}`, { body });
  const addCode = async () => unwrap(await project.addVersion([{ name: "work", kind: "code", export: "work" }], CODE));
  const addHttp = () => owner.call("POST", `${at}/versions`, { body: { functions: [functionAt("work")] } });
  const runs = async () => (await owner.call("GET", `${at}/runs`)).body.items;
  return { owner, at, publish, addCode, addHttp, runs };
}

describe("publishing a version with code", () => {
  it("runs the whole project for the app, and answers that run", async () => {
    const { publish, addCode, runs } = await makeSilent();
    await addCode();
    const { body } = await publish({ version: 1 });
    expect(await runs()).toMatchObject([{ id: body.run_id, fn: null, context: "app", scheduled: false }]);
  });

  it("once more changes nothing and starts no further run, unless one is asked for", async () => {
    const { owner, at, publish, addCode, runs } = await makeSilent();
    await addCode();
    const first = await publish({ version: 1 });
    await owner.call("POST", `${at}/runs/${first.body.run_id}/cancellation`);
    const again = await publish({ version: 1 });
    expect([again.status, again.body.run_id]).toEqual([200, null]);
    const asked = await publish({ version: 1, refresh: true });
    expect(asked.body.run_id).not.toBe(first.body.run_id);
    expect((await runs()).filter((run: { status: string }) => run.status === "queued")).toHaveLength(1);
  });

  it("runs nothing where that is not wanted, or only said what would be", async () => {
    const { publish, addCode, runs } = await makeSilent();
    await addCode();
    expect((await publish({ version: 1 }, "?dry_run=true")).body).toMatchObject({ dry_run: true, run_id: null });
    expect((await publish({ version: 1, refresh: true }, "?dry_run=true")).body.run_id).toBeNull();
    expect((await publish({ version: 1, refresh: false })).body.run_id).toBeNull();
    expect(await runs()).toEqual([]);
  });

  it("that is older takes the project back to it, and shows it", async () => {
    const { owner, at, publish, addCode } = await makeSilent();
    await addCode();
    await addCode();
    await publish({ version: 2, refresh: false });
    expect((await publish({ version: 1 })).body.run_id).not.toBeNull();
    expect((await owner.call("GET", `${at}/published`)).body).toMatchObject({ version: 1, state: "published" });
    expect((await owner.call("GET", `${at}/versions/2`)).body.state).toBe("retired");
  });
});

describe("publishing http functions alone", () => {
  it("calls nobody's endpoint unasked", async () => {
    const { publish, addHttp, runs } = await makeSilent();
    await addHttp();
    expect((await publish({ version: 1 })).body.run_id).toBeNull();
    expect(await runs()).toEqual([]);
    const asked = await publish({ version: 1, refresh: true });
    expect(await runs()).toMatchObject([{ id: asked.body.run_id, context: "app" }]);
  });
});

it("a version that is not there is not found, with or without a run", async () => {
  const { publish } = await makeSilent();
  for (const body of [{ version: 9 }, { version: 9, refresh: true }])
    expectProblem(await publish(body), 404, "not_found");
  expectProblem(await publish({ version: 9, refresh: "yes" }), 422, "invalid_input");
});
