/** The endpoint that both schedulers call, and the mail service: it notes when a call arrived and which one it was, and answers at once. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Arrival {
  readonly at: number;
  /** The path it came by: which workload, which scheduler. */
  readonly path: string;
  /** When it was due, in milliseconds since 1970. */
  readonly due: number;
  readonly id: string;
}

interface CallBody {
  readonly id?: string;
  readonly due?: number;
  readonly run?: { readonly id: string; readonly scheduled_for: string };
}

export class BenchReceiver {
  readonly arrivals: Arrival[] = [];
  /** How long an answer takes, by the path it is asked for; no time where nothing is said. At infinity none comes. */
  readonly delays = new Map<string, number>();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<BenchReceiver> {
    const server = createServer();
    const receiver = new BenchReceiver(server);
    server.on("request", (request, response) => {
      const at = Date.now();
      const chunks: Buffer[] = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        const path = request.url ?? "/";
        receiver.#note(at, path, Buffer.concat(chunks).toString(), request.headers["webhook-id"]);
        const delay = receiver.delays.get(path) ?? 0;
        if (Number.isFinite(delay)) setTimeout(() => response.end("{}"), delay);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  at(path: string): readonly Arrival[] {
    return this.arrivals.filter((arrival) => arrival.path === path);
  }

  /** Resolves when so many calls have come by a path, or rejects after the time. */
  async expect(path: string, count: number, timeoutMs: number): Promise<readonly Arrival[]> {
    const deadline = Date.now() + timeoutMs;
    while (this.at(path).length < count) {
      if (Date.now() > deadline)
        throw new Error(`${path}: ${this.at(path).length} of ${count} calls after ${timeoutMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return this.at(path);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #note(at: number, path: string, body: string, messageId: string | string[] | undefined): void {
    const { run, id, due }: CallBody = JSON.parse(body);
    this.arrivals.push({
      at,
      path,
      due: run === undefined ? (due ?? at) : Date.parse(run.scheduled_for),
      id: run?.id ?? id ?? String(messageId ?? ""),
    });
  }
}
