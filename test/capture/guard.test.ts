/** What a page cannot do: reach what the rules refuse, by any way a browser knows, or get out of its own window. */
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Shot } from "../../src/capture/shot.ts";
import { EVIDENCE_TEXT_MAX_LENGTH } from "../../src/domain/captures/evidence.ts";
import { newId } from "../../src/system.ts";
import { textOf } from "../support/pdf-text.ts";
import {
  closeTheBrowser,
  externalShot,
  failure,
  flagged,
  openPages,
  ownShot,
  STRICT,
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

/** A fresh place on this machine's loopback that notes whatever arrives. */
function makeBox() {
  const name = newId();
  const path = `/box-${name}/`;
  const arrived = async (): Promise<readonly string[]> => (await fetch(`${env.PAGES}/hits?box=${name}`)).json();
  return { path, url: `${env.PAGES}${path}`, arrived };
}

const script = (text: string): string => `<h1>Hello 42</h1><script>${text}</script>`;

/** Vouched for as soon as it has had the time to try. */
const trying = (text: string): string =>
  flagged(
    script(`${text}; setTimeout(() => { document.documentElement.dataset.carillonReady = "true"; }, 700);`),
  ).replace('ready="true"', 'ready="false"');

describe.concurrent("an own page that asks for what is refused fails, and nothing arrives", () => {
  it.each<[string, (url: string) => string]>([
    ["a fetch", (url) => trying(`fetch("${url}")`)],
    ["a picture", (url) => flagged(`<h1>Hello</h1><img src="${url}">`)],
    ["a frame", (url) => flagged(`<h1>Hello</h1><iframe src="${url}"></iframe>`)],
    ["a style", (url) => flagged("<h1>Hello</h1>", `<link rel="stylesheet" href="${url}">`)],
    ["a beacon", (url) => trying(`navigator.sendBeacon("${url}")`)],
    ["an event stream", (url) => trying(`new EventSource("${url}")`)],
    [
      "a form",
      (url) =>
        trying(
          `document.body.innerHTML += '<form target="f" action="${url}"></form><iframe name="f"></iframe>'; document.forms[0].submit()`,
        ),
    ],
    ["a fetch of a worker", (url) => trying(`new Worker(URL.createObjectURL(new Blob(['fetch("${url}")'])))`)],
    ["a script of a worker", (url) => trying(`new Worker(URL.createObjectURL(new Blob(['importScripts("${url}")'])))`)],
    [
      "a script of a frame of its own text",
      (url) => flagged(`<h1>Hello</h1><iframe srcdoc="<script src='${url}'></script>"></iframe>`),
    ],
  ])("%s", async (_what, html) => {
    const box = makeBox();
    const outcome = await failure(ownShot(html(box.url)), "address_refused", STRICT);
    expect(outcome.failure.message).toBe("The page asked for an address that is refused.");
    expect(outcome.failure.detail).toContain(box.url);
    expect(outcome.evidence.requests).toContainEqual(
      expect.objectContaining({ url: expect.stringContaining(box.url), outcome: "refused" }),
    );
    expect(await box.arrived()).toEqual([]);
  });

  it("another address of this deployment, by whatever name it is called", async () => {
    const own = "https://carillon.example.com/v1/me";
    expect((await failure(ownShot(trying(`fetch("${own}")`)), "address_refused")).failure.detail).toContain(own);
    await failure(ownShot(trying('fetch("/v1/projects")')), "address_refused");
  });

  it("a redirect of the page itself is not followed", async () => {
    const box = makeBox();
    await failure(
      ownShot(() => Response.redirect(box.url, 302)),
      "redirected",
      STRICT,
    );
    await failure(
      ownShot(flagged(`<meta http-equiv="refresh" content="0;url=${box.url}"><h1>Hello</h1>`)),
      "redirected",
      STRICT,
    );
    expect(await box.arrived()).toEqual([]);
  });
});

describe.concurrent("what the browser does not ask for one by one is closed", () => {
  const closed: readonly [string, (box: { path: string; url: string }) => Shot][] = [
    ["a WebSocket", ({ url }) => ownShot(trying(`new WebSocket("${url.replace("http", "ws")}")`))],
    [
      "a WebSocket of a worker",
      ({ url }) =>
        ownShot(trying(`new Worker(URL.createObjectURL(new Blob(['new WebSocket("${url.replace("http", "ws")}")'])))`)),
    ],
    ["a window that opens", ({ url }) => ownShot(trying(`open("${url}")`))],
    [
      "a link to a new window",
      ({ url }) =>
        ownShot(
          trying(
            `const a = document.createElement("a"); a.href = "${url}"; a.target = "_blank"; document.body.append(a); a.click()`,
          ),
        ),
    ],
    [
      "a shared worker",
      ({ url }) =>
        ownShot(trying(`try { new SharedWorker(URL.createObjectURL(new Blob(['fetch("${url}")']))) } catch {}`)),
    ],
    ["windows of a page outside", ({ url }) => externalShot(`/popups?to=${encodeURIComponent(url)}`)],
  ];

  it.each(closed)("%s", async (_what, shotOf) => {
    const box = makeBox();
    expect(await take(shotOf(box), TOOLS)).toMatchObject({ ok: true });
    expect(await box.arrived()).toEqual([]);
  });

  it("WebRTC, and service workers, also in a frame that was only just made", async () => {
    const html = trying(`const f = document.createElement("iframe"); document.body.append(f);
      document.querySelector("h1").textContent = [typeof RTCPeerConnection, typeof f.contentWindow.RTCPeerConnection,
        typeof navigator.serviceWorker, typeof SharedWorker].join(" ")`);
    const { pdf } = await taken(ownShot(html, { formats: ["pdf"] }));
    expect((await textOf(pdf.bytes)).join()).toContain("undefined undefined undefined undefined");
  });

  it("a frame of another site, and a worker from outside: fetches are judged there, and WebSockets closed", async () => {
    const box = makeBox();
    const there = env.PAGES.replace("127.0.0.1", "localhost");
    const framing = `/framing?frame=${encodeURIComponent(there)}&to=`;
    // A frame may fetch what the rules let through; a WebSocket is nobody's but the page's own.
    expect(await take(externalShot(`${framing}${encodeURIComponent(there + box.path)}`))).toMatchObject({ ok: true });
    expect(await take(externalShot(`/worker?to=${encodeURIComponent(there + box.path)}`))).toMatchObject({ ok: true });
    expect(await box.arrived()).toEqual(["GET fetch"]);
    const private_ = externalShot(`${framing}${encodeURIComponent("http://10.1.2.3/")}`);
    expect((await failure(private_, "address_refused")).failure.detail).toContain("http://10.1.2.3/fetch");
  });

  it("but a page outside has WebSockets to its own host, as many apps need", async () => {
    const box = makeBox();
    const socket = encodeURIComponent(box.url.replace("http", "ws"));
    expect(await take(externalShot(`/socket?socket=${socket}`))).toMatchObject({ ok: true });
    expect(await box.arrived()).toEqual(["websocket "]);
  });
});

describe.concurrent("nothing holds a page up", () => {
  it("dialogs do not, as it opens or as it is left", async () => {
    expect(await take(externalShot("/alert"))).toMatchObject({ ok: true });
  });

  it("a download that it starts does not", async () => {
    const html = trying(
      `const a = document.createElement("a"); a.href = "data:text/csv,a"; a.download = "a.csv"; document.body.append(a); a.click()`,
    );
    expect(await take(ownShot(html))).toMatchObject({ ok: true });
  });

  it("the site's icon, which the browser asks for by itself, is not held against it", async () => {
    const html = flagged("<h1>Hello</h1>", '<link rel="icon" href="/favicon.ico"><img src="/favicon.ico" hidden>');
    expect(await take(ownShot(html), STRICT)).toMatchObject({ ok: true });
  });

  it("contents that are part of the page are no requests", async () => {
    const pixel = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
    const html = trying(
      `document.body.innerHTML += '<img src="${pixel}" width="9">'; fetch(URL.createObjectURL(new Blob(["x"])))`,
    );
    expect(await take(ownShot(html), STRICT)).toMatchObject({ ok: true });
  });
});

it.concurrent("a page's own policy stays in force beside ours", async () => {
  const html = trying(`document.querySelector("h1").style.fontSize = "80px"`);
  const headers = { "content-type": "text/html", "content-security-policy": "script-src 'none'" };
  await failure(
    ownShot(() => new Response(html, { headers })),
    "not_ready",
  );
});

describe.concurrent("what would not fit into the Worker's memory does not get there", () => {
  it("a document that turns out to be huge fails by name, and the next page in that browser is well", async () => {
    const { failure: why } = await failure(externalShot("/huge?mib=12"), "too_large");
    expect(why.message).toBe("A document of the page is larger than 8 MiB.");
    expect(await take(externalShot("/huge?mib=1"))).toMatchObject({ ok: true });
  });

  it("what a page says at length is cut where it says it", async () => {
    const html = trying(`console.error("x".repeat(5_000_000)); console.error({ some: "thing" })`);
    const outcome = await take(ownShot(html));
    const [long, short] = outcome.evidence.console;
    expect(long?.text.length).toBeLessThanOrEqual(EVIDENCE_TEXT_MAX_LENGTH);
    expect(short).toEqual({ level: "error", text: "Object" });
  });
});

it.concurrent("WebTransport is not there in workers, and in workers of workers", async () => {
  const nested = "postMessage(typeof WebTransport)";
  const outer = `const n = new Worker(URL.createObjectURL(new Blob(["${nested}"])));
    n.onmessage = ({ data }) => postMessage([typeof WebTransport, data, typeof RTCPeerConnection].join(" "));`;
  const html = trying(`const w = new Worker(URL.createObjectURL(new Blob([${JSON.stringify(outer)}])));
    w.onmessage = ({ data }) => { document.querySelector("h1").textContent = data; }`);
  const { pdf } = await taken(ownShot(html, { formats: ["pdf"] }));
  expect((await textOf(pdf.bytes)).join()).toContain("undefined undefined undefined");
});

it.concurrent("an address may be as long as the page likes", async () => {
  const long = "x".repeat(4_000);
  const html = trying(`fetch("${env.PAGES}/data?filter=${long}")`);
  expect(await take(ownShot(html))).toMatchObject({ ok: true });
  const refused = await failure(ownShot(trying(`fetch("https://10.1.2.3/data?filter=${long}")`)), "address_refused");
  expect(refused.failure.detail).toContain("https://10.1.2.3/data");
});
