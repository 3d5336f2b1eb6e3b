/** The console in a real browser, served by the real thing: every page, and what people come for. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { LocalCarillon } from "../start/local-carillon.ts";
import { axeOf } from "./axe.ts";
import { Chromium, type Tab } from "./chromium.ts";
import { furnish, pagesOf, type World } from "./console-world.ts";

const DESK = { width: 1_280, height: 900 };
const PHONE = { width: 320, height: 740 };

let carillon: LocalCarillon;
let chromium: Chromium;
let world: World;

beforeAll(async () => {
  carillon = await LocalCarillon.make();
  [chromium] = await Promise.all([Chromium.start(), carillon.start()]);
  world = await furnish(carillon);
});

afterAll(async () => {
  await chromium?.end();
  await carillon?.remove();
});

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
      const answer = await page.goto(carillon.dev.url + path);
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
