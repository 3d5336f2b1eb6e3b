/** Deliveries, as the console reads them. */
import { z } from "@hono/zod-openapi";
import { CHANNELS, DELIVERY_STATES, PICTURE_STATES, RECIPIENT_KINDS } from "../../domain/news/delivery.ts";
import { InstantAnswer } from "./fields.ts";

export const DeliveryAnswer = z.object({
  id: z.string(),
  news_id: z.string(),
  event: z.string(),
  notification: z.int().nullable(),
  channel: z.enum(CHANNELS),
  recipient: z.object({ kind: z.enum(RECIPIENT_KINDS), id: z.string(), name: z.string() }),
  state: z.enum(DELIVERY_STATES),
  attempts: z.int(),
  next_at: InstantAnswer.nullable(),
  picture: z.enum(PICTURE_STATES).nullable(),
  failure: z.object({ reason: z.string(), message: z.string(), fix: z.string() }).nullable(),
  told: z.array(z.object({ channel: z.enum(CHANNELS), to: z.array(z.string()) })),
  created_at: InstantAnswer,
  settled_at: InstantAnswer.nullable(),
});

export type DeliveryAnswer = z.output<typeof DeliveryAnswer>;
