/** The isolates that code runs in: what is loaded into them, what they are called, and how they are reached. */
import { createHash } from "node:crypto";
import { type ProjectScope, projectObjectName } from "../domain/access.ts";
import { AUTHORING_MODULE } from "../domain/code/imports.ts";
import { withoutAttributes } from "../domain/code/lexing.ts";
import { kindOf, type Modules, type ModuleTexts } from "../domain/code/modules.ts";
import type { AddressRules } from "../http/address.ts";
import { AUTHORING, HARNESS, SOURCES_HASH } from "./isolate-source.ts";

/** The platform that authors write for: the one that this Worker itself runs on (wrangler.toml). */
const COMPATIBILITY_DATE = "2026-11-15";
/** The folder of the harness. No module of a version may begin with its name. */
const FOLDER = "__carillon";

/** Of one session. The platform counts; a local one does not. */
export const CODE_LIMITS = { cpuMs: 30_000, subRequests: 1_000 } as const;

/** What a session tells of itself while it goes on, and what it may ask for. */
export interface Hand {
  send(fn: string, event: string, json: string): Promise<HandAnswer>;
  log(lines: unknown, truncated: unknown): Promise<void>;
}

/** How an event was taken. */
export type HandAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

/** A run inside an isolate. Its answers are from outside: `unknown`. */
export interface Session {
  call(exported: string, fn: string, args: string): Promise<unknown>;
  [Symbol.dispose](): void;
}

/** The harness, as it is called. */
export interface Harness {
  inspect(main: string): Promise<unknown>;
  open(facts: object, main: string, hand: Hand): Promise<Session>;
}

/** What an isolate is made of. `outbound` null: nothing leads out of it. */
export function isolateCode(
  modules: Modules,
  outbound: Fetcher | null,
  limits: { readonly cpuMs: number; readonly subRequests: number } = CODE_LIMITS,
): WorkerLoaderWorkerCode {
  return {
    compatibilityDate: COMPATIBILITY_DATE,
    mainModule: `${FOLDER}/harness.js`,
    modules: {
      ...Object.fromEntries(Object.entries(modules.texts).map(([name, text]) => [name, asModule(name, text)])),
      ...authoringModules(modules.texts),
      ...Object.fromEntries(Object.entries(HARNESS).map(([name, js]) => [`${FOLDER}/${name}`, { js }])),
    },
    globalOutbound: outbound,
    limits: { ...limits },
  };
}

/**
 * The name of a warm isolate. What is ours in it is named too: a new deployment, or one that lets code out by other rules, must
 * not meet an isolate that an older one warmed.
 */
export function isolateName(
  scope: ProjectScope,
  hash: string,
  { allowLoopback, ownHosts }: AddressRules,
  sources = SOURCES_HASH,
): string {
  const ours = JSON.stringify([sources, COMPATIBILITY_DATE, CODE_LIMITS, allowLoopback, ownHosts]);
  return `${projectObjectName(scope)}:${hash}:${createHash("sha256").update(ours).digest("base64url")}`;
}

/** The harness of a loaded isolate. */
export const harnessOf = (worker: WorkerStub): Harness => asHarness(worker.getEntrypoint());

function asModule(name: string, text: string): WorkerLoaderModule {
  const kind = kindOf(name);
  if (kind === "js") return { js: withoutAttributes(text) };
  // Parsed over there: what a text grows to is the isolate's to hold, which holds nobody else.
  return kind === "json" ? { js: `export default JSON.parse(${JSON.stringify(text)});` } : { text };
}

/** A bare name is looked up beside the module that imports it, so every folder gets a `carillon` that leads to the one. */
function authoringModules(texts: ModuleTexts): Record<string, WorkerLoaderModule> {
  const folders = new Set(Object.keys(texts).flatMap((name) => (name.includes("/") ? [folderOf(name)] : [])));
  const aliases = [...folders].map((folder) => {
    const up = "../".repeat(folder.split("/").length);
    return [`${folder}/${AUTHORING_MODULE}`, { js: `export * from "${up}${AUTHORING_MODULE}";` }];
  });
  return { ...Object.fromEntries(aliases), [AUTHORING_MODULE]: { js: AUTHORING } };
}

const folderOf = (name: string): string => name.slice(0, name.lastIndexOf("/"));

/** A stub speaks what `src/isolate/harness.js` exports; the platform's own stub type does not know it. */
const asHarness = (stub: unknown): Harness => stub as Harness;
