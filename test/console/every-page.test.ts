/** What holds for every page, form and cookie of the console. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { createConsole } from "../../src/console/console.ts";
import { Browser, freshEmail, invite, makeTeam, type Page } from "./browser.ts";
import { browserOf, makeProjectTeam } from "./project-team.ts";

const routes = createConsole({ answerRequest: () => new Response() }).routes.map(({ method, path }) => ({
  method,
  path,
}));
const forms = [...new Set(routes.filter(({ method }) => method === "POST").map(({ path }) => path))];
/** Mail programs send it too, so that it takes them from anywhere; test/console/me/unsubscribing.test.ts has what holds of it. */
const FROM_ANYWHERE = "/unsubscribe/:token";
/** Not there but on one's own machine; test/console/outbox/outbox.test.ts has what holds of it. */
const isLocal = (path: string): boolean => path.startsWith("/outbox");

/** Loaded by pages, and by anybody. */
const FILES = ["/icon.svg", "/console.css", "/console.js"];

const pages = [...new Set(routes.filter(({ method }) => method === "GET").map(({ path }) => path))].filter(
  (path) => !isLocal(path) && !FILES.includes(path) && path !== "*" && path !== "/*",
);

/** Forms that anybody may send who has what they ask for; all others are of those who are signed in. */
const OPEN_FORMS = ["/invitations/:secret", "/sign-in", "/sign-in/workspace", "/sign-out", "/sign-out/everywhere"];
const inner = forms.filter((form) => form !== FROM_ANYWHERE && !OPEN_FORMS.includes(form));

/** Pages that anybody may open who has what they ask for. */
const OPEN_PAGES = [
  "/invitations/:secret",
  "/sign-in",
  "/sign-in/:secret",
  "/sign-in/workspace",
  "/signed-out",
  "/slack/callback",
  "/unsubscribe/:token",
];
const innerPages = pages.filter((page) => !OPEN_PAGES.includes(page));

/** A member who is signed in, and holds an invitation of another and a sign-in link of their own. */
async function makeWorld() {
  const [team, browser] = [await makeTeam(), new Browser()];
  await browser.signIn(team.email);
  const link = await browser.askForLink(team.email);
  const { path } = await invite(team.scope, freshEmail("bo"));
  const fill = (route: string) =>
    route === "/invitations/:secret" ? path : route === "/sign-in/:secret" ? link : route;
  return { team, browser, fill };
}

describe.each(OPEN_FORMS)("the form %s", (form) => {
  const strangers: Record<string, string>[] = [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "none" },
    { "sec-fetch-site": "cross-site", origin: "https://carillon.test" },
    { origin: "https://evil.test", "sec-fetch-site": "" },
  ];

  it.each(strangers)("does nothing for a request from elsewhere: %j", async (headers) => {
    const { browser, fill, team } = await makeWorld();
    const mails = browser.postbox.sent.length;
    const refused = await browser.post(fill(form), { email: team.email, member: team.adminId }, headers);
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("came from elsewhere");
    expect(refused.headers.getSetCookie()).toEqual([]);
    expect(browser.postbox.sent).toHaveLength(mails);
    expect(await browser.isSignedIn()).toBe(true);
  });

  it("takes no more than a form may hold", async () => {
    const { browser, fill } = await makeWorld();
    expect((await browser.post(fill(form), { email: "x".repeat(20_000) })).status).toBe(413);
  });
});

describe("the forms for whoever is signed in", () => {
  it("do nothing for a request from elsewhere, and take no more than they may hold", async () => {
    const { browser } = await makeWorld();
    expect(inner.length).toBeGreaterThan(0);
    for (const form of inner) {
      expect((await browser.post(form, {}, { "sec-fetch-site": "cross-site" })).status, form).toBe(403);
      expect(
        (await browser.post(form, { name: "x".repeat(form.endsWith("/versions/new") ? 5_300_000 : 300_000) })).status,
        form,
      ).toBe(413);
    }
  });

  it("keep what was typed when the session has ended meanwhile", async () => {
    for (const form of inner) {
      const answer = await new Browser().post(form, { name: "<b>Typed</b>" });
      expect(answer.status, form).toBe(401);
      expect(answer.text, form).toContain('<input type="hidden" name="name" value="&lt;b&gt;Typed&lt;/b&gt;"/>');
      expect(answer.text, form).toContain(`action="${form}"`);
    }
  });
});

describe.each(OPEN_PAGES)("the page %s", (page) => {
  it("lets a browser do nothing with it but show it and send its forms here", async () => {
    const { browser, fill } = await makeWorld();
    for (const answered of [await browser.get(fill(page)), await new Browser().get(fill(page))])
      expectGuarded(answered);
  });
});

