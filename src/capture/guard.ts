/**
 * Stands between the page and the network: the requests of it, of its frames and of its workers are judged before they leave,
 * and our own page is answered without leaving. Fails closed: what is refused ends the capture.
 *
 * What the browser would not ask for one by one is closed by the policy that every document gets (see `judging.ts`). One way
 * stays open: a page may have the browser fetch an address ahead of a navigation that never comes (speculation rules),
 * without credentials, and nobody sees the answer. Whoever can have a page captured can send that GET from anywhere.
 */
import type { CDPEvents, CDPSession } from "@cloudflare/puppeteer";
import type { CaptureFailure } from "../domain/captures/failure.ts";
import type { Instant, Milliseconds } from "../domain/time/instant.ts";
import type { AddressRules } from "../http/address.ts";
import { readRetryAfter } from "../http/retry-after.ts";
import { discreetUrl } from "./discretion.ts";
import { type AskedFor, CONFINING_SCRIPT, confinement, judge } from "./judging.ts";
import type { ShotPage } from "./shot.ts";
import { readStream } from "./stream.ts";
import type { Witness } from "./witness.ts";

type Paused = CDPEvents["Fetch.requestPaused"];
type Headers = NonNullable<Paused["responseHeaders"]>;

/** What ends the capture, whatever else the page does. */
export interface Trouble {
  readonly failure: CaptureFailure;
  readonly retryAfter?: Milliseconds;
}

interface GuardTools {
  readonly rules: AddressRules;
  readonly now: () => Instant;
  readonly witness: Witness;
  /** The frame that is the page. */
  readonly mainFrame: string;
}

/** Of the answers only those that may hold scripts of their own: documents, and workers, which are `Other`. */
const PATTERNS = [
  { urlPattern: "*", requestStage: "Request" as const },
  { urlPattern: "*", resourceType: "Document" as const, requestStage: "Response" as const },
  { urlPattern: "*", resourceType: "Other" as const, requestStage: "Response" as const },
];

/** Of a document from outside, which passes through the Worker's memory. */
export const DOCUMENT_MAX_BYTES = 8_388_608;
const inMebibytes = (bytes: number): string => `${bytes / 1_048_576} MiB`;

/** Said of the body as it came, which is not as it is handed on. */
const OF_THE_BODY = new Set(["content-encoding", "content-length", "transfer-encoding"]);

const NO_DATAGRAMS = "WebTransport is let out to nowhere.";

export class PageGuard {
  readonly #page: ShotPage;
  readonly #tools: GuardTools;
  #trouble: Trouble | null = null;
  #fault: { readonly cause: unknown } | null = null;

  constructor(page: ShotPage, tools: GuardTools) {
    this.#page = page;
    this.#tools = tools;
  }

  /** What ended it, if anything has. Throws what our own page threw when it was made. */
  get trouble(): Trouble | null {
    if (this.#fault !== null) throw new Error("The page of a capture could not be made", this.#fault);
    return this.#trouble;
  }

  /** Stands guard over the page, before it is opened. */
  async watch(session: CDPSession): Promise<void> {
    session.on("Page.javascriptDialogOpening", () => {
      // The policy allows no dialogs; one that comes all the same must not hold the page up.
      session.send("Page.handleJavaScriptDialog", { accept: false }).catch(() => {});
    });
    await session.send("Page.enable");
    await session.send("Page.setPrerenderingAllowed", { isAllowed: false }).catch(() => {});
    await this.#surround(session, { isPage: true });
  }

  async #surround(session: CDPSession, { isPage }: { readonly isPage: boolean }): Promise<void> {
    session.on("Fetch.requestPaused", (event) => void this.#paused(session, event));
    session.on("Target.attachedToTarget", (event) => void this.#attached(session, event));
    this.#refuseDatagrams(session);
    await this.#tools.witness.listen(session, { isPage });
    await session.send("Page.addScriptToEvaluateOnNewDocument", { source: CONFINING_SCRIPT, runImmediately: true });
    await session.send("Fetch.enable", { patterns: PATTERNS });
    await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true });
  }

