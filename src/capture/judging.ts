/** Which requests of a page go out, and which navigations it may make. Pure. */
import { type AddressRules, readTarget } from "../http/address.ts";
import type { ShotPage } from "./shot.ts";

export interface AskedFor {
  readonly url: string;
  readonly method: string;
  /** Whether it would become the page itself. */
  readonly isPage: boolean;
}

/**
 * - `own`: answered by this deployment, in the house; `pass`: goes out.
 * - `absent`: answered with nothing; the page did not ask for it.
 * - `refused`: the address rules forbid it. `leaves`: the page would become another one.
 */
export type Judgement =
  | { readonly kind: "own" | "pass" | "absent" }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "leaves" };

/** Names the run in the address of an external page. */
export const RUN_PARAMETER = "carillon_run";

const INSIDE = /^(data|blob|about):/i;

export function judge(asked: AskedFor, page: ShotPage, rules: AddressRules): Judgement {
  if (asked.isPage) return judgePage(asked, page, rules);
  if (INSIDE.test(asked.url)) return { kind: "pass" };
  if (page.kind === "own" && originOf(asked.url) === originOf(page.url)) return judgeOwn(asked.url);
  return judgeAddress(asked.url, rules);
}

function judgePage(asked: AskedFor, page: ShotPage, rules: AddressRules): Judgement {
  if (page.kind === "own") {
    const isIt = asked.method === "GET" && withoutFragment(asked.url) === withoutFragment(page.url);
    return { kind: isIt ? "own" : "leaves" };
  }
  return isSamePage(asked.url, page.url) ? judgeAddress(asked.url, rules) : { kind: "leaves" };
}

/** The browser asks for the site's icon by itself. */
const judgeOwn = (url: string): Judgement =>
  new URL(url).pathname === "/favicon.ico"
    ? { kind: "absent" }
    : { kind: "refused", why: "A page of this deployment is captured with nothing but itself of the deployment." };

/** By where it leads: what stands behind the host is the page's affair, and may be longer than an address people give. */
function judgeAddress(text: string, rules: AddressRules): Judgement {
  const target = readTarget(URL.canParse(text) ? withoutPath(new URL(text)) : text, rules);
  return target.ok ? { kind: "pass" } : { kind: "refused", why: target.error };
}

/** Whether a page may move there: it stays on its site, and with the run that it was opened for. */
function isSamePage(url: string, asked: string): boolean {
  if (!URL.canParse(url) || originOf(url) !== originOf(asked)) return false;
  return new URL(url).searchParams.get(RUN_PARAMETER) === new URL(asked).searchParams.get(RUN_PARAMETER);
}

const withoutPath = ({ protocol, username, password, host }: URL): string =>
  `${protocol}//${username === "" && password === "" ? "" : "x:x@"}${host}/`;

const originOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).origin : null);

const withoutFragment = (url: string): string => url.split("#", 1)[0] ?? "";

/**
 * What the browser is told of every document that it shows, beside the page's own policy, which it can only make stricter:
 * no other windows, dialogs or downloads, and no WebSockets but to the page's own host. Those are the ways out that the
 * browser does not ask for one by one. Workers made from a document's own text inherit it.
 */
export function confinement(page: ShotPage): string {
  const socket = page.kind === "external" ? ` ${new URL(page.url).origin.replace(/^http/, "ws")}` : "";
  return `sandbox allow-scripts allow-same-origin allow-forms; connect-src http: https: data: blob:${socket}`;
}

/** What a page says is brought to the Worker as a whole, and kept in short. */
const SAID_MAX_LENGTH = 2_000;

/**
 * Run in every frame and worker before its own scripts: takes away what no policy covers. WebRTC and WebTransport send
 * datagrams anywhere; shared and service workers live outside of the page, where its requests are not judged. A worker gets
 * its names after this has run, unless they are taken.
 */
export const CONFINING_SCRIPT = `
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport", "SharedWorker"]) {
  delete globalThis[name];
  if (globalThis.WorkerGlobalScope) Object.defineProperty(globalThis, name, { value: undefined });
}
if (globalThis.Navigator) delete Navigator.prototype.serviceWorker;
for (const name of ["error", "warn", "assert"]) {
  const say = console[name].bind(console);
  console[name] = (...said) => say(...said.map((one) => typeof one === "string" ? one.slice(0, ${SAID_MAX_LENGTH}) : one));
}
`;
