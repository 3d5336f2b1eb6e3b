/** Invitations: looked at by anybody who has the link, accepted by a button. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { setClock } from "../support/world.ts";
import { actsIn, Browser, freshEmail, invite, makeTeam } from "./browser.ts";

const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 22, 9);

async function makeInvitation(role = "editor") {
  const team = await makeTeam("Acme & Sons");
  const email = freshEmail("bo");
  return { team, email, browser: new Browser(), ...(await invite(team.scope, email, role)) };
}

const stateOf = (id: string) =>
  env.DIRECTORY.prepare("SELECT state, joined_at FROM members WHERE id = ?1").bind(id).first();

describe("an invitation", () => {
  it("shows the workspace and the role, and does nothing by being looked at", async () => {
    const { browser, path, email, id } = await makeInvitation("viewer");
    for (const looked of [await browser.get(path), await new Browser().get(path)]) {
      expect(looked.status).toBe(200);
      for (const shown of ["Acme &amp; Sons", "viewer", email]) expect(looked.text).toContain(shown);
    }
    expect(await stateOf(id)).toEqual({ state: "invited", joined_at: null });
    expect(await browser.isSignedIn()).toBe(false);
  });

  it("is accepted by its button: the member joins and is signed in", async () => {
    const { browser, path, team, id } = await makeInvitation();
    expect((await browser.post(path)).location).toBe("/");
    expect(await browser.isSignedIn()).toBe(true);
    expect(await stateOf(id)).toMatchObject({ state: "active", joined_at: expect.any(Number) });
    const acts = await actsIn(team.scope);
    expect(acts).toContainEqual({ act: "member.joined", detail: null });
    expect(acts).toContainEqual({ act: "member.signed_in", detail: '{"by":"invitation"}' });
  });

  it("works once, also for two who accept it at once", async () => {
    const { path } = await makeInvitation();
    const browsers = [new Browser(), new Browser()];
    const answers = await Promise.all(browsers.map((browser) => browser.post(path)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 410]);
    expect((await new Browser().get(path)).status).toBe(410);
  });

  it("is good for seven days", async () => {
    setClock(START);
    const [first, second] = [await makeInvitation(), await makeInvitation()];
    setClock(START + 7 * DAY - 1);
    expect((await first.browser.post(first.path)).status).toBe(303);
    setClock(START + 7 * DAY);
    for (const late of [await second.browser.get(second.path), await second.browser.post(second.path)]) {
      expect(late.status).toBe(410);
      expect(late.text).toContain("has expired");
    }
  });

  it("opens no other workspace of the same address", async () => {
    const { browser, path, email } = await makeInvitation();
    const other = await makeTeam("Other", email);
    expect((await browser.post(path)).location).toBe("/");
    expect((await browser.get("/")).text).not.toContain("Other");
    expect((await browser.get("/sign-in/workspace")).location).toBe("/sign-in");
    expect(await actsIn(other.scope)).toEqual([]);
  });

  it("is not known when the member was deactivated, and joins nobody", async () => {
    const { browser, path, id } = await makeInvitation();
    await env.DIRECTORY.prepare("UPDATE members SET state = 'deactivated', deactivated_at = 1 WHERE id = ?1")
      .bind(id)
      .run();
    for (const refused of [await browser.get(path), await browser.post(path)]) expect(refused.status).toBe(404);
    expect(await stateOf(id)).toMatchObject({ state: "deactivated" });
  });

  it("is no sign-in link, nor a sign-in link an invitation", async () => {
    const { browser, path, team } = await makeInvitation();
    expect((await browser.get(path.replace("/invitations/", "/sign-in/"))).status).toBe(404);
    const link = await browser.askForLink(team.email);
    for (const method of [browser.get, browser.post])
      expect((await method(link.replace("/sign-in/", "/invitations/"))).status).toBe(404);
  });
});
