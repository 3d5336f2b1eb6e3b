/** Signing in as Cloudflare Access knows one. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { readConfig } from "../../src/env.ts";
import { AccessTeam } from "../support/access-team.ts";
import { actsIn, Browser, freshEmail, invite, makeEnv, makeTeam } from "./browser.ts";

const HEADER = "cf-access-jwt-assertion";

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

  it("the cookie of Access does as well as its header", async () => {
    const [team, browser] = [await makeTeam(), behindAccess()];
    browser.cookies.set("CF_Authorization", await access.sign({ email: team.email }));
    expect((await browser.get("/sign-in")).location).toBe("/");
  });

  it("an address with several memberships chooses", async () => {
    const [email, browser] = [freshEmail("ada"), behindAccess()];
    const teams = [await makeTeam("One", email), await makeTeam("Two", email)];
    const opened = await browser.get("/sign-in", { [HEADER]: await access.sign({ email }) });
    expect(opened.location).toBe("/sign-in/workspace");
    await browser.post("/sign-in/workspace", { member: String(teams[1]?.adminId) });
    expect((await browser.get("/")).text).toContain("Two");
  });

  it("whoever is invited joins", async () => {
    const [team, browser, email] = [await makeTeam(), behindAccess(), freshEmail("bo")];
    await invite(team.scope, email);
    await browser.get("/sign-in", { [HEADER]: await access.sign({ email }) });
    expect((await actsIn(team.scope)).map(({ act }) => act).sort()).toEqual(["member.joined", "member.signed_in"]);
  });

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

  it("the header of Access counts, and not its cookie, where both are there", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const [team, browser] = [await makeTeam(), behindAccess()];
    browser.cookies.set("CF_Authorization", await access.sign({ email: team.email }));
    expect((await browser.get("/sign-in", { [HEADER]: "none.at.all" })).status).toBe(403);
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
