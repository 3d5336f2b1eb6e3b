/** Wrangler as a child: called for one answer, or kept running as the local Cloudflare. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { Trouble } from "./trouble.ts";

const CLI = join(dirname(createRequire(import.meta.url).resolve("wrangler/package.json")), "wrangler-dist/cli.js");
const LEASH = new URL("./leash.ts", import.meta.url).href;
const READY_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 8_000;
const LOOK_EVERY_MS = 500;
/** How many lines are kept to explain an end. */
const LAST_LINES = 20;
/** The runtime's own escape codes, which a file does not need. */
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, "g");
const LOUD = /\b(?:error|uncaught|exception)\b|✘/i;

/** Nothing asks, nothing phones home, nothing is written outside of the state. */
export const quietly = (state: string, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  CI: "1",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_LOG_PATH: join(state, "logs"),
  WRANGLER_REGISTRY_PATH: join(state, "registry"),
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_SEND_METRICS: "false",
  X_LOCAL_OBSERVABILITY: "false",
  ...more,
});

/** Runs one command of wrangler to its end. */
export async function wrangle(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--no-warnings", CLI, ...args], { env });
  return stdout + stderr;
}

export interface Dev {
  /** Leads the process group of the runtime. */
  readonly pid: number;
  /** Resolves when the API can be called. */
  readonly ready: Promise<void>;
  /** Resolves with a reason when it ends without having been asked to. */
  readonly failed: Promise<Trouble>;
  stop(): Promise<void>;
}

export interface DevOptions {
  readonly state: string;
  readonly port: number;
  readonly key: string;
  readonly verbose: boolean;
  /** Variables that lead the runtime to a browser. */
  readonly browser: Readonly<Record<string, string>>;
}

/** A Slack app of one's own, to try Slack with: without one its messages stay in the outbox. */
const SLACK_SETTINGS = ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET", "SLACK_URL"];

const slackApp = (env: NodeJS.ProcessEnv): Readonly<Record<string, string>> =>
  Object.fromEntries(SLACK_SETTINGS.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));

/** Starts `wrangler dev`. In a group of its own: Ctrl+C reaches us alone, and we end it in order. */
export function startDev({ state, port, key, verbose, browser }: DevOptions): Dev {
  const vars = {
    ALLOW_LOOPBACK: "true",
    CONSUMER_WAITS: "false",
    LOCAL_OUTBOX: "true",
    LOCAL_SIGN_IN: "true",
    MAIL_FROM: "carillon@carillon.local",
    PUBLIC_URL: `http://localhost:${port}`,
    ...slackApp(process.env),
  };
  const child = spawn(
    process.execPath,
    [
      ...["--no-warnings", "--import", LEASH, CLI, "dev", "--ip", "localhost", "--port", String(port)],
      ...["--inspector-port", "0", "--persist-to", state, "--show-interactive-dev-session=false"],
      ...Object.entries(vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]),
    ],
    {
      env: quietly(state, { CARILLON_KEY: key, ...browser }),
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      detached: true,
    },
  );
  const last = listen(child, join(state, "wrangler.log"), verbose);
  let isStopping = false;
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  return {
    pid: child.pid ?? 0,
    ready: isReady(child, last),
    failed: new Promise((resolve) => {
      ended.then((how) => {
        endGroup(child);
        if (!isStopping) resolve(new Trouble(`The local runtime has ended (${how}).`, explain(last())));
      });
    }),
    async stop() {
      isStopping = true;
      child.kill("SIGTERM");
      const late = setTimeout(() => endGroup(child), STOPPED_WITHIN_MS);
      await ended;
      clearTimeout(late);
    },
  };
}

/** Everything goes into a file; people see what is loud, or all of it. The last lines are kept to explain an end. */
function listen(child: ChildProcess, path: string, verbose: boolean): () => readonly string[] {
  const file = createWriteStream(path, { mode: 0o600 });
  const last: string[] = [];
  let isLoud = false;
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      const plain = line.replaceAll(COLOURS, "");
      file.write(`${plain}\n`);
      if (plain.trim() !== "") last.push(plain);
      if (last.length > LAST_LINES) last.shift();
      // What follows indented, or after an empty line, explains the loud line before it.
      isLoud = LOUD.test(plain) || (isLoud && /^\s*$|^\s/.test(plain));
      if (verbose || isLoud) process.stderr.write(`${line}\n`);
    });
  }
  return () => last;
}

/** Before it is ready, a source that cannot be built is the end: wrangler itself would wait for it to be mended. */
function isReady(child: ChildProcess, last: () => readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = (what: string) => reject(new Trouble(what, explain(last())));
    const late = setTimeout(() => giveUp("The local runtime is not ready after a minute."), READY_WITHIN_MS);
    const look = setInterval(() => {
      if (last().some((line) => line.includes("Build failed"))) giveUp("The sources cannot be built.");
    }, LOOK_EVERY_MS);
    const done = () => {
      clearTimeout(late);
      clearInterval(look);
    };
    child.on("message", (message) => {
      if (!String(message).includes("DEV_SERVER_READY")) return;
      done();
      resolve();
    });
    child.once("exit", done);
  });
}

/** What was loud among the last lines; when nothing was, all of them. */
function explain(lines: readonly string[]): string {
  const loud = lines.filter((line) => LOUD.test(line));
  return (loud.length > 0 ? loud : lines).join("\n");
}

/** A runtime whose wrangler was killed would go on and keep the port. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Nobody is left in the group, which is what was wanted.
  }
}
