/** Making and changing a schedule: the reading of its expression, what is wrong beside its field, and two who change one. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { browserOf, makeProjectTeam } from "../project-team.ts";

async function makeScene() {
  const team = await makeProjectTeam();
  const browser = await browserOf(team.owner);
  const list = `${team.path}/schedules`;
  return {
    ...{ ...team, browser, list },
    /** A schedule that was made by a form, and its page. */
    async make(fields: Record<string, string> = {}) {
      const made = await browser.post(`${list}/new`, { schedule: "every day at noon", timezone: "UTC", ...fields });
      expect(made.status, made.text).toBe(303);
      return (made.location ?? "").replace("?did=made", "");
    },
    schedules: async () => (await team.owner.call("GET", `${team.at}/schedules`)).body.items,
  };
}

/** The fields of a form as the page holds them. */
function fieldsIn(text: string): Record<string, string> {
  const [form = ""] = /<form id="schedule-form".*?<\/form>/s.exec(text) ?? [];
  const unescaped = (value: string) =>
    value
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&amp;", "&");
  const inputs = [...form.matchAll(/<input[^>]* name="([^"]+)"(?:[^>]* value="([^"]*)")?/g)];
  const areas = [...form.matchAll(/<textarea[^>]* name="([^"]+)"[^>]*>\n?([^<]*)</g)];
  const selects = [...form.matchAll(/<select[^>]* name="([^"]+)".*?<\/select>/gs)].map(([whole, name = ""]) => {
    const [, value = ""] = /<option value="([^"]*)" selected/.exec(whole) ?? [];
    return [name, value] as const;
  });
  const texts = [...inputs, ...areas].map(([, name = "", value = ""]) => [name, unescaped(value)] as const);
  return Object.fromEntries([...texts, ...selects]);
}

