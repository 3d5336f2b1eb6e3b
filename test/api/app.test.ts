/** The app as everybody sees it: its cached state, its settings, and who may look. */
import { describe, expect, it } from "vitest";
import { type CodeProject, makeCodeProject } from "../support/code-project.ts";
import { eventually, ringAt, setClock } from "../support/world.ts";
import { type Answered, call, expectProblem, give, makeAdmin, makeMember, type Owner } from "./caller.ts";

const HTML = { accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8" };
const JSON_ONLY = { accept: "application/json" };

const REPORT = {
  "index.js": `
    export const summary = () => ({ kind: "metric", label: "Orders", value: 12 });
    export const dailyReport = () => [{ kind: "text", text: "All is well" }];`,
};

const appOf = ({ at }: CodeProject, who: Owner, headers: Record<string, string> = HTML) =>
  who.call("GET", `${at}/app`, { headers });

/** A project whose app shows what publishing it has brought. */
async function shownProject(modules = REPORT): Promise<CodeProject> {
  const project = await makeCodeProject(modules, true);
  await shows(project, (body) => body.state === "cached");
  return project;
}

const shows = (project: CodeProject, holds: (body: Answered["body"]) => boolean) =>
  eventually(async () => (await appOf(project, project.owner, JSON_ONLY)).body, holds);

describe.concurrent("the app", () => {
  it("shows what publishing brought, as a page for people", async () => {
    const project = await shownProject();
    const { status, headers, body } = await appOf(project, project.owner);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'sha256-/);
    expect(headers.get("x-frame-options")).toBe("SAMEORIGIN");
    expect(headers.get("cache-control")).toBe("private, no-cache");
    expect(body).toContain('data-carillon-state="cached"');
    expect(body.indexOf("Orders")).toBeLessThan(body.indexOf("All is well"));
    expect(body).toContain(`action="${project.at}/app/runs"`);
  });

  it("tells programs the same as JSON", async () => {
    const project = await shownProject();
    const { headers, body } = await appOf(project, project.owner, JSON_ONLY);
    expect(headers.get("content-type")).toBe("application/json");
    expect(body).toMatchObject({
      project: { name: expect.any(String) },
      timezone: "UTC",
      state: "cached",
      status: null,
      error: null,
      notices: [],
      items: [
        { fn: "summary", blocks: [{ kind: "metric", label: "Orders", value: 12, notes: [] }] },
        { fn: "daily-report", blocks: [{ kind: "text", text: "All is well", notes: [] }] },
      ],
    });
    const [item] = body.items;
    expect(body.run_id).toBe(item.run_id);
    expect(Date.parse(item.finished_at)).toBeGreaterThanOrEqual(Date.parse(item.scheduled_for));
    expect((await project.ask("GET", `/runs/${item.run_id}`)).context).toBe("app");
  });

  it("is sent again only when it is another one", async () => {
    const project = await shownProject();
    const first = await appOf(project, project.owner);
    const tag = first.headers.get("etag") ?? "";
    const again = await appOf(project, project.owner, { ...HTML, "if-none-match": `"other", W/${tag}` });
    expect([again.status, again.body, again.headers.get("etag")]).toEqual([304, "", tag]);
    // A browser takes the headers of the page that it has from this answer.
    for (const name of ["content-security-policy", "x-frame-options", "cache-control"])
      expect(again.headers.get(name)).toBe(first.headers.get(name));
    await project.publish({ "index.js": "export const summary = () => 'Something else'" }, true);
    await shows(project, ({ items }) => items[0]?.blocks[0].text === "Something else");
    const changed = await appOf(project, project.owner, { ...HTML, "if-none-match": tag });
    expect(changed.status).toBe(200);
    expect(changed.body).toContain("Something else");
    expect(changed.body).not.toContain("All is well");
  });

  it("says what is missing before anything is published, and before anything has run", async () => {
    const project = await makeCodeProject();
    const empty = await appOf(project, project.owner);
    expect(empty.body).toContain("Nothing is published yet");
    expect(empty.body).not.toContain("<form");
    await project.publish(REPORT);
    const published = await shows(project, ({ items }) => items.length === 0);
    expect(published.state).toBe("empty");
    const page = await eventually(
      async () => (await appOf(project, project.owner)).body,
      (body) => body.includes("Nothing has run yet"),
    );
    expect(page).toContain("Run now");
  });

  it("is not changed by runs by hand", async () => {
    const project = await makeCodeProject(REPORT);
    await project.run();
    expect((await appOf(project, project.owner, JSON_ONLY)).body.state).toBe("empty");
  });

  it("shows outputs that are too big for a row", async () => {
    const rows = "Array.from({ length: 500 }, (_, index) => ({ index, name: 'row ' + index }))";
    const project = await shownProject({ "index.js": `export const big = () => ({ kind: "table", rows: ${rows} })` });
    expect((await appOf(project, project.owner)).body).toContain("row 499");
  });
});

describe.concurrent("who may see the app", () => {
  it("is whoever has app_only; the state of a run takes can_explore", async () => {
    const project = await shownProject();
    const visitor = await makeMember(project.owner.scope, "viewer");
    expectProblem(await appOf(project, visitor, {}), 404, "not_found");
    await give(project.owner, project.at, { user: visitor.id }, "app_only");
    expect((await appOf(project, visitor)).status).toBe(200);
    const [{ run_id: run }] = (await appOf(project, visitor, JSON_ONLY)).body.items;
    const refused = await visitor.call("GET", `${project.at}/runs/${run}/app`, { headers: JSON_ONLY });
    expectProblem(refused, 403, "forbidden");
  });

  it("is nobody of another workspace, although the page lies ready", async () => {
    const project = await shownProject();
    await appOf(project, project.owner);
    const outsider = await makeAdmin();
    expectProblem(await appOf(project, outsider, JSON_ONLY), 404, "not_found");
    const page = await appOf(project, outsider);
    expect(page.status).toBe(404);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.body).toContain("There is nothing here, or it is not yours to see.");
    expect(page.body).not.toContain("All is well");
  });

  it("is nobody who is not signed in: a browser is led there, a program is told", async () => {
    const project = await makeCodeProject(REPORT);
    const browser = await call("GET", `${project.at}/app`, { headers: HTML });
    expect([browser.status, browser.headers.get("location")]).toEqual([303, "/sign-in"]);
    expectProblem(await call("GET", `${project.at}/app`), 401, "unauthorized");
  });
});

