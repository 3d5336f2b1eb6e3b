/** `npm start`, for real, on a state and a port of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const READY_WITHIN_MS = 50_000;
const ASK_EVERY_MS = 250;
/** The same Node that npm would put first. */
export const NODE = join(import.meta.dirname, "../../node_modules/.bin/node");

// biome-ignore lint/suspicious/noExplicitAny: the tests look into answers whose shape is what they test.
type Body = any;

export class LocalCarillon {
  readonly #directory = mkdtempSync(join(tmpdir(), "carillon-start-"));
  readonly #port: number;
  readonly #settings: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  #said = "";

  private constructor(port: number, settings: Readonly<Record<string, string>>) {
    this.#port = port;
    this.#settings = settings;
  }

  /** `settings`: what its environment has beside ours. */
  static make = async (settings: Readonly<Record<string, string>> = {}): Promise<LocalCarillon> =>
    new LocalCarillon(await freePort(), settings);

  /** Where it will be. */
  get origin(): string {
    return `http://localhost:${this.#port}`;
  }

  /** Resolves when it says that it is up. */
  async start(): Promise<void> {
    const env = { ...process.env, CARILLON_STATE: join(this.#directory, "state"), CARILLON_DEV_FILE: this.#devFile };
    const child = spawn(NODE, ["scripts/with-node-24.mjs", "start"], {
      env: { ...env, ...this.#settings, PORT: String(this.#port) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (this.#said += chunk));
    this.#child = child;
    await until(
      () => this.#said.includes("Carillon is running") || child.exitCode !== null,
      READY_WITHIN_MS,
      () => this.#said,
    );
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}:\n${this.#said}`);
  }

  /** What it has printed since its start. */
  get said(): string {
    return this.#said;
  }

  get dev(): {
    readonly url: string;
    readonly token: string;
    readonly operator_token: string;
    readonly sign_in_url: string;
  } {
    return JSON.parse(readFileSync(this.#devFile, "utf8"));
  }

  get envFile(): string {
    return join(this.#directory, "env");
  }

  /** Sends the signal and waits for the end. */
  async end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    child.kill(signal);
    return ended;
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Body> {
    const { url, token } = this.dev;
    const response = await fetch(url + path, { headers: { ...headers, authorization: `Bearer ${token}` } });
    return response.json();
  }

  post = (path: string, body: unknown): Promise<Body> => this.#send("POST", path, body);
  put = (path: string, body: unknown): Promise<Body> => this.#send("PUT", path, body);

  async #send(method: string, path: string, body: unknown): Promise<Body> {
    const { url, token } = this.dev;
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    return (await fetch(url + path, { method, headers, body: JSON.stringify(body) })).json();
  }

  /** The calls that came to the demo's endpoint since its start. */
  async calls(): Promise<readonly Body[]> {
    const [, url = ""] = /RECEIVER_URL=(\S+)/.exec(readFileSync(this.envFile, "utf8")) ?? [];
    return ((await (await fetch(url)).json()) as Body).calls;
  }

  async remove(): Promise<void> {
    await this.end("SIGTERM");
    rmSync(this.#directory, { recursive: true, force: true });
  }

  get #devFile(): string {
    return join(this.#directory, "dev.json");
  }

  hasDevFile = (): boolean => existsSync(this.#devFile);
}

/** Asks until it holds; tells what was there instead when it never does. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  within: number,
  tell: () => unknown = () => "",
): Promise<void> {
  for (const end = Date.now() + within; Date.now() < end; await sleep(ASK_EVERY_MS)) if (await holds()) return;
  throw new Error(`Still not so after ${within} ms: ${JSON.stringify(tell())}`);
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
