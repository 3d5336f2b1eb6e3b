/** The app in a real browser, served by the real thing. */
import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { LocalCarillon, until } from "../start/local-carillon.ts";
import { Chromium } from "./chromium.ts";
import { contrastOf } from "./contrast.ts";

const CONTRAST_LEAST = 4.5;
const PHONE = { width: 360, height: 740 };
const SETTLED_WITHIN_MS = 40_000;

/** Takes long enough to be watched. */
const SLOW = `export const first = (_args, run) => "Made by " + run.id;
export const second = () => new Promise((done) => setTimeout(done, 1_500, "The second is done"));`;

/** Tries everything that a frame could try. */
const HOSTILE = `export const card = () => ({ kind: "html", title: "Card", html: \`
  <p id="there">Harmless</p>
  <script>parent.postMessage("a script ran", "*"); top.document.title = "taken"; top.location = "/stolen"</script>
  <img src="data:," onerror="parent.postMessage('a handler ran', '*')">
  <svg onload="parent.postMessage('a picture ran', '*')"></svg>
  <iframe srcdoc="<script>top.postMessage('a frame within ran', '*')</script>"></iframe>
  <meta http-equiv="refresh" content="0;url=javascript:parent.postMessage('a refresh ran','*')">\` });
export const words = () => ({ kind: "markdown", text: "<img src=x onerror=alert(1)> [go](javascript:alert(1))" });`;

let carillon: LocalCarillon;
let chromium: Chromium;

beforeAll(async () => {
  carillon = await LocalCarillon.make();
  [chromium] = await Promise.all([Chromium.start(), carillon.start()]);
  await Promise.all([publish("watched", SLOW), publish("hostile", HOSTILE), isShown("report")]);
});

afterAll(async () => {
  await chromium?.end();
  await carillon?.remove();
});

const addressOf = (slug: string): string => `/v1/projects/${slug}/app`;

/** A project of this code, whose app shows what publishing it has brought. */
async function publish(slug: string, code: string): Promise<void> {
  await carillon.post("/v1/projects", { name: slug, slug, workspace_access: "full_access" });
  const { version } = await carillon.post(`/v1/projects/${slug}/versions`, { modules: { "index.js": code } });
  await carillon.put(`/v1/projects/${slug}/published`, { version });
  await isShown(slug);
}

async function isShown(slug: string): Promise<void> {
  let state: unknown;
  const look = async () => {
    state = await carillon.get(addressOf(slug), { accept: "application/json" });
    return Object(state).state === "cached";
  };
  await until(look, SETTLED_WITHIN_MS, () => state);
}

/** A tab of somebody who has signed in by the link of the start, before it shows anything else. */
async function signIn() {
  const tab = await chromium.open();
  onTestFinished(() => tab.page.close());
  await tab.page.goto(carillon.dev.sign_in_url);
  return tab;
}

const goTo = (page: Page, slug: string) => page.goto(carillon.dev.url + addressOf(slug));
const isReady = (page: Page) => page.waitForSelector('html[data-carillon-ready="true"]');
const stateOf = (page: Page) => page.evaluate("document.documentElement.dataset.carillonState");
const textOf = (page: Page) => page.evaluate("document.body.innerText");

/** The app, ready. */
async function openApp(slug: string) {
  const tab = await signIn();
  await goTo(tab.page, slug);
  await isReady(tab.page);
  return tab;
}

/** Notes each sentence that is read out. */
const LISTEN = `window.heard = [];
  new MutationObserver(() => window.heard.push(document.querySelector('[role="status"]').textContent))
    .observe(document.querySelector('[role="status"]'), { childList: true, characterData: true, subtree: true });`;

