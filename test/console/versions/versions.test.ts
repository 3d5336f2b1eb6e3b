/** `/projects/{p}/versions`: made, compared, published with a plan of what that does, and rolled back. */
import { describe, expect, it } from "vitest";
import { browserOf, makeProjectTeam } from "../project-team.ts";

async function makeScene() {
  const team = await makeProjectTeam();
  return { ...team, browser: await browserOf(team.owner), versions: `${team.path}/versions` };
}

const row = (name: string, url = "https://example.com/", schedule = "") => ({
  name,
  url,
  schedule,
  timezone: "",
  retry: "",
});

describe("the versions of a project", () => {
  it("are listed, the published one marked", async () => {
    const { browser, versions } = await makeScene();
    expect((await browser.get(versions)).text).toMatch(/versions\/1">Version 1<\/a><span class="mark good">published</);
  });

  it("begin with what is published, and are published with the plan of what becomes of schedules", async () => {
    const { browser, versions, owner, at } = await makeScene();
    const form = await browser.get(`${versions}/new`);
    expect(form.text).toMatch(/name="name"[^>]*value="work"|value="work"[^>]*name="name"/);
    const made = await browser.post(`${versions}/new`, row("report", "https://example.com/r", "every day at 9am"));
    expect(made.location).toBe(`${versions}/2?did=made`);
    const draft = (await browser.get(`${versions}/2`)).text;
    expect(draft).toMatch(/created:.*<code>report<\/code>/s);
    expect(draft).toMatch(/functions that are gone:.*<code>work<\/code>/s);
    const published = await browser.post(`${versions}/2/publication`);
    expect(published.location).toBe(`${versions}/2?did=published`);
    expect((await owner.call("GET", `${at}/schedules`)).body.items).toHaveLength(1);
    const back = (await browser.get(`${versions}/1`)).text;
    expect(back).toContain("Roll back to version 1");
    expect(back).toMatch(/removed, with their coming occurrences:.*<code>report<\/code>/s);
    await browser.post(`${versions}/1/publication`);
    expect((await owner.call("GET", `${at}/published`)).body.version).toBe(1);
  });

  it("say of each function what was wrong, and keep what was typed", async () => {
    const { browser, versions, owner, at } = await makeScene();
    const refused = await browser.post(`${versions}/new`, row("report", "http://10.0.0.1/", "every blue moon"));
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('id="url.0-wrong"');
    expect(refused.text).toContain('id="schedule.0-wrong"');
    expect(refused.text).toContain('value="every blue moon"');
    expect((await owner.call("GET", `${at}/versions`)).body.items).toHaveLength(1);
  });

  it("keep of a function what the form has no fields for, and are made once however often the form is sent", async () => {
    const { browser, versions, owner, at } = await makeScene();
    const retry = { attempts: 2, delay: 5_000, backoff: "exponential" };
    const rest = { timeout: 90_000, notifications: [{ on: "failure", users: [owner.id], subject: "Ours" }] };
    const url = "https://example.com/";
    const fn = { name: "report", kind: "http", url, schedule: "every day", retry, headers: { "x-key": "k" }, ...rest };
    const made = await owner.call("POST", `${at}/versions`, { body: { functions: [fn] } });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    await owner.call("PUT", `${at}/published`, { body: { version: 2 } });
    expect((await browser.post(`${versions}/new`, { ...row("report"), more: "1" })).text).toContain("sealed");
    const fields = { ...row("report"), retry: "3", once: "one-form" };
    for (const _ of ["once", "and once more"])
      expect((await browser.post(`${versions}/new`, fields)).location).toBe(`${versions}/3?did=made`);
    const [kept] = (await owner.call("GET", `${at}/versions/3`)).body.functions;
    expect(kept).toMatchObject({ ...rest, retry: { ...retry, attempts: 3 } });
    const refused = await browser.post(`${versions}/new`, { ...row("report"), retry: "many" });
    expect(refused.text).toContain('id="retry.0-wrong"');
    expect(refused.text).toContain("sealed");
  });

  it("lose no text that has no path, or the path of another", async () => {
    const { browser, versions, owner, at } = await makeScene();
    const refused = await browser.post(`${versions}/new`, [
      ["module_name", "index.js"],
      ["module_text", "\r\nexport const one = () => 1;\r\n"],
      ["module_name", ""],
      ["module_text", "pathless"],
      ["module_name", "index.js"],
      ["module_text", "second"],
    ]);
    expect(refused.status).toBe(422);
    for (const text of ["pathless", "second", "one = () =&gt; 1;"]) expect(refused.text).toContain(text);
    expect(refused.text).toMatch(/id="module_name.1-wrong"><p[^>]*>It has a text and no path/);
    expect(refused.text).toContain('id="module_name.2-wrong"');
    expect((await owner.call("GET", `${at}/versions`)).body.items).toHaveLength(1);
  });

  it("show of a long module its beginning, and where the rest is; its line breaks are as they were typed", async () => {
    const { browser, versions, owner, at } = await makeScene();
    const text = `\nexport const long = () => 1;\n//${"x".repeat(25_000)}END`;
    const module_text = text.replaceAll("\n", "\r\n");
    await browser.post(`${versions}/new`, { module_name: "index.js", module_text });
    expect((await owner.call("GET", `${at}/versions/2/modules`)).body.modules["index.js"]).toBe(text);
    const shown = (await browser.get(`${versions}/2`)).text;
    expect(shown).not.toContain("xEND");
    expect(shown).toContain(`href="${at}/versions/2/modules"`);
    await browser.post(`${versions}/2/publication`);
    expect((await browser.get(`${versions}/new`)).text).toContain(">\n\nexport const long");
  });

  it("hold code too, and show its modules", async () => {
    const { browser, versions } = await makeScene();
    const code = { module_name: "index.js", module_text: "export const hello = () => '<b>hi</b>';" };
    expect((await browser.post(`${versions}/new`, code)).location).toBe(`${versions}/2?did=made`);
    expect((await browser.get(`${versions}/2`)).text).toContain(
      "export const hello = () =&gt; &#39;&lt;b&gt;hi&lt;/b&gt;&#39;;",
    );
    const broken = await browser.post(`${versions}/new`, { ...code, module_text: "export const = 1" });
    expect([broken.status, broken.text]).toEqual([422, expect.stringContaining('id="module_text.0-wrong"')]);
  });

  it("are made by nobody of less than can_edit", async () => {
    const { member, versions } = await makeScene();
    const { browser } = await member("can_view");
    expect((await browser.get(versions)).text).not.toContain("New version");
    expect((await browser.post(`${versions}/new`, row("report"))).status).toBe(403);
    expect((await browser.post(`${versions}/1/publication`)).status).toBe(403);
  });
});