describe("a form that makes something", () => {
  it("makes one schedule and begins one run, however often it is sent; drawn anew, it makes another", async () => {
    const { browser, list, schedules, make } = await makeScene();
    const { once = "" } = fieldsIn((await browser.get(`${list}/new`)).text);
    expect(once).not.toBe("");
    const path = await make({ once });
    expect(await make({ once })).toBe(path);
    expect(await schedules()).toHaveLength(1);
    const { text } = await browser.get(path);
    const [, press = ""] =
      /action="[^"]*\/runs" class="act"><input type="hidden" name="once" value="([^"]+)"/.exec(text) ?? [];
    const began = (await browser.post(`${path}/runs`, { once: press })).location;
    expect((await browser.post(`${path}/runs`, { once: press })).location).toBe(began);
    expect((await browser.post(`${path}/runs`, { once })).location).not.toBe(began);
    expect(await make({ once: "no\nkey" })).not.toBe(path);
  });
});

describe("the reading of an expression", () => {
  it("says what it means and when it would run by each clock, as a piece of a page", async () => {
    const { browser, list } = await makeScene();
    const fields = { schedule: "every day at 2:30 am", timezone: "Europe/Berlin" };
    const { status, text, headers } = await browser.post(`${list}/reading`, fields);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toContain("text/html");
    expect(text).toMatch(/^<div class="news">/);
    expect(text).toContain("every day at 2:30 AM in Europe/Berlin");
    expect(text).toContain("<code>30 2 * * *</code>");
    expect(text.match(/02:30 Europe\/Berlin \(01:30 UTC\)/g)).toHaveLength(5);
  });

  it("marks what is wrong where it is, and offers what would do", async () => {
    const { browser, list } = await makeScene();
    const { text } = await browser.post(`${list}/reading`, { schedule: "every day at <foo>" });
    expect(text).toContain("<mark>&lt;foo&gt;</mark>");
    expect(text).toContain("Expected: ");
    expect(text).toMatch(/name="use" value="[^"]+"/);
    const taken = await browser.post(`${list}/new`, { schedule: "every day at foo", use: "every day at 9:00 am" });
    expect(taken.text).toContain('value="every day at 9:00 am"');
    expect(taken.text).toContain("every day at 9:00 AM");
  });

  it("says what the plan would refuse, in the words of the refusal", async () => {
    const { owner, list, scope, make } = await makeScene();
    await make();
    await env.DIRECTORY.prepare("UPDATE workspaces SET plan = 'professional' WHERE id = ?1")
      .bind(scope.workspaceId)
      .run();
    // What a session may do is remembered for a moment: a new one sees the plan as it is.
    const browser = await browserOf(owner);
    const custom = await browser.post(`${list}/reading`, { schedule: "every weekday at noon" });
    expect(custom.text).toContain("plan does not include custom_schedules. The team plan lifts it.");
    const page = (await browser.get(`${list}/new`)).text;
    expect(page).toContain("The professional plan has room for one schedule in each project, and it is taken.");
    expect(page).toContain('<option value="daily" selected');
  });

  it("comes with the whole form for whoever has no script, and saves nothing", async () => {
    const { browser, list, schedules } = await makeScene();
    const checked = await browser.post(`${list}/new`, { preset: "weekly", weekday: "2", at: "07:45", check: "1" });
    expect(checked.status).toBe(200);
    expect(checked.text).toContain("every Tuesday at 7:45 AM");
    expect(fieldsIn(checked.text)).toMatchObject({ preset: "weekly", weekday: "2", at: "07:45" });
    expect(await schedules()).toEqual([]);
  });
});

describe("the form of a new schedule", () => {
  it("makes what it says", async () => {
    const { make, schedules } = await makeScene();
    const folded = { overlap: "allow_all", dst_fold: "both", spread: "5 minutes", max_runs: "7", key: "daily" };
    const retry = { retry_attempts: "2", retry_delay: "3000", retry_backoff: "exponential", timeout: "90 seconds" };
    await make({ preset: "monthly", at: "06:00", monthday: "L", fn: "work", args: '{"a": [1]}', ...retry, ...folded });
    expect(await schedules()).toMatchObject([
      {
        ...{ schedule: "on the last day of every month at 06:00", fn: "work", args: { a: [1] }, key: "daily" },
        retry: { attempts: 2, delay: 3_000, backoff: "exponential" },
        ...{ timeout: 90_000, overlap: "allow_all", spread: 300_000, max_runs: 7 },
        dst: { gap: "run_after", fold: "both" },
      },
    ]);
  });

  it("shows what is wrong beside each field, keeps what was typed, and saves nothing", async () => {
    const { browser, list, schedules } = await makeScene();
    const fields = { schedule: "every day at foo", args: "[1]", retry_attempts: "-1", spread: "soon", key: "<k>" };
    const refused = await browser.post(`${list}/new`, { ...fields, timezone: "Europe/Berlin" });
    expect(refused.status).toBe(422);
    expect(refused.text).toMatch(/id="retry_attempts-wrong"/);
    expect(fieldsIn(refused.text)).toMatchObject(fields);
    expect(refused.text).toMatch(/<details class="field" open/);
    const json = await browser.post(`${list}/new`, { schedule: "@daily", args: "{" });
    expect(json.text).toMatch(/id="args-wrong"><p[^>]*>It is not JSON/);
    expect(await schedules()).toEqual([]);
  });
});

describe("the form of a schedule that exists", () => {
  it("changes what was changed, and leaves the rest as it was understood", async () => {
    const { browser, make, schedules } = await makeScene();
    const path = await make({ args: '{"a": 1}', starts_at: "2027-01-15T10:30", timezone: "Europe/Berlin" });
    const fields = fieldsIn((await browser.get(`${path}/edit`)).text);
    expect(fields).toMatchObject({ schedule: "every day at noon", starts_at: "2027-01-15T10:30:00+01:00" });
    const saved = await browser.post(`${path}/edit`, { ...fields, retry_attempts: "4", args: "" });
    expect(saved.location).toBe(`${path}?did=saved`);
    expect(await schedules()).toMatchObject([
      { retry: { attempts: 4 }, args: null, starts_at: "2027-01-15T09:30:00.000Z" },
    ]);
  });

  it("tells the second of two who change it, field by field, loses nothing, and lets them save theirs over it", async () => {
    const { browser, make, schedules } = await makeScene();
    const path = await make();
    const fields = fieldsIn((await browser.get(`${path}/edit`)).text);
    await browser.post(`${path}/edit`, { ...fields, schedule: "every day at 1pm", overlap: "buffer_one" });
    const told = await browser.post(`${path}/edit`, { ...fields, schedule: "every day at <2pm>", max_runs: "9" });
    expect(told.status).toBe(412);
    expect(told.text).toContain("Somebody else changed it while you did");
    expect(told.text).toMatch(
      /Expression<\/th><td[^>]*>every day at noon<\/td><td[^>]*><strong>every day at 1pm<\/strong><\/td><td[^>]*><strong>every day at &lt;2pm&gt;/,
    );
    expect(await schedules()).toMatchObject([{ schedule: "every day at 1pm", max_runs: null }]);
    const merged = fieldsIn(told.text);
    expect(merged).toMatchObject({ schedule: "every day at <2pm>", overlap: "buffer_one", max_runs: "9" });
    await browser.post(`${path}/edit`, { ...merged, schedule: "every day at 2pm" });
    expect(await schedules()).toMatchObject([{ schedule: "every day at 2pm", overlap: "buffer_one", max_runs: 9 }]);
  });

  it("leads to its function where that brings it", async () => {
    const { browser, owner, at, list, schedules } = await makeScene();
    const functions = [{ name: "work", kind: "http", url: "https://example.com/work", schedule: "every day at noon" }];
    await owner.call("POST", `${at}/versions`, { body: { functions } });
    await owner.call("PUT", `${at}/published`, { body: { version: 2 } });
    const [{ id }] = await schedules();
    const { text } = await browser.get(`${list}/${id}/edit`);
    expect(text).toContain("comes with its function, work");
    expect(text).not.toContain('id="schedule-form"');
  });
});
