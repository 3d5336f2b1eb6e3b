/** Webhook endpoints in words: what they are called for, and how they do. */
import type { WebhookEvent } from "../../domain/news/news.ts";
import type { WebhookDisabledReason, WebhookSignatures } from "../../domain/news/webhook.ts";

export const EVENT_WORDS: Readonly<Record<WebhookEvent, string>> = {
  "run.succeeded": "A run succeeded",
  "run.failed": "A run failed, timed out or was lost",
  "run.missed": "An occurrence was missed",
  "run.skipped": "An occurrence was skipped",
  "delivery.failed": "News did not reach somebody",
  "schedule.paused": "A schedule was paused",
};

export const SIGNATURE_WORDS: Readonly<Record<WebhookSignatures, string>> = {
  v1: "with the shared secret (v1)",
  v1a: "with a key pair, checked by the public key (v1a)",
  both: "with both",
};

export const DISABLED_WORDS: Readonly<Record<WebhookDisabledReason, string>> = {
  by_hand: "Somebody disabled it.",
  gone: "It answered 410, which says that it is gone.",
  failing: "For five days nothing that it was sent arrived.",
};