describe("outputs that are too large for one page", () => {
  it("are left out, and the page says which", async () => {
    const much = (name: string) => `export const ${name} = () => "x ".repeat(450_000);`;
    const project = await makeCodeProject({
      "index.js": Array.from({ length: 12 }, (_, index) => much(`big${index}`)).join("\n"),
    });
    setClock("2027-01-15T08:59:00Z");
    for (let index = 0; index < 12; index += 1)
      await project.ask("POST", "/schedules", { fn: `big${index}`, schedule: "every day at 9:00 am" });
    await ringAt(project, "2027-01-15T09:00:01Z");
    const { items } = await shows(project, (body) => body.items.length === 12);
    const left = items.filter(({ blocks }: { blocks: { text: string }[] }) => blocks[0]?.text.startsWith("Not shown"));
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(12);
  });
});

describe.concurrent("the app's settings", () => {
  it("let it open with a run of the visitor's own", async () => {
    const project = await shownProject();
    await project.ask("PATCH", "/settings", { app_opens_with: "run" });
    const page = await eventually(
      async () => (await appOf(project, project.owner)).body,
      (body) => body.includes('data-run-on-open="true"'),
    );
    expect(page).not.toContain("All is well");
    expect(page).toContain('data-carillon-ready="false"');
    expect(page).toContain(`action="${project.at}/app/runs"`);
    expect((await appOf(project, project.owner, JSON_ONLY)).body.state).toBe("cached");
  });

  it("let it open without one for whoever is led here from another site", async () => {
    const project = await shownProject();
    await project.ask("PATCH", "/settings", { app_opens_with: "run" });
    const ledFrom = (site: string) => appOf(project, project.owner, { ...HTML, "sec-fetch-site": site });
    await eventually(
      async () => (await ledFrom("none")).body,
      (body) => body.includes('data-run-on-open="true"'),
    );
    const { body } = await ledFrom("cross-site");
    expect(body).toContain('data-run-on-open="false"');
    expect(body).toContain("All is well");
  });

  it("lead people to a page of one's own, with the run and a token that it gets the run's outputs with", async () => {
    const project = await shownProject();
    await project.ask("PATCH", "/settings", { app_url: "https://reports.example.com/?team=7" });
    const way = await eventually(
      () => appOf(project, project.owner),
      ({ status }) => status === 302,
    );
    const [{ run_id: run }] = (await appOf(project, project.owner, JSON_ONLY)).body.items;
    const url = new URL(way.headers.get("location") ?? "");
    expect(url.origin + url.pathname).toBe("https://reports.example.com/");
    expect(url.searchParams.get("team")).toBe("7");
    expect(url.searchParams.get("carillon_run")).toBe(run);
    const authorization = `Bearer ${url.searchParams.get("carillon_token")}`;
    expect(url.searchParams.get("carillon_project")).toBe(project.at.split("/").at(-1));
    const told = new URL(url.searchParams.get("carillon_page") ?? "");
    expect(told.origin).toBe("https://carillon.test");
    const page = await call("GET", told.pathname, { headers: { authorization } });
    expect([page.status, page.body.run_id]).toEqual([200, run]);
    const historic = await project.owner.call("GET", `${project.at}/runs/${run}/app`, { headers: HTML });
    const address = new URL(historic.headers.get("location") ?? "");
    expect(address.searchParams.get("carillon_run")).toBe(run);
    expect(address.searchParams.get("carillon_token")).toMatch(/^cpt_/);
  });
});
