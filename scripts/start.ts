/**
 * `npm start`: Carillon on this machine, with nothing from outside. Makes the databases ready, starts the local runtime
 * and a receiver for the demo's functions, and stops them together.
 */
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { findOrInstallChromium, lendToRuntime, missingChromium } from "./chromium.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { type ApiClient, apiClient } from "./start/api-client.ts";
import { prepareDatabases } from "./start/databases.ts";
import { makeDemo } from "./start/demo.ts";
import { expectFree, takeOver } from "./start/earlier-start.ts";
import { makeExamples } from "./start/examples.ts";
import { isAlive, starters } from "./start/processes.ts";
import { readSettings, type Settings } from "./start/settings.ts";
import { keepMemory, keepUsers, keyOf, makeStateDirectory, readMemory, toText, writePrivately } from "./start/state.ts";
import { type Running, summary } from "./start/summary.ts";
import { Trouble, tell } from "./start/trouble.ts";
import { startWatchdog } from "./start/watchdog.ts";
import { startDev } from "./start/wrangler.ts";

/** How often it is looked whether npm still lives. */
const STARTER_CHECK_MS = 500;

/** What is to be undone at the end, last first. */
const undoings: (() => unknown)[] = [];
let isStopping = false;

async function start(): Promise<void> {
  const settings = readSettings(process.env);
  const { state, port } = settings;
  rmSync(settings.devFile, { force: true });
  makeStateDirectory(state);
  await takeOver(state);
  await expectFree(port);
  const key = keyOf(state);
  const memory = readMemory(state);
  const { token, operatorToken, signIn } = await prepareDatabases({ state, known: memory }, key);
  const url = `http://localhost:${port}`;
  const api = apiClient(url, token);
  const receiver = await openReceiver(settings, memory.receiverPort, api);
  keepMemory(state, { token, operatorToken, receiverPort: receiver.port });
  const missingBrowser = await serve(settings, key);
  await makeDemo(api, receiver.url);
  await makeExamples(api, receiver.url);
  undoings.push(startWatchdog(url));
  publish(settings, {
    ...{ url, token, operatorToken, receiverUrl: receiver.url, state, missingBrowser },
    signInUrl: `${url}/sign-in/${signIn}`,
  });
}

/** Starts the runtime; from here on its end is ours. Answers why there is no browser to take captures with, or null. */
async function serve(settings: Settings, key: string): Promise<string | null> {
  const chromium = findOrInstallChromium((line) => process.stdout.write(`${line}\n`));
  const browser = lendToRuntime(chromium, join(settings.state, "cache"));
  const dev = startDev({ ...settings, key, browser });
  undoings.push(() => dev.stop());
  keepUsers(settings.state, { start: process.pid, group: dev.pid });
  const failed = dev.failed.then((trouble) => {
    throw trouble;
  });
  await Promise.race([dev.ready, failed]);
  failed.catch((trouble) => stop(1, trouble));
  return chromium === null ? missingChromium() : null;
}

/**
 * At the port of the last start if it can be had: the published version names it, and runs that are due at once are sent
 * there.
 */
async function openReceiver(settings: Settings, before: number | undefined, api: ApiClient): Promise<Receiver> {
  const secrets = new Map<string, Promise<string>>();
  const secretOf = (project: string): Promise<string> => {
    const known = secrets.get(project);
    if (known !== undefined) return known;
    const asked = api.expect("GET", `/v1/projects/${project}/secret`).then((body): string => body.secret);
    secrets.set(project, asked);
    asked.catch(() => secrets.delete(project));
    return asked;
  };
  const tellCall = (line: string) => process.stdout.write(`${new Date().toISOString().slice(11, 19)}  ${line}\n`);
  const open = (port: number) => startReceiver({ port, secretOf, tell: tellCall });
  const { receiverPort } = settings;
  const receiver = await (receiverPort === undefined
    ? open(before ?? 0).catch(() => open(0))
    : open(receiverPort).catch(() => {
        throw new Trouble(`RECEIVER_PORT ${receiverPort} is taken.`, "Leave it unset, and a free one is chosen.");
      }));
  undoings.push(() => receiver.close());
  return receiver;
}

/** For programs first (`dev.json`, and `env` to be sourced by a shell), then for people. */
function publish({ devFile }: Settings, running: Running): void {
  const { url, token, operatorToken, signInUrl, receiverUrl } = running;
  const variables = {
    CARILLON_URL: url,
    CARILLON_TOKEN: token,
    CARILLON_OPERATOR_TOKEN: operatorToken,
    RECEIVER_URL: receiverUrl,
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${value}\n`);
  writePrivately(join(dirname(devFile), "env"), lines.join(""));
  writePrivately(devFile, toText({ url, token, operator_token: operatorToken, sign_in_url: signInUrl }));
  process.stdout.write(summary(running));
}

async function stop(code: number, cause?: unknown): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  if (cause === undefined) process.stdout.write("\nStopping.\n");
  else tell("Carillon did not start or cannot go on", cause);
  for (const undo of undoings.reverse()) await undo();
  process.exit(code);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));

const watched = starters();
setInterval(() => {
  if (process.ppid !== watched[0] || !watched.every(isAlive)) void stop(0);
}, STARTER_CHECK_MS).unref();

start().catch((cause) => stop(1, cause));
