/** Signing in by a link in a mail. */

import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { endingLocalLinks, keepLink } from "../../../src/directory/sign-in-links.ts";
import { setClock } from "../../support/world.ts";
import { actsIn, Browser, dump, freshEmail, invite, makeTeam } from "../browser.ts";

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 22, 9);

describe("a sign-in link", () => {
  it("signs in the browser that asked, as the member with the address", async () => {
    const [team, browser] = [await makeTeam(), new Browser()];
    const opened = await browser.signIn(team.email.toUpperCase());
    expect([opened.status, opened.location]).toEqual([303, "/"]);
    const home = await browser.get("/");
    expect(home.text).toContain(team.email);
    expect((await browser.get("/preferences")).text).toContain("<dd>admin</dd>");
    expect(await actsIn(team.scope)).toEqual([{ act: "member.signed_in", detail: '{"by":"link"}' }]);
  });

  it("works once", async () => {
    const [team, browser] = [await makeTeam(), new Browser()];
    const link = await browser.askForLink(team.email);
    expect((await browser.get(link)).status).toBe(303);
    const again = await browser.get(link);
    expect(again.status).toBe(410);
    expect(again.text).toContain("has been used");
  });

  it("lets in one of two who open it at once", async () => {
    const [team, browser] = [await makeTeam(), new Browser()];
    const link = await browser.askForLink(team.email);
    const both = await Promise.all([browser.get(link), browser.get(link)]);
    expect(both.map(({ status }) => status).sort()).toEqual([303, 410]);
  });

  it("is good for 15 minutes, to the millisecond", async () => {
    setClock(START);
    const [team, browser] = [await makeTeam(), new Browser()];
    const [first, second] = [await browser.askForLink(team.email), await browser.askForLink(team.email)];
    setClock(START + 15 * MINUTE - 1);
    expect((await browser.get(first)).status).toBe(303);
    setClock(START + 15 * MINUTE);
    const late = await browser.get(second);
    expect(late.status).toBe(410);
    expect(late.text).toContain("has expired");
  });

  it("is refused in another browser, and not used up by it", async () => {
    const [team, browser, other, third] = [await makeTeam(), new Browser(), new Browser(), new Browser()];
    const link = await browser.askForLink(team.email);
    await third.get("/sign-in");
    for (const wrong of [other, third]) {
      const refused = await wrong.get(link);
      expect(refused.status).toBe(403);
      expect(refused.text).toContain("other browser");
      expect(await wrong.isSignedIn()).toBe(false);
    }
    expect((await browser.get(link)).status).toBe(303);
  });

  it.each([
    ["a short text", "short"],
    ["a text of the right form", "A".repeat(43)],
    ["a path", "..%2F"],
    ["a long text", "A".repeat(5_000)],
  ])("that is none is not known: %s", async (_, secret) => {
    const refused = await new Browser().get(`/sign-in/${secret}`);
    expect(refused.status).toBe(404);
    expect(refused.text).toContain("not known");
  });

  it("is not looked up any more for a client that has brought too many that nobody knows", async () => {
    const [team, browser, stranger] = [await makeTeam(), new Browser(), new Browser()];
    const bring = () => stranger.get(`/sign-in/${"A".repeat(43)}`);
    for (let brought = 0; brought < 25; brought += 1) await bring();
    const prepare = vi.spyOn(env.DIRECTORY, "prepare");
    const refused = await bring();
    expect(refused.status).toBe(429);
    expect(refused.text).toContain("Wait a minute");
    expect((await stranger.get(`/invitations/${"A".repeat(43)}`)).status).toBe(429);
    expect(prepare).not.toHaveBeenCalled();
    expect((await browser.signIn(team.email)).location).toBe("/");
  });

  it("does not let in whoever is no member any more", async () => {
    const [team, browser] = [await makeTeam(), new Browser()];
    const link = await browser.askForLink(team.email);
    await env.DIRECTORY.prepare("UPDATE members SET state = 'deactivated', deactivated_at = 1 WHERE id = ?1")
      .bind(team.adminId)
      .run();
    expect((await browser.get(link)).status).toBe(403);
    expect(await browser.isSignedIn()).toBe(false);
  });

  it("lets whoever is invited choose to join, which ends their invitation, and joins nobody by itself", async () => {
    const [team, browser, email] = [await makeTeam(), new Browser(), freshEmail("bo")];
    const { id, path } = await invite(team.scope, email, "viewer");
    expect((await browser.signIn(email)).location).toBe("/sign-in/workspace");
    expect((await browser.get("/sign-in/workspace")).text).toContain("Going there joins it");
    expect(await browser.isSignedIn()).toBe(false);
    expect(await actsIn(team.scope)).toEqual([]);
    await browser.post("/sign-in/workspace", { member: id });
    expect((await browser.get("/preferences")).text).toContain("viewer");
    expect((await actsIn(team.scope)).map(({ act }) => act).sort()).toEqual(["member.joined", "member.signed_in"]);
    expect((await new Browser().get(path)).status).toBe(410);
  });
});

