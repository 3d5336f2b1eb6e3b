/**
 * Somebody's web server, for real: an HTTP server on loopback with the pages that the browser is sent to in tests. The browser
 * reaches it by itself, past workerd.
 *
 * What was asked for below `/box-<name>/` is kept, with attempts at a WebSocket, and told by `GET /hits?box=<name>`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    pages: string;
  }
}

/** A font of one letter, X, which is a full square. */
const BLOCKS_FONT =
  "AAEAAAAKAIAAAwAgT1MvMkU4RdwAAAEoAAAAYGNtYXAADACrAAABkAAAADRnbHlmA24F4AAAAcwAAAAaaGVhZDFQFBAAAACsAAAANmhoZWEHCgMiAAAA5AAAACRobXR4A+gAAAAAAYgAAAAGbG9jYQANAAAAAAHEAAAABm1heHAABAAGAAABCAAAACBuYW1l4ZcMmQAAAegAAABdcG9zdG11aM0AAAJIAAAALAABAAAAAQAA/XTqzF8PPPUAAwPoAAAAAOcoaGwAAAAA5yhobAAA/zgD6AMgAAAAAwACAAAAAAAAAAEAAAMg/zgAAAPoAAAAAAPoAAEAAAAAAAAAAAAAAAAAAAABAAEAAAACAAQAAQAAAAAAAgAAAAAAAAAAAAAAAAAAAAAAAwPoAZAABQAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAPz8/PwAAAFgAWAMg/zgAAAMgAMgAAAAAAAAAAAAAAAAAAAAgAAAD6AAAAAAAAAAAAAIAAAADAAAAFAADAAEAAAAUAAQAIAAAAAQABAABAAAAWP//AAAAWP///6kAAQAAAAAAAAAAAA0AAAABAAD/OAPoAyAAAwAAFREhEQPoyAPo/BgAAAAAAAAEADYAAQAAAAAAAQAGAAAAAQAAAAAAAgAHAAYAAwABBAkAAQAMAA0AAwABBAkAAgAOABlCbG9ja3NSZWd1bGFyAEIAbABvAGMAawBzAFIAZQBnAHUAbABhAHIAAAAAAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACAAABAgVibG9jaw==";

