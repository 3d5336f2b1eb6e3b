/** `/groups`: made, named, filled and deleted. */
import { describe, expect, it } from "vitest";
import { hold, makeMember } from "../../api/caller.ts";
import { makeTeam } from "../browser.ts";
import { browserOf } from "../project-team.ts";

async function makeScene() {
  const team = await makeTeam();
  const owner = await hold(team.scope, team.adminId, team.email);
  const browser = await browserOf({ id: team.adminId });
  const { location } = await browser.post("/groups", { name: "Finance <i>" });
  return { ...team, owner, browser, path: String(location).split("?")[0] ?? "" };
}

describe("a group", () => {
  it("is made, refused under a name that is taken, and renamed", async () => {
    const { browser, path } = await makeScene();
    expect((await browser.get(path)).text).toContain("Finance &lt;i&gt;");
    const again = await browser.post("/groups", { name: "Finance <i>" });
    expect([again.status, again.text]).toEqual([422, expect.stringContaining('value="Finance &lt;i&gt;"')]);
    expect((await browser.post(path, { name: "" })).text).toContain('id="name-wrong"');
    expect((await browser.post(path, { name: "Tax" })).location).toBe(`${path}?did=renamed`);
    expect((await browser.get("/groups")).text).toContain("Tax");
  });

  it("takes members in and out", async () => {
    const { browser, path, scope } = await makeScene();
    const { id, email } = await makeMember(scope, "viewer");
    expect((await browser.get(path)).text).toContain("Nobody is in it yet");
    expect((await browser.post(`${path}/members`, { member: id })).location).toBe(`${path}?did=added`);
    expect((await browser.get(path)).text).toContain(`<bdi>${email}</bdi>`);
    expect((await browser.post(`${path}/members/removal`, { member: id })).location).toBe(`${path}?did=removed`);
    expect((await browser.get(path)).text).toContain("Nobody is in it yet");
  });

  it("finds people to take in by name or address, and says that everybody is in it only where that is so", async () => {
    const { browser, path, scope, adminId } = await makeScene();
    const { email } = await makeMember(scope, "viewer");
    const found = (await browser.get(`${path}?q=${encodeURIComponent(email.toUpperCase())}`)).text;
    expect(found).toContain(`>${email}</option>`);
    expect(found).not.toContain(adminId);
    const nobody = (await browser.get(`${path}?q=nowhere`)).text;
    expect(nobody).toContain("Nobody who is not in it has that");
    expect(nobody).not.toContain("Everybody is in it");
  });

  it("is deleted after it was said what that does, and names the projects that went to somebody else", async () => {
    const { browser, path, scope, owner } = await makeScene();
    const person = await makeMember(scope, "editor");
    const { body } = await owner.call("POST", "/v1/projects", { body: { name: "Shared" } });
    const [group] = path.split("/").slice(-1);
    await owner.call("PUT", `/v1/groups/${group}/members/${person.id}`);
    const grants = [{ group, access: "full_access" }];
    expect((await owner.call("PUT", `/v1/projects/${body.id}/access`, { body: { grants } })).status).toBe(200);
    expect((await browser.get(`${path}/deletion`)).text).toContain("1 member loses");
    const deleted = await browser.post(`${path}/deletion`);
    expect(deleted.text).toMatch(/Shared<\/a> is now with/);
    expect((await browser.get(path)).status).toBe(404);
  });

  it("is seen by a viewer, and changed by nobody of less than manager", async () => {
    const { path, scope } = await makeScene();
    const viewer = await browserOf(await makeMember(scope, "viewer"));
    expect((await viewer.get(path)).text).toContain("takes the role manager or admin");
    expect((await viewer.post(`${path}/deletion`)).status).toBe(403);
    expect((await viewer.get(path)).status).toBe(200);
  });
});
