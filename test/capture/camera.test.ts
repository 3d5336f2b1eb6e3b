/** What becomes a capture, and what a named failure: pages that are late, busy, broken, elsewhere or not there. */
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_LAYOUT } from "../../src/domain/captures/capture.ts";
import type { WaitName } from "../../src/domain/captures/evidence.ts";
import { textOf } from "../support/pdf-text.ts";
import {
  closeTheBrowser,
  externalShot,
  failure,
  flagged,
  openPages,
  ownShot,
  PATIENCE,
  pixelsOf,
  RUN,
  TOKEN,
  TOOLS,
  take,
  taken,
  theBrowser,
} from "../support/shots.ts";

beforeAll(theBrowser);

afterAll(async () => {
  expect(await openPages(), "pages left open").toBe(0);
  await closeTheBrowser();
});

const waitsOf = (outcome: Awaited<ReturnType<typeof take>>): Readonly<Partial<Record<WaitName, boolean>>> =>
  Object.fromEntries(outcome.evidence.waits.map(({ name, passed }) => [name, passed]));

/** The words of a page, read back from its print. */
async function wordsIn(outcome: Awaited<ReturnType<typeof take>>): Promise<string> {
  const print = outcome.ok ? outcome.taken.find(({ format }) => format === "pdf") : undefined;
  if (print === undefined) throw new Error(`Not printed: ${JSON.stringify({ ...outcome, partialPicture: null })}`);
  return (await textOf(print.bytes)).join("\n");
}

const wordsOf = async (path: string): Promise<string> => wordsIn(await take(externalShot(path, { formats: ["pdf"] })));

describe.concurrent("a page is waited for", () => {
  it("until its own flag says that it is ready, whatever else went wrong meanwhile", async () => {
    const outcome = await take(externalShot("/flag-late", { formats: ["pdf"] }));
    expect(outcome).toMatchObject({ ok: true, evidence: { readyBy: "flag", console: [{ level: "exception" }] } });
    expect(waitsOf(outcome)).toMatchObject({ document: true, flag: true, fonts: true, images: true, content: true });
    expect(await wordsIn(outcome)).toContain("Ready 42");
  });

  it("until the project's selector is visible, where the page never becomes quiet", async () => {
    const outcome = await take(externalShot("/selector", { formats: ["pdf"], readySelector: "#done" }));
    expect(outcome).toMatchObject({ ok: true, evidence: { readyBy: "selector" } });
    expect(await wordsIn(outcome)).toContain("Done 42");
  });

  it("until it is quiet, where nobody vouches for it", async () => {
    const outcome = await take(externalShot("/late", { formats: ["pdf"] }));
    expect(outcome).toMatchObject({ ok: true, evidence: { readyBy: "quiet" } });
    expect(waitsOf(outcome)).toMatchObject({ network: true, dom: true, spinner: true });
    expect(await wordsIn(outcome)).toContain("The value is 42");
  });

  it("until what is only loaded when it is scrolled to is there", async () => {
    const { png } = await taken(externalShot("/lazy"));
    const { at, height } = pixelsOf(png.bytes);
    expect(height).toBeGreaterThan(6_000);
    expect(at(150, height - 150)).toBe("#008000");
  });

  it("until its web font has loaded and it is drawn with it", async () => {
    const { at } = pixelsOf((await taken(externalShot("/font"))).png.bytes);
    expect([at(2, 2), at(400, 100), at(797, 197)]).toEqual(["#ff0000", "#ff0000", "#ff0000"]);
    expect([at(803, 100), at(400, 203)]).toEqual(["#ffffff", "#ffffff"]);
  });

  it("until a chart that asks for its data is drawn", async () => {
    const { at } = pixelsOf((await taken(externalShot("/chart"))).png.bytes);
    expect([at(200, 200), at(200, 600)]).toEqual(["#0000ff", "#00ff00"]);
  });
});

