/** The module texts of versions, kept by their hash: the same texts are one object, however many versions have them. */
import type { ProjectScope } from "../domain/access.ts";
import { bytesOf, type Modules } from "../domain/code/modules.ts";
import type { CodeBundle } from "../domain/function.ts";
import { prefixOf } from "./artifacts.ts";

const keyOf = (scope: ProjectScope, hash: string): string => `${prefixOf(scope)}modules/${hash}.json`;

/** Keeps the modules. Safe to repeat: what is at their key is the same. */
export async function storeModules(bucket: R2Bucket, scope: ProjectScope, modules: Modules): Promise<CodeBundle> {
  const texts = Object.entries(modules.texts).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const json = JSON.stringify({ main: modules.main, modules: Object.fromEntries(texts) });
  const hash = await sha256(json);
  await bucket.put(keyOf(scope, hash), json, { httpMetadata: { contentType: "application/json" } });
  return { hash, main: modules.main, modules: texts.map(([name, text]) => ({ name, bytes: bytesOf(text) })) };
}

/** The modules of a version; null when they are not there any more. */
export async function readModules(bucket: R2Bucket, scope: ProjectScope, hash: string): Promise<Modules | null> {
  const object = await bucket.get(keyOf(scope, hash));
  return object === null ? null : toModules(await object.text());
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Buffer.from(digest).toString("hex");
}

/** What `storeModules` wrote. */
function toModules(json: string): Modules {
  const { main, modules } = JSON.parse(json) as { main: string; modules: Record<string, string> };
  return { main, texts: modules };
}
