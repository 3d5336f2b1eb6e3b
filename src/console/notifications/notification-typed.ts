/** A notification as its form holds it, and what the API is sent for it. */
import {
  NOTIFICATION_ATTEMPTS,
  NOTIFICATION_CAPTURES,
  NOTIFICATION_EVENTS,
  type NotificationAttempts,
  type NotificationCapture,
  type NotificationEvent,
} from "../../domain/notification.ts";
import type { NotificationAnswer } from "../answers/notification.ts";
import type { Filled } from "../filled.ts";

/** Of failures no capture can be taken, of successes no attempts be told: the form says so, and the API refuses it. */
export interface TypedNotification {
  readonly on: NotificationEvent;
  readonly attempts: NotificationAttempts;
  readonly capture: NotificationCapture;
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly slack_channels: readonly string[];
  readonly webhooks: readonly string[];
  /** Channels by their ids or by links to them, as they were typed. */
  readonly more_channels: string;
  readonly subject: string;
  readonly body: string;
}

export const NEW_NOTIFICATION: TypedNotification = {
  on: "failure",
  attempts: "last",
  capture: "none",
  users: [],
  groups: [],
  slack_channels: [],
  webhooks: [],
  more_channels: "",
  subject: "",
  body: "",
};

export const NOTIFICATION_FIELDS = Object.keys(NEW_NOTIFICATION);

export const asTypedNotification = (notification: NotificationAnswer): TypedNotification => ({
  ...notification,
  more_channels: "",
  subject: notification.subject ?? "",
  body: notification.body ?? "",
});

/** What the form says. A choice that is none becomes the API's default. */
export const typedNotificationIn = (filled: Filled): TypedNotification => ({
  on: NOTIFICATION_EVENTS.find((one) => one === filled.text("on")) ?? "success",
  attempts: NOTIFICATION_ATTEMPTS.find((one) => one === filled.text("attempts")) ?? "last",
  capture: NOTIFICATION_CAPTURES.find((one) => one === filled.text("capture")) ?? "none",
  users: filled.all("users"),
  groups: filled.all("groups"),
  slack_channels: filled.all("slack_channels"),
  webhooks: filled.all("webhooks"),
  more_channels: filled.text("more_channels"),
  subject: filled.text("subject"),
  body: filled.text("body"),
});

/** What is sent for it. */
export const bodyOfNotification = ({
  more_channels,
  slack_channels,
  subject,
  body,
  ...rest
}: TypedNotification): Readonly<Record<string, unknown>> => ({
  ...rest,
  slack_channels: [...slack_channels, ...more_channels.split(/[\s,]+/).filter((one) => one !== "")],
  subject: subject === "" ? null : subject,
  body: body === "" ? null : body,
});

/** The field that an issue of the notification at `place` is about. */
export const fieldOfNotification =
  (place: number, { slack_channels }: TypedNotification) =>
  (path: string): string | null => {
    const [, list, at, field, index] = path.split("/");
    if (list !== "notifications" || at !== String(place) || field === undefined) return null;
    // Those that were typed come after those that were chosen.
    return field === "slack_channels" && Number(index) >= slack_channels.length ? "more_channels" : field;
  };
