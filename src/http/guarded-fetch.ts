/**
 * The one way out of the house: every outgoing call goes through here, so that the address rules, the timeout, the byte
 * cap and the refusal of redirects hold for all of them.
 */
import { fail, ok, type Result } from "../domain/result.ts";
import type { Milliseconds } from "../domain/time/instant.ts";
import { type AddressRules, readTarget } from "./address.ts";

export interface GuardedRequest {
  readonly url: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** From the start of the call to the last byte of the answer. */
  readonly timeout: Milliseconds;
  /** The most bytes of the answer that are read. */
  readonly maxBytes: number;
  /** Ends the call early. */
  readonly signal?: AbortSignal;
}

export interface GuardedResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** True when the answer was longer than `maxBytes` and `text` is only its beginning. */
  readonly truncated: boolean;
}

export type FetchFailure =
  | { readonly kind: "address_refused"; readonly message: string }
  | { readonly kind: "timeout"; readonly message: string }
  | { readonly kind: "aborted"; readonly message: string }
  | { readonly kind: "network"; readonly message: string };

/** Calls, and reads the answer up to the cap. A redirect is an answer like any other: it is never followed. */
export async function guardedFetch(
  request: GuardedRequest,
  rules: AddressRules,
): Promise<Result<GuardedResponse, FetchFailure>> {
  const target = readTarget(request.url, rules);
  if (!target.ok) return fail({ kind: "address_refused", message: target.error });
  // One controller for both: `AbortSignal.any` with a timeout costs as much as a tenth of the call itself.
  const controller = new AbortController();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    controller.abort();
  }, request.timeout);
  if (request.signal?.aborted) controller.abort();
  request.signal?.addEventListener("abort", () => controller.abort());
  try {
    const response = await fetch(target.value, {
      method: request.method,
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: request.body }),
      redirect: "manual",
      signal: controller.signal,
    });
    return ok({
      status: response.status,
      headers: response.headers,
      ...(await readCapped(response, request.maxBytes)),
    });
  } catch (cause) {
    if (request.signal?.aborted) return fail({ kind: "aborted", message: "The call was given up." });
    if (isLate) return fail({ kind: "timeout", message: `No answer within ${request.timeout} ms.` });
    return fail({ kind: "network", message: networkMessage(cause) });
  } finally {
    clearTimeout(timer);
  }
}

/** The platform's own words, without what it adds for its support staff. */
function networkMessage(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return `The call did not get through: ${text.replace(/;? ?reference = \w+/, "").slice(0, 200)}`;
}

async function readCapped(response: Response, maxBytes: number): Promise<{ text: string; truncated: boolean }> {
  if (response.body === null) return { text: "", truncated: false };
  // An honest length within the cap needs no counting; the runtime holds the other side to what it announced. Of a packed
  // body it is the packed length: what it unpacks to is counted.
  const isPacked = response.headers.has("content-encoding");
  const announced = isPacked ? null : response.headers.get("content-length");
  if (announced !== null && Number(announced) <= maxBytes) return { text: await response.text(), truncated: false };
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let text = "";
  let left = maxBytes;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { text: text + decoder.decode(), truncated: false };
    text += decoder.decode(value.subarray(0, left), { stream: true });
    left -= value.byteLength;
    if (left < 0) {
      await reader.cancel();
      return { text, truncated: true };
    }
  }
}
