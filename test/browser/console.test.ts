/** The console in a real browser, served by the real thing: every page, and what people come for. */
import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ADMIN_EMAIL } from "../../scripts/start/ways-in.ts";
import { LocalCarillon, until } from "../start/local-carillon.ts";
import { axeOf } from "./axe.ts";
import { Chromium, type Tab } from "./chromium.ts";
import { furnish, pagesOf, type World } from "./console-world.ts";
import { contrastOf } from "./contrast.ts";
import { EmulatedSlack } from "./emulated-slack.ts";

const DESK = { width: 1_280, height: 900 };
const PHONE = { width: 320, height: 740 };

let carillon: LocalCarillon;
let chromium: Chromium;
let slack: EmulatedSlack;
let world: World;

beforeAll(async () => {
  slack = await EmulatedSlack.make();
  carillon = await LocalCarillon.make(slack.settings);
  [chromium] = await Promise.all([Chromium.start(), carillon.start(), slack.start(carillon.origin)]);
  world = await furnish(carillon);
});

afterAll(async () => {
  await chromium?.end();
  await carillon?.remove();
  await slack?.end();
});

const at = (path: string): string => carillon.dev.url + path;

/** Clicks what leads to another page, and waits for that. */
const leave = (page: Page, selector: string) => Promise.all([page.waitForNavigation(), page.click(selector)]);

const textOf = (page: Page) => page.evaluate("document.body.innerText");

/** A tab of somebody who has signed in by the link of the start. */
async function signIn(): Promise<Tab> {
  const tab = await chromium.open();
  onTestFinished(() => tab.page.close());
  await tab.page.goto(carillon.dev.sign_in_url);
  return tab;
}

const LOOKS = [
  { name: "wide and light", viewport: DESK, scheme: "light" },
  { name: "narrow and dark", viewport: PHONE, scheme: "dark" },
] as const;

describe.each(LOOKS)("every page, $name", ({ viewport, scheme }) => {
  it("is there, passes axe, needs no scrolling to the side, and breaks no policy of its own", async () => {
    const { page, troubles } = await signIn();
    await page.setViewport(viewport);
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    const found: Record<string, unknown> = {};
    for (const path of pagesOf(world)) {
      const answer = await page.goto(at(path));
      const width = await page.evaluate("document.documentElement.scrollWidth");
      const wrong = [
        ...(answer?.status() === 200 ? [] : [`status ${answer?.status()}`]),
        ...(Number(width) <= viewport.width ? [] : [`it is ${width} wide`]),
        ...troubles.splice(0),
      ];
      const axe = await axeOf(page);
      if (wrong.length > 0 || Object(axe).length > 0) found[path] = [...wrong, axe];
    }
    expect(found).toEqual({});
  });
});

describe("whoever schedules something", () => {
  it("reads how English is understood while they type, saves it, and sees it fire on the page", async () => {
    const { page, troubles } = await signIn();
    await page.goto(at("/projects/demo/schedules/new"));
    await page.type("#schedule", "every blue moon");
    await page.waitForSelector("#reading mark");
    await page.$eval("#schedule", (field) => Reflect.set(field, "value", ""));
    await page.type("#schedule", "every 3 seconds");
    await page.waitForFunction("document.querySelector('#reading .lead')?.textContent.includes('3 seconds')");
    expect(await page.$$eval("#reading ol > li", (times) => times.length)).toBe(5);
    await page.select("#fn", "heartbeat");
    await leave(page, "#schedule-form .row button[type=submit]");
    const schedule = new URL(page.url()).pathname;
    await page.waitForFunction("document.getElementById('live-state').textContent === 'Live'");
    const before = await page.$$eval("[data-key] .status.succeeded", (rows) => rows.length);
    await page.waitForFunction(`document.querySelectorAll("[data-key] .status.succeeded").length > ${before}`);
    expect(new URL(page.url()).pathname).toBe(schedule);
    await leave(page, 'form[action$="/pause"] button');
    expect(await textOf(page)).toContain("Undo");
    expect(troubles).toEqual([]);
  });

  it("does the same without a script", async () => {
    const { page } = await signIn();
    await page.setJavaScriptEnabled(false);
    await page.goto(at("/projects/demo/schedules/new"));
    await page.type("#schedule", "every weekday at 9:15 am");
    await leave(page, "button[name=check]");
    expect(await page.content()).toContain("15 9 * * MON-FRI");
    await leave(page, "#schedule-form > .row button[type=submit]");
    expect(await page.content()).toMatch(/9:15 AM/);
    expect(new URL(page.url()).pathname).toMatch(/^\/projects\/demo\/schedules\/[0-9a-f-]{36}$/);
  });
});

