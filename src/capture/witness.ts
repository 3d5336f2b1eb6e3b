/** Sees what a page does while it is waited for: its requests, its console, its errors. Decides nothing. */
import type { CDPEvents, CDPSession } from "@cloudflare/puppeteer";
import {
  type CaptureEvidence,
  type ConsoleLine,
  EVIDENCE_LINES_MAX,
  type ReadyBy,
  type SeenRequest,
  type Wait,
} from "../domain/captures/evidence.ts";
import { discreet, discreetUrl } from "./discretion.ts";

/** Requests that never end, or that say nothing about the page: none waits for them. */
const UNAWAITED = new Set(["EventSource", "WebSocket", "Ping", "Prefetch", "Preflight", "CSPViolationReport", "Media"]);
/** What the browser says of our own policy, which asks for just that (see `judging.ts`). */
const OF_OUR_POLICY = /allow-scripts and allow-same-origin for its sandbox/;

/** Without these a page is not what it was to be; a broken picture is seen by itself. */
const NEEDED = new Set(["Script", "Stylesheet", "Fetch", "XHR", "Font"]);

interface OpenRequest {
  readonly url: string;
  readonly type: string;
  /** Of the page itself, not of a frame in it. */
  readonly isPages: boolean;
}

export class Witness {
  readonly #mainFrame: string;
  readonly #open = new Map<string, OpenRequest>();
  readonly #mainContexts = new Set<number>();
  readonly #console: ConsoleLine[] = [];
  readonly #requests: SeenRequest[] = [];
  readonly #badLoads: SeenRequest[] = [];
  #omitted = 0;
  #activity = 0;
  #scriptError: string | null = null;
  readonly #crash = Promise.withResolvers<"crashed">();
  #hasCrashed = false;

  constructor(mainFrame: string) {
    this.#mainFrame = mainFrame;
  }

