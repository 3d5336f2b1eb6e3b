/** Invitations: looked at by anybody who has the link, accepted by a button. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { deactivateMember } from "../../../src/directory/deactivating.ts";
import { invitationOf, keepInvitation } from "../../../src/directory/making-invitations.ts";
import { findMember } from "../../../src/directory/members.ts";
import { SECRET_RANDOM_BYTES, secretText } from "../../../src/directory/sessions.ts";
import { randomBytes } from "../../../src/system.ts";
import { scribeAt } from "../../support/scribe.ts";
import { setClock, unwrap } from "../../support/world.ts";
import { actsIn, Browser, freshEmail, invite, makeTeam } from "../browser.ts";

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

  it("is taken back when the member is deactivated, and joins nobody", async () => {
    const { team, browser, path, id } = await makeInvitation();
    const member = await findMember(env.DIRECTORY, team.scope, id);
    if (member === null) throw new Error("No member");
    unwrap(await deactivateMember(env.DIRECTORY, team.scope, member, scribeAt()));
    for (const refused of [await browser.get(path), await browser.post(path)]) {
      expect(refused.status).toBe(410);
      expect(refused.text).toContain("was taken back");
      expect(refused.text).not.toContain("You are a member");
    }
    expect(await stateOf(id)).toMatchObject({ state: "deactivated" });
  });

  it("that a newer one has replaced says so", async () => {
    const { browser, path, id, email } = await makeInvitation();
    const secret = secretText(randomBytes(SECRET_RANDOM_BYTES));
    await env.DIRECTORY.batch([...keepInvitation(env.DIRECTORY, invitationOf(id, email, Date.now()), secret)]);
    const refused = await browser.get(path);
    expect(refused.status).toBe(410);
    expect(refused.text).toContain("A newer invitation has replaced this one");
    expect((await browser.post(`/invitations/${secret}`)).location).toBe("/");
  });

  it("that was used says to whoever has joined by it that they are a member", async () => {
    const { browser, path } = await makeInvitation();
    await browser.post(path);
    expect((await browser.get(path)).text).toContain("You are a member: sign in.");
  });

  it("is no sign-in link, nor a sign-in link an invitation", async () => {
    const { browser, path, team } = await makeInvitation();
    expect((await browser.get(path.replace("/invitations/", "/sign-in/"))).status).toBe(404);
    const link = await browser.askForLink(team.email);
    for (const method of [browser.get, browser.post])
      expect((await method(link.replace("/sign-in/", "/invitations/"))).status).toBe(404);
  });
});