describe("asking for a link", () => {
  it("is answered the same for an address that nobody has, for which no mail is sent", async () => {
    const [team, browser] = [await makeTeam(), new Browser()];
    await browser.get("/sign-in");
    const known = await browser.post("/sign-in", { email: team.email });
    const unknown = await browser.post("/sign-in", { email: "zoe@nowhere.test" });
    expect(unknown.status).toBe(known.status);
    expect(unknown.text).toBe(known.text.replaceAll(team.email, "zoe@nowhere.test"));
    const names = ({ headers }: { headers: Headers }) => [...headers.keys()];
    expect(names(unknown)).toEqual(names(known));
    expect(browser.postbox.sent.map(({ to }) => to)).toEqual([team.email]);
  });

  it("is answered before anything is looked up, so that the time tells nothing", async () => {
    const [team, browser] = [await makeTeam(), new Browser()];
    const isAnswered = new Promise<void>((resolve) => {
      browser.onAnswer = resolve;
    });
    const batch = env.DIRECTORY.batch.bind(env.DIRECTORY);
    // An answer that waited for the look-up would never come.
    vi.spyOn(env.DIRECTORY, "batch").mockImplementation(async (statements) => {
      await isAnswered;
      return batch(statements);
    });
    expect((await browser.post("/sign-in", { email: team.email })).status).toBe(200);
    expect(browser.postbox.sent).toHaveLength(1);
  });

  it("gives an address five links in an hour, however many ask at once, and more in the next", async () => {
    setClock(START);
    const [team, browser] = [await makeTeam(), new Browser()];
    await browser.get("/sign-in");
    const ask = () => browser.post("/sign-in", { email: team.email });
    const answers = await Promise.all(Array.from({ length: 8 }, ask));
    expect(browser.postbox.sent).toHaveLength(5);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    setClock(START + 60 * MINUTE - 1);
    await ask();
    expect(browser.postbox.sent).toHaveLength(5);
    setClock(START + 60 * MINUTE);
    await ask();
    expect(browser.postbox.sent).toHaveLength(6);
  });

  it("from one browser keeps no link from another", async () => {
    const [team, stranger, browser] = [await makeTeam(), new Browser(), new Browser()];
    await stranger.get("/sign-in");
    for (let asked = 0; asked < 8; asked += 1) await stranger.post("/sign-in", { email: team.email });
    expect(stranger.postbox.sent).toHaveLength(5);
    expect((await browser.signIn(team.email)).location).toBe("/");
  });

  it("is limited for all of an IPv6 network together", async () => {
    const browser = new Browser();
    const network = `2001:db8:${(Date.now() % 0xffff).toString(16)}:1`;
    const statuses: number[] = [];
    for (let asked = 0; asked < 25; asked += 1) {
      const headers = { "cf-connecting-ip": `${network}::${asked + 1}` };
      statuses.push((await browser.post("/sign-in", { email: `x${asked}@nowhere.test` }, headers)).status);
    }
    expect(statuses.at(-1)).toBe(429);
  });

  it("is limited for a client, whatever addresses it names", async () => {
    const browser = new Browser();
    const statuses: number[] = [];
    for (let asked = 0; asked < 25; asked += 1)
      statuses.push((await browser.post("/sign-in", { email: `x${asked}@nowhere.test` })).status);
    expect(statuses[0]).toBe(200);
    expect(statuses.at(-1)).toBe(429);
    expect((await new Browser().post("/sign-in", { email: "x@nowhere.test" })).status).toBe(200);
  });

  it("makes no link for a member who was deactivated, nor in a workspace that is gone", async () => {
    const [gone, left, browser] = [await makeTeam(), await makeTeam(), new Browser()];
    await env.DIRECTORY.prepare("UPDATE workspaces SET deleted_at = 1 WHERE id = ?1")
      .bind(gone.scope.workspaceId)
      .run();
    await env.DIRECTORY.prepare("UPDATE members SET state = 'deactivated', deactivated_at = 1 WHERE id = ?1")
      .bind(left.adminId)
      .run();
    for (const { email } of [gone, left]) expect((await browser.post("/sign-in", { email })).status).toBe(200);
    expect(browser.postbox.sent).toEqual([]);
  });

  it.each(["", "ada", "ada@", "@x", "a b@c", "a@b,c@d"])("refuses what is no address: %j", async (email) => {
    const refused = await new Browser().post("/sign-in", { email });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain("not an email address");
  });

  it("shows what was typed as text, never as markup", async () => {
    const refused = await new Browser().post("/sign-in", { email: '"><script>alert(1)</script>' });
    expect(refused.text).not.toContain("<script>");
  });

  it("says what to do where no mail is sent", async () => {
    const browser = new Browser(undefined, { MAIL_FROM: "" });
    for (const page of [await browser.get("/sign-in"), await browser.post("/sign-in", { email: "a@b.test" })])
      expect(page.text).toContain("MAIL_FROM");
  });

  it("notes a mail that could not be sent, without the link and without telling whoever asked", async () => {
    const noted = vi.spyOn(console, "error").mockImplementation(() => {});
    const [team, browser] = [await makeTeam(), new Browser()];
    browser.postbox.refusal = "E_SENDER_NOT_VERIFIED";
    expect((await browser.post("/sign-in", { email: team.email })).status).toBe(200);
    expect(noted.mock.calls).toEqual([
      [expect.objectContaining({ event: "mail_not_sent", reason: "sender_not_configured" })],
    ]);
    expect(JSON.stringify(noted.mock.calls)).not.toContain("/sign-in/");
  });

  it("leads to the public address first, where the link will be opened", async () => {
    const browser = new Browser(undefined, { PUBLIC_URL: "https://public.example" });
    expect((await browser.get("/sign-in")).location).toBe("https://public.example/sign-in?here");
    expect((await browser.get("/sign-in?here")).text).toContain("Send me a link");
  });
});

