/**
 * The console as a browser meets it: server time and bytes of each page, what a first visit loads, and how long after a run
 * changed its row on an open page says so. Against `npm start` on this machine.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { Page } from "puppeteer-core";
import { Chromium } from "../test/browser/chromium.ts";
import { furnish, giveHistory, pagesOf } from "../test/browser/console-world.ts";
import { LocalCarillon } from "../test/start/local-carillon.ts";
import type { Figure } from "./next.ts";

const VISITS = 5;
const RUNS_WATCHED = 10;
const PAGE_MAX_BYTES = 100_000;
/** A page looks again once a second at most. */
const BETWEEN_MS = 1_500;

export async function measureConsole(): Promise<Figure[]> {
  const carillon = await LocalCarillon.make();
  const [chromium] = await Promise.all([Chromium.start(), carillon.start()]);
  try {
    const world = await furnish(carillon);
    await giveHistory(carillon);
    const { page } = await chromium.open();
    await page.goto(carillon.dev.sign_in_url);
    const cookie = (await page.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
    const visits: PageVisit[] = [];
    for (const path of pagesOf(world)) visits.push(await visit(carillon.dev.url, path, cookie));
    return [
      ...visits.flatMap(figuresOf),
      await firstLoad(carillon.dev.url, visits),
      ...(await liveLag(carillon, page)),
    ];
  } finally {
    await chromium.end();
    await carillon.remove();
  }
}

interface PageVisit {
  readonly path: string;
  /** In the Worker, by its own header. */
  readonly serverMs: number;
  /** Of the page alone, compressed as a browser asks for it. */
  readonly bytes: number;
}

async function visit(url: string, path: string, cookie: string): Promise<PageVisit> {
  const times: number[] = [];
  let bytes = 0;
  for (let turn = 0; turn < VISITS; turn += 1) {
    const answer = await fetch(url + path, { headers: { cookie } });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    times.push(Number(/dur=(\d+)/.exec(answer.headers.get("server-timing") ?? "")?.[1]));
    bytes = gzipSync(await answer.text()).length;
  }
  return { path: path.replaceAll(/[0-9a-f-]{36}/g, "…"), serverMs: median(times), bytes };
}

const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

const figuresOf = ({ path, serverMs, bytes }: PageVisit): Figure[] => [
  { name: `console ${path}, server time`, value: serverMs, unit: "ms" },
  { name: `console ${path}, compressed`, value: bytes, unit: "bytes" },
];

/** The largest page, with all that a browser without anything kept loads beside it. */
async function firstLoad(url: string, visits: readonly PageVisit[]): Promise<Figure> {
  const files = ["/console.css", "/console.js", "/icon.svg"];
  const texts = await Promise.all(files.map(async (file) => (await fetch(url + file)).text()));
  const beside = texts.map((text) => gzipSync(text).length).reduce((sum, one) => sum + one, 0);
  const value = Math.max(...visits.map(({ bytes }) => bytes)) + beside;
  const ratio = value / PAGE_MAX_BYTES;
  return {
    name: "console, first load of the largest page",
    value,
    unit: "bytes",
    against: `limit ${PAGE_MAX_BYTES}`,
    ratio,
  };
}

/** Notes when a row first says that its run has succeeded. */
const WATCH = `window.seen = {};
  new MutationObserver(() => {
    for (const row of document.querySelectorAll("[data-key]"))
      if (row.querySelector(".status.succeeded") && !(row.dataset.key in window.seen)) window.seen[row.dataset.key] = Date.now();
  }).observe(document.body, { childList: true, subtree: true, characterData: true });`;

async function liveLag(carillon: LocalCarillon, page: Page): Promise<Figure[]> {
  await page.goto(`${carillon.dev.url}/projects/demo/runs`);
  await page.waitForFunction("document.getElementById('live-state').textContent === 'Live'");
  await page.evaluate(WATCH);
  const [alone, inARow] = [await lags(carillon, page, BETWEEN_MS), await lags(carillon, page, 0)];
  return [
    { name: "console, from the end of a run to its row on the page, median", value: median(alone), unit: "ms" },
    { name: "console, the same, the latest of ten", value: Math.max(...alone), unit: "ms" },
    { name: "console, the same while runs end one after another, median", value: median(inARow), unit: "ms" },
  ];
}

async function lags(carillon: LocalCarillon, page: Page, between: number): Promise<readonly number[]> {
  const lags: number[] = [];
  for (let turn = 0; turn < RUNS_WATCHED; turn += 1) {
    await sleep(between);
    const { id } = await carillon.post("/v1/projects/demo/runs", { fn: "report" });
    const handle = await page.waitForFunction(`window.seen[${JSON.stringify(id)}]`);
    const { finished_at } = await carillon.get(`/v1/projects/demo/runs/${id}`);
    lags.push(Number(await handle.jsonValue()) - Date.parse(finished_at));
  }
  return lags;
}