  /** A frame of another site or a worker: it waits until the guard stands there too. */
  async #attached(parent: CDPSession, { sessionId, targetInfo }: CDPEvents["Target.attachedToTarget"]): Promise<void> {
    const session = parent.connection()?.session(sessionId);
    if (session === null || session === undefined) return;
    try {
      // The requests of a worker are paused at the page that started it.
      if (targetInfo.type === "worker") await this.#surroundWorker(session);
      else await this.#surround(session, { isPage: false });
      await session.send("Runtime.runIfWaitingForDebugger");
    } catch {
      // It went away, or cannot be guarded: in that case it stays stopped.
    }
  }

  /** A worker may start workers of its own. */
  async #surroundWorker(session: CDPSession): Promise<void> {
    session.on("Target.attachedToTarget", (event) => void this.#attached(session, event));
    this.#refuseDatagrams(session);
    await this.#tools.witness.listen(session, { isPage: false });
    await session.send("Runtime.evaluate", { expression: CONFINING_SCRIPT });
    await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true });
  }

  /** Of WebTransport the browser tells, and does not ask: the capture fails, should a page have come by it all the same. */
  #refuseDatagrams(session: CDPSession): void {
    session.on("Network.webTransportCreated", ({ url }) => {
      this.#tools.witness.refused(url, "WebTransport", NO_DATAGRAMS);
      this.#stop({
        reason: "address_refused",
        message: "The page asked for an address that is refused.",
        detail: `${discreetUrl(url)}: ${NO_DATAGRAMS}`,
      });
    });
  }

  async #paused(session: CDPSession, event: Paused): Promise<void> {
    try {
      if (event.responseStatusCode !== undefined || event.responseErrorReason !== undefined) {
        await this.#answered(session, event);
      } else {
        await this.#asked(session, event);
      }
    } catch {
      // The request went away with its frame, or the page with its browser.
    }
  }

  async #asked(session: CDPSession, event: Paused): Promise<void> {
    const { requestId, request } = event;
    const asked: AskedFor = { url: request.url, method: request.method, isPage: this.#isPage(event) };
    const judgement = judge(asked, this.#page, this.#tools.rules);
    switch (judgement.kind) {
      case "own":
        return this.#open(session, event);
      case "pass":
        return session.send("Fetch.continueRequest", { requestId });
      case "absent":
        return session.send("Fetch.fulfillRequest", { requestId, responseCode: 204 });
      case "refused":
        this.#refuse(event, judgement.why);
        return this.#abort(session, event);
      case "leaves":
        this.#leads(request.url);
        return this.#abort(session, event);
    }
  }

  #refuse({ request, resourceType }: Paused, why: string): void {
    this.#tools.witness.refused(request.url, resourceType, why);
    const detail = `${discreetUrl(request.url)}: ${why}`;
    this.#stop({ reason: "address_refused", message: "The page asked for an address that is refused.", detail });
  }

  #leads(to: string): void {
    this.#stop({ reason: "redirected", message: "The page led to another one.", detail: discreetUrl(to) });
  }

  /** An aborted document leaves what is there, where other errors show one of the browser's own pages. */
  async #abort(session: CDPSession, { requestId, resourceType }: Paused): Promise<void> {
    const errorReason = resourceType === "Document" ? "Aborted" : "BlockedByClient";
    await session.send("Fetch.failRequest", { requestId, errorReason });
  }

  /** Our own page, made in the house. */
  async #open(session: CDPSession, event: Paused): Promise<void> {
    if (this.#page.kind !== "own") return;
    const response = await this.#page
      .open(new Request(event.request.url, { headers: { accept: "text/html" }, redirect: "manual" }))
      .catch((cause: unknown) => {
        this.#fault = { cause };
        return null;
      });
    if (response === null) return this.#abort(session, event);
    if (response.status >= 300 && response.status < 400) {
      this.#leads(response.headers.get("location") ?? "");
      return this.#abort(session, event);
    }
    this.#judgeStatus(response.status, response.headers.get("retry-after"));
    await this.#fulfil(session, event, {
      status: response.status,
      headers: [...response.headers].map(([name, value]) => ({ name, value })),
      body: Buffer.from(await response.arrayBuffer()).toString("base64"),
    });
  }

  /** An answer from outside. Documents and workers are handed on with the policy; the rest as it is. */
  async #answered(session: CDPSession, event: Paused): Promise<void> {
    const { requestId, responseStatusCode: status, responseHeaders: headers = [] } = event;
    // A redirect, or no answer at all: whatever follows is asked for by itself.
    if (status === undefined || (status >= 300 && status < 400)) {
      await session.send("Fetch.continueRequest", { requestId });
      return;
    }
    if (this.#isPage(event)) {
      this.#judgeStatus(status, headerOf(headers, "retry-after"));
      if (/^\s*attachment\b/i.test(headerOf(headers, "content-disposition") ?? "")) {
        this.#stop({ reason: "download", message: "The address answered with a download, not with a page." });
        return this.#abort(session, event);
      }
    }
    const body = await this.#bodyOf(session, event);
    if (body === null) {
      this.#stop({
        reason: "too_large",
        message: `A document of the page is larger than ${inMebibytes(DOCUMENT_MAX_BYTES)}.`,
        detail: discreetUrl(event.request.url),
      });
      return this.#abort(session, event);
    }
    await this.#fulfil(session, event, { status, headers, body: Buffer.from(body).toString("base64") });
  }

  /** Null: it is too large, as it says itself or as it turns out to be. */
  async #bodyOf(session: CDPSession, { requestId, responseHeaders = [] }: Paused): Promise<Uint8Array | null> {
    if (Number(headerOf(responseHeaders, "content-length") ?? 0) > DOCUMENT_MAX_BYTES) return null;
    const { stream } = await session.send("Fetch.takeResponseBodyAsStream", { requestId });
    return readStream(session, stream, DOCUMENT_MAX_BYTES);
  }

  async #fulfil(
    session: CDPSession,
    { requestId }: Paused,
    { status, headers, body }: { readonly status: number; readonly headers: Headers; readonly body: string },
  ): Promise<void> {
    await session.send("Fetch.fulfillRequest", {
      requestId,
      responseCode: status,
      responseHeaders: [
        ...headers.filter(({ name }) => !OF_THE_BODY.has(name.toLowerCase())),
        { name: "content-security-policy", value: confinement(this.#page) },
      ],
      body,
    });
  }

  #judgeStatus(status: number, retryAfter: string | null): void {
    if (status < 400) return;
    const wait = readRetryAfter(retryAfter, this.#tools.now());
    this.#trouble ??= {
      failure: { reason: "bad_status", message: `The page answered with status ${status}.` },
      ...(wait === null ? {} : { retryAfter: wait }),
    };
  }

  /** The first trouble is the one that is told. */
  #stop(failure: CaptureFailure): void {
    this.#trouble ??= { failure };
  }

  #isPage = ({ resourceType, frameId }: Paused): boolean =>
    resourceType === "Document" && frameId === this.#tools.mainFrame;
}

const headerOf = (headers: Headers, name: string): string | null =>
  headers.find((header) => header.name.toLowerCase() === name)?.value ?? null;
