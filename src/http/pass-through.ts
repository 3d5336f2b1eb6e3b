/**
 * The way out for code functions: what they fetch goes through the same address rules as every call of ours, and streams
 * both ways. A redirect is handed back to whoever fetched; following it comes through here again.
 */
import { type AddressRules, readTarget } from "./address.ts";

/** Makes the request, or throws a `TypeError` that says why it is refused: the author's `fetch` rejects with it. */
export async function passThrough(request: Request, rules: AddressRules): Promise<Response> {
  const target = readTarget(request.url, rules);
  if (!target.ok) throw new TypeError(`fetch refused: ${target.error}`);
  return fetch(new Request(request, { redirect: "manual" }));
}
