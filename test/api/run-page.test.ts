/** The page of a run, for whoever brings its token: what it shows, to whom, and to nobody else. */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApi } from "../../src/api/api.ts";
import { appPages } from "../../src/app/app.tsx";
import { mintProjectScope } from "../../src/domain/access.ts";
import { readProjectId, readRunId } from "../../src/domain/ids.ts";
import { HOUR_MS } from "../../src/domain/time/instant.ts";
import { makePageToken, PAGE_PURPOSES, type PagePurpose } from "../../src/http/page-token.ts";
import { newId, now } from "../../src/system.ts";
import { type CodeProject, makeCodeProject } from "../support/code-project.ts";
import { eventually, setClock } from "../support/world.ts";
import { call, expectProblem } from "./caller.ts";

const HTML = { accept: "text/html" };
const JSON_ONLY = { accept: "application/json" };
const REPORT = { "index.js": 'export const report = () => [{ kind: "metric", label: "Orders", value: 12 }];' };

const projectIdOf = ({ at }: CodeProject): string => at.split("/").at(-1) ?? "";

const tokenFor = (project: CodeProject, run: string, purpose: PagePurpose = "view") => {
  const scope = mintProjectScope(project.owner.scope.workspaceId, readProjectId(projectIdOf(project)));
  return makePageToken(env.CARILLON_KEY, { scope, run: readRunId(run), purpose }, { now: now(), lasts: HOUR_MS });
};

const pageOf = (project: CodeProject, run: string, token: string, headers: Record<string, string> = HTML) =>
  call("GET", `${project.at}/runs/${run}/page?token=${token}`, { headers });

