/** `/projects/{p}/app` and `/projects/{p}/notifications`: what the app comes from, and who is told. */
import { describe, expect, it } from "vitest";
import { keepToldRun } from "../../support/told-run.ts";
import { browserOf, makeProjectTeam } from "../project-team.ts";

describe("the app's page", () => {
  it("leads to the app, and teaches where there is nothing to show", async () => {
    const { owner, path, at, member } = await makeProjectTeam();
    const page = await (await browserOf(owner)).get(`${path}/app`);
    expect(page.text).toContain(`href="${at}/app"`);
    expect(page.text).toContain("It shows what functions return.");
    const visitor = await (await member("app_only")).browser.get(`${path}/app`);
    expect([visitor.status, visitor.text]).toEqual([200, expect.not.stringContaining("Settings")]);
  });
});

describe("the notifications of a project", () => {
  it("are sentences, beside the schedule they belong to", async () => {
    const { owner, at, path } = await makeProjectTeam();
    const notifications = [{ on: "failure", users: [owner.id] }];
    await owner.call("POST", `${at}/schedules`, { body: { schedule: "every day at 9am", fn: "work", notifications } });
    const { text } = await (await browserOf(owner)).get(`${path}/notifications`);
    expect(text).toContain("When a run fails, 1 member is told.");
    expect(text).toContain("Nobody has been told of anything yet.");
  });

  it("show what became of the news to editors alone, and can be filtered", async () => {
    const { owner, path, scope, member } = await makeProjectTeam();
    const browser = await browserOf(owner);
    const run = await keepToldRun(scope, {}, [{ member: owner }]);
    const all = await browser.get(`${path}/notifications`);
    expect(all.text).toContain(`${path}/runs/${run.id}#news`);
    expect((await browser.get(`${path}/notifications?state=sent`)).text).toContain("No news is like that.");
    const viewer = await (await member("can_view")).browser.get(`${path}/notifications`);
    expect(viewer.text).toContain("Seeing who else is told needs can_edit.");
  });

  it("find who is told among however many schedules have ended", async () => {
    const { owner, at, path } = await makeProjectTeam();
    const items = Array.from({ length: 200 }, () => ({ schedule: "every year on Jan 1 at noon", fn: "work" }));
    await owner.call("POST", `${at}/schedule-batches`, { body: { items } });
    await owner.call("DELETE", `${at}/schedules?fn=work`);
    const told = { schedule: "every day at 9am", notifications: [{ on: "failure", users: [owner.id] }] };
    await owner.call("POST", `${at}/schedules`, { body: told });
    const { text } = await (await browserOf(owner)).get(`${path}/notifications`);
    expect(text).toContain("When a run fails, 1 member is told.");
  });
});
