/** A delivery as JSON. */
import { z } from "@hono/zod-openapi";
import { CAPTURE_FORMATS } from "../domain/captures/capture.ts";
import { CHANNELS, DELIVERY_STATES, type Delivery, PICTURE_STATES, RECIPIENT_KINDS } from "../domain/news/delivery.ts";
import { DELIVERY_FAULTS, type DeliveryFailure, deliveryFix, faultOf } from "../domain/news/delivery-failure.ts";
import { NEWS_EVENTS } from "../domain/news/news.ts";
import { toIso } from "../domain/time/instant.ts";
import { Id, InstantText, isoOrNull } from "./fields.ts";

export const DeliveryFailureJson = z
  .strictObject({
    reason: z.string().openapi({ description: "Stable; for programs.", example: "channel_archived" }),
    fault: z.enum(DELIVERY_FAULTS).openapi({ description: "Whose affair it is." }),
    message: z.string(),
    fix: z.string().openapi({ description: "What mends it." }),
    code: z.string().optional().openapi({ description: "The other side's own code, or the HTTP status." }),
  })
  .openapi("DeliveryFailure");

export const deliveryFailureJson = (failure: DeliveryFailure): z.output<typeof DeliveryFailureJson> => ({
  reason: failure.reason,
  fault: faultOf(failure.reason),
  message: failure.message,
  fix: deliveryFix(failure.reason),
  ...(failure.code === undefined ? {} : { code: failure.code }),
});

export const DeliveryJson = z
  .strictObject({
    id: Id,
    news_id: Id.openapi({ description: "Of news of a run: the run's id." }),
    event: z.enum(NEWS_EVENTS),
    notification: z.int().nullable().openapi({
      description: "The place of the notification in the schedule's list; null where none had to ask.",
    }),
    channel: z.enum(CHANNELS),
    recipient: z.strictObject({ kind: z.enum(RECIPIENT_KINDS), id: z.string(), name: z.string() }),
    state: z.enum(DELIVERY_STATES),
    attempts: z.int(),
    next_at: InstantText.nullable().openapi({ description: "When it is tried again." }),
    capture: z.enum(CAPTURE_FORMATS).nullable().openapi({ description: "What is to go along." }),
    picture: z.enum(PICTURE_STATES).nullable().openapi({
      description: "Where the picture follows the text by itself: what became of it.",
    }),
    failure: DeliveryFailureJson.nullable().openapi({
      description: "Why it did not arrive, or arrived with less than was wanted.",
    }),
    told: z.array(z.strictObject({ channel: z.enum(CHANNELS), to: z.array(z.string()) })).openapi({
      description: "Whoever looks after the project, by the ways that they were told of the failure.",
    }),
    log: z.array(
      z.strictObject({
        at: InstantText,
        took_ms: z.int(),
        outcome: z.enum(["sent", "again", "failed", "unknown"]),
        failure: DeliveryFailureJson.nullable(),
      }),
    ),
    created_at: InstantText,
    settled_at: InstantText.nullable(),
  })
  .openapi("Delivery");

/** The delivery as a caller sees it. */
export const deliveryJson = (delivery: Delivery): z.output<typeof DeliveryJson> => ({
  id: delivery.id,
  news_id: delivery.news,
  event: delivery.event,
  notification: delivery.notification,
  channel: delivery.channel,
  recipient: { ...delivery.recipient },
  state: delivery.state,
  attempts: delivery.attempts,
  next_at: isoOrNull(delivery.nextAt),
  capture: delivery.wants,
  picture: delivery.picture,
  failure: delivery.failure && deliveryFailureJson(delivery.failure),
  told: delivery.told.map(({ channel, to }) => ({ channel, to: [...to] })),
  log: delivery.log.map(({ at, tookMs, outcome, failure }) => ({
    at: toIso(at),
    took_ms: tookMs,
    outcome,
    failure: failure && deliveryFailureJson(failure),
  })),
  created_at: toIso(delivery.createdAt),
  settled_at: isoOrNull(delivery.settledAt),
});