describe("the page of a run", () => {
  it("is what is captured: the app as this run left it, with nothing to press", async () => {
    const project = await makeCodeProject(REPORT);
    const { run } = await project.run();
    const { status, headers, body } = await pageOf(project, run.id, await tokenFor(project, run.id, "png"));
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'sha256-/);
    for (const said of [`data-carillon-run="${run.id}"`, 'data-carillon-capture="png"', 'data-carillon-ready="true"'])
      expect(body).toContain(said);
    expect(body).toContain("Orders");
    expect(body).not.toContain("<button");
  });

  it("names the schedule of the run at its foot, in words", async () => {
    const project = await makeCodeProject(REPORT);
    setClock("2027-01-15T08:59:00Z");
    await project.ask("POST", "/schedules", { schedule: "every day at 9:00 am", timezone: "Europe/Berlin" });
    const [ended] = await project.ringAt("2027-01-16T08:00:01Z", null, 1);
    const { body } = await pageOf(project, ended?.run.id, await tokenFor(project, ended?.run.id, "pdf"));
    expect(body).toContain("<span>every day at 9:00 AM in Europe/Berlin</span>");
    expect(body).toMatch(/due <time datetime="2027-01-16T08:00:00.000Z">/);
    expect(body).toMatch(/ran <time datetime="2027-01-16T08:00:01/);
  });

  it("is the ordinary page to people, without what only members may do", async () => {
    const project = await makeCodeProject(REPORT);
    const { run } = await project.run();
    const { body } = await pageOf(project, run.id, await tokenFor(project, run.id));
    expect(body).toContain('data-carillon-state="historic"');
    expect(body).not.toContain("data-carillon-capture");
    for (const missing of ["<form", "The app as it is now"]) expect(body).not.toContain(missing);
  });

  it("tells programs of any origin its state, without cookies and by the token alone", async () => {
    const project = await makeCodeProject(REPORT);
    const { run } = await project.run();
    const at = `${project.at}/runs/${run.id}/page`;
    const authorization = `Bearer ${await tokenFor(project, run.id)}`;
    const { status, headers, body } = await call("GET", at, {
      headers: { ...JSON_ONLY, authorization, origin: "https://reports.example.com" },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: "historic", run_id: run.id, items: [{ blocks: [{ label: "Orders" }] }] });
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.has("access-control-allow-credentials")).toBe(false);
    const asked = await call("OPTIONS", at, {
      headers: { origin: "https://reports.example.com", "access-control-request-headers": "authorization" },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-origin")).toBe("*");
    expect(asked.headers.get("access-control-allow-headers")).toBe("authorization");
    expectProblem(await call("POST", at), 405, "method_not_allowed");
  });

  it("is at the project's slug as at its id, and tells its state to whoever sends no more than the token", async () => {
    const project = await makeCodeProject(REPORT);
    const { run } = await project.run();
    const headers = { accept: "*/*", authorization: `Bearer ${await tokenFor(project, run.id)}` };
    for (const named of [projectIdOf(project), "reports"]) {
      const { status, body } = await call("GET", `/v1/projects/${named}/runs/${run.id}/page`, { headers });
      expect([named, status, body.run_id]).toEqual([named, 200, run.id]);
    }
    expectProblem(await call("GET", `/v1/projects/others/runs/${run.id}/page`, { headers }), 404, "not_found");
  });

  it("does not tell where code threw: captures go to people who may not look into runs", async () => {
    const project = await makeCodeProject({
      "index.js": "export const report = () => { throw new Error('No data') };",
    });
    const { run } = await project.run();
    const token = await tokenFor(project, run.id, "pdf");
    const { body } = await pageOf(project, run.id, token);
    expect(body).toContain("The run failed in report: ");
    expect(body).not.toContain("index.js:1");
    expect(JSON.stringify((await pageOf(project, run.id, token, JSON_ONLY)).body)).not.toContain("index.js:1");
  });
});

describe("a run that goes on", () => {
  it("is shown as far as it has come, and is not captured", async () => {
    const project = await makeCodeProject({
      "index.js": 'export const report = () => new Promise((done) => setTimeout(done, 2_000, "Done"));',
    });
    const { id } = await project.ask("POST", "/runs", {});
    const view = await pageOf(project, id, await tokenFor(project, id), JSON_ONLY);
    expect(view.body).toMatchObject({ run_id: id, items: [] });
    const capture = await pageOf(project, id, await tokenFor(project, id, "png"), JSON_ONLY);
    expectProblem(capture, 409, "conflict");
    await eventually(
      () => project.ask("GET", `/runs/${id}`),
      ({ status }) => status === "succeeded",
    );
    expect((await pageOf(project, id, await tokenFor(project, id, "png"))).status).toBe(200);
  });
});

describe("a page token", () => {
  it("is asked for, and must be one that still works", async () => {
    const project = await makeCodeProject(REPORT);
    const { run } = await project.run();
    const token = await tokenFor(project, run.id);
    const at = `${project.at}/runs/${run.id}/page`;
    const wrong = [at, `${at}?token=`, `${at}?token=cpt_nothing`, `${at}?token=${token.slice(0, -1)}`];
    for (const path of wrong) {
      const refused = await call("GET", path, { headers: JSON_ONLY });
      expectProblem(refused, 401, "unauthorized");
      expect(refused.headers.get("access-control-allow-origin")).toBe("*");
    }
    expectProblem(await project.owner.call("GET", at), 401, "unauthorized");
    setClock(now() + HOUR_MS);
    expectProblem(await pageOf(project, run.id, token, JSON_ONLY), 401, "unauthorized");
    const told = await pageOf(project, run.id, token);
    expect([told.status, told.headers.get("location")]).toEqual([401, null]);
    expect(told.body).toContain("This page is opened with a token of its run");
  });

  it("opens its own run alone, and nothing else of the API", async () => {
    const [project, other] = [await makeCodeProject(REPORT), await makeCodeProject(REPORT)];
    const [{ run }, { run: second }] = [await project.run(), await project.run()];
    const token = await tokenFor(project, run.id);
    expectProblem(await pageOf(project, second.id, token, JSON_ONLY), 404, "not_found");
    expectProblem(await pageOf(other, run.id, token, JSON_ONLY), 404, "not_found");
    const headers = { ...JSON_ONLY, authorization: `Bearer ${token}` };
    for (const path of ["/app", `/runs/${run.id}`, `/runs/${run.id}/app`, `/runs/${run.id}/captures/png`])
      expectProblem(await call("GET", project.at + path, { headers }), 401, "unauthorized");
    const never = newId();
    expectProblem(await pageOf(project, never, await tokenFor(project, never), JSON_ONLY), 404, "not_found");
  });

  it("opens nothing of a project that is deleted", async () => {
    const project = await makeCodeProject(REPORT);
    const { run } = await project.run();
    const token = await tokenFor(project, run.id);
    await project.owner.call("DELETE", project.at);
    expectProblem(await pageOf(project, run.id, token, JSON_ONLY), 404, "not_found");
  });

  it("opens no page without end, for whatever purpose; a capture is not held up by those who look", async () => {
    const project = await makeCodeProject(REPORT);
    const { run } = await project.run();
    const used = new Set<string>();
    const limit = async ({ key }: { readonly key: string }) => ({ success: used.size < used.add(key).size });
    const open = async (purpose: PagePurpose) => {
      const token = await tokenFor(project, run.id, purpose);
      const request = new Request(`https://carillon.test${project.at}/runs/${run.id}/page?token=${token}`);
      const bindings = { ...env, TOKEN_RATE: { limit } };
      return (await createApi({ app: appPages }).fetch(request, bindings, createExecutionContext())).status;
    };
    for (const purpose of PAGE_PURPOSES) expect([await open(purpose), await open(purpose)]).toEqual([200, 429]);
  });

  it("is read from the query once, and no other field is", async () => {
    const project = await makeCodeProject(REPORT);
    const { run } = await project.run();
    const token = await tokenFor(project, run.id);
    expectProblem(await pageOf(project, run.id, `${token}&color=red`, JSON_ONLY), 400, "invalid_request");
    expectProblem(await pageOf(project, run.id, `${token}&token=${token}`, JSON_ONLY), 400, "invalid_request");
  });
});
