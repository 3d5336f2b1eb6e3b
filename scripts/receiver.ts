/**
 * Somebody's endpoint: the functions of the demo, in Node, outside of Carillon. Believes no call that is not signed.
 *
 * `POST /report` is well, `/flaky` fails at the first try and at the first retry, `/slow` takes two seconds.
 * `GET /` lists what came, newest last. `/sessions` is no function but a store that the clean-up of `examples/` works on: it
 * takes its calls from anybody, and is busy every other time that something is to be deleted.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "standardwebhooks";

export interface ReceiverOptions {
  /** 0 is any that is free. */
  readonly port: number;
  /** The signing secret of a project. */
  readonly secretOf: (project: string) => Promise<string>;
  /** Takes a line about each call. */
  readonly tell: (line: string) => void;
}

export interface Receiver {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

interface Call {
  readonly at: string;
  readonly path: string;
  readonly status: number;
  readonly fn: string;
  readonly run: string;
  readonly scheduled_for: string;
  readonly attempt: number;
}

const CALLS_KEPT = 1_000;
const SLOW_MS = 2_000;
const EXPIRED = [
  { user: "ada", since: "2026-11-20" },
  { user: "grace", since: "2026-11-21" },
];
/** `/flaky` is well from this attempt on. */
const WELL_FROM_ATTEMPT = 2;

export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    answer(request, response, options, calls).catch((cause) => {
      options.tell(`refused a call: ${cause instanceof Error ? cause.message : cause}`);
      if (!response.headersSent) send(response, 401, { error: "The call is not signed by the scheduler." });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "localhost", resolve);
  });
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : options.port;
  return {
    port,
    url: `http://localhost:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { secretOf, tell }: ReceiverOptions,
  calls: Call[],
): Promise<void> {
  if (request.url === "/sessions") return visitStore(request, response);
  if (request.method !== "POST") return send(response, 200, { calls });
  const body = await read(request);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const { fn, run, completion } = JSON.parse(body);
  new Webhook(await secretOf(projectOf(completion.url))).verify(body, headers);
  const path = request.url ?? "/";
  const { status, output } = await behave(path, run.attempt);
  calls.push({
    at: new Date().toISOString(),
    path,
    status,
    fn,
    run: run.id,
    scheduled_for: run.scheduled_for,
    attempt: run.attempt,
  });
  if (calls.length > CALLS_KEPT) calls.shift();
  tell(`${fn} of ${run.scheduled_for}, attempt ${run.attempt}: answered ${status}`);
  send(response, status, output);
}

let deletions = 0;

/** Two sessions are always expired, and every other deletion finds the store busy. */
function visitStore({ method }: IncomingMessage, response: ServerResponse): void {
  if (method !== "DELETE") {
    send(response, 200, EXPIRED);
    return;
  }
  deletions += 1;
  const isBusy = deletions % 2 === 1;
  if (isBusy) send(response, 503, { error: "Busy." }, { "retry-after": "1" });
  else send(response, 200, { removed: EXPIRED.length });
}

/** Not to be believed before the signature is verified, which is what it is needed for. */
const projectOf = (completionUrl: string): string => /\/projects\/([\w-]+)\/runs\//.exec(completionUrl)?.[1] ?? "";

async function behave(path: string, attempt: number): Promise<{ status: number; output: unknown }> {
  switch (path) {
    case "/report":
      return { status: 200, output: { rows: 3 } };
    case "/flaky":
      if (attempt < WELL_FROM_ATTEMPT) return { status: 503, output: { error: "Not yet." } };
      return { status: 200, output: { rows: 3, tries: attempt + 1 } };
    case "/slow":
      await sleep(SLOW_MS);
      return { status: 200, output: { slept_ms: SLOW_MS } };
    default:
      return { status: 404, output: { error: "There is /report, /flaky and /slow." } };
  }
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
