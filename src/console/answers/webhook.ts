/** Webhook endpoints, as the console reads them. */
import { z } from "@hono/zod-openapi";
import { WEBHOOK_EVENTS } from "../../domain/news/news.ts";
import { WEBHOOK_DISABLED_REASONS, WEBHOOK_SIGNATURES } from "../../domain/news/webhook.ts";
import { DeliveryAnswer } from "./delivery.ts";
import { InstantAnswer } from "./fields.ts";
import { NamedWebhook } from "./recipients.ts";
import { SecretAnswer } from "./secret.ts";

export const WebhookAnswer = NamedWebhook.extend({
  url: z.string().nullable(),
  events: z.array(z.enum(WEBHOOK_EVENTS)),
  projects: z.array(z.string()).nullable(),
  signatures: z.enum(WEBHOOK_SIGNATURES),
  disabled_reason: z.enum(WEBHOOK_DISABLED_REASONS).nullable(),
  disabled_at: InstantAnswer.nullable(),
  failing_since: InstantAnswer.nullable(),
});

export type WebhookAnswer = z.output<typeof WebhookAnswer>;

/** What its receiver checks signatures with. */
export const KeysAnswer = z.object({ secret: z.string(), public_key: z.string() });

export type KeysAnswer = z.output<typeof KeysAnswer>;

export const MadeWebhookAnswer = WebhookAnswer.extend(KeysAnswer.shape);

export const WebhookSecretAnswer = SecretAnswer.extend(KeysAnswer.shape);

export type WebhookSecretAnswer = z.output<typeof WebhookSecretAnswer>;

/** What came of a test call. */
export const TriedAnswer = z.object({
  delivered: z.boolean(),
  status: z.int().nullable(),
  took_ms: z.int(),
  excerpt: z.string().nullable(),
  failure: z.object({ message: z.string(), fix: z.string() }).nullable(),
  webhook_id: z.string(),
  message: z.unknown(),
});

export type TriedAnswer = z.output<typeof TriedAnswer>;

export const EndpointDeliveryAnswer = DeliveryAnswer.extend({ project_id: z.string(), webhook_id: z.string() });

export type EndpointDeliveryAnswer = z.output<typeof EndpointDeliveryAnswer>;

export const ReplayedAnswer = z.object({ deliveries: z.int(), complete: z.boolean() });
