/**
 * The message that an endpoint gets, as JSON Schema: in the OpenAPI document by the answer of a test call, and told in
 * `docs/webhooks.md`. Later versions may add fields, and take none away.
 */
import { z } from "@hono/zod-openapi";
import { CAPTURE_FORMATS } from "../domain/captures/capture.ts";
import { CHANNELS, RECIPIENT_KINDS } from "../domain/news/delivery.ts";
import { WEBHOOK_EVENTS } from "../domain/news/news.ts";
import { RUN_CAUSES, RUN_CONTEXTS, RUN_STATUSES, UNRUN_REASONS } from "../domain/run.ts";
import { Id, InstantText } from "./fields.ts";

const MessageRun = z.strictObject({
  id: Id,
  schedule_id: Id.nullable(),
  fn: z.string().nullable().openapi({ description: "Null: the whole project." }),
  version: z.int().nullable(),
  context: z.enum(RUN_CONTEXTS),
  cause: z.enum(RUN_CAUSES),
  status: z.enum(RUN_STATUSES),
  attempt: z.int(),
  origin_run_id: Id.nullable(),
  scheduled_for: InstantText,
  started_at: InstantText.nullable(),
  finished_at: InstantText.nullable(),
  retry_at: InstantText.nullable(),
  reason: z.enum(UNRUN_REASONS).nullable().openapi({ description: "Why a skipped or missed occurrence did not run." }),
  count: z.int().openapi({ description: "How many occurrences a skipped or missed one stands for." }),
  error: z.strictObject({ reason: z.string(), message: z.string() }).nullable(),
});

const MessageSchedule = z.strictObject({
  id: Id,
  fn: z.string().nullable(),
  schedule: z.string().openapi({ description: "As it was written." }),
  description: z.string(),
  timezone: z.string(),
});

const MessageUnreached = z.strictObject({
  channel: z.enum(CHANNELS),
  recipient: z.strictObject({ kind: z.enum(RECIPIENT_KINDS), id: z.string(), name: z.string() }),
  delivery_id: Id.nullable(),
  reason: z.string().openapi({ description: "As a delivery names it.", example: "channel_archived" }),
  message: z.string(),
});

const MessageCapture = z.strictObject({
  format: z.enum(CAPTURE_FORMATS),
  status: z.enum(["ready", "late", "failed"]).openapi({ description: "`late`: it may still come." }),
  message: z.string().nullable().openapi({ description: "Why it failed." }),
});

const Address = z.string().nullable();

export const WebhookMessageJson = z
  .strictObject({
    type: z.enum(WEBHOOK_EVENTS),
    timestamp: InstantText.openapi({ description: "When it happened; the time of the call is in the header." }),
    data: z.strictObject({
      delivery_id: Id,
      test: z.boolean().openapi({ description: "Somebody tries how it looks: nothing happened." }),
      summary: z.string().openapi({ description: "What happened, in one line." }),
      project: z.strictObject({ id: Id, slug: z.string(), name: z.string() }),
      schedule: MessageSchedule.nullable(),
      run: MessageRun.nullable(),
      reason: z.string().nullable().openapi({ description: "Of schedule.paused: why." }),
      unreached: z.array(MessageUnreached).openapi({ description: "Of delivery.failed: whom news did not reach." }),
      capture: MessageCapture.nullable().openapi({ description: "The one that a notification wants." }),
      links: z
        .strictObject({ run: Address, app: Address, capture: Address })
        .openapi({ description: "For people who may see them; they sign in there." }),
      truncated: z.array(z.string()).openapi({ description: "Where something was cut: JSON Pointers." }),
    }),
  })
  .openapi("WebhookMessage");
