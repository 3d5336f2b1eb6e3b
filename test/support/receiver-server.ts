/**
 * Somebody's endpoint, for real: an HTTP server on loopback that plays the functions of the tests, in a process of its own
 * kind (Node, outside workerd). What it answers is written in the path, what it was sent is kept to be asked for.
 *
 * `POST /<box>/<behaviour>`: `ok`, `text`, `empty`, `json-broken`, `status-503`, `after-3` (503 to the first three calls), `retry-after-7`, `limited-7` (429 with a Retry-After), `abort` (asks not to be sent this message again), `never`, `accept`, `redirect`, `slow-2000`,
 * `huge`, `fail-2` (fails twice for a run's chain, then is well), `until-1800000000` (Retry-After, that second as a date), `long-5000` (a
 * failure of so many characters), `echo`, `sized-100` and `chunked-100` (so many bytes, announced or not), `drip-100` (the
 * second half of the answer comes so much later), `store-1` (sessions that have expired: busy for so many deletions, with a
 * Retry-After of 7 seconds; a GET is answered with them, and is no call). `GET /<box>` lists the calls. `PUT /<box>/cdn-cgi/access/certs` hands in the keys of
 * a Cloudflare Access team, `GET` there answers them and counts as a call. Every request
 * that leaves workerd comes here; `GET /_unexpected` lists those that were bound for anywhere else.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";

export interface ReceivedCall {
  readonly path: string;
  readonly at: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    receiver: string;
  }
}

const CERTS = "/cdn-cgi/access/certs";
const keySets = new Map<string, string>();
const boxes = new Map<string, ReceivedCall[]>();
let unexpected: string[] = [];

/** What a store of sessions holds. */
const EXPIRED = [
  { user: "ada", since: "2027-01-14" },
  { user: "grace", since: "2027-01-15" },
];

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    answer(request, response).catch((cause) => response.destroy(cause));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  project.provide("receiver", `http://127.0.0.1:${port}`);
  return async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://receiver");
  const path = url.pathname;
  const body = await read(request);
  const [, box = "", behaviour = ""] = path.split("/");
  if (box === "_unexpected") return answerUnexpected(url, request, response);
  const calls = boxes.get(box) ?? [];
  boxes.set(box, calls);
  if (path.endsWith(CERTS)) return answerKeys(request, { path, body }, calls, response);
  if (request.method === "GET")
    return send(response, 200, JSON.stringify(behaviour.startsWith("store") ? EXPIRED : calls));
  calls.push({ path, at: Date.now(), headers: headersOf(request), body });
  return behave(behaviour, calls, body, response);
}

function answerUnexpected(url: URL, request: IncomingMessage, response: ServerResponse): void {
  const target = url.searchParams.get("url");
  if (target !== null) {
    unexpected.push(`${request.method} ${target}`);
    send(response, 599, "Nobody expected this request.");
    return;
  }
  send(response, 200, JSON.stringify(unexpected));
  unexpected = [];
}

/** A team that has handed in no keys has trouble of its own. */
function answerKeys(
  request: IncomingMessage,
  { path, body }: { readonly path: string; readonly body: string },
  calls: ReceivedCall[],
  response: ServerResponse,
): void {
  if (request.method === "PUT") {
    keySets.set(path, body);
    send(response, 204, "");
    return;
  }
  calls.push({ path, at: Date.now(), headers: headersOf(request), body });
  const keys = keySets.get(path);
  send(response, keys === undefined ? 503 : 200, keys ?? "no keys");
}

async function behave(behaviour: string, calls: readonly ReceivedCall[], body: string, response: ServerResponse) {
  const [kind = "", ...rest] = behaviour.split("-");
  const number = Number(rest.at(-1));
  switch (kind) {
    case "ok":
      return send(response, 200, JSON.stringify({ rows: 3 }));
    case "text":
      return send(response, 200, "three rows", { "content-type": "text/plain" });
    case "empty":
      return send(response, 204, "");
    case "json":
      return send(response, 200, "{ not json");
    case "status":
      return send(response, number, `status ${number}\u001b[31m`, { "content-type": "text/plain" });
    case "retry":
      return send(response, 503, "later", { "retry-after": String(number) });
    case "limited":
      return send(response, 429, "slower", { "retry-after": String(number) });
    case "abort":
      return send(response, 500, "not this one", { "webhook-delivery": "abort-message" });
    case "never":
      return send(response, 500, "never again", { "carillon-retry": "never" });
    case "accept":
      return send(response, 202, "");
    case "redirect":
      return send(response, 302, "", { location: "/elsewhere/ok" });
    case "slow":
      await new Promise((resolve) => setTimeout(resolve, number));
      return send(response, 200, JSON.stringify({ slept: number }));
    case "huge":
      return send(response, 200, JSON.stringify("x".repeat(2_000_000)));
    case "large":
      return send(response, 200, JSON.stringify({ text: "y".repeat(20_000) }));
    case "fail":
      return JSON.parse(body).run.attempt < number
        ? send(response, 500, "not yet")
        : send(response, 200, '{"done":true}');
    case "after":
      return calls.length <= number ? send(response, 503, "not yet") : send(response, 200, "{}");
    case "until":
      return send(response, 503, "later", { "retry-after": new Date(number * 1_000).toUTCString() });
    case "long":
      return send(response, 500, "z".repeat(number), { "content-type": "text/plain" });
    case "echo":
      return send(response, 200, body, { "content-type": "text/plain" });
    case "sized":
      return send(response, 200, "s".repeat(number), {
        "content-type": "text/plain",
        "content-length": String(number),
      });
    case "chunked":
      return sendInParts(response, ["c".repeat(Math.ceil(number / 2)), "c".repeat(Math.floor(number / 2))]);
    case "store":
      return calls.length <= number
        ? send(response, 503, "busy", { "retry-after": "7" })
        : send(response, 200, JSON.stringify({ removed: EXPIRED.length }));
    case "drip":
      return sendInParts(response, ["one half, ", "the other"], number);
    default:
      return send(response, 404, `no behaviour ${behaviour} after ${calls.length} calls`);
  }
}

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body);
}

async function sendInParts(response: ServerResponse, parts: readonly string[], pause = 0): Promise<void> {
  response.writeHead(200, { "content-type": "text/plain" });
  for (const [index, part] of parts.entries()) {
    if (index > 0 && pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    response.write(part);
  }
  response.end();
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

const headersOf = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
