/** `/members`: inviting people with a link that is shown once, changing what they are, and letting them go. */
import { describe, expect, it } from "vitest";
import { hold, makeMember } from "../../api/caller.ts";
import { Browser, freshEmail, makeTeam } from "../browser.ts";
import { browserOf } from "../project-team.ts";

async function makeScene() {
  const team = await makeTeam("Acme <i>");
  const owner = await hold(team.scope, team.adminId, team.email);
  return { ...team, owner, browser: await browserOf({ id: team.adminId }) };
}

describe("the members of a workspace", () => {
  it("are listed with role and state, as text, and found by both", async () => {
    const { scope, browser } = await makeScene();
    const person = await makeMember(scope, "viewer", { name: "<b>bo</b>" });
    const { text } = await browser.get("/members");
    expect(text).toContain(`href="/members/${person.id}"`);
    expect(text).toContain("&lt;b&gt;bo&lt;/b&gt;");
    expect(text).not.toMatch(/<b>|<i>/);
    expect((await browser.get("/members?role=guest")).text).toContain("Nobody is like that");
    expect((await browser.get("/members?state=active&role=viewer")).text).toContain(person.id);
  });

  it("are invited by mail, or with a link that is in no address and no other page, and lets them in", async () => {
    const { browser, owner } = await makeScene();
    const email = freshEmail("bo");
    const mailed = await browser.post("/members/new", { email, role: "editor", name: "Bo" });
    expect([mailed.status, mailed.location]).toEqual([303, "/members?did=invited"]);
    browser.postbox.refusal = "E_RECIPIENT_NOT_ALLOWED";
    const other = await browser.post("/members/new", { email: freshEmail("cy"), role: "viewer", name: "" });
    const [, link = ""] = /(\/invitations\/[\w-]+)</.exec(other.text) ?? [];
    expect([other.status, other.text]).toEqual([200, expect.stringContaining("shown here and never again")]);
    expect(other.headers.get("cache-control")).toBe("no-store");
    expect((await new Browser().get(link)).text).toContain("Accept and sign in");
    expect((await owner.call("GET", `/v1/members?email=${email}`)).body.items[0]).toMatchObject({ name: "Bo" });
  });

  it("are not invited with an address that is none: it says so beside the field, and keeps the rest", async () => {
    const { browser } = await makeScene();
    const refused = await browser.post("/members/new", { email: "bo", role: "viewer", name: "Bo <b>" });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('id="email-wrong"');
    expect(refused.text).toContain('value="Bo &lt;b&gt;"');
    expect(refused.text).toContain('<option value="viewer" selected="">');
  });

  it("get another role and name, but nobody their own role", async () => {
    const { browser, scope, owner, adminId } = await makeScene();
    const person = await makeMember(scope, "viewer");
    const changed = await browser.post(`/members/${person.id}`, { role: "editor", name: "Bo" });
    expect(changed.location).toBe(`/members/${person.id}?did=changed`);
    expect((await owner.call("GET", `/v1/members/${person.id}`)).body).toMatchObject({ role: "editor", name: "Bo" });
    expect((await browser.get(`/members/${adminId}`)).text).toContain("Nobody changes their own role");
    const refused = await browser.post(`/members/${adminId}`, { role: "viewer", name: "Me" });
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining("Nobody changes their own role.")]);
  });

  it("are deactivated after it was said what that does, with the projects that went to somebody else; and let in again", async () => {
    const { browser, scope, email } = await makeScene();
    const person = await makeMember(scope, "editor");
    await person.call("POST", "/v1/projects", { body: { name: "Orphan <i>" } });
    expect((await browser.get(`/members/${person.id}/deactivation`)).text).toContain(
      "goes to the longest-serving admin",
    );
    const { text } = await browser.post(`/members/${person.id}/deactivation`);
    expect(text).toContain("Orphan &lt;i&gt;");
    expect(text).toContain(`is now with <bdi>${email}</bdi>`);
    expect((await browser.get(`/members/${person.id}`)).text).toContain("Let them in again");
    const back = await browser.post(`/members/${person.id}/reactivation`);
    expect(back.location).toBe(`/members/${person.id}?did=reactivated`);
  });

  it("are seen by a viewer, and changed by nobody of less than manager; an outsider's are not there", async () => {
    const { scope, adminId } = await makeScene();
    const viewer = await browserOf(await makeMember(scope, "viewer"));
    expect((await viewer.get("/members")).text).toContain("takes the role manager or admin");
    expect((await viewer.get("/members/new")).status).toBe(403);
    for (const path of ["/members/new", `/members/${adminId}`, `/members/${adminId}/deactivation`])
      expect([403, 422], path).toContain((await viewer.post(path, { email: freshEmail("x"), role: "admin" })).status);
    const guest = await browserOf(await makeMember(scope, "guest"));
    expect((await guest.get("/members")).status).toBe(403);
    const outsider = await browserOf({ id: (await makeTeam()).adminId });
    expect((await outsider.get(`/members/${adminId}`)).status).toBe(404);
  });

  it("say by no other word of the address that something was done", async () => {
    const { browser } = await makeScene();
    expect((await browser.get("/members?did=invited")).text).toContain("on its way by mail");
    expect((await browser.get("/members?did=constructor")).text).not.toContain('class="news"');
  });
});
