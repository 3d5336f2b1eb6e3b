/** `/tokens`: made with what they may, shown once, revoked after it was said what that does. */
import { describe, expect, it } from "vitest";
import { call, makeMember } from "../../api/caller.ts";
import { browserOf, makeProjectTeam } from "../project-team.ts";

async function makeScene() {
  const team = await makeProjectTeam();
  return { ...team, browser: await browserOf(team.owner) };
}

const textIn = (page: string): string => /id="token">([^<]+)</.exec(page)?.[1] ?? "";

describe("a token", () => {
  it("is shown in the answer to the form and nowhere else, and calls the API", async () => {
    const { browser } = await makeScene();
    const fields = { name: "Import <b>", kind: "personal", mode: "read", expires_at: "2099-01-15T10:30" };
    const made = await browser.post("/tokens/new", fields);
    const text = textIn(made.text);
    expect([made.status, made.headers.get("cache-control"), made.location]).toEqual([200, "no-store", null]);
    const headers = { authorization: `Bearer ${text}` };
    const me = await call("GET", "/v1/me", { headers });
    expect(me.body.token).toMatchObject({ mode: "read", kind: "personal", expires_at: "2099-01-15T10:30:00.000Z" });
    const list = (await browser.get("/tokens")).text;
    expect(list).toContain("Import &lt;b&gt;");
    expect(list).toContain("15 Jan 2099, 10:30 UTC");
    expect(list).not.toContain(text);
  });

  it("is made once, however often the form is sent, and not shown again", async () => {
    const { browser, owner } = await makeScene();
    const fields = { name: "Once", kind: "personal", mode: "read", once: "one-form" };
    const text = textIn((await browser.post("/tokens/new", fields)).text);
    const again = (await browser.post("/tokens/new", fields)).text;
    expect(again).toContain("its text is shown once");
    expect(again).not.toContain(text);
    const { items } = (await owner.call("GET", "/v1/tokens")).body;
    expect(items.filter(({ name }: { name: string }) => name === "Once")).toHaveLength(1);
  });

  it("is held to the projects that were chosen, and says by their names to which", async () => {
    const { browser, owner, at } = await makeScene();
    const { body: other } = await owner.call("POST", "/v1/projects", { body: { name: "Other" } });
    const ids = [at.split("/").at(-1) ?? "", String(other.id)];
    const fields: [string, string][] = [
      ["name", "Held"],
      ["kind", "workspace"],
      ["mode", "write"],
      ...ids.map((id): [string, string] => ["projects", id]),
    ];
    const headers = { authorization: `Bearer ${textIn((await browser.post("/tokens/new", fields)).text)}` };
    const { projects } = (await call("GET", "/v1/me", { headers })).body.token;
    expect([...projects].sort()).toEqual([...ids].sort());
    expect((await browser.get("/tokens")).text).toMatch(/Held to (Reports, Other|Other, Reports)\./);
  });

  it("is refused beside the field, with what was typed, and none is made", async () => {
    const { browser, owner } = await makeScene();
    const before = (await owner.call("GET", "/v1/tokens")).body.items.length;
    const refused = await browser.post("/tokens/new", {
      name: "Old <b>",
      kind: "personal",
      mode: "read",
      expires_at: "2020-01-01T00:00",
    });
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('id="expires_at-wrong"')]);
    expect(refused.text).toContain('value="Old &lt;b&gt;"');
    expect((await owner.call("GET", "/v1/tokens")).body.items).toHaveLength(before);
  });

  it("is revoked by a form that says first who uses it", async () => {
    const { browser } = await makeScene();
    const headers = { authorization: `Bearer ${textIn((await browser.post("/tokens/new", WRITES)).text)}` };
    const { token } = (await call("GET", "/v1/me", { headers })).body;
    expect((await browser.get(`/tokens/${token.id}/revocation`)).text).toContain("It cannot be brought back");
    expect((await browser.post(`/tokens/${token.id}/revocation`)).location).toBe("/tokens?did=revoked");
    expect((await call("GET", "/v1/me", { headers })).status).toBe(401);
    expect((await browser.get("/tokens")).text).toContain('<span class="mark wrong">revoked</span>');
  });

  it("of the workspace is for admins; a viewer makes none, and sees nobody else's", async () => {
    const { member, owner } = await makeScene();
    const { browser } = await member("can_view");
    expect((await browser.get("/tokens/new")).text).toContain("Tokens of the workspace are for admins to make.");
    expect((await browser.post("/tokens/new", { ...WRITES, kind: "workspace" })).status).toBe(422);
    const viewer = await browserOf(await makeMember(owner.scope, "viewer"));
    expect((await viewer.get("/tokens/new")).status).toBe(403);
    const others = (await owner.call("GET", "/v1/tokens")).body.items[0].id;
    expect((await viewer.get(`/tokens/${others}/revocation`)).status).toBe(404);
  });
});

const WRITES = { name: "Writes", kind: "personal", mode: "write", expires_at: "" };
