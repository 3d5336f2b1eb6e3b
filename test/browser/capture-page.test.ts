/** The page of a capture, drawn by a real browser: what there is to see is seen, whole, in a picture and on paper. */
import type { Page } from "puppeteer-core";
import { extractText, getDocumentProxy } from "unpdf";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { appPages } from "../../src/app/app.tsx";
import { type CaptureFormat, WIDTH_MAX } from "../../src/domain/captures/capture.ts";
import type { Json } from "../../src/domain/json.ts";
import { NINE, viewOf } from "../app/views.ts";
import { Chromium } from "./chromium.ts";
import { contrastOf } from "./contrast.ts";

const DESK = { width: 1_280, height: 800 };
const CONTRAST_LEAST = 4.5;
/** A4 without its margins, in CSS pixels. */
const SHEET = { width: 703, height: 1_000 };
const MARGIN = { top: "12mm", bottom: "16mm", left: "12mm", right: "12mm" };

const rowsOf = (count: number, cells: (row: number) => Record<string, Json>) =>
  Array.from({ length: count }, (_, row) => cells(row));

const LONG = { kind: "table", title: "Orders", rows: rowsOf(400, (row) => ({ order: `order-${row}`, total: row })) };

const wide = (columns: number, cell: (row: number, column: number) => Json) => ({
  kind: "table",
  rows: rowsOf(40, (row) =>
    Object.fromEntries(Array.from({ length: columns }, (_, column) => [`c${column}`, cell(row, column)])),
  ),
});

const CHART = {
  kind: "chart",
  type: "line",
  title: "Sales",
  rows: rowsOf(9, (row) => ({ day: `2027-01-0${row + 1}`, orders: (row * 7) % 5 })),
  x: "day",
  y: "orders",
};

let chromium: Chromium;

beforeAll(async () => {
  chromium = await Chromium.start();
});

afterAll(() => chromium?.end());

const captureOf = (outputs: Readonly<Record<string, Json>>, formats: readonly CaptureFormat[]): string =>
  appPages.capturePage(viewOf(outputs), { formats, schedule: "every day at 9:00 AM", scheduledFor: NINE, ranAt: NINE });

/** The page of these outputs, as it is captured. */
async function openCapture(
  outputs: Readonly<Record<string, Json>>,
  formats: readonly CaptureFormat[] = ["png", "pdf"],
) {
  const { page, troubles } = await chromium.open();
  onTestFinished(() => page.close());
  await page.setViewport(DESK);
  await page.setContent(captureOf(outputs, formats), { waitUntil: "load" });
  return { page, troubles };
}

const sizeOf = async (page: Page) => {
  const size = await page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]");
  const [width = 0, height = 0] = size as number[];
  return { width, height };
};

/** Elements of which something lies beyond an edge, of the page or of what scrolls around them. */
const CUT = `[...document.querySelectorAll("td, th, p, dd, pre, h1, h2, h3, svg")].filter((element) => {
  const box = element.getBoundingClientRect();
  if (box.width === 0) return false;
  for (let around = element.parentElement; around !== null; around = around.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(around);
    const edge = around.getBoundingClientRect();
    if (overflowX !== "visible" && (box.right > edge.right + 1 || box.left < edge.left - 1)) return true;
    if (overflowY !== "visible" && box.bottom > edge.bottom + 1) return true;
  }
  return box.left < 0 || box.right > document.documentElement.scrollWidth || element.scrollWidth > element.clientWidth + 1;
}).map((element) => element.outerHTML.slice(0, 80))`;

const printed = async (page: Page) => {
  const pdf = await page.pdf({ format: "a4", printBackground: true, margin: MARGIN });
  return getDocumentProxy(pdf);
};

describe("a picture", () => {
  it("has all of a long table, and nothing that scrolls", async () => {
    const { page, troubles } = await openCapture({ orders: LONG });
    expect((await sizeOf(page)).height).toBeGreaterThan(400 * 25);
    expect(await page.evaluate(CUT)).toEqual([]);
    const last = "[...document.querySelectorAll('tbody tr')].at(-1).getBoundingClientRect().bottom";
    const foot = "document.querySelector('footer').getBoundingClientRect().top";
    expect(await page.evaluate(`${foot} > ${last}`)).toBe(true);
    expect(troubles).toEqual([]);
  });

  it.each([
    ["twenty columns of numbers", 20, (row: number, column: number) => row * 1_000_000 + column],
    ["fifty columns of numbers", 50, (row: number, column: number) => row * 1_000 + column],
    ["fifty columns of words that do not break", 50, (row: number, column: number) => `${row}x${column}y`.repeat(9)],
  ])("is as wide as a table needs it, within what a picture may be: %s", async (_, columns, cell) => {
    const { page } = await openCapture({ wide: wide(columns, cell), words: "After it" });
    const { width } = await sizeOf(page);
    expect(width).toBeGreaterThan(DESK.width);
    expect(width).toBeLessThanOrEqual(WIDTH_MAX);
    await page.setViewport({ ...DESK, width });
    expect(await page.evaluate(CUT)).toEqual([]);
  });

  it("is as wide as the layout where nothing needs more", async () => {
    const text = "Many words that wrap. ".repeat(200);
    const { page } = await openCapture({
      words: text,
      table: wide(5, () => text.slice(0, 80)),
      json: { text: "x".repeat(3_000) },
      chart: CHART,
    });
    expect((await sizeOf(page)).width).toBe(DESK.width);
    expect(await page.evaluate(CUT)).toEqual([]);
  });

  it("is in the colours of the day wherever it is taken, and can be read well", async () => {
    const { page } = await openCapture({
      chart: CHART,
      metric: { kind: "metric", label: "Orders", value: 7, change: 3 },
    });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(246, 245, 242)");
    const { measured, faint } = await contrastOf(page, CONTRAST_LEAST);
    expect(measured).toBeGreaterThan(10);
    expect(faint).toEqual([]);
  });

  it("has nothing to press or to open", async () => {
    const { page } = await openCapture({ chart: CHART, html: { kind: "html", html: "<b>North</b>" } });
    const seen = await page.$$eval("a, button, summary, details, form", (found) =>
      found.filter((element) => element.checkVisibility()).map(({ tagName }) => tagName),
    );
    expect(seen).toEqual([]);
    expect(await page.evaluate("document.documentElement.dataset.carillonReady")).toBe("true");
  });
});

