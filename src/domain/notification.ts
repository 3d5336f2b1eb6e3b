/** A notification: a rule on a schedule that says of which runs who hears, on what occasion, and with what picture. Pure. */
import { type CaptureFormat, inOrder } from "./captures/capture.ts";
import type { InputIssue } from "./errors.ts";
import type { GroupId, MemberId, WebhookId } from "./ids.ts";
import type { SlackChannelId } from "./news/slack-channel.ts";
import type { Run } from "./run.ts";

export const NOTIFICATION_EVENTS = ["success", "failure", "both"] as const;
export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number];

export const NOTIFICATION_CAPTURES = ["none", "png", "pdf"] as const;
export type NotificationCapture = (typeof NOTIFICATION_CAPTURES)[number];

/** Which failures are told: the `last` one, after which nothing is tried again, or `every` attempt's. */
export const NOTIFICATION_ATTEMPTS = ["last", "every"] as const;
export type NotificationAttempts = (typeof NOTIFICATION_ATTEMPTS)[number];

/** Who hears. */
export interface Recipients {
  readonly users: readonly MemberId[];
  readonly groups: readonly GroupId[];
  readonly slackChannels: readonly SlackChannelId[];
  readonly webhooks: readonly WebhookId[];
}

/** What a person gives for a notification. */
export interface NotificationInput {
  /** `success` by default. */
  readonly on?: NotificationEvent | undefined;
  /** `last` by default. */
  readonly attempts?: NotificationAttempts | undefined;
  /** Of runs that went well; `none` by default. */
  readonly capture?: NotificationCapture | undefined;
  readonly users?: readonly MemberId[] | undefined;
  readonly groups?: readonly GroupId[] | undefined;
  readonly slack_channels?: readonly SlackChannelId[] | undefined;
  readonly webhooks?: readonly WebhookId[] | undefined;
  /** Of the mail, and the first line in Slack; absent: what happened, in words. */
  readonly subject?: string | null | undefined;
  /** A text of their own, above what is told anyway. */
  readonly body?: string | null | undefined;
}

/** A notification with its defaults filled in. */
export interface Notification extends Recipients {
  readonly on: NotificationEvent;
  readonly attempts: NotificationAttempts;
  readonly capture: NotificationCapture;
  readonly subject: string | null;
  readonly body: string | null;
}

/** Notifications of one schedule. */
export const NOTIFICATIONS_MAX = 20;
/** Recipients of one notification, all kinds together; a group counts as one. */
export const RECIPIENTS_MAX = 100;
export const SUBJECT_MAX_LENGTH = 200;
export const BODY_MAX_LENGTH = 2_000;

export const readNotification = (input: NotificationInput): Notification => ({
  on: input.on ?? "success",
  attempts: input.attempts ?? "last",
  capture: input.capture ?? "none",
  users: once(input.users),
  groups: once(input.groups),
  slackChannels: once(input.slack_channels),
  webhooks: once(input.webhooks),
  subject: input.subject ?? null,
  body: input.body ?? null,
});

const once = <Id>(ids: readonly Id[] = []): readonly Id[] => [...new Set(ids)];

/** Of a schedule that was saved before notifications had recipients, what is missing is empty. */
export const restoreNotification = (kept: Partial<Notification>): Notification => ({
  on: kept.on ?? "success",
  attempts: kept.attempts ?? "last",
  capture: kept.capture ?? "none",
  users: kept.users ?? [],
  groups: kept.groups ?? [],
  slackChannels: kept.slackChannels ?? [],
  webhooks: kept.webhooks ?? [],
  subject: kept.subject ?? null,
  body: kept.body ?? null,
});

export const countRecipients = ({ users, groups, slackChannels, webhooks }: Recipients): number =>
  users.length + groups.length + slackChannels.length + webhooks.length;

/** All notifications of a schedule, as JSON: they travel with the news of each run, in a message of at most 128 kB. */
const NOTIFICATIONS_MAX_BYTES = 65_536;

/** What is wrong with notifications, if anything is: each must have something to do. */
export function issuesOfNotifications(inputs: readonly NotificationInput[]): readonly InputIssue[] {
  const bytes = Buffer.byteLength(JSON.stringify(inputs));
  if (bytes > NOTIFICATIONS_MAX_BYTES) return [tooLarge(bytes)];
  return inputs.map(readNotification).flatMap((notification, index) => {
    const { on, attempts, capture } = notification;
    const recipients = countRecipients(notification);
    if (on === "failure" && capture !== "none") return [captureOfFailure(index)];
    if (on === "success" && attempts === "every") return [attemptsOfSuccess(index)];
    if (recipients > RECIPIENTS_MAX) return [tooMany(index, recipients)];
    return capture === "none" && recipients === 0 ? [nothingToDo(index)] : [];
  });
}

const captureOfFailure = (index: number): InputIssue => ({
  path: `/notifications/${index}/capture`,
  message: "A notification of failures takes no capture: captures are taken of runs that succeeded.",
  expected: "none, or on: success or both",
});

const attemptsOfSuccess = (index: number): InputIssue => ({
  path: `/notifications/${index}/attempts`,
  message: "A notification of successes tells of no failed attempts.",
  expected: "last, or on: failure or both",
});

const tooMany = (index: number, recipients: number): InputIssue => ({
  path: `/notifications/${index}`,
  message: `The notification has ${recipients} recipients.`,
  expected: `at most ${RECIPIENTS_MAX}; put people into a group, which counts as one`,
});

const tooLarge = (bytes: number): InputIssue => ({
  path: "/notifications",
  message: `The notifications take ${bytes} bytes as JSON.`,
  expected: `at most ${NOTIFICATIONS_MAX_BYTES}; shorten their texts, or put recipients into groups`,
});

const nothingToDo = (index: number): InputIssue => ({
  path: `/notifications/${index}`,
  message: "The notification would do nothing: it has no recipients and takes no capture.",
  expected: "users, groups, slack_channels or webhooks, or a capture: png or pdf",
  suggestion: '{"capture":"png"}',
});

type RunEnd = Pick<Run, "status" | "cause" | "retryAt">;

/** Whether people hear of a run in this state. Repeating the past is told to nobody, nor is what somebody cancelled. */
export function tells({ on, attempts }: Notification, { status, cause, retryAt }: RunEnd): boolean {
  if (cause === "backfill") return false;
  if (status === "succeeded") return on !== "failure";
  if (!isFailure(status) || on === "success") return false;
  return retryAt === null || attempts === "every";
}

/** Of a run that waits for its retry, this attempt has failed. */
const isFailure = (status: Run["status"]): boolean =>
  status === "failed" || status === "timed_out" || status === "pending_retry";

/** The captures that the notifications of a schedule want of a run that ended so. */
export const wantedCaptures = (notifications: readonly Notification[], run: RunEnd): readonly CaptureFormat[] =>
  run.status === "succeeded" ? inOrder(notifications.flatMap((one) => (tells(one, run) ? formatsOf(one) : []))) : [];

/** The format that goes along with news of a run that went well. */
export const formatsOf = ({ on, capture }: Pick<Notification, "on" | "capture">): readonly CaptureFormat[] =>
  on === "failure" || capture === "none" ? [] : [capture];
