/** `/projects/{p}/runs`, running now, and what can be done to a run. */
import { describe, expect, it } from "vitest";
import { readRunId, readScheduleId } from "../../../src/domain/ids.ts";
import type { Run } from "../../../src/domain/run.ts";
import { newId } from "../../../src/system.ts";
import { keepToldRun } from "../../support/told-run.ts";
import { browserOf, makeProjectTeam } from "../project-team.ts";

async function makeScene() {
  const team = await makeProjectTeam();
  const log = `${team.path}/runs`;
  const keep = (more: Partial<Run>) => keepToldRun(team.scope, { id: readRunId(newId()), ...more }, []);
  return { ...team, log, keep, browser: await browserOf(team.owner) };
}

describe("the run log", () => {
  it("says of each run how it ended, what it was of, how late, why not, and what went wrong", async () => {
    const { browser, log, keep, owner, at } = await makeScene();
    const { body } = await owner.call("POST", `${at}/schedules`, { body: { schedule: "every hour", fn: "work" } });
    const error = { reason: "http_status", message: "<b>It</b> answered 500\nand more" } as const;
    const at0 = Date.parse("2027-01-15T09:00:00.000Z");
    const scheduleId = readScheduleId(body.id);
    const late = { scheduleId, scheduledFor: at0, startedAt: at0 + 60_000, finishedAt: at0 + 64_000 };
    await keep({ ...late, status: "failed", error, cause: "catch_up", attempt: 1, originRunId: readRunId(newId()) });
    await keep({
      status: "skipped",
      unrun: "overlap",
      startedAt: null,
      version: null,
      output: null,
      count: 3,
    });
    const { text } = await browser.get(log);
    for (const said of ["1 min late", "↻1", "caught up", "4 s", "&lt;b&gt;It&lt;/b&gt; answered 500</p>", "every hour"])
      expect(text).toContain(said);
    expect(text).toContain("The run before it was still going on.");
    expect(text).toContain("3 occurrences");
    expect(text).toContain("<title>These 2 runs, oldest first</title>");
    expect(text).not.toContain("and more</p>");
  });

  it("is filtered, says when nothing is like that, and leads to all", async () => {
    const { browser, log, keep } = await makeScene();
    await keep({ status: "failed" });
    expect((await browser.get(`${log}?status=failed&fn=work`)).text).toContain('<option value="failed" selected="">');
    const { text } = await browser.get(`${log}?status=succeeded`);
    expect(text).toContain(`No run is like that. <a href="${log}">Show all runs</a>`);
  });

  it("goes on to older ones, which are not live", async () => {
    const { browser, log, keep } = await makeScene();
    for (let made = 0; made < 51; made += 1) await keep({});
    const first = (await browser.get(log)).text;
    expect(first).toContain('id="runs" data-live="true"');
    const [, older = ""] = /<a href="([^"]+)" rel="next">Older/.exec(first) ?? [];
    const next = (await browser.get(older.replaceAll("&amp;", "&"))).text;
    expect(next.match(/data-row/g)).toHaveLength(1);
    expect(next).not.toContain("data-live");
    expect(next).toContain("Back to the newest");
  });

  it("teaches with a command where nothing has run", async () => {
    const { browser, log, at } = await makeScene();
    expect((await browser.get(log)).text).toContain(`curl https://carillon.test${at}/runs`);
  });
});

describe("running now", () => {
  it("starts a function with its args, and leads to the run", async () => {
    const { browser, log } = await makeScene();
    expect((await browser.get(`${log}/new`)).text).toContain("the published one, version 1");
    const started = await browser.post(`${log}/new`, { fn: "work", args: '{"day": 1}', version: "" });
    expect(started.location).toMatch(new RegExp(`^${log}/[\\w-]+\\?did=started$`));
    const { text } = await browser.get(started.location ?? "");
    expect(text).toContain("<h1>work in Reports</h1>");
    expect(text).toContain("Started.");
    expect(text).toContain("Cancel it…");
  });

  it("says what is wrong with args and names beside them, and starts nothing", async () => {
    const { browser, log } = await makeScene();
    const args = await browser.post(`${log}/new`, { fn: "work", args: "{day", version: "" });
    expect([args.status, args.text]).toEqual([422, expect.stringContaining('id="args-wrong"')]);
    expect(args.text).toContain("{day</textarea>");
    expect((await browser.post(`${log}/new`, { fn: "nobody", args: "", version: "9" })).status).toBe(422);
    expect((await browser.get(log)).text).toContain("Nothing has run yet");
  });

  it("is not for viewers", async () => {
    const { member, log } = await makeScene();
    const { browser } = await member("can_view");
    expect((await browser.post(`${log}/new`, { fn: "work" })).status).toBe(403);
    expect((await browser.get(log)).text).toContain("Starting one needs can_edit.");
  });
});

describe("what is done to a run", () => {
  it("cancels it after saying what that stops, and says so afterwards", async () => {
    const { browser, log, owner, at } = await makeScene();
    const { body } = await owner.call("POST", `${at}/runs`, { body: { fn: "work" } });
    const path = `${log}/${body.id}`;
    expect((await browser.get(`${path}/cancellation`)).text).toContain("It has not begun, and will not.");
    expect((await browser.post(`${path}/cancellation`)).location).toBe(`${path}?did=cancelled`);
    expect((await browser.get(`${path}?did=cancelled`)).text).toContain("<span>work in Reports was cancelled</span>");
    expect((await browser.get(`${path}/cancellation`)).text).toContain("There is nothing to cancel");
  });

  it("runs its schedule once more, and asks for the args of one that has none", async () => {
    const { browser, log, keep, owner, at } = await makeScene();
    const { body } = await owner.call("POST", `${at}/schedules`, { body: { schedule: "every hour", fn: "work" } });
    const run = await keep({ scheduleId: readScheduleId(body.id) });
    const again = await browser.post(`${log}/${run.id}/repetition`);
    expect(again.location).toMatch(new RegExp(`^${log}/[\\w-]+\\?did=started$`));
    expect(again.location).not.toContain(run.id);
    const own = await keep({ scheduleId: null, context: "api-triggered", cause: "api" });
    expect((await browser.post(`${log}/${own.id}/repetition`)).location).toBe(`${log}/new?fn=work`);
  });

  it("shows what functions returned and wrote, warnings for themselves", async () => {
    const { browser, log, keep } = await makeScene();
    const line = { at: "2027-01-15T09:00:01.000Z", fn: "work" };
    const output = {
      items: [{ fn: "work", value: { "<i>": 1 } }],
      log: {
        lines: [
          { ...line, level: "info", text: "begun" },
          { ...line, level: "warn", text: "<b>slow</b>" },
        ],
        truncated: false,
      },
    };
    const run = await keep({ output: { stored: "inline", json: JSON.stringify(output) } });
    const { text } = await browser.get(`${log}/${run.id}`);
    expect(text).toContain("&quot;&lt;i&gt;&quot;: 1");
    expect(text).toContain("Warnings and errors alone (1)");
    expect(text).toContain("All lines (2)");
    expect(text).toContain("&lt;b&gt;slow&lt;/b&gt;");
    expect(text).toMatch(/<svg[^>]*role="img"><title>One attempt over \d+ ms: 1 succeeded after 10 ms/);
  });
});
