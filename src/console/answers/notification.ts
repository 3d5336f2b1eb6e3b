/** A notification of a schedule, as the console reads it. */
import { z } from "@hono/zod-openapi";
import { NOTIFICATION_ATTEMPTS, NOTIFICATION_CAPTURES, NOTIFICATION_EVENTS } from "../../domain/notification.ts";

export const NotificationAnswer = z.object({
  on: z.enum(NOTIFICATION_EVENTS),
  attempts: z.enum(NOTIFICATION_ATTEMPTS),
  capture: z.enum(NOTIFICATION_CAPTURES),
  users: z.array(z.string()),
  groups: z.array(z.string()),
  slack_channels: z.array(z.string()),
  webhooks: z.array(z.string()),
  subject: z.string().nullable(),
  body: z.string().nullable(),
});

export type NotificationAnswer = z.output<typeof NotificationAnswer>;
