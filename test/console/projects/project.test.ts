/** `/projects/{p}`: a project at a glance, for whoever has access; and the way back to it through signing in. */
import { describe, expect, it } from "vitest";
import { readRunId } from "../../../src/domain/ids.ts";
import { newId, now } from "../../../src/system.ts";
import { keepToldRun } from "../../support/told-run.ts";
import { Browser, makeTeam } from "../browser.ts";
import { browserOf, makeProjectTeam } from "../project-team.ts";

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
  it("says what is scheduled next, in the zone, how often, and shows the coming week as pictures with tables", async () => {
    const { browser, path, owner, at } = await makeScene();
    const saved = await owner.call("POST", `${at}/schedules`, { body: { schedule: "every hour", fn: "work" } });
    const page = await browser.get(path);
    expect(page.status).toBe(200);
    expect(page.text).toContain("<h1>Reports</h1>");
    expect(page.text).toMatch(new RegExp(`<a href="${path}/schedules/${saved.body.id}">work</a><span>every hour`));
    expect(page.text).toContain("2 active schedules");
    expect(page.text).toContain("Starts in the coming 7 days, by the clock of UTC: ");
    expect(page.text).toMatch(/At most 24 in one minute of the hour, of 24 starts/);
    expect(page.text.match(/<svg/g)?.length).toBe(page.text.match(/<svg[^>]*role="img"[^>]*><title>[^<]+/g)?.length);
  });

  it("shows a schedule that is paused, with the reason, and none that was cancelled", async () => {
    const { browser, path, owner, at, schedule } = await makeScene();
    await owner.call("PUT", `${at}/schedules/${schedule.id}/pause`, { body: { reason: "<b>Holidays</b>" } });
    const paused = (await browser.get(path)).text;
    expect(paused).toContain('<span class="state paused">paused</span>');
    expect(paused).toContain("&lt;b&gt;Holidays&lt;/b&gt;");
    await owner.call("DELETE", `${at}/schedules/${schedule.id}`);
    const cancelled = (await browser.get(path)).text;
    expect(cancelled).not.toContain("Holidays");
    expect(cancelled).toContain("Nothing is due in the coming days.");
  });

  it("leads to its latest runs, marks retries, and says of its days what went wrong", async () => {
    const { browser, path, scope } = await makeScene();
    const at = now();
    const run = await keepToldRun(scope, { id: readRunId(newId()), scheduledFor: at, status: "failed" }, []);
    const retry = await keepToldRun(
      scope,
      { id: readRunId(newId()), scheduledFor: at, attempt: 2, originRunId: run.id },
      [],
    );
    const { text } = await browser.get(path);
    expect(text).toMatch(new RegExp(`failed</span><a href="${path}/runs/${run.id}">work</a>`));
    expect(text).toMatch(new RegExp(`<a href="${path}/runs/${retry.id}">work</a><span[^>]*>↻2</span>`));
    expect(text).toMatch(/30 days: 1 failed on \d+ \w+; 2 runs in all/);
  });

  it("leads through the first steps while it is new, and ticks what is done", async () => {
    const team = await makeProjectTeam();
    const browser = await browserOf(team.owner);
    const fresh = (await browser.get(team.path)).text;
    expect(fresh).toContain("Three steps to the first news");
    expect(fresh.match(/✓ done/g)).toHaveLength(1);
    expect(fresh).toContain(`curl -X POST https://carillon.test${team.at}/schedules`);
    await team.owner.call("POST", `${team.at}/schedules`, { body: { schedule: "every day at noon" } });
    expect((await browser.get(team.path)).text.match(/✓ done/g)).toHaveLength(2);
    expect((await (await makeScene()).browser.get(team.path)).text).not.toContain("Three steps");
  });

  it("shows the crowd of a minute, and spreads those that are chosen", async () => {
    const { browser, path, owner, at } = await makeScene();
    for (let place = 0; place < 5; place += 1)
      await owner.call("POST", `${at}/schedules`, { body: { schedule: "every day at noon", key: `k${place}` } });
    const page = await browser.get(path);
    expect(page.text).toContain("5 at :00, of 5 starts in the coming 24 hours: a crowd.");
    const [, chosen = ""] = /name="schedule" value="([^"]+)"/.exec(page.text) ?? [];
    const wrong = await browser.post(`${path}/spreads`, { schedule: chosen, spread: "<b>often" });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('id="spread-wrong"');
    expect(wrong.text).toContain('value="&lt;b&gt;often"');
    const done = await browser.post(`${path}/spreads`, { schedule: chosen, spread: "10 minutes" });
    expect(done.location).toBe(`${path}?did=spread#load`);
    expect((await owner.call("GET", `${at}/schedules/${chosen}`)).body.spread).toBe(600_000);
  });

  it("shows whom only the app is shared with the app, and nothing of what is inside", async () => {
    const { member, path, at } = await makeScene();
    const { browser } = await member("app_only");
    const page = await browser.get(path);
    expect(page.text).toContain(`href="${at}/app"`);
    expect(page.text).not.toContain("/schedules");
    expect(page.text).not.toContain("Latest runs");
    for (const inside of ["/runs", "/runs/new"]) expect((await browser.get(path + inside)).status).toBe(403);
  });

  it("escapes its name", async () => {
    const { browser, path } = await makeScene(HOSTILE);
    const page = await browser.get(path);
    expect(page.text).toContain("Sales &lt;script&gt;");
    expect(page.text).not.toContain("<script>");
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