describe("the app in a browser", () => {
  it("is ready, and breaks no policy of its own", async () => {
    const { page, troubles } = await openApp("report");
    expect(await stateOf(page)).toBe("cached");
    expect(await textOf(page)).toContain("Orders in seven days");
    expect(await page.$$eval("svg", (drawings) => drawings.length)).toBeGreaterThan(0);
    expect(troubles).toEqual([]);
  });

  it("runs again for its visitor, tells them how far it is, and shows what everybody sees after a refresh", async () => {
    const { page, troubles } = await openApp("watched");
    const cached = await textOf(page);
    await page.evaluate(LISTEN);
    await page.click("#run button");
    await page.waitForFunction('document.body.innerText.includes("Your own run")');
    await isReady(page);
    const own = await textOf(page);
    expect(own).toContain("The second is done");
    expect(/Made by \S+/.exec(String(own))?.[0]).not.toBe(/Made by \S+/.exec(String(cached))?.[0]);
    const heard = await page.evaluate("window.heard");
    expect(heard).toEqual(expect.arrayContaining(["Waiting to start…", expect.stringMatching(/^Running…/)]));
    expect(await page.evaluate("document.getElementById('said').textContent")).toBe("The run has succeeded.");
    expect(await page.$eval("#run button", (button) => button.hasAttribute("disabled"))).toBe(false);
    await page.reload();
    await isReady(page);
    expect([await stateOf(page), await textOf(page)]).toEqual(["cached", cached]);
    expect(troubles).toEqual([]);
  });

  it("lets no script of an author's run", async () => {
    const { page, troubles } = await signIn();
    await page.evaluateOnNewDocument(
      'if (window === top) { window.heard = []; addEventListener("message", ({ data }) => heard.push(data)); }',
    );
    await goTo(page, "hostile");
    await isReady(page);
    // The browser says that it was tried.
    await until(
      () => troubles.some((trouble) => trouble.includes("sandboxed")),
      SETTLED_WITHIN_MS,
      () => troubles,
    );
    expect(await page.evaluate("heard")).toEqual([]);
    expect(await page.title()).toBe("hostile · Carillon");
    expect(page.url()).toBe(carillon.dev.url + addressOf("hostile"));
    expect(await page.$$eval('.prose img, a[href^="javascript"]', (found) => found.length)).toBe(0);
  });

  it("works without a script: the form leads to a page that comes again until the run is over", async () => {
    const { page } = await signIn();
    await page.setJavaScriptEnabled(false);
    await goTo(page, "watched");
    expect(await page.content()).toContain("The second is done");
    await Promise.all([page.waitForNavigation(), page.click("#run button")]);
    expect(page.url()).toContain("/app/runs/");
    let html = await page.content();
    expect(html).toMatch(/http-equiv="refresh"|data-pending="false"/);
    // A page that loads itself again cannot be looked into for a moment.
    const look = async () => {
      html = await page.content().catch(() => html);
      return html.includes('data-pending="false"');
    };
    await until(look, SETTLED_WITHIN_MS, () => html);
    expect(html).toContain("The second is done");
    expect(html).toContain('data-carillon-state="own"');
    expect(html).not.toContain('http-equiv="refresh"');
  });

  it("has no controls on paper", async () => {
    const { page } = await openApp("report");
    const isSeen = (selector: string) => page.$eval(selector, (found) => found.checkVisibility());
    expect(await isSeen("#run")).toBe(true);
    await page.emulateMediaType("print");
    for (const control of ["#run", ".controls", "#said"])
      expect([control, await isSeen(control)]).toEqual([control, false]);
    expect(await isSeen("h1")).toBe(true);
  });

  it.each(["light", "dark"])("can be read well in %s colours", async (value) => {
    const { page } = await openApp("report");
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
    await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
    const { measured, faint } = await contrastOf(page, CONTRAST_LEAST);
    expect(measured).toBeGreaterThan(40);
    expect(faint).toEqual([]);
  });

  it.each(["report", "hostile"])("needs no scrolling to the side on a phone: %s", async (slug) => {
    const { page } = await signIn();
    await page.setViewport(PHONE);
    await goTo(page, slug);
    await isReady(page);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(PHONE.width);
  });
});
