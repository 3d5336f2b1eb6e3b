/** The app as one run left it, whichever run that is and however it went. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { makeCodeProject } from "../support/code-project.ts";
import { eventually } from "../support/world.ts";
import { expectProblem } from "./caller.ts";

const HTML = { accept: "text/html" };

const historyOf = async (modules: Record<string, string>) => {
  const project = await makeCodeProject(modules);
  const page = async (run: string) => {
    const answer = await project.owner.call("GET", `${project.at}/runs/${run}/app`, { headers: HTML });
    expect(answer.status).toBe(200);
    return answer;
  };
  return { ...project, page };
};

describe("the app as one run left it", () => {
  it("stays as it was when the project goes on", async () => {
    const project = await historyOf({ "index.js": "export const report = () => 'The old one'" });
    const { run } = await project.run();
    await project.publish({ "index.js": "export const report = () => 'The new one'" });
    await project.run();
    const { body, headers } = await project.page(run.id);
    expect(body).toContain("The old one");
    expect(body).toContain('data-carillon-state="historic"');
    expect(body).toContain(`data-carillon-run="${run.id}"`);
    expect(body).toContain(`href="${project.at}/app"`);
    const known = { ...HTML, "if-none-match": headers.get("etag") ?? "" };
    const again = await project.owner.call("GET", `${project.at}/runs/${run.id}/app`, { headers: known });
    expect(again.status).toBe(304);
  });

  it("shows of a failed run what it had produced, why it ended and where", async () => {
    const project = await historyOf({
      "index.js": `export const first = () => "This went well";
export const second = () => { throw new Error("No <b>data</b>") };`,
    });
    const { run } = await project.run();
    expect(run.status).toBe("failed");
    const { body } = await project.page(run.id);
    expect(body).toContain("This went well");
    expect(body).toContain("The run failed in second: ");
    expect(body).toContain("No &lt;b&gt;data&lt;/b&gt;");
    expect(body).toContain("index.js:2");
    expect(body).toContain('data-carillon-ready="true"');
  });

  it("is a preview where a draft was run by hand", async () => {
    const project = await historyOf({ "index.js": "export const report = () => 'Published'" });
    const { version } = await project.ask("POST", "/versions", {
      modules: { "index.js": "export const report = () => 'A draft of it'" },
    });
    const { run } = await project.run({ version });
    const { body } = await project.page(run.id);
    expect(body).toContain(`This is a preview: version ${version} was run as a draft, by hand.`);
    expect(body).toContain("A draft of it");
  });

  it("shows of a run that goes on what there is so far, and comes again by itself", async () => {
    const project = await historyOf({
      "index.js": `export const first = () => "The first is done";
        export const second = () => new Promise((done) => setTimeout(done, 4_000, "The second too"));`,
    });
    const { id } = await project.ask("POST", "/runs", {});
    const { body } = await eventually(
      () => project.page(id),
      (page) => page.body.includes("The first is done"),
    );
    expect(body).not.toContain("The second too");
    expect(body).toContain('http-equiv="refresh"');
    expect(body).toContain('data-carillon-ready="false"');
    const over = await eventually(
      () => project.page(id),
      (page) => page.body.includes("The second too"),
    );
    expect(over.body).not.toContain('http-equiv="refresh"');
  });

  it("says so when the output is no longer kept, and when there never was one", async () => {
    const project = await historyOf({
      "index.js": "export const report = (big) => big ? 'x'.repeat(9_000) : null",
    });
    const { run } = await project.run({ fn: "report", args: true });
    const { objects } = await env.ARTIFACTS.list({ prefix: `${project.owner.scope.workspaceId}/` });
    await env.ARTIFACTS.delete(objects.filter(({ key }) => key.includes(run.id)).map(({ key }) => key));
    expect((await project.page(run.id)).body).toContain("no longer kept");
    const nothing = await project.run({ fn: "report" });
    expect((await project.page(nothing.run.id)).body).toContain("Nothing was returned.");
  });

  it("tells programs too why a run failed and where", async () => {
    const project = await historyOf({
      "index.js": "export const first = () => 1;\nexport const second = () => { throw new Error('No data') };",
    });
    const { run } = await project.run();
    const headers = { accept: "application/json" };
    const { body } = await project.owner.call("GET", `${project.at}/runs/${run.id}/app`, { headers });
    expect(body).toMatchObject({
      state: "historic",
      status: "failed",
      run_id: run.id,
      error: { reason: "exception", message: expect.stringContaining("No data"), fn: "second" },
      notices: [
        {
          tone: "wrong",
          text: expect.stringContaining("The run failed in second: "),
          detail: expect.stringContaining("index.js:2"),
        },
      ],
      items: [{ fn: "first" }],
    });
  });

  it("is told to programs as JSON, and is not there for a run that never was", async () => {
    const project = await historyOf({ "index.js": "export const report = () => 7" });
    const { run } = await project.run();
    const headers = { accept: "application/json" };
    const { body } = await project.owner.call("GET", `${project.at}/runs/${run.id}/app`, { headers });
    expect(body).toMatchObject({
      state: "historic",
      status: "succeeded",
      items: [{ fn: "report", run_id: run.id, blocks: [{ kind: "value", text: "7" }] }],
    });
    const never = `${project.at}/runs/019b3f0e-6c00-7f29-a1d8-09d9a834877a/app`;
    expectProblem(await project.owner.call("GET", never, { headers }), 404, "not_found");
  });
});
