/**
 * Calls of Slack's Web API: form-encoded POSTs through the guarded fetch, and what came of them, for `faults.ts` to judge.
 * Without an SDK: those known bring retries, addresses and waits of their own, which are not the house's.
 */
import type { Json } from "../../domain/json.ts";
import { fail, ok, type Result } from "../../domain/result.ts";
import { type Milliseconds, SECOND_MS } from "../../domain/time/instant.ts";
import type { AddressRules } from "../../http/address.ts";
import { type FetchFailure, type GuardedResponse, guardedFetch } from "../../http/guarded-fetch.ts";

export const SLACK_TIMEOUT_MS: Milliseconds = 10 * SECOND_MS;
const UPLOAD_TIMEOUT_MS: Milliseconds = 60 * SECOND_MS;
/** A page of 200 channels is about 200 kB. */
const ANSWER_MAX_BYTES = 2_097_152;

/** Where Slack is, and who calls. */
export interface SlackCaller {
  /** Where Slack is, such as `https://slack.com`. */
  readonly url: string;
  /** Null of a call that proves itself otherwise. */
  readonly token: string | null;
  readonly rules: AddressRules;
  /** `SLACK_TIMEOUT_MS` where none is named. */
  readonly timeout?: Milliseconds;
}

/** What goes along; whatever is no text goes as JSON, and what is undefined stays away. */
export type SlackArgs = Readonly<Record<string, Json | undefined>>;
export type SlackAnswer = Readonly<Record<string, unknown>>;

/**
 * - `refused`: Slack said no, by a code.
 * - `not_sent`: it never got there.
 * - `ambiguous`: nobody knows whether it was done.
 */
export type SlackPhase = "refused" | "not_sent" | "ambiguous";

/** Why a call gave nothing. */
export interface SlackTrouble {
  /** Slack's own, or one of `OWN_CODES`. */
  readonly code: string;
  readonly httpStatus: number | null;
  readonly phase: SlackPhase;
  readonly retryAfter?: Milliseconds;
  /** Of `missing_scope`: what it would have taken, and what there is. */
  readonly needed?: string;
  readonly provided?: string;
}

/** Codes of troubles that have none of Slack's. */
export const OWN_CODES = {
  timeout: "no_answer_in_time",
  network: "no_connection",
  address: "address_not_allowed",
  status: "http_status",
  unreadable: "unreadable_answer",
} as const;

/**
 * Statuses by which Cloudflare says that it never reached the other side: refused, timed out while connecting, no route, no
 * TLS, no name (support/troubleshooting/http-status-codes/cloudflare-5xx-errors). 520 and 524 may come after it did.
 */
const NEVER_REACHED = new Set([521, 522, 523, 525, 526, 530]);
const NOT_CONNECTED = /refused|ENOTFOUND|EAI_AGAIN|resolve|\bDNS\b/i;

/** Calls a method. */
export async function callSlack(
  { url, token, rules, timeout = SLACK_TIMEOUT_MS }: SlackCaller,
  method: string,
  args: SlackArgs = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Result<SlackAnswer, SlackTrouble>> {
  const answered = await guardedFetch(
    {
      url: `${url}/api/${method}`,
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: encode(args),
      timeout,
      maxBytes: ANSWER_MAX_BYTES,
    },
    rules,
  );
  return answered.ok ? readAnswer(answered.value) : fail(troubleOf(answered.error));
}

/** Hands the bytes of a file over to the address that Slack named for them; the address itself is the permission. */
export async function uploadToSlack(
  { rules }: Pick<SlackCaller, "rules">,
  url: string,
  bytes: Uint8Array,
): Promise<Result<void, SlackTrouble>> {
  const answered = await guardedFetch(
    {
      url,
      method: "POST",
      headers: { "content-type": "application/octet-stream" },
      body: bytes,
      timeout: UPLOAD_TIMEOUT_MS,
      maxBytes: 4_096,
    },
    rules,
  );
  if (!answered.ok) return fail(troubleOf(answered.error));
  return answered.value.status === 200 ? ok(undefined) : fail(statusTrouble(answered.value));
}

function encode(args: SlackArgs): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(args))
    if (value !== undefined) form.set(name, typeof value === "string" ? value : JSON.stringify(value));
  return form.toString();
}

/** 429 and 5xx say more than what may stand in their bodies. */
function readAnswer(response: GuardedResponse): Result<SlackAnswer, SlackTrouble> {
  const { status, text, truncated } = response;
  if (status === 429 || status >= 500) return fail(statusTrouble(response));
  const answer = truncated ? null : readObject(text);
  if (answer === null) return fail(unreadable(status));
  if (answer.ok === true) return ok(answer);
  if (typeof answer.error !== "string") return fail(unreadable(status));
  return fail({
    code: answer.error.slice(0, 100),
    httpStatus: status,
    phase: "refused",
    ...retryAfterOf(response),
    ...scopesOf(answer),
  });
}

/** A page in place of an answer: of one of ours that came through, or of a proxy that let nothing through. */
const unreadable = (status: number): SlackTrouble => ({
  code: OWN_CODES.unreadable,
  httpStatus: status,
  phase: "ambiguous",
});

function statusTrouble(response: GuardedResponse): SlackTrouble {
  const { status } = response;
  if (status === 429) return { code: "ratelimited", httpStatus: status, phase: "refused", ...retryAfterOf(response) };
  const phase = NEVER_REACHED.has(status) ? "not_sent" : "ambiguous";
  return { code: OWN_CODES.status, httpStatus: status, phase, ...retryAfterOf(response) };
}

function troubleOf(failure: FetchFailure): SlackTrouble {
  switch (failure.kind) {
    case "address_refused":
      return { code: OWN_CODES.address, httpStatus: null, phase: "not_sent" };
    case "network":
      return {
        code: OWN_CODES.network,
        httpStatus: null,
        phase: NOT_CONNECTED.test(failure.message) ? "not_sent" : "ambiguous",
      };
    case "timeout":
    case "aborted":
      return { code: OWN_CODES.timeout, httpStatus: null, phase: "ambiguous" };
  }
}

/** Slack sends whole seconds (apis/web-api/rate-limits). */
function retryAfterOf({ headers }: GuardedResponse): { readonly retryAfter?: Milliseconds } {
  const text = headers.get("retry-after") ?? "";
  return /^\d{1,6}$/.test(text) ? { retryAfter: Number(text) * SECOND_MS } : {};
}

const scopesOf = ({ needed, provided }: SlackAnswer): Pick<SlackTrouble, "needed" | "provided"> => ({
  ...(typeof needed === "string" ? { needed } : {}),
  ...(typeof provided === "string" ? { provided } : {}),
});

function readObject(text: string): SlackAnswer | null {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}

/** What is an object, as one of unknown fields; null for anything else. */
export const asObject = (value: unknown): SlackAnswer | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as SlackAnswer) : null;

/** A field's text; empty where there is none. */
export const asText = (value: unknown): string => (typeof value === "string" ? value : "");
