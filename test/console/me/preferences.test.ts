/** `/preferences`: what is everybody's own to choose, and where they are signed in. */
import { describe, expect, it } from "vitest";
import { makeMember } from "../../api/caller.ts";
import { Browser, makeTeam } from "../browser.ts";
import { browserOf, makeProjectTeam } from "../project-team.ts";

async function makeScene(role: "guest" | "viewer" = "guest") {
  const team = await makeTeam();
  const person = await makeMember(team.scope, role);
  return { team, person, browser: await browserOf(person) };
}

describe("preferences", () => {
  it("hold how news comes and the zone of times, also for a guest", async () => {
    const { person, browser } = await makeScene();
    const saved = await browser.post("/preferences", [
      ["ways", "slack"],
      ["timezone", "Europe/Berlin"],
    ]);
    expect([saved.status, saved.location]).toEqual([303, "/preferences?did=saved"]);
    expect((await person.call("GET", "/v1/me/preferences")).body).toEqual({
      notifications: { email: false, slack: true },
      timezone: "Europe/Berlin",
    });
    await browser.post("/preferences", { timezone: "" });
    expect((await person.call("GET", "/v1/me/preferences")).body).toEqual({
      notifications: { email: false, slack: false },
      timezone: null,
    });
  });

  it("say beside the field that a zone is none, keep what was typed, and change nothing", async () => {
    const { person, browser } = await makeScene();
    const refused = await browser.post("/preferences", { ways: "slack", timezone: "Europe/Berlim" });
    expect(refused.status).toBe(422);
    expect(refused.text).toMatch(/id="timezone-wrong">.*Europe\/Berlin/);
    expect(refused.text).toMatch(/id="ways-slack"[^>]*checked/);
    expect(refused.text).not.toMatch(/id="ways-email"[^>]*checked/);
    expect((await person.call("GET", "/v1/me/preferences")).body.notifications).toEqual({ email: true, slack: false });
  });

  it("hold one's name, which others see as text", async () => {
    const { browser, person } = await makeScene("viewer");
    expect((await browser.post("/preferences/name", { name: "Bo <b>" })).location).toBe("/preferences?did=renamed");
    expect((await browser.get(`/members/${person.id}`)).text).toContain("<h1>Bo &lt;b&gt;</h1>");
  });

  it("list what one unsubscribed from, and take it back", async () => {
    const { at, slug, member } = await makeProjectTeam();
    const { person, browser } = await member("can_edit");
    const { body } = await person.call("POST", `${at}/schedules`, {
      body: { schedule: "every day at 9am", fn: "work" },
    });
    await person.call("PUT", `/v1/me/unsubscriptions/${body.id}`, { body: { project: slug } });
    expect((await browser.get("/preferences")).text).toContain(`/projects/${slug}/schedules/${body.id}`);
    const back = await browser.post("/preferences/subscriptions", { schedule: body.id });
    expect(back.location).toBe("/preferences?did=resubscribed");
    expect((await browser.get("/preferences")).text).toContain("You have unsubscribed from nothing.");
  });

  it("sign one browser out, and leave the others and those of other people", async () => {
    const { person, browser, team } = await makeScene();
    const [other, stranger] = [await browserOf(person), await browserOf({ id: team.adminId })];
    const sessions = (await stranger.get("/preferences")).text;
    const [, theirs = ""] = /data-key="([\w-]+)"/.exec(sessions) ?? [];
    const [, first = ""] = /name="session" value="([\w-]+)"/.exec((await browser.get("/preferences")).text) ?? [];
    for (const session of [first, theirs])
      expect((await browser.post("/preferences/sessions", { session })).location).toBe("/preferences?did=ended");
    expect(await other.isSignedIn()).toBe(false);
    expect(await browser.isSignedIn()).toBe(true);
    expect(await stranger.isSignedIn()).toBe(true);
  });

  it("are nobody's without a session", async () => {
    expect((await new Browser().get("/preferences")).location).toBe("/sign-in");
  });
});