describe.concurrent("a page that is not ready in its time is a failure that names the wait", () => {
  it("a spinner that goes on", async () => {
    const outcome = await failure(externalShot("/spinner"), "not_ready");
    expect(outcome.failure).toMatchObject({
      message: expect.stringContaining("quiet (a spinner)"),
      detail: "an element of class chart-spinner",
    });
    expect(waitsOf(outcome)).toMatchObject({ network: true, dom: true, spinner: false });
    expect(outcome.evidence.hasPartialPicture).toBe(true);
    expect(pixelsOf(outcome.partialPicture ?? new Uint8Array())).toMatchObject({ width: 640, height: 800 });
  });

  it("a document that goes on changing", async () => {
    const outcome = await failure(externalShot("/ticking"), "not_ready");
    expect(waitsOf(outcome)).toMatchObject({ network: true, dom: false });
  });

  it("a request that does not end, kept without its token", async () => {
    const outcome = await failure(externalShot("/endless-picture"), "not_ready");
    expect(outcome.failure.detail).toContain("/never?carillon_token=…");
    expect(outcome.evidence.requests).toEqual([
      { url: `${env.PAGES}/never?carillon_token=…`, outcome: "pending", status: null, type: "image" },
    ]);
  });

  it("a selector that is not there, or that is none", async () => {
    const missing = await failure(externalShot("/good", { readySelector: "#absent" }), "not_ready");
    expect(missing.failure).toMatchObject({
      message: expect.stringContaining("its selector."),
      detail: "#absent is not there.",
    });
    const invalid = await failure(externalShot("/good", { readySelector: "a[" }), "selector_invalid");
    expect(invalid.failure.detail).toBe("a[");
  });

  it("a flag that stays false, or that is of another run", async () => {
    const html = flagged("<h1>Hello</h1>");
    const never = await failure(ownShot(html.replace('"true"', '"false"')), "not_ready");
    expect(never.failure).toMatchObject({
      message: expect.stringContaining("its flag."),
      detail: 'data-carillon-ready is "false".',
    });
    const other = await failure(ownShot(html.replace(RUN, "another")), "other_run");
    expect(other.evidence.waits).toContainEqual(expect.objectContaining({ name: "flag", passed: false }));
  });
});

/** By themselves: what else goes on would take of their time. */
describe("a page that is not ready in its time is a failure, whichever time it was", () => {
  it("a document, however much of its time went by before it answered", async () => {
    const tools = { ...TOOLS, patience: { ...PATIENCE, document: 3_000 }, timeout: 5_000 };
    const outcome = await failure(externalShot("/slow?after=2400"), "not_ready", tools);
    expect(waitsOf(outcome)).toEqual({ document: false });
  });

  it("all of it together, where the attempt's own time is up first", async () => {
    const outcome = await failure(externalShot("/spinner"), "too_slow", { ...TOOLS, timeout: 1_500 });
    expect(outcome.partialPicture).not.toBeNull();
  });
});

describe.concurrent("a page that nobody vouches for fails by what went wrong while it loaded", () => {
  it("a script error, with what the console said and no token in it", async () => {
    const outcome = await failure(externalShot("/script-error"), "script_error");
    expect(outcome.failure.message).toBe("A script of the page failed.");
    expect(outcome.failure.detail).toContain("no data for cpt_…");
    expect(outcome.evidence.console.map(({ level }) => level)).toEqual(["warning", "exception"]);
    expect(JSON.stringify({ ...outcome, partialPicture: null })).not.toContain("secret");
  });

  it("a script that could not be loaded", async () => {
    const outcome = await failure(externalShot("/missing-script"), "load_failed");
    expect(outcome.failure).toMatchObject({
      message: "A request that the page needs failed.",
      detail: `${env.PAGES}/gone.js?token=… (404)`,
    });
    expect(outcome.evidence.requests).toContainEqual({
      url: `${env.PAGES}/gone.js?token=…`,
      outcome: "bad_status",
      status: 404,
      type: "script",
    });
  });

  it("a broken picture", async () => {
    expect((await failure(externalShot("/broken-picture"), "load_failed")).failure.detail).toContain("/gone.png");
  });
});

