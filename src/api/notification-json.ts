/** Notifications as JSON: what a caller sends, and what it gets. */
import { z } from "@hono/zod-openapi";
import { readSlackChannelReference } from "../domain/news/slack-channel.ts";
import {
  BODY_MAX_LENGTH,
  NOTIFICATION_ATTEMPTS,
  NOTIFICATION_CAPTURES,
  NOTIFICATION_EVENTS,
  NOTIFICATIONS_MAX,
  type Notification,
  RECIPIENTS_MAX,
  SUBJECT_MAX_LENGTH,
} from "../domain/notification.ts";
import { GroupIdParam, Id, MemberIdParam, WebhookIdParam } from "./fields.ts";

const LINE_BREAK = /[\p{Cc}\p{Zl}\p{Zp}]/u;
/** Tabs and line breaks are of a text; what else cannot be seen is not. */
const UNSEEN = /(?![\t\n\r])[\p{Cc}]/u;

const SlackChannelField = z
  .string()
  .transform((text, context) => {
    const read = readSlackChannelReference(text);
    if (read?.kind === "id") return read.id;
    context.addIssue({
      code: "custom",
      message:
        "It is not the id of a Slack channel, such as C0123456789, nor a link to one. GET /v1/slack/channels finds a channel by its name.",
    });
    return z.NEVER;
  })
  .openapi({ type: "string", description: "The channel's id, or a link to it.", example: "C0123456789" });

const many = <Item extends z.ZodType>(item: Item) => z.array(item).max(RECIPIENTS_MAX).readonly().optional();

const NotificationField = z
  .strictObject({
    on: z.enum(NOTIFICATION_EVENTS).optional().openapi({ description: "`success` by default." }),
    attempts: z.enum(NOTIFICATION_ATTEMPTS).optional().openapi({
      description: "Whether failures are told after the last attempt alone, which is the default, or after every one.",
    }),
    capture: z.enum(NOTIFICATION_CAPTURES).optional().openapi({
      description:
        "What is taken of the app when a run went well, sent along, and kept with the run; `none` by default.",
    }),
    users: many(MemberIdParam).openapi({ description: "Members, each by the channels of their preferences." }),
    groups: many(GroupIdParam).openapi({ description: "Their members as they are when the news goes out." }),
    slack_channels: many(SlackChannelField),
    webhooks: many(WebhookIdParam).openapi({ description: "Endpoints, whichever events they ask for." }),
    subject: z
      .string()
      .trim()
      .min(1)
      .max(SUBJECT_MAX_LENGTH)
      .refine((text) => !LINE_BREAK.test(text), { error: "A subject is one line." })
      .nullish(),
    body: z
      .string()
      .trim()
      .min(1)
      .max(BODY_MAX_LENGTH)
      .refine((text) => !UNSEEN.test(text), { error: "It holds a character that cannot be seen." })
      .nullish()
      .openapi({ description: "A text of your own, above what is told anyway. Plain text." }),
  })
  .openapi("NewNotification");

/** A notification as it is shown: with its defaults. */
export const NotificationJson = z
  .strictObject({
    on: z.enum(NOTIFICATION_EVENTS),
    attempts: z.enum(NOTIFICATION_ATTEMPTS),
    capture: z.enum(NOTIFICATION_CAPTURES),
    users: z.array(Id),
    groups: z.array(Id),
    slack_channels: z.array(z.string()),
    webhooks: z.array(Id),
    subject: z.string().nullable(),
    body: z.string().nullable(),
  })
  .openapi("Notification");

export const NotificationsField = z.array(NotificationField).max(NOTIFICATIONS_MAX).openapi({
  description: "Of which runs who hears, and with what capture. Changing them moves no occurrence.",
});

/** A notification as a caller sees it. */
export const notificationJson = (notification: Notification): z.output<typeof NotificationJson> => {
  const { on, attempts, capture, users, groups, slackChannels, webhooks, subject, body } = notification;
  return {
    ...{ on, attempts, capture, subject, body },
    users: [...users],
    groups: [...groups],
    slack_channels: [...slackChannels],
    webhooks: [...webhooks],
  };
};
