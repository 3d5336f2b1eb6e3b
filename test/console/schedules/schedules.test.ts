/** The pages of a project's schedules: the list, and one schedule with all that can be done to it. */
import { describe, expect, it } from "vitest";
import { readRunId, readScheduleId } from "../../../src/domain/ids.ts";
import { newId } from "../../../src/system.ts";
import { keepToldRun } from "../../support/told-run.ts";
import { browserOf, makeProjectTeam } from "../project-team.ts";

const HOSTILE = "<b>Holidays</b>";

async function makeScene(schedule: object = {}) {
  const team = await makeProjectTeam();
  const saved = await team.owner.call("POST", `${team.at}/schedules`, {
    body: { schedule: "every year on Jan 1 at noon", timezone: "Europe/Berlin", fn: "work", ...schedule },
  });
  expect(saved.status, JSON.stringify(saved.body)).toBe(201);
  const path = `${team.path}/schedules/${saved.body.id}`;
  return { ...team, schedule: saved.body, list: `${team.path}/schedules`, path, browser: await browserOf(team.owner) };
}

const BOUNDS = { starts_at: "2030-01-01T00:00:00.000Z", ends_at: "2040-01-01T00:00:00.000Z", max_runs: 5 };

describe("the list of schedules", () => {
  it("says what runs, when it comes next by both clocks, where it comes from, and how it went", async () => {
    const { browser, list, path, scope, schedule, owner, at } = await makeScene();
    await owner.call("PATCH", `${at}/settings`, { body: { timezone: "Asia/Tokyo" } });
    const run = await keepToldRun(scope, { id: readRunId(newId()), scheduleId: readScheduleId(schedule.id) }, []);
    const { text } = await browser.get(list);
    expect(text).toContain(`<a href="${path}">work</a>`);
    expect(text).toContain("every year on Jan 1 at noon");
    expect(text).toMatch(/1 Jan \d{4}, 12:00 Europe\/Berlin \(11:00 UTC\)/);
    expect(text).toMatch(/1 Jan \d{4}, 20:00 Asia\/Tokyo/);
    expect(text).toContain("made at run time");
    expect(text).toContain(`href="${path.replace(/schedules.*/, "runs/")}${run.id}"`);
  });

  it("shows those that live, and others when it is asked for them", async () => {
    const { browser, list, path, owner, at, schedule } = await makeScene();
    await owner.call("DELETE", `${at}/schedules/${schedule.id}`);
    expect((await browser.get(list)).text).toContain("Nothing is scheduled");
    expect((await browser.get(`${list}?state=cancelled`)).text).toContain(path);
    expect((await browser.get(`${list}?state=paused`)).text).toContain("No schedule is like that");
  });

  it("teaches with a command where there is none", async () => {
    const team = await makeProjectTeam();
    const { text } = await (await browserOf(team.owner)).get(`${team.path}/schedules`);
    expect(text).toContain(`curl https://carillon.test${team.at}/schedules`);
    expect(text).toContain(`href="${team.path}/schedules/new"`);
  });

  it("pauses with a way back, resumes, and runs now, and leads back to the list", async () => {
    const { browser, list, path, schedule } = await makeScene();
    const paused = await browser.post(`${path}/pause`, { from: "list" });
    expect(paused.location).toBe(`${list}?did=paused&s=${schedule.id}`);
    const { text } = await browser.get(`${list}?did=paused&s=${schedule.id}`);
    expect(text).toContain(`action="${path}/resumption"`);
    expect(text).toContain("Undo");
    await browser.post(`${path}/resumption`, { from: "list" });
    expect((await browser.get(list)).text).toContain('<span class="state active">');
    const started = await browser.post(`${path}/runs`, { from: "list" });
    expect(started.location).toMatch(new RegExp(`^${list}\\?did=started&run=[\\w-]+&s=${schedule.id}$`));
  });
});

