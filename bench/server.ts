/** The local server that the bench runs on: wrangler's, in a process group of its own, so that it can be killed whole. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findChromium, lendToRuntime } from "../scripts/chromium.ts";

const CONFIG = fileURLToPath(new URL("wrangler.toml", import.meta.url).href);
const WRANGLER = fileURLToPath(new URL("../node_modules/wrangler/bin/wrangler.js", import.meta.url).href);
const START_TIMEOUT_MS = 60_000;

export class BenchServer {
  readonly url: string;
  readonly #port: number;
  readonly #state: string;
  readonly #receiver: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, state: string, receiver: string) {
    this.#receiver = receiver;
    this.#port = port;
    this.#state = state;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** `receiver` is where its mail goes. */
  static async start(receiver: string): Promise<BenchServer> {
    const server = new BenchServer(await freePort(), await mkdtemp(join(tmpdir(), "carillon-bench-")), receiver);
    await server.run();
    return server;
  }

  /** Starts it, or starts it again on the state that it left. Resolves when it answers. */
  async run(): Promise<void> {
    const flags = [
      "dev",
      "--config",
      CONFIG,
      "--port",
      String(this.#port),
      "--persist-to",
      this.#state,
      "--var",
      `RECEIVER:${this.#receiver}`,
      "--log-level",
      "error",
    ];
    this.#process = spawn(process.execPath, [WRANGLER, ...flags], {
      detached: true,
      stdio: ["ignore", process.env.BENCH_LOG ? "inherit" : "ignore", "inherit"],
      env: {
        ...process.env,
        ...lendToRuntime(findChromium(), join(this.#state, "cache")),
        CARILLON_KEY: Buffer.alloc(32, 7).toString("base64"),
        WRANGLER_SEND_METRICS: "false",
        CLOUDFLARE_CF_FETCH_ENABLED: "false",
        X_LOCAL_OBSERVABILITY: "false",
      },
    });
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await this.#answers())) {
      if (Date.now() > deadline) throw new Error("The local server did not start within a minute.");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** SIGKILL for wrangler and workerd at once: nothing of them gets to say goodbye. */
  kill(): void {
    const pid = this.#process?.pid;
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
    this.#process = undefined;
  }

  async post<Answer>(path: string, body: unknown = {}, token?: string): Promise<Answer> {
    return this.ask("POST", path, body, token);
  }

  async ask<Answer>(method: string, path: string, body?: unknown, token?: string): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        "content-type": "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 500)}`);
    return parseAnswer<Answer>(text);
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/v1/health`)).status > 0;
    } catch {
      return false;
    }
  }
}

const parseAnswer = <Answer>(text: string): Answer => (text === "" ? undefined : JSON.parse(text)) as Answer;

/** A port that nobody listens at. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