  /** Listens to the page, or to a frame or worker of it. Must be called before anything runs there. */
  async listen(session: CDPSession, { isPage }: { readonly isPage: boolean }): Promise<void> {
    session.on("Network.requestWillBeSent", (event) => this.#requested(event));
    session.on("Network.responseReceived", (event) => this.#answered(event));
    session.on("Network.loadingFinished", ({ requestId }) => this.#ended(requestId));
    session.on("Network.loadingFailed", (event) => this.#failed(event));
    session.on("Runtime.consoleAPICalled", (event) => this.#said(event));
    session.on("Runtime.exceptionThrown", (event) => this.#threw(event, isPage));
    session.on("Log.entryAdded", (event) => this.#logged(event));
    session.on("Inspector.targetCrashed", () => {
      if (!isPage) return;
      this.#hasCrashed = true;
      this.#crash.resolve("crashed");
    });
    session.on("Runtime.executionContextCreated", ({ context }) => {
      if (isPage && context.auxData?.frameId === this.#mainFrame) this.#mainContexts.add(context.id);
    });
    // Not every kind of target knows every domain: a worker has no log.
    await Promise.allSettled([
      session.send("Network.enable"),
      session.send("Runtime.enable"),
      session.send("Log.enable"),
    ]);
  }

  /** Changes with every request that begins or ends. */
  get activity(): number {
    return this.#activity;
  }

  get hasCrashed(): boolean {
    return this.#hasCrashed;
  }

  /** Comes when the page's process ends: from then on, no command to it is answered. */
  get crash(): Promise<"crashed"> {
    return this.#crash.promise;
  }

  /** What no script caught, in the page itself. */
  get scriptError(): string | null {
    return this.#scriptError;
  }

  /** Requests that the page needs and that went wrong. */
  get badLoads(): readonly SeenRequest[] {
    return this.#badLoads;
  }

  /** Addresses that have not answered yet. */
  get pending(): readonly string[] {
    return [...this.#open.values()].map(({ url }) => url);
  }

  /** A request that our rules did not let out. */
  refused(url: string, type: string, detail: string): void {
    this.#keepRequest({ url: discreetUrl(url), outcome: "refused", status: null, type: type.toLowerCase(), detail });
  }

  evidence(seen: {
    readonly readyBy: ReadyBy | null;
    readonly waits: readonly Wait[];
    readonly contentShare: number | null;
    readonly hasPartialPicture: boolean;
  }): CaptureEvidence {
    const pending = [...this.#open.values()].map(
      ({ url, type }): SeenRequest => ({ url, outcome: "pending", status: null, type: type.toLowerCase() }),
    );
    const requests = [...this.#requests, ...pending];
    return {
      ...seen,
      console: this.#console,
      requests: requests.slice(0, EVIDENCE_LINES_MAX),
      omitted: this.#omitted + Math.max(requests.length - EVIDENCE_LINES_MAX, 0),
    };
  }

  #requested({ requestId, request, type, frameId, redirectResponse }: CDPEvents["Network.requestWillBeSent"]): void {
    this.#activity += 1;
    if (redirectResponse === undefined && /^(data|blob):/i.test(request.url)) return;
    const kind = type ?? "Other";
    if (UNAWAITED.has(kind)) return;
    this.#open.set(requestId, {
      url: discreetUrl(request.url),
      type: kind,
      isPages: frameId === this.#mainFrame,
    });
  }

  #answered({ requestId, response }: CDPEvents["Network.responseReceived"]): void {
    const open = this.#open.get(requestId);
    if (open !== undefined && response.status >= 400)
      this.#wentBad(open, { outcome: "bad_status", status: response.status });
  }

  #ended(requestId: string): void {
    if (this.#open.delete(requestId)) this.#activity += 1;
  }

  #failed({ requestId, errorText, canceled, blockedReason }: CDPEvents["Network.loadingFailed"]): void {
    const open = this.#open.get(requestId);
    this.#ended(requestId);
    // What the page itself let go of is well; what was refused is noted where it was refused.
    if (open === undefined || canceled || blockedReason === "inspector" || errorText === "net::ERR_ABORTED") return;
    const detail = discreet(blockedReason === undefined ? errorText : `${errorText} (${blockedReason})`);
    this.#wentBad(open, { outcome: "failed", status: null, detail });
  }

  #wentBad({ url, type, isPages }: OpenRequest, end: Pick<SeenRequest, "outcome" | "status" | "detail">): void {
    const seen: SeenRequest = { url, type: type.toLowerCase(), ...end };
    this.#keepRequest(seen);
    if (isPages && NEEDED.has(type) && this.#badLoads.length < EVIDENCE_LINES_MAX) this.#badLoads.push(seen);
  }

  #said({ type, args }: CDPEvents["Runtime.consoleAPICalled"]): void {
    if (type !== "error" && type !== "warning" && type !== "assert") return;
    const text = args.map(({ value, description }) => String(value ?? description ?? "")).join(" ");
    this.#keepLine({ level: type === "warning" ? "warning" : "error", text: discreet(text) });
  }

  #threw({ exceptionDetails }: CDPEvents["Runtime.exceptionThrown"], isPage: boolean): void {
    const { exception, text, executionContextId } = exceptionDetails;
    const words = discreet((exception?.description ?? `${text} ${String(exception?.value ?? "")}`).trim());
    this.#keepLine({ level: "exception", text: words });
    const isPages = isPage && (executionContextId === undefined || this.#mainContexts.has(executionContextId));
    if (isPages) this.#scriptError ??= words.split("\n", 1)[0] ?? words;
  }

  #logged({ entry }: CDPEvents["Log.entryAdded"]): void {
    // Failed requests are seen by themselves.
    if (entry.source === "network" || (entry.level !== "error" && entry.level !== "warning")) return;
    if (OF_OUR_POLICY.test(entry.text)) return;
    this.#keepLine({ level: entry.level, text: discreet(entry.text) });
  }

  #keepLine(line: ConsoleLine): void {
    if (this.#console.length < EVIDENCE_LINES_MAX) this.#console.push(line);
    else this.#omitted += 1;
  }

  #keepRequest(request: SeenRequest): void {
    if (this.#requests.length < EVIDENCE_LINES_MAX) this.#requests.push(request);
    else this.#omitted += 1;
  }
}
