/** Signing in as Cloudflare Access knows one. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { readConfig } from "../../../src/env.ts";
import { AccessTeam } from "../../support/access-team.ts";
import { actsIn, Browser, freshEmail, invite, makeEnv, makeTeam } from "../browser.ts";

const HEADER = "cf-access-jwt-assertion";
const MARK = "__Host-carillon-browser";
const PROOF = "__Host-carillon-proof";

let access: AccessTeam;
beforeEach(async () => {
  access = await AccessTeam.make();
});

const behindAccess = () =>
  new Browser(undefined, { ACCESS_ISSUER: access.issuer, ACCESS_AUDIENCE: access.audience, ALLOW_LOOPBACK: "true" });

describe("behind Cloudflare Access", () => {
  it("whoever it vouches for is signed in as the member with that address", async () => {
    const [team, browser] = [await makeTeam(), behindAccess()];
    const opened = await browser.get("/sign-in", { [HEADER]: await access.sign({ email: team.email }) });
    expect([opened.status, opened.location]).toEqual([303, "/"]);
    expect((await browser.get("/")).text).toContain(team.email);
    expect(await actsIn(team.scope)).toEqual([{ act: "member.signed_in", detail: '{"by":"access"}' }]);
  });

  it("the cookie of Access does nothing without its header: any host of the domain may plant one", async () => {
    const [team, browser] = [await makeTeam(), behindAccess()];
    browser.cookies.set("CF_Authorization", await access.sign({ email: team.email }));
    expect((await browser.get("/sign-in")).status).toBe(403);
    expect(await browser.isSignedIn()).toBe(false);
  });

  it("an address with several memberships chooses", async () => {
    const [email, browser] = [freshEmail("ada"), behindAccess()];
    const teams = [await makeTeam("One", email), await makeTeam("Two", email)];
    const opened = await browser.get("/sign-in", { [HEADER]: await access.sign({ email }) });
    expect(opened.location).toBe("/sign-in/workspace");
    await browser.post("/sign-in/workspace", { member: String(teams[1]?.adminId) });
    expect((await browser.get("/")).text).toContain("Two");
  });

  it("whoever is invited chooses to join", async () => {
    const [team, browser, email] = [await makeTeam(), behindAccess(), freshEmail("bo")];
    const { id } = await invite(team.scope, email);
    const opened = await browser.get("/sign-in", { [HEADER]: await access.sign({ email }) });
    expect(opened.location).toBe("/sign-in/workspace");
    expect(await actsIn(team.scope)).toEqual([]);
    await browser.post("/sign-in/workspace", { member: id });
    expect((await actsIn(team.scope)).map(({ act }) => act).sort()).toEqual(["member.joined", "member.signed_in"]);
  });

  it("whoever is signed in already stays in the same session", async () => {
    const [team, browser] = [await makeTeam(), behindAccess()];
    const header = { [HEADER]: await access.sign({ email: team.email }) };
    await browser.get("/sign-in", header);
    const before = new Map(browser.cookies);
    const again = await browser.get("/sign-in", header);
    expect(again.location).toBe("/");
    expect(again.headers.getSetCookie()).toEqual([]);
    expect(browser.cookies).toEqual(before);
    expect(await actsIn(team.scope)).toHaveLength(1);
  });

  it("whoever is signed in as somebody else becomes who Access says", async () => {
    const [one, other, browser] = [await makeTeam("One"), await makeTeam("Two"), behindAccess()];
    await browser.get("/sign-in", { [HEADER]: await access.sign({ email: one.email }) });
    await browser.get("/sign-in", { [HEADER]: await access.sign({ email: other.email }) });
    expect((await browser.get("/")).text).toContain(other.email);
  });

  it.each(["image", "iframe", "empty", "script"])(
    "nobody is signed in by a page that loads the address as %s",
    async (dest) => {
      const [team, browser] = [await makeTeam(), behindAccess()];
      const header = { [HEADER]: await access.sign({ email: team.email }) };
      const refused = await browser.get("/sign-in", { ...header, "sec-fetch-dest": dest });
      expect([refused.status, refused.headers.getSetCookie()]).toEqual([403, []]);
      expect((await browser.get("/sign-in", { ...header, "sec-fetch-dest": "document" })).location).toBe("/");
    },
  );

  it("an address that is nobody's is told so", async () => {
    const browser = behindAccess();
    const refused = await browser.get("/sign-in", { [HEADER]: await access.sign({ email: "zoe@nowhere.test" }) });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("zoe@nowhere.test is not a member");
  });

  it("a bad token is refused in words, noted without the token, and never falls back to a link", async () => {
    const noted = vi.spyOn(console, "warn").mockImplementation(() => {});
    const [team, browser] = [await makeTeam(), behindAccess()];
    const token = await access.sign({ email: team.email, aud: ["beef"] });
    const refused = await browser.get("/sign-in", { [HEADER]: token });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("not for this deployment");
    expect(refused.text).not.toContain("Send me a link");
    expect(await browser.isSignedIn()).toBe(false);
    expect(noted).toHaveBeenCalledWith(expect.objectContaining({ event: "access_refused", claim: "aud" }));
    expect(JSON.stringify(noted.mock.calls)).not.toContain(token);
  });
});

describe("around Cloudflare Access", () => {
  it("the sign-in page refuses in words, and offers no link", async () => {
    const refused = await behindAccess().get("/sign-in");
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("did not come through Cloudflare Access");
    expect(refused.text).not.toContain("Send me a link");
  });

  it("no link can be asked for", async () => {
    const [team, browser] = [await makeTeam(), behindAccess()];
    const refused = await browser.post("/sign-in", { email: team.email });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("Sign in through Cloudflare Access");
    expect(browser.postbox.sent).toEqual([]);
  });

  it("no link opens that was asked for before, and none of a local start", async () => {
    const [team, before] = [await makeTeam(), new Browser()];
    const link = await before.askForLink(team.email);
    const settings = { ACCESS_ISSUER: access.issuer, ACCESS_AUDIENCE: access.audience, LOCAL_SIGN_IN: "true" };
    const browser = new Browser(undefined, settings);
    browser.cookies.set(MARK, before.cookies.get(MARK) ?? "");
    expect((await browser.get(link)).status).toBe(403);
    expect(await browser.isSignedIn()).toBe(false);
    expect((await before.get(link)).location).toBe("/");
  });

  it("no address counts any more that a link has proven", async () => {
    const [email, before, browser] = [freshEmail("ada"), new Browser(), behindAccess()];
    const teams = [await makeTeam("One", email), await makeTeam("Two", email)];
    await before.signIn(email);
    browser.cookies.set(PROOF, before.cookies.get(PROOF) ?? "");
    expect((await browser.post("/sign-in/workspace", { member: String(teams[0]?.adminId) })).location).toBe("/sign-in");
    expect(await browser.isSignedIn()).toBe(false);
  });
});

describe("an invitation behind Cloudflare Access", () => {
  const makeInvitation = async () => {
    const [team, email] = [await makeTeam(), freshEmail("bo")];
    return { team, email, browser: behindAccess(), ...(await invite(team.scope, email)) };
  };

  it("is accepted by whom Access knows by the invited address", async () => {
    const { email, browser, path } = await makeInvitation();
    const header = { [HEADER]: await access.sign({ email }) };
    expect((await browser.get(path, header)).text).toContain("Accept and sign in");
    expect((await browser.post(path, {}, header)).location).toBe("/");
    expect(await browser.isSignedIn()).toBe(true);
  });

  it("is shown to nobody else, joins nobody else, and is not used up by them", async () => {
    const { team, email, browser, path } = await makeInvitation();
    const header = { [HEADER]: await access.sign({ email: "eve@evil.test" }) };
    for (const refused of [await browser.get(path, header), await browser.post(path, {}, header)]) {
      expect(refused.status).toBe(403);
      expect(refused.text).toContain("for another address");
    }
    expect(await actsIn(team.scope)).toEqual([]);
    expect((await browser.post(path, {}, { [HEADER]: await access.sign({ email }) })).location).toBe("/");
  });

  it("is refused to whoever does not come through Access, without a look at it", async () => {
    const { browser, path } = await makeInvitation();
    const prepare = vi.spyOn(env.DIRECTORY, "prepare");
    for (const refused of [await browser.get(path), await browser.post(path)]) expect(refused.status).toBe(403);
    expect(prepare).not.toHaveBeenCalled();
  });
});

describe("the settings of Cloudflare Access", () => {
  it.each([
    [{ ACCESS_ISSUER: "https://team.cloudflareaccess.com" }, "ACCESS_AUDIENCE"],
    [{ ACCESS_AUDIENCE: "f00d" }, "ACCESS_ISSUER"],
    [{ ACCESS_ISSUER: "team", ACCESS_AUDIENCE: "f00d" }, "ACCESS_ISSUER"],
  ])("are refused when one is missing or wrong: %j", (settings, setting) => {
    expect(() => readConfig(makeEnv(settings))).toThrow(expect.objectContaining({ name: "ConfigError", setting }));
  });

  it("are taken with or without a slash at the end", () => {
    const settings = { ACCESS_ISSUER: "https://team.cloudflareaccess.com/", ACCESS_AUDIENCE: "f00d" };
    expect(readConfig(makeEnv(settings)).access?.issuer).toBe("https://team.cloudflareaccess.com");
  });
});

describe("without Cloudflare Access in the settings", () => {
  it("a token of Access is not looked at", async () => {
    const [team, browser] = [await makeTeam(), new Browser()];
    const page = await browser.get("/sign-in", { [HEADER]: await access.sign({ email: team.email }) });
    expect(page.text).toContain("Send me a link");
    expect(await access.asked()).toBe(0);
  });
});