describe.concurrent("only the page itself is captured", () => {
  it("an error is none, and says when to come again", async () => {
    const broken = await failure(externalShot("/status-500"), "bad_status");
    expect(broken.failure.message).toContain("500");
    expect(broken.partialPicture).not.toBeNull();
    expect(await failure(externalShot("/status-429"), "bad_status")).toMatchObject({ retryAfter: 7_000 });
    const own = ownShot(() => new Response("gone", { status: 404, headers: { "content-type": "text/html" } }));
    expect((await failure(own, "bad_status")).failure.message).toContain("404");
  });

  it("a private page opens with its token, and not without", async () => {
    expect(await wordsOf("/private?carillon_token=cpt_right")).toContain("Private 42");
    await failure(externalShot("/private?carillon_token=cpt_wrong"), "bad_status");
  });

  it("a redirect to a sign-in, to another site, or from a page of ours is refused", async () => {
    const outcome = await failure(externalShot("/to-sign-in"), "redirected");
    expect(outcome.failure.message).toBe("The page led to another one.");
    expect(outcome.failure.detail).toContain("/sign-in");
    await failure(externalShot("/to-elsewhere"), "redirected");
    await failure(
      ownShot(() => Response.redirect("https://carillon.example.com/sign-in", 302)),
      "redirected",
    );
    await failure(ownShot(flagged('<script>location.href = "https://example.com/"</script>')), "redirected");
  });

  it("a redirect within the site that keeps the run is followed", async () => {
    expect(await wordsOf("/to-good")).toContain("All is well: 42");
  });

  it("a download is no page; no answer, and nobody there, are unreachable", async () => {
    const download = await failure(externalShot("/download"), "download");
    expect(download).toMatchObject({ partialPicture: null, evidence: { hasPartialPicture: false } });
    expect((await failure(externalShot("/never"), "unreachable")).failure.message).toContain("no answer within 4");
    const nobody = externalShot("http://127.0.0.1:9/");
    expect((await failure(nobody, "unreachable")).failure.message).toContain("net::ERR_");
  });

  it("what our own page throws is passed on as the cause", async () => {
    const broken = ownShot(() => {
      throw new Error("no such run");
    });
    await expect(take(broken)).rejects.toMatchObject({ cause: { message: "no such run" } });
  });
});

describe.concurrent("a picture of nothing is a failure", () => {
  it.each([
    ["a white page", ""],
    ["a page of one colour", "<style>html { background: #204060 }</style>"],
    ["a faint line", '<hr style="border:0;border-top:1px solid #eeeeee">'],
    ["a line", '<hr style="border:0;border-top:1px solid #000000">'],
    ["a full stop", "."],
    ["a very large empty table's frame", '<div style="height:3000px;border-left:1px solid #000"></div>'],
  ])("%s", async (_what, body) => {
    const outcome = await failure(ownShot(flagged(body)), "blank");
    expect(waitsOf(outcome)).toMatchObject({ flag: true, content: false });
    expect(outcome.evidence.contentShare).toBeLessThan(0.01);
  });

  it.each([
    ["one short number", "42"],
    ["one figure", "1"],
    ["a small remark in grey", '<p style="color:#999999;font:12px sans-serif">n/a</p>'],
    ["a word on a very high page", '42<div style="height:9000px"></div>'],
  ])("%s is something", async (_what, body) => {
    const outcome = await take(ownShot(flagged(body)));
    expect(outcome.ok).toBe(true);
    expect(outcome.evidence.contentShare).toBeGreaterThan(0);
  });
});

it.concurrent("a page is shown in its schedule's zone, in light colours and without motion", async () => {
  const says = `<p id="p"></p><script>p.textContent = [Intl.DateTimeFormat().resolvedOptions().timeZone,
    matchMedia("(prefers-color-scheme: light)").matches, matchMedia("(prefers-reduced-motion: reduce)").matches,
    innerWidth, devicePixelRatio].join(" ")</script>`;
  const { pdf } = await taken(ownShot(flagged(says), { formats: ["pdf"], layout: DEFAULT_LAYOUT }));
  expect((await textOf(pdf.bytes)).join()).toContain("Europe/Berlin true true 1280 2");
});

it.concurrent("two captures at the same time do not see each other's storage or cookies", async () => {
  const marks = ["one", "two"].map((mark) => wordsOf(`/storage?mark=${mark}`));
  for (const words of await Promise.all(marks)) expect(words).toContain("Seen: nothing and nothing");
});

it.concurrent("no evidence holds the token that opened the page", async () => {
  const body = `<h1>Hello</h1><script>console.error(location.href); fetch(location.href + "&again").catch(() => {}); throw new Error(location.search)</script>`;
  const outcome = await take(ownShot(flagged(body)));
  expect(outcome.evidence.console.length).toBeGreaterThan(1);
  expect(JSON.stringify(outcome.evidence)).not.toContain(TOKEN);
});
