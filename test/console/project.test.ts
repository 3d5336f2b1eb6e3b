/** `/projects/{p}`: a project at a glance, for whoever has access; and the way back to it through signing in. */
import { describe, expect, it } from "vitest";
import { readRunId } from "../../src/domain/ids.ts";
import { newId } from "../../src/system.ts";
import { keepToldRun } from "../support/told-run.ts";
import { Browser, makeTeam } from "./browser.ts";
import { browserOf, makeProjectTeam } from "./project-team.ts";

const HOSTILE = "Sales <script>alert(1)</script>";

async function makeScene(name?: string) {
  const team = await makeProjectTeam(name);
  const notifications = [
    { on: "both", attempts: "every", users: [team.owner.id] },
    { on: "success", capture: "png" },
  ];
  const saved = await team.owner.call("POST", `${team.at}/schedules`, {
    body: { schedule: "every year on Jan 1 at noon", timezone: "Europe/Berlin", fn: "work", notifications },
  });
  expect(saved.status, JSON.stringify(saved.body)).toBe(201);
  return { ...team, schedule: saved.body, browser: await browserOf(team.owner) };
}

describe("the page of a project", () => {
  it("says what is scheduled, when it comes next, and who is told of it", async () => {
    const { browser, path } = await makeScene();
    const page = await browser.get(path);
    expect(page.status).toBe(200);
    expect(page.text).toContain("<h1>Reports</h1>");
    expect(page.text).toMatch(/work: .*January/);
    expect(page.text).toMatch(/Next <time [^>]*>1 Jan \d{4}, 12:00 Europe\/Berlin \(11:00 UTC\)/);
    expect(page.text).toContain("When a run ends, and at every failed attempt, 1 member is told.");
    expect(page.text).toContain("When a run succeeds, a picture of the app is kept.");
  });

  it("marks a schedule that is paused, with the reason, and shows none that was cancelled", async () => {
    const { browser, path, owner, at, schedule } = await makeScene();
    await owner.call("PUT", `${at}/schedules/${schedule.id}/pause`, { body: { reason: "<b>Holidays</b>" } });
    const paused = (await browser.get(path)).text;
    expect(paused).toContain('<span class="mark">paused</span>');
    expect(paused).toContain("&lt;b&gt;Holidays&lt;/b&gt;");
    await owner.call("DELETE", `${at}/schedules/${schedule.id}`);
    expect((await browser.get(path)).text).toContain("Nothing is scheduled.");
  });

  it("leads to its latest runs, and marks retries", async () => {
    const { browser, path, scope } = await makeScene();
    const run = await keepToldRun(scope, {}, []);
    const retry = await keepToldRun(scope, { id: readRunId(newId()), attempt: 2, originRunId: run.id }, []);
    const { text } = await browser.get(path);
    expect(text).toMatch(new RegExp(`<a href="${path}/runs/${run.id}">work</a> succeeded<br/>`));
    expect(text).toMatch(new RegExp(`<a href="${path}/runs/${retry.id}">work</a> succeeded <span[^>]*>↻2</span>`));
  });

  it("shows whom only the app is shared with the app, and nothing of what is inside", async () => {
    const { member, path, at } = await makeScene();
    const page = await (await member("app_only")).browser.get(path);
    expect(page.text).toContain(`href="${at}/app"`);
    expect(page.text).not.toContain("Schedules");
    expect(page.text).not.toContain("Latest runs");
  });

  it("escapes its name", async () => {
    const { browser, path } = await makeScene(HOSTILE);
    const page = await browser.get(path);
    expect(page.text).toContain("Sales &lt;script&gt;");
    expect(page.text).not.toContain("<script");
  });

  it("is not there for whoever has no access", async () => {
    const { member, path } = await makeScene();
    const outsider = await browserOf((await makeProjectTeam()).owner);
    for (const browser of [(await member("none")).browser, outsider])
      expect((await browser.get(path)).status).toBe(404);
  });
});

describe("whoever comes without a session", () => {
  it("signs in first, and is led back to where they were going, once", async () => {
    const { path, email } = await makeScene();
    const run = `${path}/runs/${newId()}`;
    for (const wanted of [path, run]) {
      const browser = new Browser();
      expect((await browser.get(wanted)).location).toBe("/sign-in");
      expect((await browser.signIn(email)).location).toBe(wanted);
      expect((await browser.signIn(email)).location).toBe("/");
    }
  });

  it("of another workspace of theirs, is led there when they have signed in to it", async () => {
    const { path, owner, email } = await makeScene();
    const other = await makeTeam("Beta", email);
    const browser = await browserOf({ id: other.adminId });
    const page = await browser.get(path);
    expect([page.status, page.text]).toEqual([404, expect.stringContaining("Sign in to another workspace")]);
    expect((await browser.signIn(email)).location).toBe("/sign-in/workspace");
    expect((await browser.post("/sign-in/workspace", { member: owner.id })).location).toBe(path);
    expect((await browser.get(path)).status).toBe(200);
  });

  it.each([
    "//evil.test",
    "https://evil.test/",
    "..%2f..%2fevil",
    "Evil.test",
    "reports.0193d9a0-0000-7000-8000-00000000000/",
    "-".repeat(64),
  ])("is led nowhere but to a page of this deployment: %s", async (place) => {
    const { email } = await makeScene();
    const browser = new Browser();
    browser.cookies.set("__Host-carillon-back", place);
    expect((await browser.signIn(email)).location).toBe("/");
  });

  it("has nothing kept for an address that names no project", async () => {
    const browser = new Browser();
    await browser.get("/projects/%2f%2fevil.test");
    expect(browser.cookies.has("__Host-carillon-back")).toBe(false);
  });

  it("gets no other cookie for it than those of this host, hidden from scripts", async () => {
    const { path } = await makeScene();
    const [cookie] = (await new Browser().get(path)).headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-carillon-back=[\w.-]+; Path=\/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax$/);
  });
});