describe("the page of a schedule", () => {
  it("says its policies in sentences, and shows its runs as pictures that lead to them", async () => {
    const facts = { retry: { attempts: 20, delay: 5_000, backoff: "exponential" }, spread: "10 minutes", max_runs: 3 };
    const { browser, path, scope, schedule } = await makeScene(facts);
    const scheduleId = readScheduleId(schedule.id);
    const run = await keepToldRun(scope, { id: readRunId(newId()), scheduleId }, []);
    await keepToldRun(scope, { id: readRunId(newId()), scheduleId, status: "timed_out" }, []);
    const { text } = await browser.get(path);
    expect(text).toContain("tried again up to 10 times, after 5 seconds, the wait doubled each time");
    expect(text).toContain("retry.attempts was lowered from 20 to the limit of 10.");
    expect(text).toContain("Runs start up to 10 minutes later");
    expect(text).toContain("3 runs.");
    expect(text).toMatch(
      new RegExp(`<svg class="strip on-wide".*<a href="[^"]*/runs/${run.id}" aria-label="succeeded, `),
    );
    expect(text).toMatch(/<svg class="on-wide"[^>]* role="img"/);
  });

  it("skips the next run, and marks it among those to come", async () => {
    const { browser, path } = await makeScene();
    expect((await browser.post(`${path}/skips`)).location).toBe(`${path}?did=skipped`);
    const { text } = await browser.get(`${path}?did=skipped`);
    expect(text).toMatch(/will be skipped\. The next one is <time/);
    expect(text).toContain('<span class="mark warn">skipped</span>');
  });

  it("shows the reason of a pause as it was typed, and resumes", async () => {
    const { browser, path } = await makeScene();
    await browser.post(`${path}/pause`, { reason: HOSTILE });
    const { text } = await browser.get(path);
    expect(text).toContain("&lt;b&gt;Holidays&lt;/b&gt;");
    expect(text).not.toContain(HOSTILE);
    expect((await browser.post(`${path}/resumption`)).location).toBe(`${path}?did=resumed`);
  });

  it("is cancelled after it was said what ends with it, and made again as it was", async () => {
    const { browser, path, list, owner, at } = await makeScene({ key: "yearly", retry: 3, ...BOUNDS });
    expect((await browser.get(`${path}/cancellation`)).text).toContain("None of its occurrences to come will run");
    expect((await browser.post(`${path}/cancellation`)).location).toBe(`${path}?did=cancelled`);
    expect((await browser.get(`${path}?did=cancelled`)).text).toContain(`action="${path}/again"`);
    const again = await browser.post(`${path}/again`);
    expect(again.location).toMatch(new RegExp(`^${list}/[\\w-]+\\?did=again$`));
    const { body } = await owner.call("GET", `${at}/schedules?state=living`);
    expect(body.items).toMatchObject([
      { key: "yearly", retry: { attempts: 3 }, schedule: "every year on Jan 1 at noon", ...BOUNDS },
    ]);
  });

  it("says only what is so of what an address claims was done, and makes nothing again that lives", async () => {
    const { browser, list, path, owner, at, schedule } = await makeScene();
    for (const did of ["paused", "cancelled", "constructor"]) {
      expect((await browser.get(`${path}?did=${did}`)).text).not.toContain('<div class="news"');
      expect((await browser.get(`${list}?did=${did}&s=${schedule.id}`)).text).not.toContain('<div class="news"');
    }
    expect((await browser.get(`${list}?did=paused&s=..&run=..`)).status).toBe(200);
    const again = await browser.post(`${path}/again`);
    expect([again.status, again.text]).toEqual([409, expect.stringContaining("It is active. Only a schedule")]);
    expect((await owner.call("GET", `${at}/schedules`)).body.items).toHaveLength(1);
    await browser.post(`${path}/pause`);
    expect((await browser.get(`${path}?did=resumed`)).text).not.toContain('<div class="news"');
  });

  it("says beside the field why a range cannot be run again, keeps it, and counts what was", async () => {
    const { browser, path } = await makeScene({ schedule: "every day at noon" });
    const refused = await browser.post(`${path}/backfills`, { from: "2026-10-20T00:00", to: "2199-01-01T00:00" });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain("A backfill covers a range in the past.");
    expect(refused.text).toContain('value="2026-10-20T00:00"');
    const done = await browser.post(`${path}/backfills`, { from: "2026-10-20T00:00", to: "2026-10-23T00:00" });
    expect(done.location).toBe(`${path}?did=backfilled&count=3`);
  });

  it("refuses what cannot be done now, on the page itself", async () => {
    const { browser, path, owner, at, schedule } = await makeScene();
    await owner.call("DELETE", `${at}/schedules/${schedule.id}`);
    const refused = await browser.post(`${path}/runs`);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain("The schedule is cancelled; it runs nothing any more.");
    // Its address takes forms alone: looked at again, there would be nothing.
    for (const mark of ["data-live-project", "live-state", "live-notice"]) expect(refused.text).not.toContain(mark);
    expect((await browser.get(path)).text).toContain("data-live-project");
  });

  it("gives whoever may only look no buttons, and nobody else anything", async () => {
    const { member, path, list } = await makeScene();
    const { browser } = await member("can_view");
    const { text } = await browser.get(path);
    expect(text).not.toContain('method="post"');
    expect((await browser.get(list)).text).not.toContain("Run now");
    expect((await browser.post(`${path}/runs`)).status).toBe(403);
    expect((await (await member("app_only")).browser.get(path)).status).toBe(403);
    const outsider = await browserOf((await makeProjectTeam()).owner);
    expect((await outsider.get(path)).status).toBe(404);
  });

  it("keeps what was typed when it is gone", async () => {
    const { browser, path } = await makeScene();
    const gone = path.replace(/[^/]+$/, newId());
    const answer = await browser.post(`${gone}/pause`, { reason: "the move" });
    expect(answer.status).toBe(404);
    expect(answer.text).toContain("the move");
  });
});
