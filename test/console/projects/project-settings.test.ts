/** `/projects/{p}/settings`: changed by who may, refused beside the field, deleted by name. */
import { describe, expect, it } from "vitest";
import { browserOf, makeProjectTeam } from "../project-team.ts";

async function makeScene() {
  const team = await makeProjectTeam("Weekly <i>Reports</i>");
  return { ...team, browser: await browserOf(team.owner), settings: `${team.path}/settings` };
}

const FILLED = {
  timezone: "Europe/Berlin",
  app_opens_with: "run",
  app_url: "",
  capture_width: "900",
  capture_paper: "letter",
  capture_orientation: "landscape",
  capture_ready_selector: "",
};

describe("the settings of a project", () => {
  it("are changed by the form, and said to be saved once", async () => {
    const { browser, settings, owner, at } = await makeScene();
    const saved = await browser.post(settings, FILLED);
    expect([saved.status, saved.location]).toEqual([303, `${settings}?did=saved`]);
    expect((await browser.get(`${settings}?did=saved`)).text).toContain("The settings are saved.");
    const { body } = await owner.call("GET", `${at}/settings`);
    expect(body).toMatchObject({ timezone: "Europe/Berlin", app_opens_with: "run", capture_width: 900 });
  });

  it("leave what somebody else changed since the form was drawn", async () => {
    const { browser, settings, owner, at } = await makeScene();
    const drawn = (await browser.get(settings)).text;
    const was = Object.fromEntries(
      [...drawn.matchAll(/name="(was_\w+)" value="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]),
    );
    const begun = Object.fromEntries(Object.entries(was).map(([name, value]) => [name.slice("was_".length), value]));
    await owner.call("PATCH", `${at}/settings`, { body: { timezone: "Asia/Tokyo" } });
    const refused = await browser.post(settings, { ...was, ...begun, capture_width: "wide" });
    expect(refused.text).toContain('id="capture_width-wrong"');
    expect(refused.text).toContain(`name="was_timezone" value="${was.was_timezone}"`);
    expect((await browser.post(settings, { ...was, ...begun, capture_width: "900" })).status).toBe(303);
    const saved = (await owner.call("GET", `${at}/settings`)).body;
    expect(saved).toMatchObject({ timezone: "Asia/Tokyo", capture_width: 900 });
    expect((await browser.post(settings, { ...was, ...begun })).status).toBe(303);
  });

  it("say beside the field what was wrong, keep what was typed, and change nothing", async () => {
    const { browser, settings, owner, at } = await makeScene();
    const before = (await owner.call("GET", `${at}/settings`)).body;
    const refused = await browser.post(settings, { ...FILLED, timezone: "Europe/Berlim", app_url: "http://10.0.0.1/" });
    expect(refused.status).toBe(422);
    expect(refused.text).toMatch(/value="Europe\/Berlim"[^>]*aria-invalid="true"/);
    expect(refused.text).toMatch(/id="timezone-wrong">.*Perhaps <code>Europe\/Berlin<\/code>/);
    expect(refused.text).toContain('id="app_url-wrong"');
    expect((await owner.call("GET", `${at}/settings`)).body).toEqual(before);
  });

  it("are read by who can view, and changed by nobody of less than can_edit", async () => {
    const { member, settings } = await makeScene();
    const { browser } = await member("can_view");
    expect((await browser.get(settings)).text).toContain("Changing them needs can_edit.");
    const refused = await browser.post(settings, FILLED);
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining("This is not yours to do")]);
  });

  it("rename the project, whose addresses stay", async () => {
    const { browser, settings, path } = await makeScene();
    expect((await browser.post(`${settings}/name`, { name: "" })).text).toContain('id="name-wrong"');
    expect((await browser.post(`${settings}/name`, { name: "Sales" })).status).toBe(303);
    expect((await browser.get(path)).text).toContain("<h1>Sales</h1>");
  });

  it("delete the project for whoever types its name, and say first what will be gone", async () => {
    const { browser, settings, path } = await makeScene();
    const asked = await browser.get(`${settings}/deletion`);
    expect(asked.text).toContain("Nothing of it can be brought back.");
    expect(asked.text).not.toContain("<i>");
    expect((await browser.post(`${settings}/deletion`, { name: "Weekly" })).status).toBe(422);
    expect((await browser.get(path)).status).toBe(200);
    expect((await browser.post(`${settings}/deletion`, { name: "Weekly <i>Reports</i>" })).location).toBe(
      "/?did=deleted",
    );
    const gone = await browser.post(settings, { ...FILLED, timezone: "Asia/Tokyo" });
    expect([gone.status, gone.text]).toEqual([404, expect.stringContaining('<pre dir="auto">Asia/Tokyo</pre>')]);
  });

  it("show the signing secret when it is asked for, and replace it", async () => {
    const { browser, settings, owner, at, member } = await makeScene();
    const { secret } = (await owner.call("GET", `${at}/secret`)).body;
    expect((await browser.get(`${settings}/secret`)).text).not.toContain(secret);
    expect((await browser.post(`${settings}/secret`)).text).toContain(secret);
    const replaced = (await browser.post(`${settings}/secret/rotation`, { once: "one-form" })).text;
    await browser.post(`${settings}/secret/rotation`, { once: "one-form" });
    expect(replaced).not.toContain(secret);
    expect(replaced).toContain((await owner.call("GET", `${at}/secret`)).body.secret);
    expect((await (await member("can_edit")).browser.post(`${settings}/secret`)).status).toBe(403);
  });
});
