/** What the bench's Worker takes captures of: a page like an app's, with numbers, a chart and a table. */
import puppeteer from "@cloudflare/puppeteer";
import { takeShot } from "../src/capture/camera.ts";
import { type BrowserUse, withBrowser } from "../src/capture/sessions.ts";
import type { Shot, ShotOutcome, Taken } from "../src/capture/shot.ts";
import { DEFAULT_LAYOUT } from "../src/domain/captures/capture.ts";
import { readRunId } from "../src/domain/ids.ts";
import { newId, now } from "../src/system.ts";

const RULES = { allowLoopback: false, ownHosts: [] };

/** Takes it so many times, one after the other; answers the milliseconds of each, and what the last one weighed. */
export async function shoot(browser: Fetcher, { times, isReused }: { times: number; isReused: boolean }) {
  const milliseconds: number[] = [];
  let session: string | null = null;
  let last: readonly Taken[] = [];
  for (let time = 0; time < times; time += 1) {
    const began = performance.now();
    const use: BrowserUse<ShotOutcome> = await withBrowser(browser, session, (open) =>
      takeShot(open, shotOf(), { rules: RULES, now }),
    );
    if (use.kind !== "done") throw new Error(`No browser: ${JSON.stringify(use)}`);
    last = takenOf(use.result);
    session = use.session;
    // A launch for each ends what it launched, as a caller without a keeper would.
    if (!isReused) session = await end(browser, session);
    milliseconds.push(performance.now() - began);
  }
  await end(browser, session);
  const [png, pdf] = ["png", "pdf"].map((format) => last.find((one) => one.format === format));
  const bytes = { png: png?.bytes.length, preview: png?.preview?.bytes.length, pdf: pdf?.bytes.length };
  return { milliseconds, bytes };
}

/** Ends the browsers that captures have left warm: the bench's server is killed, and they would outlive it. */
export async function endBrowsers(browser: Fetcher): Promise<void> {
  for (const { sessionId } of await puppeteer.sessions(browser)) await end(browser, sessionId);
}

async function end(binding: Fetcher, session: string | null): Promise<null> {
  if (session !== null) await (await puppeteer.connect(binding, session)).close();
  return null;
}

function takenOf(outcome: ShotOutcome): readonly Taken[] {
  if (!outcome.ok) throw new Error(`Not taken: ${JSON.stringify(outcome.failure)}`);
  if (outcome.failed.length > 0) throw new Error(`Not taken: ${JSON.stringify(outcome.failed)}`);
  return outcome.taken;
}

function shotOf(): Shot {
  const run = readRunId(newId());
  const headers = { "content-type": "text/html; charset=utf-8" };
  return {
    ...{ run, formats: ["png", "pdf"], layout: DEFAULT_LAYOUT, readySelector: null },
    page: { kind: "own", url: "https://bench.test/page", open: async () => new Response(pageOf(run), { headers }) },
    caption: { project: "Bench", schedule: "every hour", scheduledFor: now(), ranAt: now(), timezone: "UTC" },
  };
}

function pageOf(run: string): string {
  const rows = Array.from(
    { length: 70 },
    (_, at) => `<tr><td>Day ${at}</td><td>${at * 37}</td><td>${at * 11}</td></tr>`,
  );
  const bars = Array.from({ length: 30 }, (_, at) => `<rect x="${at * 40}" y="${at * 5}" width="30" height="200"/>`);
  return `<!doctype html><html data-carillon-ready="true" data-carillon-run="${run}"><head><meta charset="utf-8">
<style>body{font:16px sans-serif;margin:24px} rect{fill:#2f6fde} td{padding:4px 40px 4px 0}</style></head>
<body><h1>Orders</h1><svg width="1200" height="360">${bars.join("")}</svg><table>${rows.join("")}</table></body></html>`;
}
