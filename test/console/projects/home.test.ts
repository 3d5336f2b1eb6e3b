/** `/` and `/projects/new`: the projects of the workspace at a glance, and the first of one's own. */
import { describe, expect, it } from "vitest";
import { readRunId } from "../../../src/domain/ids.ts";
import { newId, now } from "../../../src/system.ts";
import { makeMember } from "../../api/caller.ts";
import { keepToldRun } from "../../support/told-run.ts";
import { makeTeam } from "../browser.ts";
import { browserOf, makeProjectTeam } from "../project-team.ts";

describe("the page at /", () => {
  it("shows each project with what comes next, how it went last, its schedules and its days", async () => {
    const { owner, at, slug, scope } = await makeProjectTeam("Sales <b>");
    await owner.call("POST", `${at}/schedules`, { body: { schedule: "every hour", fn: "work" } });
    const run = await keepToldRun(scope, { id: readRunId(newId()), scheduledFor: now(), status: "failed" }, []);
    const { text } = await (await browserOf(owner)).get("/");
    expect(text).toContain(`<a href="/projects/${slug}">Sales &lt;b&gt;</a>`);
    expect(text).toMatch(/Next: work <time [^>]*title="[^"]+ UTC">in \d+ min/);
    expect(text).toContain(`<a href="/projects/${slug}/runs/${run.id}">work`);
    expect(text).toContain("1 active schedule<");
    expect(text).toMatch(/role="img"><title>30 days: 1 failed on /);
  });

  it("shows whom only the app is shared with the way to it, and no more", async () => {
    const { member, slug } = await makeProjectTeam();
    const { text } = await (await member("app_only")).browser.get("/");
    expect(text).toContain(`href="/projects/${slug}/app"`);
    expect(text).not.toContain("30 days");
    expect(text).not.toContain("active schedule");
  });

  it("finds projects by name, and says how to see all when none is named so", async () => {
    const { owner } = await makeProjectTeam("Sales");
    await owner.call("POST", "/v1/projects", { body: { name: "Stock" } });
    const browser = await browserOf(owner);
    const found = (await browser.get("/?name=sAL")).text;
    expect(found).toContain(">Sales</a>");
    expect(found).not.toContain(">Stock</a>");
    expect((await browser.get("/?name=%3Cb%3E")).text).toMatch(/No project of yours is named like that.*Show all/);
  });

  it("teaches where there is none, and leads to making one", async () => {
    const browser = await browserOf({ id: (await makeTeam()).adminId });
    const { text } = await browser.get("/");
    expect(text).toContain("No project is shared with you yet");
    expect(text).toContain('href="/projects/new"');
  });

  it("explains the demo as long as it is all there is", async () => {
    const { owner } = await makeProjectTeam("Demo");
    const browser = await browserOf(owner);
    const first = (await browser.get("/")).text;
    expect(first).toContain("every 15 seconds");
    expect(first).toContain('href="/projects/demo/runs"');
    await owner.call("POST", "/v1/projects", { body: { name: "Own" } });
    expect((await browser.get("/")).text).not.toContain("every 15 seconds");
  });
});

describe("making a project", () => {
  it("makes it with its zone and its share, and leads to the guide in its overview", async () => {
    const browser = await browserOf({ id: (await makeTeam()).adminId });
    expect((await browser.get("/projects/new")).text).toContain('<option value="can_view">can view</option>');
    const typed = { name: "Daily reports", timezone: "Asia/Tokyo", workspace_access: "can_view" };
    const made = await browser.post("/projects/new", typed);
    expect(made.location).toBe("/projects/daily-reports");
    const { text } = await browser.get("/projects/daily-reports");
    expect(text).toContain("Three steps to the first news");
    expect(text).toContain("Asia/Tokyo");
  });

  it("says beside the field what was wrong, and keeps what was typed", async () => {
    const browser = await browserOf({ id: (await makeTeam()).adminId });
    const wrong = await browser.post("/projects/new", { name: "<i>", timezone: "Mars/Olympus", workspace_access: "" });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('id="timezone-wrong"');
    expect(wrong.text).toContain('value="Mars/Olympus"');
    expect(wrong.text).toContain('value="&lt;i&gt;"');
    expect((await browser.get("/")).text).toContain("No project is shared with you yet");
  });

  it("is for those whose role lets them", async () => {
    const { scope } = await makeTeam();
    const browser = await browserOf(await makeMember(scope, "viewer"));
    expect((await browser.get("/")).text).not.toContain('href="/projects/new"');
    expect((await browser.get("/projects/new")).status).toBe(403);
    expect((await browser.post("/projects/new", { name: "Mine" })).status).toBe(403);
  });
});
