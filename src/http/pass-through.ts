/**
 * The way out for code functions: what they fetch goes through the same address rules as every call of ours, and streams
 * both ways. A redirect is handed back to whoever fetched; following it comes through here again.
 */
import { type AddressRules, readTarget } from "./address.ts";

/** Makes the request, or throws a `TypeError` that says why it is refused: the author's `fetch` rejects with it. */
export async function passThrough(request: Request, rules: AddressRules): Promise<Response> {
  const target = readTarget(request.url, rules);
  if (!target.ok) throw new TypeError(`fetch refused: ${target.error}`);
  const { method, body, signal } = request;
  return fetch(target.value, { method, headers: headersOf(request), body, redirect: "manual", signal });
}

/**
 * The request is made anew, since a copy would take `cf` along: with it code could keep answers in a cache that all tenants
 * share, and choose where a name of the operator's zone leads. `host` and the platform's own headers would do alike.
 */
function headersOf(request: Request): Headers {
  const kept = [...request.headers].filter(([name]) => name !== "host" && !name.startsWith("cf-"));
  return new Headers(kept);
}
