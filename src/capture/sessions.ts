/**
 * Browsers of the browser binding: connects to a warm session or launches one, and leaves it warm. A session is paid for until
 * it has been idle for a minute, and launching is what the platform limits (browser-run/limits).
 */
import puppeteer, { type Browser } from "@cloudflare/puppeteer";
import { BUSY_WAIT_MS } from "../domain/captures/retaking.ts";
import { type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";
import { readRetryAfter } from "../http/retry-after.ts";
import { within } from "./waiting.ts";

/** The binding: what puppeteer speaks to. */
export interface BrowserBinding {
  fetch: typeof fetch;
}

/** What came of borrowing a browser. */
export type BrowserUse<Result> =
  /** `session` is to be given back warm; null: it is gone. */
  | { readonly kind: "done"; readonly result: Result; readonly session: string | null }
  /** The platform launches none at the moment (429), and named how long to wait. */
  | { readonly kind: "turned_away"; readonly retryAfter: Milliseconds }
  /** This machine has none to launch. */
  | { readonly kind: "no_browser"; readonly message: string }
  /** None could be launched or connected to this time. */
  | { readonly kind: "lost"; readonly message: string };

/** A browser that answers nothing for so long after its work is not lent again. */
const HEALTH_TIMEOUT_MS: Milliseconds = 3 * SECOND_MS;
const CLOSE_TIMEOUT_MS: Milliseconds = 5 * SECOND_MS;
const CONNECT_TIMEOUT_MS: Milliseconds = 15 * SECOND_MS;

/** What the local runtime says when it finds no Chromium or cannot start it; the platform never says so. */
const NO_CHROMIUM = /ENOENT|EACCES|ENOTFOUND|Failed to launch|All providers failed/i;

/**
 * Does the work with a browser: the warm session if there is one that still lives, else a new one. The browser is left warm
 * when it is well afterwards, and closed otherwise, also when the work throws.
 */
export async function withBrowser<Result>(
  binding: BrowserBinding,
  session: string | null,
  work: (browser: Browser) => Promise<Result>,
): Promise<BrowserUse<Result>> {
  const opened = await openBrowser(binding, session);
  if (opened.kind !== "open") return opened;
  const { browser } = opened;
  try {
    const result = await work(browser);
    return { kind: "done", result, session: (await isWell(browser)) ? await leaveWarm(browser) : await close(browser) };
  } catch (cause) {
    await close(browser);
    throw cause;
  }
}

type Opened =
  | { readonly kind: "open"; readonly browser: Browser }
  | Exclude<BrowserUse<never>, { readonly kind: "done" }>;

async function openBrowser(binding: BrowserBinding, session: string | null): Promise<Opened> {
  if (session !== null) {
    const browser = await within(CONNECT_TIMEOUT_MS, puppeteer.connect(binding, session)).catch(() => null);
    // A session that is gone, or that somebody else holds: another one takes its place.
    if (browser !== null) return { kind: "open", browser };
  }
  const heard: Heard = { refusal: null };
  try {
    const browser = await within(CONNECT_TIMEOUT_MS, puppeteer.launch(listeningTo(binding, heard)));
    return browser === null
      ? { kind: "lost", message: "The browser that was launched did not answer." }
      : { kind: "open", browser };
  } catch (cause) {
    const message = String(cause instanceof Error ? cause.message : cause);
    if (heard.refusal !== null) return { kind: "turned_away", retryAfter: await waitNamedBy(binding, heard.refusal) };
    return { kind: NO_CHROMIUM.test(message) ? "no_browser" : "lost", message };
  }
}

/** What the platform answered while a browser was launched, which puppeteer's error does not tell. */
interface Heard {
  refusal: { readonly retryAfter: Milliseconds | null } | null;
}

const listeningTo = (binding: BrowserBinding, heard: Heard): BrowserBinding => ({
  fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
    const response = await binding.fetch(input, init);
    // The time of the date form is the platform's own affair: it names seconds (browser-run/limits).
    if (response.status === 429) heard.refusal = { retryAfter: readRetryAfter(response.headers.get("retry-after"), 0) };
    return response;
  },
});

async function waitNamedBy(
  binding: BrowserBinding,
  { retryAfter }: NonNullable<Heard["refusal"]>,
): Promise<Milliseconds> {
  if (retryAfter !== null) return retryAfter;
  const limits = await puppeteer.limits(binding).catch(() => null);
  return Math.max(limits?.timeUntilNextAllowedBrowserAcquisition ?? 0, BUSY_WAIT_MS);
}

/** Whether the browser still answers. */
export async function isWell(browser: Pick<Browser, "connected" | "version">): Promise<boolean> {
  if (!browser.connected) return false;
  return (await within(HEALTH_TIMEOUT_MS, browser.version()).catch(() => null)) !== null;
}

async function leaveWarm(browser: Browser): Promise<string> {
  const session = browser.sessionId();
  await browser.disconnect();
  return session;
}

async function close(browser: Browser): Promise<null> {
  // It may hang: then it ends by being idle.
  if (browser.connected) await within(CLOSE_TIMEOUT_MS, browser.close()).catch(() => {});
  return null;
}
