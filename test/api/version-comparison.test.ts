/** `/v1/projects/{p}/versions/{v}/comparison`: what a version changes. */
import { describe, expect, it } from "vitest";
import { expectProblem, makeProjectOwner, type ProjectOwner } from "./caller.ts";

const MODULES = {
  "index.js": `import { fn } from "carillon";
import { rows } from "./lib/rows.js";
export const loadOrders = () => rows.length;
export const dailyReport = fn({ schedule: "every day at 9am", retry: 3 }, () => rows);
export const cleanUp = () => null;`,
  "lib/rows.js": "export const rows = [1, 2, 3];",
};

const upload = (owner: ProjectOwner, body: object) => owner.call("POST", `${owner.at}/versions`, { body });

describe("comparing a version", () => {
  it("says what became of functions and modules, against what is published or another version", async () => {
    const owner = await makeProjectOwner();
    const at = `${owner.at}/versions`;
    await upload(owner, { modules: MODULES });
    await upload(owner, {
      modules: { ...MODULES, "lib/rows.js": "export const rows = [1, 2];", "note.txt": "x" },
      functions: [{ name: "daily-report", kind: "code", retry: 1 }],
    });
    expect((await owner.call("GET", `${at}/3/comparison?with=2`)).body).toEqual({
      version: 3,
      with: 2,
      functions: { added: [], removed: [], changed: [{ name: "daily-report", fields: ["retry"] }], reordered: true },
      modules: {
        added: ["note.txt"],
        removed: [],
        changed: [{ name: "lib/rows.js", diff: expect.stringContaining("-export const rows = [1, 2, 3];") }],
      },
    });
    const published = await owner.call("GET", `${at}/2/comparison`);
    expect(published.body).toMatchObject({
      with: 1,
      functions: { added: ["load-orders", "daily-report", "clean-up"], removed: ["work"] },
      modules: { added: ["index.js", "lib/rows.js"] },
    });
    expect((await owner.call("GET", `${at}/2/comparison?with=2`)).body.modules).toEqual({
      added: [],
      removed: [],
      changed: [],
    });
  });

  it("answers 404 for versions that are not there, and 400 for what names none", async () => {
    const owner = await makeProjectOwner();
    expectProblem(await owner.call("GET", `${owner.at}/versions/9/comparison`), 404, "not_found");
    expectProblem(await owner.call("GET", `${owner.at}/versions/1/comparison?with=9`), 404, "not_found");
    expectProblem(await owner.call("GET", `${owner.at}/versions/1/comparison?with=newest`), 400, "invalid_request");
  });
});
