/** A real browser with a profile of its own, and what its pages say that people do not see. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { findChromium } from "../../scripts/chromium.ts";

/** A slow machine takes its time; nothing waits for longer than it must. */
const LAUNCH_WITHIN_MS = 60_000;
const STEP_WITHIN_MS = 40_000;

const FLAGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

export interface Tab {
  readonly page: Page;
  /** What the browser says is wrong with the pages in it. */
  readonly troubles: string[];
}

export class Chromium {
  readonly #profile: string;
  readonly #browser: Browser;

  private constructor(profile: string, browser: Browser) {
    this.#profile = profile;
    this.#browser = browser;
  }

  static async start(): Promise<Chromium> {
    const executablePath = findChromium();
    if (executablePath === null) throw new Error("There is no Chromium here; vitest.config.ts leaves these tests out.");
    const profile = mkdtempSync(join(tmpdir(), "carillon-browser-"));
    const options = { executablePath, userDataDir: profile, headless: true, timeout: LAUNCH_WITHIN_MS };
    return new Chromium(profile, await puppeteer.launch({ ...options, args: FLAGS }));
  }

  /** A tab. */
  open = async (): Promise<Tab> => this.#watch(await this.#browser.newPage());

  /** A tab of somebody else: with cookies of its own. */
  openAside = async (): Promise<Tab> => this.#watch(await (await this.#browser.createBrowserContext()).newPage());

  #watch(page: Page): Tab {
    page.setDefaultTimeout(STEP_WITHIN_MS);
    const troubles: string[] = [];
    page.on("console", (message) => {
      if (["error", "warn"].includes(message.type())) troubles.push(message.text());
    });
    page.on("pageerror", (thrown) => troubles.push(String(thrown)));
    return { page, troubles };
  }

  async end(): Promise<void> {
    await this.#browser.close();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