describe("whoever looks into a failure", () => {
  it("opens the first run of the chain, and from there each retry by its badge", async () => {
    const { page } = await signIn();
    await page.goto(at(`/projects/demo/runs/${world.run}`));
    expect(await textOf(page)).toContain("↻1");
    const retry = await page.$$eval("main a", (links) =>
      links
        .find((link) => link.textContent?.includes("↻1") || link.textContent?.includes("Attempt 2"))
        ?.getAttribute("href"),
    );
    await page.goto(at(String(retry)));
    expect(await page.evaluate("document.querySelector('h1').textContent")).toContain("flaky");
    expect(new URL(page.url()).pathname).not.toContain(world.run);
  });
});

describe("whoever connects Slack", () => {
  it("agrees there, is led back, and finds its channels", async () => {
    const { page } = await signIn();
    await page.goto(at("/slack"));
    await leave(page, "main form button");
    await leave(page, "main a.button");
    expect(page.url()).toContain(slack.settings.SLACK_URL);
    await leave(page, "form button");
    expect(await textOf(page)).toContain("is connected to the Slack team Acme");
    await leave(page, "main a[href='/slack']");
    const seesChannels = async () => {
      await page.reload();
      return String(await textOf(page)).includes("reports");
    };
    await until(seesChannels, 20_000);
  });
});

/** Among those whom a project can be shared with. */
const GRACE = "[...document.querySelectorAll('#to option')].find((one) => one.textContent.includes('grace@')).value";

describe("a colleague", () => {
  it("is invited by mail, joins, and loses a page when it is not shared with them any more", async () => {
    const { page } = await signIn();
    await page.goto(at("/members/new"));
    await page.type("#email", "grace@example.com");
    await leave(page, "main form button[type=submit]");
    const theirs = await chromium.openAside();
    onTestFinished(() => theirs.page.close());
    await theirs.page.goto(at("/outbox"));
    const mail = await theirs.page.$$eval("main li a", (links) =>
      links.find((link) => link.closest("li")?.textContent?.includes("grace@"))?.getAttribute("href"),
    );
    await theirs.page.goto(at(String(mail)));
    const frame = await (await theirs.page.waitForSelector("iframe.mail"))?.contentFrame();
    await theirs.page.goto(String(await frame?.evaluate("document.querySelector('a').href")));
    await leave(theirs.page, "main form button");
    await page.goto(at("/projects/new"));
    await page.type("#name", "Private");
    await leave(page, "main form button[type=submit]");
    const project = new URL(page.url()).pathname;
    expect((await theirs.page.goto(at(project)))?.status()).toBe(404);
    await page.goto(at(`${project}/access`));
    await page.select("#to", String(await page.evaluate(GRACE)));
    await leave(page, "form.sheet button");
    expect((await theirs.page.goto(at(project)))?.status()).toBe(200);
    await page.select('select[aria-label="Access of grace@example.com"]', "none");
    await leave(page, 'form:has(select[aria-label="Access of grace@example.com"]) button');
    expect((await theirs.page.goto(at(project)))?.status()).toBe(404);
  });
});

describe("the outbox of one's own machine", () => {
  it("shows a mail as its recipient would see it, and its link signs in", async () => {
    const { page, troubles } = await chromium.openAside();
    onTestFinished(() => page.close());
    expect(carillon.said).toContain(at("/outbox"));
    await page.goto(at("/sign-in"));
    await page.type("input[name=email]", ADMIN_EMAIL);
    await leave(page, "button[type=submit]");
    await page.goto(at("/outbox"));
    await leave(page, "main li a");
    expect(await page.evaluate("document.querySelector('h1').textContent")).toBe("Your sign-in link for Carillon");
    const frame = await (await page.waitForSelector("iframe.mail"))?.contentFrame();
    expect(await frame?.evaluate("document.body.innerText")).toContain("asked to sign in at");
    const link: unknown = await frame?.evaluate("document.querySelector('a').href");
    expect((await contrastOf(page, 4.5)).faint).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    expect(troubles).toEqual([]);
    await page.goto(String(link));
    expect(await textOf(page)).toContain(ADMIN_EMAIL);
  });
});