describe("a link, a cookie and a session", () => {
  it("are kept as hashes only, and stand in no audit entry", async () => {
    const [team, browser] = [await makeTeam(), new Browser()];
    const link = await browser.askForLink(team.email);
    await browser.get(link);
    const kept = (await Promise.all(["sign_in_links", "sessions", "audit", "members"].map(dump))).join("");
    const secrets = [link.split("/").at(-1), ...[...browser.cookies.values()].flatMap((value) => value.split("."))];
    expect(secrets).toHaveLength(4);
    for (const secret of secrets) expect(kept).not.toContain(secret);
  });
});

describe("a local link", () => {
  const local = async (settings: object) => {
    const team = await makeTeam();
    const secret = `${team.adminId}AAAAAAA`;
    const link = { purpose: "local", email: team.email, memberId: team.adminId, browserHash: null } as const;
    const now = Date.now();
    await keepLink(env.DIRECTORY, { ...link, createdAt: now, expiresAt: now + 60 * MINUTE }, secret).run();
    return { team, path: `/sign-in/${secret}`, browser: new Browser(undefined, settings) };
  };

  it("signs in at once, any browser and again", async () => {
    const { path, browser, team } = await local({ LOCAL_SIGN_IN: "true" });
    for (const one of [browser, browser]) expect((await one.get(path)).location).toBe("/");
    expect((await actsIn(team.scope)).at(-1)?.detail).toBe('{"by":"local"}');
  });

  it("ends with the next start", async () => {
    const { path, browser } = await local({ LOCAL_SIGN_IN: "true" });
    await endingLocalLinks(env.DIRECTORY, Date.now()).run();
    const refused = await browser.get(path);
    expect(refused.status).toBe(410);
    expect(refused.text).toContain("newer start");
  });

  it.each([{}, { LOCAL_SIGN_IN: "false" }, { LOCAL_SIGN_IN: "1" }])(
    "is not known unless the deployment is local: %j",
    async (settings) => {
      const { path, browser } = await local(settings);
      expect((await browser.get(path)).status).toBe(404);
      expect(await browser.isSignedIn()).toBe(false);
    },
  );
});
