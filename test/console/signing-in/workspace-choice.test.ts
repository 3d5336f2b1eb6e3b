/** Choosing among the workspaces of one address. */
import { describe, expect, it } from "vitest";
import { setClock } from "../../support/world.ts";
import { actsIn, Browser, freshEmail, invite, makeTeam, spoil } from "../browser.ts";

const CHOICE = "/sign-in/workspace";
const START = Date.UTC(2026, 10, 22, 9);

/** Somebody who is in one workspace, invited to a second, and has nothing to do with a third. */
async function makeWorld() {
  const email = freshEmail("ada");
  const own = await makeTeam("Own", email);
  const other = await makeTeam("Other");
  const outside = await makeTeam("Outside");
  const invited = await invite(other.scope, email, "viewer");
  const browser = new Browser();
  const opened = await browser.signIn(email);
  return { email, own, other, outside, invited, browser, opened };
}

describe("an address with several memberships", () => {
  it("chooses one by a button, and is nobody before that", async () => {
    const { browser, opened, own, invited } = await makeWorld();
    expect(opened.location).toBe(CHOICE);
    expect(await browser.isSignedIn()).toBe(false);
    const { text } = await browser.get(CHOICE);
    for (const id of [own.adminId, invited.id]) expect(text).toContain(`value="${id}"`);
    expect(text).not.toContain("Outside");
    expect((await browser.post(CHOICE, { member: own.adminId })).location).toBe("/");
    expect((await browser.get("/")).text).toContain("Own");
  });

  it("joins the workspace it is invited to by choosing it, and no other", async () => {
    const { browser, own, other, invited } = await makeWorld();
    await browser.post(CHOICE, { member: invited.id });
    expect((await browser.get("/")).text).toContain("Other");
    expect((await actsIn(other.scope)).map(({ act }) => act).sort()).toEqual(["member.joined", "member.signed_in"]);
    expect(await actsIn(own.scope)).toEqual([]);
  });

  it("is told that going to one that invites it joins it", async () => {
    const { browser } = await makeWorld();
    expect((await browser.get(CHOICE)).text).toContain("invited as viewer; going there joins it");
  });

  it("can choose no workspace that it is not in", async () => {
    const { browser, outside } = await makeWorld();
    for (const member of [outside.adminId, "", "nobody", outside.scope.workspaceId])
      expect((await browser.post(CHOICE, { member })).status).toBe(422);
    expect(await browser.isSignedIn()).toBe(false);
    expect(await actsIn(outside.scope)).toEqual([]);
  });

  it("proves itself again once it has chosen", async () => {
    const { browser, own, invited } = await makeWorld();
    await browser.post(CHOICE, { member: own.adminId });
    expect((await browser.post(CHOICE, { member: invited.id })).location).toBe("/sign-in");
  });
});

describe("the proof of an address", () => {
  it("is needed for a choice", async () => {
    const { own } = await makeWorld();
    const stranger = new Browser();
    expect((await stranger.get(CHOICE)).location).toBe("/sign-in");
    expect((await stranger.post(CHOICE, { member: own.adminId })).location).toBe("/sign-in");
    expect(await stranger.isSignedIn()).toBe(false);
  });

  it("is good for ten minutes", async () => {
    setClock(START);
    const { browser, own } = await makeWorld();
    setClock(START + 10 * 60_000);
    expect((await browser.post(CHOICE, { member: own.adminId })).location).toBe("/sign-in");
  });

  it("counts only as it was sealed", async () => {
    const { browser, own, outside } = await makeWorld();
    const name = "__Host-carillon-proof";
    const sealed = browser.cookies.get(name) ?? "";
    const forged = `s1.${Buffer.from(JSON.stringify({ email: outside.email })).toString("base64url")}`;
    for (const value of [
      sealed
        .split(".")
        .map((part, index) => (index === 2 ? spoil(part) : part))
        .join("."),
      forged,
      "",
      "s1..",
      sealed.split("").reverse().join(""),
    ]) {
      browser.cookies.set(name, value);
      expect((await browser.post(CHOICE, { member: own.adminId })).location).toBe("/sign-in");
    }
  });

  it("does not show the address to whoever sees the cookie", async () => {
    const { browser, email } = await makeWorld();
    const parts = (browser.cookies.get("__Host-carillon-proof") ?? "").split(".");
    for (const part of parts) expect(Buffer.from(part, "base64url").toString()).not.toContain(email);
  });
});
