/** Being signed in, and signing out. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { setClock } from "../../support/world.ts";
import { actsIn, Browser, invite, makeTeam, spoil } from "../browser.ts";

const SESSION = "__Host-carillon-session";
const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 22, 9);

/** A member who is signed in with so many browsers. */
async function makeMember(browsers = 1) {
  const team = await makeTeam();
  const signedIn = Array.from({ length: browsers }, () => new Browser());
  for (const browser of signedIn) await browser.signIn(team.email);
  const [browser, other] = signedIn;
  if (browser === undefined) throw new Error("No browser");
  return { team, browser, other: other ?? browser, browsers: signedIn };
}

describe("the page at /", () => {
  it("sends whoever is not signed in to the sign-in page", async () => {
    const page = await new Browser().get("/");
    expect([page.status, page.location]).toEqual([303, "/sign-in"]);
  });

  it("shows who one is, and on the preferences every browser one is signed in with", async () => {
    const { team, browser } = await makeMember(2);
    for (const shown of [team.email, "Acme"]) expect((await browser.get("/")).text).toContain(shown);
    const { text } = await browser.get("/preferences");
    for (const shown of [team.email, "Acme", "admin", "/docs", "this browser"]) expect(text).toContain(shown);
    expect(text.match(/Test browser/g)).toHaveLength(2);
  });

  it("shows names of workspaces and browsers as text, never as markup", async () => {
    const team = await makeTeam("<img src=x>");
    const browser = new Browser();
    await browser.get(await browser.askForLink(team.email), { "user-agent": "<b>agent</b>" });
    for (const path of ["/", "/preferences"]) expect((await browser.get(path)).text).not.toMatch(/<img|<b>/);
  });
});

describe("a session", () => {
  it("lasts 30 days", async () => {
    setClock(START);
    const { browser } = await makeMember();
    setClock(START + 30 * DAY - 1);
    expect(await browser.isSignedIn()).toBe(true);
    setClock(START + 30 * DAY);
    expect(await browser.isSignedIn()).toBe(false);
  });

  it("opens the API too, and writes there only from a page of this deployment", async () => {
    const { browser } = await makeMember();
    expect((await browser.get("/v1/projects")).status).toBe(200);
    const body = { "content-type": "application/json" };
    expect((await browser.post("/v1/projects", {}, { ...body, "sec-fetch-site": "cross-site" })).status).toBe(403);
  });

  it("is refused without a look-up when its cookie was forged or changed", async () => {
    const { browser } = await makeMember();
    const real = browser.cookies.get(SESSION) ?? "";
    const [secret = "", seal = ""] = real.split(".");
    const prepare = vi.spyOn(env.DIRECTORY, "prepare");
    const forged = [
      secret,
      `${secret}.`,
      `${secret}.${"A".repeat(43)}`,
      `${spoil(secret)}.${seal}`,
      `${secret}.${spoil(seal)}`,
      `${secret}.${seal}.x`,
      `.${seal}`,
      "",
    ];
    for (const value of forged) {
      browser.cookies.set(SESSION, value);
      expect(await browser.isSignedIn(), value).toBe(false);
    }
    expect(prepare).not.toHaveBeenCalled();
    browser.cookies.set(SESSION, real);
    expect(await browser.isSignedIn()).toBe(true);
  });

  it("ends when its browser signs in anew", async () => {
    const { team, browser } = await makeMember();
    const before = browser.cookies.get(SESSION) ?? "";
    await browser.signIn(team.email);
    expect(browser.cookies.get(SESSION)).not.toBe(before);
    const thief = new Browser();
    thief.cookies.set(SESSION, before);
    expect(await thief.isSignedIn()).toBe(false);
    expect(await browser.isSignedIn()).toBe(true);
  });

  it("ends with the membership", async () => {
    const { team, browser } = await makeMember();
    await env.DIRECTORY.prepare("UPDATE workspaces SET deleted_at = 1 WHERE id = ?1")
      .bind(team.scope.workspaceId)
      .run();
    expect(await browser.isSignedIn()).toBe(false);
  });
});

describe("signing out", () => {
  it("ends this session at once, and no other", async () => {
    const { team, browser, other } = await makeMember(2);
    const cookie = browser.cookies.get(SESSION) ?? "";
    expect((await browser.post("/sign-out")).location).toBe("/signed-out");
    expect((await browser.get("/signed-out")).status).toBe(200);
    expect(browser.cookies.has(SESSION)).toBe(false);
    browser.cookies.set(SESSION, cookie);
    expect(await browser.isSignedIn()).toBe(false);
    expect((await browser.get("/v1/projects")).status).toBe(401);
    expect(await other.isSignedIn()).toBe(true);
    expect((await actsIn(team.scope)).map(({ act }) => act)).toContain("member.signed_out");
  });

  it("everywhere ends all of one's sessions at once, and nobody else's", async () => {
    const { team, browser, browsers } = await makeMember(3);
    const colleague = new Browser();
    await colleague.post((await invite(team.scope, `bo-${team.email}`)).path);
    const cookies = browsers.map((one) => one.cookies.get(SESSION) ?? "");
    await browser.post("/sign-out/everywhere");
    for (const [index, one] of browsers.entries()) {
      one.cookies.set(SESSION, cookies[index] ?? "");
      expect(await one.isSignedIn()).toBe(false);
    }
    expect(await colleague.isSignedIn()).toBe(true);
    const acts = (await actsIn(team.scope)).map(({ act }) => act);
    expect(acts.filter((act) => act === "member.signed_out_everywhere")).toHaveLength(1);
  });

  it("is no trouble for whoever is signed out already, and writes nothing down", async () => {
    const { team, browser } = await makeMember();
    const cookie = browser.cookies.get(SESSION) ?? "";
    await browser.post("/sign-out");
    const before = await actsIn(team.scope);
    for (const path of ["/sign-out", "/sign-out/everywhere"]) {
      browser.cookies.set(SESSION, cookie);
      expect((await browser.post(path)).location).toBe("/signed-out");
    }
    expect(await actsIn(team.scope)).toEqual(before);
  });
});