describe("a print", () => {
  it("does not hold the page's token, whatever links there are", async () => {
    const markdown = "[x]() [y](/z) [w](https://example.com/markdown)";
    const html =
      "<a href=''>one</a> <a href='/two'>two</a> <a href='#f'>f</a> <a href='https://example.com/html'>w</a>";
    const text = captureOf(
      {
        links: [
          { kind: "markdown", text: markdown },
          { kind: "html", html },
        ],
      },
      ["pdf"],
    );
    const { page } = await chromium.open();
    onTestFinished(() => page.close());
    await page.setRequestInterception(true);
    const headers = { "content-security-policy": appPages.policy };
    page.on("request", (request) => void request.respond({ contentType: "text/html", headers, body: text }));
    await page.goto("https://carillon.test/v1/page?token=cpt_secret", { waitUntil: "load" });
    const printed = Buffer.from(await page.pdf({ format: "a4" })).toString("latin1");
    expect(printed).toContain("/URI (https://example.com/markdown)");
    expect(printed).toContain("/URI (https://example.com/html)");
    expect(printed).not.toContain("cpt_secret");
  });

  it("has every row of a long table, and its head on every sheet", async () => {
    const { page } = await openCapture({ orders: LONG });
    const { text, totalPages } = await extractText(await printed(page));
    expect(totalPages).toBeGreaterThan(5);
    const words = text.join(" ");
    for (const row of [0, 57, 199, 399]) expect(words).toContain(`order-${row} `);
    for (const sheet of text.filter((one) => one.includes("order-"))) expect(sheet).toMatch(/order\s+total/);
  });

  it.each([
    ["numbers", (row: number, column: number) => row * 1_000 + column],
    ["words that do not break", (row: number, column: number) => `${row}x${column}y`.repeat(9)],
  ])("has every one of fifty columns on its sheet: %s", async (_, cell) => {
    const { page } = await openCapture({ wide: wide(50, cell) });
    await page.setViewport(SHEET);
    await page.emulateMediaType("print");
    expect((await sizeOf(page)).width).toBeLessThanOrEqual(SHEET.width);
    const [sheet] = await pagesOf(await printed(page));
    const right = Math.max(...(sheet?.words.map(({ right: edge }) => edge) ?? []));
    expect(right).toBeLessThanOrEqual((sheet?.width ?? 0) - 12 * POINTS_OF_MM + 1);
    for (const head of ["c0", "c25", "c49"]) expect(sheet?.words.map(({ text }) => text)).toContain(head);
  });

  it("keeps a number of nine digits in one piece, in twenty columns", async () => {
    const { page } = await openCapture({ wide: wide(20, (row, column) => 123_456_000 + row * 100 + column) });
    const { text } = await extractText(await printed(page));
    for (const whole of ["123456000", "123456019", "123459919"]) expect(text.join(" ")).toContain(whole);
  });

  it("breaks through no chart, row or metric", async () => {
    const metrics = Array.from({ length: 6 }, (_, index) => ({
      kind: "metric",
      label: `Metric ${index}`,
      value: index,
    }));
    const { page } = await openCapture({ charts: [CHART, CHART, CHART, ...metrics, CHART, CHART] });
    const sheets = await pagesOf(await printed(page));
    expect(sheets.length).toBeGreaterThan(1);
    // Each chart has nine days along its bottom; one that a break went through has them on another sheet than its title.
    for (const { words } of sheets) {
      const titles = words.filter(({ text }) => text === "Sales").length;
      const days = words.filter(({ text }) => text === "9 Jan").length;
      expect(days).toBe(titles);
    }
  });

  it("leaves what stands at the foot of every sheet to the sheet", async () => {
    const { page } = await openCapture({ words: "x" });
    const isSeen = () => page.$eval("footer", (foot) => foot.checkVisibility());
    expect(await isSeen()).toBe(true);
    await page.emulateMediaType("print");
    expect(await isSeen()).toBe(false);
  });
});

const POINTS_OF_MM = 72 / 25.4;

/** The sheets of a PDF, with where each of their texts ends, in points. */
async function pagesOf(pdf: Awaited<ReturnType<typeof printed>>) {
  const numbers = Array.from({ length: pdf.numPages }, (_, index) => index + 1);
  return Promise.all(
    numbers.map(async (number) => {
      const page = await pdf.getPage(number);
      const { items } = await page.getTextContent();
      const words = items.flatMap((item) =>
        "str" in item && item.str.trim() !== ""
          ? [{ text: item.str.trim(), right: Number(item.transform[4]) + item.width }]
          : [],
      );
      return { width: page.getViewport({ scale: 1 }).width, words };
    }),
  );
}
