/** News as a mail, in a real browser: by day and by night, on a phone and on a desk. */
import { encode } from "fast-png";
import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Picture } from "../../src/delivery/channel.ts";
import { renderNews } from "../../src/delivery/email/news-mail.tsx";
import { carry } from "../../src/delivery/email/news-picture.ts";
import { NEWS_EVENTS } from "../../src/domain/news/news.ts";
import { LINKS, makeGiven, makePicture, makeRun } from "../support/make-news.ts";
import { Chromium } from "./chromium.ts";
import { contrastOf } from "./contrast.ts";

const CONTRAST_LEAST = 4.5;
const WIDTHS = [320, 360, 900];
const SCHEMES = ["light", "dark"] as const;
const LONG = "a-name-without-any-break-".repeat(8);

let chromium: Chromium;
beforeAll(async () => {
  chromium = await Chromium.start();
});
afterAll(async () => {
  await chromium?.end();
});

/** Half of it blue, half of it white. */
const png = () => {
  const [width, height] = [1_200, 700];
  const data = new Uint8Array(width * height * 3).fill(255).fill(90, 0, (width * height * 3) / 2);
  return encode({ width, height, data, channels: 3 });
};

const ERROR = { reason: "http_status", message: `The function answered 503. ${LONG}` };
const UNREACHED = {
  delivery: null,
  channel: "email",
  recipient: { kind: "user", id: "1", name: `${LONG}@acme.test` },
  failure: { reason: "address_refused", message: "550 No such mailbox" },
} as const;

/** The mail of each event, with all that it can hold. */
async function htmlOf(event: (typeof NEWS_EVENTS)[number]): Promise<string> {
  const picture: Picture | null = event === "run.succeeded" ? makePicture({ read: async () => png() }) : null;
  const given = makeGiven({
    picture,
    news: {
      event,
      isTest: event === "run.skipped",
      run: makeRun(event === "run.failed" ? { status: "failed", attempt: 2, error: ERROR } : {}),
      reason: "The plan allows one schedule.",
      unreached: event === "delivery.failed" ? [UNREACHED] : [],
    },
    notification: { subject: "Numbers", body: `Good morning,\n\nthe numbers <b>of yesterday</b>.\nSee ${LONG}` },
  });
  const carried = picture === null ? null : await carry(picture, LINKS);
  const { html } = renderNews(given, carried?.shown ?? null);
  const content = Buffer.from(png()).toString("base64");
  return html.replace("cid:capture@carillon", `data:image/png;base64,${content}`);
}

async function open(html: string, width: number, scheme: "light" | "dark"): Promise<Page> {
  const { page } = await chromium.open();
  onTestFinished(() => page.close());
  await page.setViewport({ width, height: 800 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.setContent(html);
  return page;
}

describe.each(NEWS_EVENTS)("news of %s", (event) => {
  it.each(SCHEMES)("is read well in %s on every width, and nothing goes beyond the edge", async (scheme) => {
    const html = await htmlOf(event);
    for (const width of WIDTHS) {
      const page = await open(html, width, scheme);
      const { measured, faint } = await contrastOf(page, CONTRAST_LEAST);
      expect(measured).toBeGreaterThan(5);
      expect(faint).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    }
  });
});

it("A picture is shown as wide as there is room, and not distorted", async () => {
  const html = await htmlOf("run.succeeded");
  for (const width of WIDTHS) {
    const page = await open(html, width, "light");
    const size: unknown = await page.evaluate(
      "(({ width, height, complete }) => [complete, width <= innerWidth, Math.round((width / height) * 10)])(document.querySelector('img'))",
    );
    expect(size).toEqual([true, true, 17]);
  }
});

it("A program that drops style sheets still shows it by day, as narrow as it is", async () => {
  const html = (await htmlOf("run.failed")).replace(/<style>[\s\S]*?<\/style>/, "");
  const page = await open(html, 360, "light");
  expect((await contrastOf(page, CONTRAST_LEAST)).faint).toEqual([]);
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
});