const hits = new Map<string, string[]>();

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    answer(request, response).catch((cause) => response.destroy(cause));
  });
  server.on("upgrade", (request, socket) => {
    note(new URL(request.url ?? "/", "http://pages").pathname, "websocket");
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  project.provide("pages", `http://127.0.0.1:${port}`);
  return async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
}

function note(path: string, how: string): boolean {
  const [, box, rest] = /^\/box-([\w-]+)\/(.*)$/.exec(path) ?? [];
  if (box === undefined) return false;
  hits.set(box, [...(hits.get(box) ?? []), `${how} ${rest}`]);
  return true;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  const url = new URL(request.url ?? "/", "http://pages");
  response.setHeader("access-control-allow-origin", "*");
  if (note(url.pathname, request.method ?? "")) return send(response, 200, "noted", "text/plain");
  if (url.pathname === "/hits") {
    return send(response, 200, JSON.stringify(hits.get(url.searchParams.get("box") ?? "") ?? []), "application/json");
  }
  if (url.pathname === "/data") {
    await new Promise((resolve) => setTimeout(resolve, Number(url.searchParams.get("after") ?? 0)));
    return send(response, 200, JSON.stringify({ value: 42 }), "application/json");
  }
  if (url.pathname === "/never") return undefined;
  if (url.pathname === "/slow") {
    await new Promise((resolve) => setTimeout(resolve, Number(url.searchParams.get("after"))));
    return send(response, 200, page('<h1>Half a page</h1><script src="/never"></script>'));
  }
  if (url.pathname === "/blocks.ttf") return send(response, 200, Buffer.from(BLOCKS_FONT, "base64"), "font/ttf");
  if (url.pathname === "/worker.js") return send(response, 200, workerScript(url), "text/javascript");
  return answerPage(url, request, response);
}

function answerPage(url: URL, request: IncomingMessage, response: ServerResponse): unknown {
  const { pathname, search } = url;
  switch (pathname) {
    case "/status-500":
      return send(response, 500, "<h1>It broke</h1>");
    case "/status-429":
      response.setHeader("retry-after", "7");
      return send(response, 429, "<h1>Later</h1>");
    case "/private":
      return url.searchParams.get("carillon_token") === "cpt_right"
        ? send(response, 200, page("<h1>Private 42</h1>"))
        : send(response, 403, "<h1>Who are you?</h1>");
    case "/to-sign-in":
      return redirect(response, "/sign-in");
    case "/sign-in":
      return send(response, 200, page("<h1>Sign in</h1>"));
    case "/to-elsewhere":
      return redirect(response, `http://localhost:${request.socket.localPort}/good${search}`);
    case "/to-good":
      return redirect(response, `/good${search}`);
    case "/huge":
      return sendChunked(response, Number(url.searchParams.get("mib")));
    case "/download":
      response.setHeader("content-disposition", "attachment; filename=report.csv");
      return send(response, 200, "a,b", "text/csv");
    default:
      return send(response, PAGES[pathname] === undefined ? 404 : 200, PAGES[pathname]?.(url) ?? "not found");
  }
}

/** A document of so many MiB, whose size is not announced. */
function sendChunked(response: ServerResponse, mebibytes: number): void {
  response.writeHead(200, { "content-type": "text/html" });
  response.write(page("<h1>Huge</h1>"));
  for (let sent = 0; sent < mebibytes; sent += 1) response.write(`<!--${"x".repeat(1_048_576)}-->`);
  response.end();
}

const page = (body: string, head = ""): string =>
  `<!doctype html><html><head><meta charset="utf-8"><title>A page</title>${head}</head><body>${body}</body></html>`;

const script = (text: string): string => `<script>${text}</script>`;

/** Draws a value that it has to ask for. */
const LATE = script(
  `fetch("/data?after=900").then((answer) => answer.json()).then(({ value }) => { document.querySelector("main").innerHTML = "<h1>The value is " + value + "</h1>"; });`,
);

/** Asks for its value once it is seen. */
const LAZY_END = `<main id="end" style="min-height:20px">-</main>${script(
  `new IntersectionObserver(([entry]) => { if (entry.isIntersecting) fetch("/data").then((answer) => answer.json()).then(({ value }) => { end.innerHTML = "<h1>The end is " + value + "</h1>"; }); }).observe(document.getElementById("end"));`,
)}`;

const PAGES: Readonly<Record<string, (url: URL) => string>> = {
  /** 30 bars of 100 pixels in a part that scrolls. */
  "/part": ({ searchParams }) =>
    page(
      `<div style="height:${searchParams.get("high")};overflow:auto">${'<div style="height:100px">Bar</div>'.repeat(30)}</div>`,
    ),
  "/good": () => page("<h1>All is well: 42</h1>"),
  "/late": () => page(`<main></main>${LATE}`),
  "/lazy": () =>
    page(
      `<h1>Top</h1><div style="height:3000px"></div><main id="end">-</main>${script(
        `new IntersectionObserver(([entry]) => { if (entry.isIntersecting) fetch("/data?after=200").then((answer) => answer.json()).then(({ value }) => { end.innerHTML = "<div style='width:200px;height:200px;background:#008000'>" + value + "</div>"; }); }).observe(document.getElementById("end"));`,
      )}`,
    ),
  "/lazy-far": () => page(`<h1>Top</h1><div style="height:13000px"></div>${LAZY_END}`),
  "/lazy-inside": () =>
    page(`<div style="height:100vh;overflow:auto"><h1>Top</h1><div style="height:13000px"></div>${LAZY_END}</div>`),
  "/spinner": () => page(`<h1>Sales</h1><div class="chart-spinner" style="width:40px;height:40px">...</div>`),
  "/flag-late": ({ searchParams }) =>
    page(
      `<h1>Wait</h1>${script(
        `setTimeout(() => { document.querySelector("h1").textContent = "Ready 42"; document.documentElement.dataset.carillonReady = "true"; }, 700); nothing.at.all();`,
      )}`,
    ).replace("<html>", `<html data-carillon-ready="false" data-carillon-run="${searchParams.get("says") ?? ""}">`),
  "/selector": () =>
    page(
      `<h1>Ticking</h1><p id="clock"></p><p id="done" hidden>Done 42</p>${script(
        `setInterval(() => { clock.textContent = performance.now(); }, 200); setTimeout(() => { done.hidden = false; }, 600);`,
      )}`,
    ),
  "/ticking": () =>
    page(
      `<h1>Ticking</h1><p id="clock"></p>${script("setInterval(() => { clock.textContent = performance.now(); }, 200);")}`,
    ),
  "/endless-picture": () => page('<h1>Endless</h1><img src="/never?carillon_token=cpt_secret" width="10" height="10">'),
  "/script-error": () =>
    page(`<h1>Half a page</h1>${script('console.warn("nearly"); throw new Error("no data for cpt_secret");')}`),
  "/missing-script": () => page('<h1>Half a page</h1><script src="/gone.js?token=secret"></script>'),
  "/broken-picture": () => page('<h1>Half a page</h1><img src="/gone.png" width="100" height="100">'),
  "/font": () =>
    page(
      '<p style="font:100px/1 Blocks;margin:0;color:#ff0000">XXXX</p>',
      "<style>@font-face{font-family:Blocks;src:url(/blocks.ttf)} body{margin:0}</style>",
    ),
  "/chart": () =>
    page(
      `<canvas id="canvas" width="200" height="200"></canvas><svg id="svg" width="200" height="200"></svg>${script(
        `fetch("/data?after=300").then(() => { const c = canvas.getContext("2d"); c.fillStyle = "#0000ff"; c.fillRect(0, 0, 200, 200); svg.innerHTML = "<rect width='200' height='200' fill='#00ff00'/>"; });`,
      )}`,
      "<style>body{margin:0} canvas,svg{display:block}</style>",
    ),
  "/frame": ({ searchParams }) => page(reachingOut(searchParams.get("to") ?? "")),
  "/framing": ({ searchParams }) =>
    page(`<h1>Frames</h1><iframe src="${searchParams.get("frame")}/frame?to=${searchParams.get("to")}"></iframe>`),
  "/alert": () =>
    page(
      `<h1>Alert 42</h1>${script('alert("hello"); confirm("sure?"); onbeforeunload = (event) => { event.preventDefault(); };')}`,
    ),
  "/popups": ({ searchParams }) =>
    page(
      `<h1>Popups</h1><a id="a" href="${searchParams.get("to")}link" target="_blank">one</a>${script(
        `open("${searchParams.get("to")}popup"); a.click();`,
      )}`,
    ),
  "/socket": ({ host, searchParams }) =>
    page(`<h1>Sockets</h1>${script(`new WebSocket("${searchParams.get("socket") ?? `ws://${host}/`}")`)}`),
  "/worker": ({ searchParams }) =>
    page(`<h1>Worker</h1>${script(`new Worker("/worker.js?to=${searchParams.get("to")}");`)}`),
  "/storage": ({ searchParams }) =>
    page(
      `<h1 id="seen"></h1>${script(
        `const before = localStorage.mark ?? "nothing"; const cookies = document.cookie || "nothing"; localStorage.mark = document.cookie = "${searchParams.get("mark")}"; document.querySelector("h1").textContent = "Seen: " + before + " and " + cookies;`,
      )}`,
    ),
};

/** Tries one address from within a frame or a worker. */
const reachingOut = (to: string): string =>
  script(`fetch("${to}fetch").catch(() => {}); try { new WebSocket("${to.replace(/^http/, "ws")}socket"); } catch {}`);

const workerScript = ({ searchParams }: URL): string =>
  `try { new WebSocket("${(searchParams.get("to") ?? "").replace(/^http/, "ws")}socket"); } catch {}`;

function redirect(response: ServerResponse, location: string): void {
  response.setHeader("location", location);
  send(response, 302, "");
}

function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  type = "text/html; charset=utf-8",
): void {
  response.statusCode = status;
  response.setHeader("content-type", type);
  response.end(body);
}