/** Something of everything that pages are about, and whose pages are all theirs to see. */
async function makeFurnished() {
  const { owner, at, slug, member } = await makeProjectTeam();
  const made = async (path: string, body: object) => (await owner.call("POST", path, { body })).body;
  const notifications = [{ on: "failure", users: [owner.id] }];
  const schedule = await made(`${at}/schedules`, {
    schedule: "every year on Jan 1 at noon",
    fn: "work",
    notifications,
  });
  const ids: Readonly<Record<string, string>> = {
    p: slug,
    s: schedule.id,
    r: (await made(`${at}/runs`, { fn: "work" })).id,
    v: "1",
    n: "0",
    g: (await made("/v1/groups", { name: "Readers" })).id,
    m: (await member("can_view")).person.id,
    w: (await made("/v1/webhooks", { name: "Pager", url: "https://example.com/", events: ["run.failed"] })).id,
    t: (await made("/v1/tokens", { name: "CI" })).id,
  };
  return {
    browser: await browserOf(owner),
    fill: (path: string) => path.replaceAll(/:(\w)(?=\/|$)/g, (_, key) => ids[key] ?? key),
  };
}

describe("the pages for whoever is signed in", () => {
  it("are there, and let a browser do nothing with them but show them, and send their forms here", async () => {
    const { browser, fill } = await makeFurnished();
    for (const page of innerPages) {
      const answered = await browser.get(fill(page));
      expect(answered.status, fill(page)).toBe(200);
      expectGuarded(answered);
    }
  });

  it("lead whoever is not to signing in", async () => {
    for (const page of innerPages) {
      const answered = await new Browser().get(page);
      expect([answered.status, answered.location], page).toEqual([303, "/sign-in"]);
      expectGuarded(answered);
    }
  });
});

function expectGuarded({ status, headers, text }: Page): void {
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("x-frame-options")).toBe("DENY");
  expect(headers.get("x-request-id")).toBeTruthy();
  if (status >= 300 && status < 400) return;
  const policy = headers.get("content-security-policy") ?? "";
  for (const rule of ["default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"])
    expect(policy).toContain(rule);
  expect(policy).not.toContain("unsafe");
  expect(text).toMatch(/^<!DOCTYPE html><html lang="en">/);
  expect(text.replace(/<script src="\/console\.js[^"]*" type="module"><\/script>/, "")).not.toMatch(
    /<script|\sstyle=|\son\w+=/,
  );
}

describe("every cookie", () => {
  it("is of this host alone, for https alone, hidden from scripts, and not sent along from elsewhere", async () => {
    const email = freshEmail("ada");
    const [team, browser] = [await makeTeam("One", email), new Browser()];
    await makeTeam("Two", email);
    const answers = [
      await browser.get("/sign-in"),
      await browser.post("/sign-in", { email }),
      await browser.get(browser.postbox.link),
      await browser.post("/sign-in/workspace", { member: team.adminId }),
      await browser.post("/sign-out"),
    ];
    const cookies = answers.flatMap(({ headers }) => headers.getSetCookie());
    const names = new Set(cookies.map((cookie) => cookie.split("=")[0]));
    expect([...names].sort()).toEqual(["__Host-carillon-browser", "__Host-carillon-proof", "__Host-carillon-session"]);
    for (const cookie of cookies)
      expect(cookie).toMatch(/^__Host-[\w-]+=[\w.-]*; Path=\/; Max-Age=\d+; HttpOnly; Secure; SameSite=Lax$/);
    const [session] = cookies.filter(
      (cookie) => cookie.startsWith("__Host-carillon-session=") && !cookie.includes("Max-Age=0"),
    );
    expect(session).toContain(`Max-Age=${30 * 86_400};`);
  });
});

describe("a fault", () => {
  it("is shown without its cause, and noted without the secret in the address", async () => {
    const noted = vi.spyOn(console, "error").mockImplementation(() => {});
    vi.spyOn(env.DIRECTORY, "prepare").mockImplementation(() => {
      throw new Error("The directory is down");
    });
    const secret = "s".repeat(43);
    for (const path of [`/sign-in/${secret}`, `/invitations/${secret}`]) {
      const answer = await new Browser().get(path);
      expect(answer.status).toBe(500);
      expectGuarded(answer);
      expect(answer.text).toContain(answer.headers.get("x-request-id"));
      expect(answer.text).not.toContain("directory");
    }
    expect(noted.mock.calls).toHaveLength(2);
    expect(JSON.stringify(noted.mock.calls)).toContain("The directory is down");
    expect(JSON.stringify(noted.mock.calls)).not.toContain(secret);
  });
});

describe("an address that is none", () => {
  it("is a page for people, and still the API's answer below /v1", async () => {
    const people = { accept: "text/html,application/xhtml+xml" };
    const page = await new Browser().get("/nowhere", people);
    expect([page.status, page.text]).toEqual([404, expect.stringContaining("There is nothing here for you")]);
    expect((await new Browser().get("/v1/nowhere", people)).headers.get("content-type")).toBe(
      "application/problem+json",
    );
  });

  it.each(["/nowhere", "/sign-out", "/sign-out/everywhere", "/sign-in/a/b"])(
    "gets the API's answer: GET %s",
    async (path) => {
      const answer = await new Browser().get(path);
      expect(answer.status).toBe(404);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
    },
  );
});
