/** `/projects/{p}/access`: shared, changed and taken away; and why it comes to what it does. */
import { describe, expect, it } from "vitest";
import { makeMember } from "../../api/caller.ts";
import { browserOf, makeProjectTeam } from "../project-team.ts";

async function makeScene() {
  const team = await makeProjectTeam();
  return { ...team, browser: await browserOf(team.owner), access: `${team.path}/access` };
}

describe("the access to a project", () => {
  it("is given and taken away, and a colleague who loses it is shown nothing any more", async () => {
    const { browser, access, path, member } = await makeScene();
    const { person, browser: theirs } = await member("can_view");
    expect((await theirs.get(path)).status).toBe(200);
    expect((await browser.get(access)).text).toContain(`value="user:${person.id}"`);
    const nobody = await browser.post(access, { to: "user:nobody", access: "can_view" });
    expect([nobody.status, nobody.text]).toEqual([422, expect.stringContaining('id="to-wrong"')]);
    const taken = await browser.post(access, { to: `user:${person.id}`, access: "none" });
    expect(taken.location).toBe(`${access}?did=taken`);
    expect((await theirs.get(path)).status).toBe(404);
  });

  it("says whose role leaves less than was given", async () => {
    const { browser, access, owner } = await makeScene();
    const viewer = await makeMember(owner.scope, "viewer");
    await browser.post(access, { to: `user:${viewer.id}`, access: "full_access" });
    const { text } = await browser.get(access);
    expect(text).toContain("their role leaves can view of it");
    expect(text).toContain("A share of their own gives full access; the role allows can view at most.");
  });

  it("keeps somebody with full access, and says why it refused", async () => {
    const { browser, access, owner } = await makeScene();
    const refused = await browser.post(access, { to: `user:${owner.id}`, access: "can_view" });
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('role="alert"')]);
  });

  it("is shown to who can view, and changed with full access alone", async () => {
    const { member, access } = await makeScene();
    const { browser } = await member("can_edit");
    expect((await browser.get(access)).text).toContain("Sharing it needs full_access.");
    expect((await browser.post(access, { to: "workspace", access: "can_view" })).status).toBe(403);
  });

  it("is given by who may share any project, also of one that nobody shared with them", async () => {
    const { browser, owner, path, member } = await makeScene();
    const { person, browser: theirs } = await member("full_access");
    const { body } = await person.call("POST", "/v1/projects", { body: { name: "Theirs" } });
    const unshared = `/projects/${body.slug}`;
    expect((await browser.get(unshared)).status).toBe(404);
    expect((await browser.get("/projects/all")).text).toContain(`href="${unshared}/access"`);
    const page = await browser.get(`${unshared}/access`);
    expect([page.status, page.text]).toEqual([200, expect.stringContaining("Share it with one more")]);
    await browser.post(`${unshared}/access`, { to: `user:${owner.id}`, access: "can_view" });
    expect((await browser.get(unshared)).status).toBe(200);
    expect((await theirs.get("/projects/all")).status).toBe(403);
    expect((await theirs.get(`${path}/access`)).status).toBe(200);
  });
});
