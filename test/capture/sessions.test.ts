/** Browsers are launched seldom, used again, and never left broken. */
import { env } from "cloudflare:workers";
import puppeteer, { type Browser } from "@cloudflare/puppeteer";
import { afterAll, describe, expect, it } from "vitest";
import { takeShot } from "../../src/capture/camera.ts";
import { type BrowserBinding, type BrowserUse, withBrowser } from "../../src/capture/sessions.ts";
import { flagged, ownShot, TOOLS } from "../support/shots.ts";

const opened: string[] = [];

/** The session of a browser that is warm afterwards. */
function sessionOf(use: BrowserUse<unknown>): string {
  if (use.kind !== "done" || use.session === null) throw new Error(`Not warm: ${JSON.stringify(use)}`);
  opened.push(use.session);
  return use.session;
}

afterAll(async () => {
  for (const session of new Set(opened)) {
    await puppeteer.connect(env.BROWSER, session).then(
      (browser) => browser.close(),
      () => {},
    );
  }
});

const HELLO = ownShot(flagged("<h1>Hello 42</h1>"));

const hello = (browser: Browser) => takeShot(browser, HELLO, TOOLS);

/** A binding that answers the launch of a browser so. */
const answering = (launch: () => Response, limits?: object): BrowserBinding => ({
  fetch: async (input: RequestInfo | URL) =>
    String(input).endsWith("/limits") && limits !== undefined ? Response.json(limits) : launch(),
});

const REFUSAL = "Rate limit exceeded";

describe("a browser", () => {
  it("is launched where there is none, left warm, and used again", async () => {
    const first = await withBrowser(env.BROWSER, null, hello);
    expect(first).toMatchObject({ kind: "done", result: { ok: true } });
    const session = sessionOf(first);
    const second = await withBrowser(env.BROWSER, session, async (browser) => {
      // Nothing of the capture before is left: one page, which every browser starts with.
      expect(browser.targets().filter((target) => target.type() === "page").length).toBe(1);
      return hello(browser);
    });
    expect(second).toMatchObject({ kind: "done", result: { ok: true }, session });
  });

  it("is launched anew where the warm session is gone", async () => {
    const use = await withBrowser(env.BROWSER, "0194f1e0-0000-7000-8000-00000000dead", async () => "done");
    expect(use).toMatchObject({ kind: "done", result: "done" });
    expect(sessionOf(use)).not.toContain("dead");
  });

  it("that ends in the middle of a capture makes it fail as lost, and is not given back", async () => {
    const use = await withBrowser(env.BROWSER, null, async (browser) => {
      const page = ownShot(() => {
        browser.close().catch(() => {});
        return new Response(flagged("<h1>Hello</h1>"), { headers: { "content-type": "text/html" } });
      });
      return takeShot(browser, page, TOOLS);
    });
    expect(use).toMatchObject({
      kind: "done",
      session: null,
      result: { ok: false, failure: { reason: "browser_lost" } },
    });
  });

  it("that somebody else ends while it works makes the capture fail as lost too", async () => {
    const use = await withBrowser(env.BROWSER, null, async (browser) => {
      const killer = await puppeteer.connect(env.BROWSER, browser.sessionId());
      const busy = ownShot(() => {
        killer.close().catch(() => {});
        return new Response("<h1 aria-busy=true>Hello</h1>", { headers: { "content-type": "text/html" } });
      });
      return takeShot(browser, busy, TOOLS);
    });
    expect(use).toMatchObject({
      kind: "done",
      session: null,
      result: { ok: false, failure: { reason: "browser_lost" } },
    });
  });

  it("is closed when the work throws", async () => {
    let browser: Browser | undefined;
    const work = async (given: Browser): Promise<never> => {
      browser = given;
      throw new Error("the store is gone");
    };
    await expect(withBrowser(env.BROWSER, null, work)).rejects.toThrow("the store is gone");
    expect(browser?.connected).toBe(false);
  });
});

describe("a page", () => {
  it("whose process crashes is lost, and can be tried again", async () => {
    const use = await withBrowser(env.BROWSER, null, async (browser) => {
      const page = ownShot(() => {
        void crashPages(browser);
        return new Response("<h1 aria-busy=true>Hello</h1>", { headers: { "content-type": "text/html" } });
      });
      const crashed = await takeShot(browser, page, TOOLS);
      return [crashed, await hello(browser)];
    });
    sessionOf(use);
    expect(use).toMatchObject({ result: [{ ok: false, failure: { reason: "browser_lost" } }, { ok: true }] });
  });
});

async function crashPages(browser: Browser): Promise<void> {
  for (const context of browser.browserContexts().slice(1)) {
    for (const page of await context.pages()) {
      await page.waitForSelector("h1");
      const session = await page.createCDPSession();
      await session.send("Page.crash").catch(() => {});
    }
  }
}

describe("a platform that launches no browser", () => {
  const never = async (): Promise<never> => {
    throw new Error("There was nothing to work with");
  };

  it("names its wait in the answer", async () => {
    const binding = answering(() => new Response(REFUSAL, { status: 429, headers: { "retry-after": "11" } }));
    expect(await withBrowser(binding, null, never)).toEqual({ kind: "turned_away", retryAfter: 11_000 });
  });

  it("or in its limits, and never less than a moment", async () => {
    const refuse = () => new Response(REFUSAL, { status: 429 });
    const wait = (time: number) => answering(refuse, { timeUntilNextAllowedBrowserAcquisition: time });
    expect(await withBrowser(wait(20_000), null, never)).toEqual({ kind: "turned_away", retryAfter: 20_000 });
    expect(await withBrowser(wait(0), null, never)).toEqual({ kind: "turned_away", retryAfter: 5_000 });
    expect(await withBrowser(answering(refuse), null, never)).toEqual({ kind: "turned_away", retryAfter: 5_000 });
  });

  it("because it has trouble is told apart from a machine that has no browser", async () => {
    const trouble = answering(() => new Response("Internal error", { status: 500 }));
    expect(await withBrowser(trouble, null, never)).toMatchObject({ kind: "lost" });
    const none = answering(() => new Response("spawn chrome ENOENT", { status: 500 }));
    expect(await withBrowser(none, null, never)).toMatchObject({ kind: "no_browser" });
  });
});
