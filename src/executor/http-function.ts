/** Calls one http function and reads its answer as an outcome. Signed after Standard Webhooks; see docs/http-functions.md. */
import type { Claim } from "../domain/claim.ts";
import type { FunctionSpec } from "../domain/function.ts";
import type { Json } from "../domain/json.ts";
import type { Outcome, RunError } from "../domain/run.ts";
import { type Instant, type Milliseconds, SECOND_MS } from "../domain/time/instant.ts";
import type { AddressRules } from "../http/address.ts";
import { type FetchFailure, type GuardedResponse, guardedFetch } from "../http/guarded-fetch.ts";
import { signatureHeaders } from "../http/signing.ts";

/** The largest output of one function. */
export const OUTPUT_MAX_BYTES = 1_048_576;
/** How much of a failing answer is kept. */
const EXCERPT_MAX_LENGTH = 2_000;

/** What calling needs beside the claim. */
export interface CallTools {
  readonly rules: AddressRules;
  /** The valid signing secrets, newest first. */
  readonly secrets: readonly string[];
  /** The function's own headers, opened. */
  readonly headers: Readonly<Record<string, string>>;
  /** How the function ends the run later, should it answer 202. */
  readonly completion: { readonly url: string; readonly token: string };
  readonly now: () => Instant;
  readonly timeout: Milliseconds;
  readonly signal: AbortSignal;
}

export type CallResult =
  | { readonly kind: "value"; readonly value: Json }
  | { readonly kind: "accepted" }
  | Pick<Extract<Outcome, { kind: "failed" }>, "kind" | "error" | "retry">
  /** The run was taken away from this executor: there is nothing to report. */
  | { readonly kind: "aborted" };

/** Makes the call. Never throws for anything the other side does. */
export async function callHttpFunction(claim: Claim, fn: FunctionSpec, tools: CallTools): Promise<CallResult> {
  const body = JSON.stringify({ fn: fn.name, args: claim.args, run: claim.facts, completion: tools.completion });
  const timestamp = Math.floor(tools.now() / SECOND_MS);
  const answer = await guardedFetch(
    {
      url: fn.url ?? "",
      method: "POST",
      headers: {
        ...tools.headers,
        ...factHeaders(claim),
        ...(await signatureHeaders({ id: claim.facts.id, timestamp, body }, tools.secrets)),
      },
      body,
      timeout: tools.timeout,
      maxBytes: OUTPUT_MAX_BYTES,
      signal: tools.signal,
    },
    tools.rules,
  );
  return answer.ok ? readAnswer(answer.value, tools.now()) : readFailure(answer.error);
}

function factHeaders(claim: Claim): Record<string, string> {
  const { facts } = claim;
  return {
    "content-type": "application/json",
    "user-agent": "Carillon",
    "carillon-context": facts.context,
    "carillon-scheduled": String(facts.scheduled),
    "carillon-attempt": String(facts.attempt),
    "carillon-version": String(facts.version),
  };
}

function readFailure(failure: FetchFailure): CallResult {
  const { kind, message } = failure;
  if (kind === "aborted") return { kind };
  // An address that the rules refuse will be refused again: trying it anew is noise.
  return {
    kind: "failed",
    error: { reason: kind, message },
    ...(kind === "address_refused" ? { retry: "never" } : {}),
  };
}

function readAnswer(answer: GuardedResponse, now: Instant): CallResult {
  if (answer.status === 202) return { kind: "accepted" };
  if (answer.status >= 200 && answer.status < 300) return readOutput(answer);
  const error: RunError = {
    reason: "http_status",
    message: `The function answered ${answer.status}${isRedirect(answer.status) ? "; redirects are not followed" : ""}.`,
    status: answer.status,
    excerpt: printable(answer.text),
  };
  const retry = readRetryWish(answer.headers, now);
  return { kind: "failed", error, ...(retry === undefined ? {} : { retry }) };
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

function readOutput(answer: GuardedResponse): CallResult {
  if (answer.truncated) {
    const message = `The answer is longer than the ${OUTPUT_MAX_BYTES} bytes that an output may have.`;
    return { kind: "failed", error: { reason: "response_too_large", message, status: answer.status } };
  }
  if (answer.text === "") return { kind: "value", value: null };
  if (!/\bjson\b/.test(answer.headers.get("content-type") ?? "")) return { kind: "value", value: answer.text };
  try {
    return { kind: "value", value: parseJson(answer.text) };
  } catch {
    const message = "The answer says that it is JSON, but it cannot be read as JSON.";
    const excerpt = printable(answer.text);
    return { kind: "failed", error: { reason: "reported", message, status: answer.status, excerpt } };
  }
}

/** `Carillon-Retry: never`, or `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3). */
function readRetryWish(headers: Headers, now: Instant): Extract<CallResult, { kind: "failed" }>["retry"] {
  if (headers.get("carillon-retry")?.toLowerCase() === "never") return "never";
  const after = headers.get("retry-after");
  if (after === null) return undefined;
  if (/^\d{1,9}$/.test(after)) return { after: Number(after) * SECOND_MS };
  const date = Date.parse(after);
  return Number.isNaN(date) ? undefined : { after: Math.max(date - now, 0) };
}

/** Without control characters, which would garble a terminal or a log. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.slice(0, EXCERPT_MAX_LENGTH).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "\ufffd");
}

const parseJson = (text: string): Json => JSON.parse(text) as Json;
