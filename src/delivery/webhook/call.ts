/**
 * Calls an endpoint once, and names what came of it. Signed after Standard Webhooks 1.0.0
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md), which also says what an answer
 * means: 2xx is success and nothing else is, 410 is the end, 429, 502 and 504 ask for patience, a redirect is a failure.
 */
import type { SendOutcome } from "../../domain/news/delivery.ts";
import type { DeliveryFailure, DeliveryReason } from "../../domain/news/delivery-failure.ts";
import { unreachable } from "../../domain/result.ts";
import { type Instant, type Milliseconds, SECOND_MS } from "../../domain/time/instant.ts";
import type { AddressRules } from "../../http/address.ts";
import { type FetchFailure, type GuardedResponse, guardedFetch } from "../../http/guarded-fetch.ts";
import { readRetryAfter } from "../../http/retry-after.ts";
import { signatureHeaders } from "../../http/signing.ts";
import { validSecrets } from "../../http/webhook-keys.ts";
import type { CallableWebhook } from "./endpoint.ts";

/** From the start of the call to the last byte of the answer. */
export const CALL_TIMEOUT_MS: Milliseconds = 15 * SECOND_MS;
const ANSWER_MAX_BYTES = 20_480;
/** Characters of an answer that are shown to whoever tries an endpoint out. */
const EXCERPT_MAX_LENGTH = 500;
/** By which an endpoint says of one message that it shall not come again (as Svix has it). */
const ABORT_HEADER = "webhook-delivery";
const ABORT_VALUE = "abort-message";

/** What is sent. */
export interface Posting {
  /** `webhook-id`. */
  readonly id: string;
  readonly body: string;
}

/** When, and where to it may go. */
export interface CallingAt {
  /** The moment of this very attempt: receivers refuse old ones. */
  readonly now: Instant;
  readonly rules: AddressRules;
}

export interface WebhookCall {
  readonly outcome: SendOutcome;
  /** Null when there was no answer. */
  readonly status: number | null;
  /** The beginning of the answer, printable: for whoever manages endpoints and for nobody else, since it is a stranger's text. */
  readonly excerpt: string | null;
}

/** Makes one call. Never throws for anything that the other side does. */
export async function callWebhook(
  { url, signatures, opened }: CallableWebhook,
  { id, body }: Posting,
  { now, rules }: CallingAt,
): Promise<WebhookCall> {
  const message = { id, timestamp: Math.floor(now / SECOND_MS), body };
  const answer = await guardedFetch(
    {
      url,
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "Carillon",
        ...(await signatureHeaders(message, validSecrets(opened, signatures, now))),
      },
      body,
      timeout: CALL_TIMEOUT_MS,
      maxBytes: ANSWER_MAX_BYTES,
    },
    rules,
  );
  if (!answer.ok) return { outcome: withoutAnswer(answer.error), status: null, excerpt: null };
  const { status, text } = answer.value;
  return { outcome: outcomeOf(answer.value, now), status, excerpt: printable(text) };
}

/** Whatever was lost, the call may be made again: a receiver knows a message by its id. */
function withoutAnswer({ kind, message }: FetchFailure): SendOutcome {
  switch (kind) {
    case "address_refused":
      return { kind: "failed", failure: { reason: "address_not_allowed", message } };
    case "timeout":
    case "aborted":
      return { kind: "again", failure: { reason: "no_answer", message } };
    case "network":
      return { kind: "again", failure: { reason: "unreachable", message } };
    default:
      return unreachable(kind);
  }
}

function outcomeOf({ status, headers }: GuardedResponse, now: Instant): SendOutcome {
  if (status >= 200 && status < 300) return { kind: "sent" };
  if (status === 410) return { kind: "failed", failure: because("endpoint_gone", status) };
  if (headers.get(ABORT_HEADER)?.trim().toLowerCase() === ABORT_VALUE)
    return { kind: "failed", failure: because("aborted_by_endpoint", status) };
  const after = WITH_PATIENCE.has(status) ? readRetryAfter(headers.get("retry-after"), now) : null;
  return { kind: "again", failure: because(reasonOf(status), status), ...(after === null ? {} : { after }) };
}

const WITH_PATIENCE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

function reasonOf(status: number): DeliveryReason {
  if (status === 429) return "rate_limited";
  if (WITH_PATIENCE.has(status)) return "out_of_order";
  return status >= 300 && status < 400 ? "endpoint_redirects" : "endpoint_refused";
}

/** The status alone: what else the answer says is a stranger's, and this goes into mails. */
const because = (reason: DeliveryReason, status: number): DeliveryFailure => ({
  reason,
  message: `The endpoint answered ${status}${SAID[reason] ?? ""}.`,
  code: String(status),
});

const SAID: Partial<Record<DeliveryReason, string>> = {
  endpoint_gone: ", Gone",
  endpoint_redirects: "; redirects are not followed",
  aborted_by_endpoint: " and asked not to be sent this message again",
};

/** Without control and format characters, which would garble a terminal or a page. */
function printable(text: string): string | null {
  const shown = text
    .slice(0, EXCERPT_MAX_LENGTH)
    .toWellFormed()
    .replaceAll(/[^\P{C}\n\t]/gu, "\ufffd");
  return shown === "" ? null : shown;
}
