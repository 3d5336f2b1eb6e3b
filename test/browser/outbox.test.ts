/** The outbox of one's own machine in a real browser: from asking for a link to being signed in by it. */
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { ADMIN_EMAIL } from "../../scripts/start/ways-in.ts";
import { LocalCarillon } from "../start/local-carillon.ts";
import { Chromium } from "./chromium.ts";
import { contrastOf } from "./contrast.ts";

let carillon: LocalCarillon;
let chromium: Chromium;

beforeAll(async () => {
  carillon = await LocalCarillon.make();
  await carillon.start();
  chromium = await Chromium.start();
});

afterAll(async () => {
  await chromium?.end();
  await carillon?.remove();
});

it("A mail is shown as its recipient would see it, and its link signs in", async () => {
  const { page, troubles } = await chromium.open();
  onTestFinished(() => page.close());
  const { url } = carillon.dev;
  expect(carillon.said).toContain(`${url}/outbox`);
  await page.goto(`${url}/sign-in`);
  await page.type("input[name=email]", ADMIN_EMAIL);
  await Promise.all([page.waitForNavigation(), page.click("button[type=submit]")]);
  await page.goto(`${url}/outbox`);
  await Promise.all([page.waitForNavigation(), page.click("main li a")]);
  expect(await page.evaluate("document.querySelector('h1').textContent")).toBe("Your sign-in link for Carillon");
  const frame = await (await page.waitForSelector("iframe.mail"))?.contentFrame();
  expect(await frame?.evaluate("document.body.innerText")).toContain("asked to sign in at");
  const link: unknown = await frame?.evaluate("document.querySelector('a').href");
  expect((await contrastOf(page, 4.5)).faint).toEqual([]);
  expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  // The console has no picture for the tab.
  expect(troubles.filter((trouble) => !trouble.includes("404"))).toEqual([]);
  await page.goto(String(link));
  expect(await page.evaluate("document.body.innerText")).toContain(ADMIN_EMAIL);
});
