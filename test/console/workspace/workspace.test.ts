/** `/workspace`, `/plan` and `/audit`: the workspace itself, what was bought, and who did what. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { hold, makeMember } from "../../api/caller.ts";
import { makeTeam } from "../browser.ts";
import { browserOf } from "../project-team.ts";

async function makeScene() {
  const team = await makeTeam("Acme");
  const owner = await hold(team.scope, team.adminId, team.email);
  return { ...team, owner, browser: await browserOf({ id: team.adminId }) };
}

describe("the workspace", () => {
  it("is renamed, and shown by its new name as text", async () => {
    const { browser } = await makeScene();
    expect((await browser.post("/workspace", { name: "" })).text).toContain('id="name-wrong"');
    expect((await browser.post("/workspace", { name: "New <b>" })).location).toBe("/workspace?did=renamed");
    expect((await browser.get("/workspace")).text).toContain("New &lt;b&gt;");
  });

  it("is deleted by an admin who types its name, and by no other", async () => {
    const { browser, scope } = await makeScene();
    expect((await browser.get("/workspace/deletion")).text).toContain("Nothing of it can be brought back.");
    for (const name of ["", "acme"])
      expect((await browser.post("/workspace/deletion", { name })).text, name).toContain('id="name-wrong"');
    const manager = await browserOf(await makeMember(scope, "manager"));
    expect((await manager.post("/workspace/deletion", { name: "Acme" })).text).not.toContain("is deleted");
    expect((await browser.post("/workspace/deletion", { name: "Acme" })).text).toContain("The workspace is deleted");
    expect(await browser.isSignedIn()).toBe(false);
  });
});

describe("the plan", () => {
  it("is shown with its limits, what is used of them, and what the next one lifts", async () => {
    const { browser, owner, scope } = await makeScene();
    await owner.call("POST", "/v1/projects", { body: { name: "Sales <b>" } });
    const { text } = await browser.get("/plan");
    expect(text).toContain("<strong>enterprise</strong>");
    expect(text).toMatch(/0 of 1,000,000<meter aria-label="Schedules of Sales &lt;b&gt;" min="0" max="1000000"/);
    await env.DIRECTORY.prepare("UPDATE workspaces SET plan = 'professional' WHERE id = ?1")
      .bind(scope.workspaceId)
      .run();
    expect((await (await browserOf(owner)).get("/plan")).text).toMatch(/News in Slack<\/th><td>no<\/td>.*?<strong>yes/);
  });
});

describe("the audit", () => {
  it("says who did what to which thing, as text, and is filtered", async () => {
    const { browser, owner, email } = await makeScene();
    await owner.call("POST", "/v1/groups", { body: { name: "Group <b>" } });
    const { text } = await browser.get("/audit");
    for (const shown of ["group.created", "Group &lt;b&gt;", email]) expect(text).toContain(shown);
    expect((await browser.get("/audit?act=group.deleted")).text).toContain("Nothing that was done is like that");
    expect((await browser.get("/audit?act=group.created&doer_kind=token")).text).toContain("Group &lt;b&gt;");
    expect((await browser.get("/audit?until=2020-01-01T00:00")).text).not.toContain("Group &lt;b&gt;");
    const refused = await browser.get("/audit?act=none&from=then");
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('value="then"')]);
  });

  it("teaches which plan lets it be read, and is for admins", async () => {
    const { browser, scope } = await makeScene();
    await env.DIRECTORY.prepare("UPDATE workspaces SET plan = 'team' WHERE id = ?1").bind(scope.workspaceId).run();
    expect((await (await browserOf(await makeMember(scope, "editor"))).get("/audit")).status).toBe(403);
    const page = await browser.get("/audit");
    expect([page.status, page.text]).toEqual([403, expect.stringContaining("It is written under every plan.")]);
  });
});
